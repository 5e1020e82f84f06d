/* effects.c - see effects.h. In a cycle of calls, what members do reaches the others in rounds;
 * those are few. Unsound: longer ways around are not seen, nor is what a pointer calls that may be
 * to more than TARGET_LIMIT functions. */
#include "growth/effects.h"

#include <string.h>

#include "growth/asked.h"
#include "growth/handing.h"

enum { TARGET_LIMIT = 16, ROUNDS = 3 };

static PathKind root_kind(const Spreading *s, PathId path) {
  return (PathKind)path_at(s->paths, path_first(s->paths, path))->kind;
}

/* ---- what calls gave */

/* What a call gave, as far as its callee says it: a place in what it was given, or in something
 * global. */
static PathId resolve(Spreading *s, PathId path) {
  Targets targets;
  PathId root = path_first(s->paths, path);
  const GrowthCall *call = call_that_gave(s, path, &targets);
  if (!call || call->by_pointer || targets.count != 1 || targets.open)
    return path;
  uint32_t last = s->result->last[targets.ids[0]];
  for (uint32_t k = s->result->first[targets.ids[0]]; k < last; k++) {
    const Touch given = s->all.at[k].touch;
    PathId told = given.kind == TOUCH_RETURNS ? tell_once(&s->telling, call, given.path) : 0;
    PathId from = given.address ? path_target(s->paths, root) : root;
    if (told && path_starts(s->paths, path, from))
      return path_replace(s->paths, path, from, told);
  }
  return path;
}

static Touch resolve_touch(Spreading *s, Touch touch) {
  PathId path = resolve(s, touch.path);
  if (path != touch.path)
    touch.flags &= (uint16_t)~TOUCH_OF_ELEMENT;
  if (path != touch.path)
    touch.path =
        touch.kind == TOUCH_FREES || touch.kind == TOUCH_RETURNS || touch.kind == TOUCH_KEEPS
            ? path
            : path_container(s->paths, path);
  touch.other = resolve(s, touch.other);
  return touch;
}

static void note_empty(Spreading *s, const GrowthCall *call, uint32_t callee) {
  OnlyEmpty *only = &s->only[callee];
  uint32_t caller = s->now->function->id;
  only->refills = (only->refills || !only->callers) && is_refilled(s, call);
  if (!only->callers)
    memcpy(only->empty, call->empty, sizeof only->empty);
  for (uint32_t i = 0; i < GUARD_LIMIT; i++) {
    bool common = false;
    for (uint32_t k = 0; k < GUARD_LIMIT; k++)
      common |= only->empty[i] == call->empty[k];
    if (!common)
      only->empty[i] = 0;
  }
  only->callers += only->last != caller + 1;
  only->last = caller + 1;
}

static void use_callee(Spreading *s, const GrowthCall *call, uint32_t callee) {
  if (!call->by_pointer)
    note_empty(s, call, callee);
  hand_up_all(s, call, callee);
}

static void give_away(Spreading *s, uint32_t function, const GrowthCall *call) {
  for (uint32_t i = 0; i < call->arg_count; i++) {
    GrowthEffect effect = {.touch = {.kind = TOUCH_GIVES_AWAY,
                                     .instruction = call->instruction,
                                     .group = call->callee,
                                     .path = call->args[i].path},
                           .function = function,
                           .inner = NO_EFFECT};
    add_effect(s, &effect);
  }
}

static void note_handed(Spreading *s, uint32_t function, const GrowthCall *call) {
  for (uint32_t i = 0; i < call->arg_count; i++)
    if (root_kind(s, call->args[i].path) == PATH_GLOBAL) {
      GrowthEffect effect = {.touch = {.kind = TOUCH_READS,
                                       .instruction = call->instruction,
                                       .path = path_container(s->paths, call->args[i].path)},
                             .function = function,
                             .inner = NO_EFFECT};
      add_effect(s, &effect);
    }
}

/* Whom a pointer calls, nobody knows. */
static void note_kept_args(Spreading *s, uint32_t function, const GrowthCall *call) {
  for (uint32_t i = 0; i < call->arg_count; i++) {
    GrowthEffect effect = {.touch = {.kind = TOUCH_KEEPS,
                                     .instruction = call->instruction,
                                     .path = call->args[i].path},
                           .function = function,
                           .inner = NO_EFFECT};
    PathKind root = root_kind(s, call->args[i].path);
    if (root == PATH_GLOBAL || root == PATH_PARAMETER)
      add_effect(s, &effect);
  }
}

static const GrowthCall *resolve_args(Spreading *s, const GrowthCall *call) {
  GrowthCall *resolved = NULL;
  for (uint32_t i = 0; i < call->arg_count; i++) {
    PathId path = resolve(s, call->args[i].path);
    if (path == call->args[i].path)
      continue;
    if (!resolved) {
      resolved = arena_copy(s->scratch, call, sizeof *call);
      resolved->args = arena_copy(s->scratch, call->args, sizeof *call->args * call->arg_count);
    }
    resolved->args[i].path = path;
  }
  return resolved ? resolved : call;
}

/* Callees that do something to containers, as far as is known by now. */
static bool has_effects(const Spreading *s, Targets targets) {
  for (uint32_t t = 0; t < targets.count; t++)
    if (s->result->first[targets.ids[t]] < s->result->last[targets.ids[t]])
      return true;
  return false;
}

static void use_call(Spreading *s, const GrowthCall *call, Targets targets) {
  uint32_t function = s->now->function->id;
  bool is_used = targets.count <= TARGET_LIMIT && has_effects(s, targets);
  if (!is_used && !s->relevance)
    return;
  call = resolve_args(s, call);
  if (s->relevance)
    note_handed(s, function, call);
  if (s->relevance && call->by_pointer && (targets.count > TARGET_LIMIT || targets.open))
    note_kept_args(s, function, call);
  if (s->relevance && !targets.count && !call->by_pointer &&
      !models_fallback(s->program->models, call->callee))
    give_away(s, function, call);
  for (uint32_t t = 0; t < targets.count && is_used; t++)
    if (!s->program->functions[targets.ids[t]].has_model)
      use_callee(s, call, targets.ids[t]);
}

static void spread(Spreading *s, uint32_t function) {
  uint32_t first = (uint32_t)s->all.count;
  s->now = s->facts[function];
  s->start = first;
  s->moves = false;
  for (uint32_t i = 0; s->now && i < s->now->touch_count; i++)
    s->moves |= s->now->touches[i].kind == TOUCH_MOVES;
  for (uint32_t i = 0; s->now && i < s->now->touch_count; i++) {
    GrowthEffect effect = {
        .touch = resolve_touch(s, s->now->touches[i]), .function = function, .inner = NO_EFFECT};
    if (effect.touch.flags & TOUCH_GUARDED)
      add_guards(&effect, effect.touch.guards, GUARD_LIMIT);
    add_effect(s, &effect);
  }
  for (uint32_t i = 0; s->now && i < s->now->call_count; i++)
    use_call(s, &s->now->calls[i], s->targets[function][i]);
  s->result->first[function] = first; // what there was of an earlier round is only seen by then
  s->result->last[function] = (uint32_t)s->all.count;
  arena_reset(s->scratch);
}

/* What a function does when it is called because something is empty, or gave nothing, it does then.
 */
static void mark_only_empty(Spreading *s) {
  for (uint32_t f = 0; f < s->program->function_count; f++) {
    const OnlyEmpty *only = &s->only[f];
    const ProgramFunction *function = &s->program->functions[f];
    if (!only->callers || only->callers < function->caller_count || function->address_taken)
      continue;
    for (uint32_t i = s->result->first[f]; i < s->result->last[f]; i++) {
      Touch *touch = &s->all.at[i].touch;
      for (uint32_t k = 0; k < GUARD_LIMIT; k++)
        if (only->empty[k] && only->empty[k] == touch->path)
          touch->flags |= TOUCH_WHEN_EMPTY;
      touch->flags |= only->refills && touch->kind == TOUCH_GROWS ? TOUCH_REUSES : 0;
    }
  }
}

static void spread_all(Spreading *s) {
  const Program *program = s->program;
  s->all.count = 0;
  memset(s->seen, 0, sizeof *s->seen * SEEN_SLOTS);
  memset(s->only, 0, sizeof *s->only * program->function_count);
  memset(s->result->first, 0, sizeof(uint32_t) * program->function_count);
  memset(s->result->last, 0, sizeof(uint32_t) * program->function_count);
  for (uint32_t c = 0; c < program->component_count; c++) {
    uint32_t first = program->component_starts[c], end = program->component_starts[c + 1];
    uint32_t rounds = program->functions[program->order[first]].recursive ? ROUNDS : 1;
    while (rounds-- > 0)
      for (uint32_t i = first; i < end; i++)
        spread(s, program->order[i]);
  }
}

static const Relevance *find_relevance(const Spreading *s) {
  Relevance *relevance = relevance_new(s->arena, s->program, s->paths);
  for (uint32_t f = 0; f < s->program->function_count; f++)
    for (uint32_t i = s->result->first[f]; i < s->result->last[f]; i++)
      relevance_add(relevance, s->paths, &s->all.at[i].touch);
  return relevance;
}

static void list_effects(Arena *arena, const Program *program, const GrowthEffects *effects,
                         TouchKind kind, uint32_t **list, uint32_t *count) {
  ARRAY(uint32_t) found = {0};
  for (uint32_t f = 0; f < program->function_count; f++)
    for (uint32_t i = effects->first[f]; i < effects->last[f]; i++)
      if (effects->at[i].touch.kind == kind)
        array_push(&found, i);
  *list = arena_copy(arena, found.at, sizeof **list * found.count);
  *count = (uint32_t)found.count;
  array_free(&found);
}

static TextId record_freed(const PathTable *paths, const GrowthEffects *effects, uint32_t i) {
  return path_at(paths, effects->at[i].touch.path)->pointee;
}

static void list_frees(Arena *arena, const Program *program, const PathTable *paths,
                       GrowthEffects *effects) {
  uint32_t *all, count;
  list_effects(arena, program, effects, TOUCH_FREES, &all, &count);
  effects->record_count = (uint32_t)text_count(program->symbols);
  uint32_t *ends = arena_new_array(arena, uint32_t, effects->record_count + 2u);
  effects->frees = arena_new_array(arena, uint32_t, count);
  effects->free_starts = ends; // by then each has moved on to where the next begins
  for (uint32_t i = 0; i < count; i++)
    ends[record_freed(paths, effects, all[i]) + 2]++;
  for (uint32_t record = 2; record < effects->record_count + 2u; record++)
    ends[record] += ends[record - 1];
  for (uint32_t i = 0; i < count; i++)
    effects->frees[ends[record_freed(paths, effects, all[i]) + 1]++] = all[i];
}

static Targets *targets_of(Arena *arena, const Program *program, const GrowthFacts *facts) {
  Targets *targets = arena_new_array(arena, Targets, facts->call_count);
  for (uint32_t i = 0; i < facts->call_count; i++) {
    const GrowthCall *call = &facts->calls[i];
    const GrowthCall *last = i ? &facts->calls[i - 1] : NULL;
    if (last && last->callee == call->callee && last->by_pointer == call->by_pointer)
      targets[i] = targets[i - 1];
    else if (call->by_pointer)
      targets[i] = program_slot_targets(program, call->callee);
    else
      targets[i] = program_resolve(program, facts->function, call->callee);
  }
  return targets;
}

GrowthEffects growth_effects(Arena *arena, const Program *program, PathTable *paths,
                             const GrowthFacts *facts, uint32_t count) {
  uint32_t functions = program->function_count;
  GrowthEffects result = {.first = arena_new_array(arena, uint32_t, functions),
                          .last = arena_new_array(arena, uint32_t, functions)};
  Arena *scratch = arena_new();
  Spreading s = {.arena = arena,
                 .scratch = arena_new(),
                 .program = program,
                 .paths = paths,
                 .telling = {.paths = paths},
                 .result = &result,
                 .facts = arena_new_array(scratch, const GrowthFacts *, functions),
                 .targets = arena_new_array(scratch, Targets *, functions),
                 .only = arena_new_array(scratch, OnlyEmpty, functions),
                 .seen = arena_new_array(scratch, Seen, SEEN_SLOTS)};
  for (uint32_t i = 0; i < count; i++) {
    s.facts[facts[i].function->id] = &facts[i];
    s.targets[facts[i].function->id] = targets_of(scratch, program, &facts[i]);
  }
  GrowthCalls calls = {s.facts, s.targets};
  s.asked = parameters_asked(scratch, program, paths, &calls);
  spread_all(&s);
  s.relevance = find_relevance(&s);
  spread_all(&s);
  mark_only_empty(&s);
  result.at = s.all.at;
  result.count = (uint32_t)s.all.count;
  list_frees(arena, program, paths, &result);
  list_effects(arena, program, &result, TOUCH_GIVES_AWAY, &result.given, &result.given_count);
  telling_free(&s.telling);
  arena_free(s.scratch);
  arena_free(scratch);
  return result;
}

void growth_effects_free(GrowthEffects *effects) {
  memory_free(effects->at);
  *effects = (GrowthEffects){0};
}
