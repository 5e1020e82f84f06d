/* effects.c - see effects.h. In a cycle of calls, what members do reaches the others in rounds;
 * those are few. Unsound: longer ways around are not seen, nor is what a pointer calls that may be
 * to more than TARGET_LIMIT functions, nor what a function does beyond EFFECT_LIMIT things. */
#include "growth/effects.h"

#include <string.h>

#include "base/array.h"
#include "base/hash_map.h"
#include "growth/relevance.h"

enum {
  DEPTH_LIMIT = 8,
  EFFECT_LIMIT = 4096,
  KNOWN_LIMIT = 1 << 13,
  TARGET_LIMIT = 16,
  NEAR = 2,
  LINKED = 16,
  ROUNDS = 3
};

/* Calls of a function that a test has let through which found something empty: one of its callers
 * after the other. */
typedef struct {
  PathId empty[GUARD_LIMIT];
  uint32_t callers, last; // that do so, and the id of the last one, plus 1
} OnlyEmpty;

typedef struct {
  Arena *arena, *scratch;
  const Program *program;
  PathTable *paths;
  ARRAY(GrowthEffect) all;
  GrowthEffects *result;
  const GrowthFacts **facts; // by function id
  const GrowthFacts *now;
  uint32_t start;             // of its effects
  OnlyEmpty *only;            // by function id
  HashMap known;              // effects
  const Relevance *relevance; // NULL in the first pass, which is about insertions only
} Spreading;

static bool is_known(Spreading *s, const GrowthEffect *effect) {
  const Touch *touch = &effect->touch;
  bool grows = touch->kind == TOUCH_GROWS;
  bool takes = touch->kind == TOUCH_SHRINKS || touch->kind == TOUCH_COUNTS_DOWN;
  bool is_near = effect->depth <= NEAR; // by another call something else may be taken out
  bool counts = touch->kind == TOUCH_COUNTS_UP && effect->inner == NO_EFFECT;
  uint32_t what[] = {s->start,
                     touch->kind,
                     touch->path,
                     touch->other,
                     touch->address,
                     grows || counts || (takes && is_near) ? touch->instruction : 0,
                     grows ? touch->group : 0,
                     touch->flags & TOUCH_WHEN_EMPTY};
  Hash hash = hash_bytes(what, sizeof what);
  if (hash_map_get(&s->known, hash) != MAP_ABSENT)
    return true;
  if (s->known.count >= KNOWN_LIMIT)
    hash_map_clear(&s->known);
  hash_map_put(&s->known, hash, 0);
  return s->all.count - s->start >= EFFECT_LIMIT;
}

/* It is emptied, and a part of it filled, because what was in it is elsewhere in it by then. */
static bool is_of_move(const Spreading *s, const Touch *touch) {
  bool whole = touch->kind == TOUCH_RESETS || (touch->kind == TOUCH_SHRINKS && !touch->other) ||
               (touch->kind == TOUCH_GROWS && touch->flags & TOUCH_ARRAY);
  for (uint32_t i = 0; i < s->now->touch_count && whole; i++)
    if (s->now->touches[i].kind == TOUCH_MOVES && s->now->touches[i].path == touch->path)
      return true;
  return false;
}

static void add(Spreading *s, const GrowthEffect *effect) {
  if (!is_of_move(s, &effect->touch) && !is_known(s, effect))
    array_push(&s->all, *effect);
}

static PathKind root_kind(const Spreading *s, PathId path) {
  return (PathKind)path_at(s->paths, path_first(s->paths, path))->kind;
}

/* ---- from a callee's words to its caller's */

/* A path of the callee's, once for each thing that the argument may be; 0: not known. */
static PathId told_by(const Spreading *s, const HandedOn *arg, PathId path) {
  PathId root = path_first(s->paths, path), target = path;
  if (path == root)
    return arg->kind == MEANS_INSIDE ? 0 : arg->path;
  while (path_at(s->paths, target)->parent != root)
    target = path_at(s->paths, target)->parent;
  if (path_at(s->paths, target)->kind != PATH_TARGET)
    return 0; // a record that is handed over as it is
  Meaning meaning = {.kind = arg->kind, .path = arg->path};
  return path_replace(s->paths, path, target, meaning_target(s->paths, &meaning));
}

static const HandedOn *argument(const GrowthCall *call, uint32_t number) {
  for (uint32_t i = 0; i < call->arg_count; i++)
    if (call->args[i].number == number)
      return &call->args[i];
  return NULL;
}

/* By the first thing that the argument may be. */
static PathId told_once(const Spreading *s, const GrowthCall *call, PathId path) {
  const PathNode *root = path ? path_at(s->paths, path_first(s->paths, path)) : NULL;
  if (!root || root->kind == PATH_GLOBAL || root->kind == PATH_UNKNOWN)
    return path;
  const HandedOn *arg = root->kind == PATH_PARAMETER ? argument(call, root->number) : NULL;
  return arg ? told_by(s, arg, path) : 0;
}

/* What is left of the element when the caller's word for it is not known: which link it is. */
static PathId element_of(const Spreading *s, const GrowthCall *call, PathId link) {
  PathId told = told_once(s, call, link);
  PathId root = path_first(s->paths, link);
  if (told || !link || path_at(s->paths, root)->kind != PATH_PARAMETER)
    return told ? told : link;
  return path_replace(s->paths, link, root, path_root(s->paths, PATH_RESULT, 0, 0));
}

static bool is_kept_in_place(const Spreading *s, const GrowthCall *call, PathId path) {
  for (uint32_t i = 0; i < s->now->touch_count; i++) {
    const Touch *touch = &s->now->touches[i];
    if (touch->kind == TOUCH_RESIZES && touch->instruction == call->instruction &&
        touch->path == path)
      return true;
  }
  return false;
}

static void add_guards(GrowthEffect *effect, const PathId *guards, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < GUARDS && guards[i]; k++)
      if (!effect->guards[k] || effect->guards[k] == guards[i]) {
        effect->guards[k] = guards[i];
        break;
      }
}

static GrowthEffect caller_effect(const Spreading *s, const GrowthCall *call, uint32_t inner) {
  const GrowthEffect *from = &s->all.at[inner];
  GrowthEffect effect = {.touch = from->touch,
                         .function = s->now->function->id,
                         .inner = inner,
                         .depth = from->depth + 1};
  effect.touch.instruction = call->instruction;
  effect.touch.flags |= call->keyed ? TOUCH_KEYED : 0;
  if (call->repeats > effect.touch.repeats)
    effect.touch.repeats = call->repeats;
  for (uint32_t i = 0; i < GUARDS; i++) {
    PathId guard = told_once(s, call, from->guards[i]);
    add_guards(&effect, &guard, 1);
  }
  add_guards(&effect, call->guards, call->guarded ? GUARD_LIMIT : 0);
  return effect;
}

/* Something that only this function knows does not. */
static bool matters(const Spreading *s, const Touch *touch, PathId path) {
  PathKind root = root_kind(s, path);
  bool takes = touch->kind == TOUCH_SHRINKS || touch->kind == TOUCH_COUNTS_DOWN ||
               touch->kind == TOUCH_FREES;
  return root != PATH_LOCAL && (root != PATH_RESULT || takes);
}

/* What the argument is, the caller's code does not tell: it may be anything of that form. */
static void hand_up_unknown(Spreading *s, const GrowthCall *call, uint32_t inner) {
  Touch touch = s->all.at[inner].touch;
  PathId root = path_first(s->paths, touch.path);
  if (touch.kind != TOUCH_SHRINKS && touch.kind != TOUCH_COUNTS_DOWN && touch.kind != TOUCH_RESETS)
    return;
  PathId unknown = path_root(s->paths, PATH_UNKNOWN, 0, 0);
  GrowthEffect effect = caller_effect(s, call, inner);
  effect.touch.path = path_replace(s->paths, touch.path, root, unknown);
  effect.touch.other = element_of(s, call, touch.other);
  add(s, &effect);
}

static void hand_up(Spreading *s, const GrowthCall *call, uint32_t inner) {
  Touch touch = s->all.at[inner].touch;
  const PathNode root = *path_at(s->paths, path_first(s->paths, touch.path));
  if (root.kind != PATH_PARAMETER || s->all.at[inner].depth >= DEPTH_LIMIT ||
      touch.kind == TOUCH_RETURNS || touch.kind == TOUCH_GIVES_AWAY || touch.kind == TOUCH_MOVES)
    return;
  if (!argument(call, root.number)) {
    hand_up_unknown(s, call, inner);
    return;
  }
  for (uint32_t i = 0; i < call->arg_count; i++) {
    if (call->args[i].number != root.number)
      continue;
    PathId path = told_by(s, &call->args[i], touch.path);
    if (!path || !matters(s, &touch, path) ||
        (touch.flags & TOUCH_BY_RESULT && !is_kept_in_place(s, call, path)))
      continue;
    GrowthEffect effect = caller_effect(s, call, inner);
    effect.touch.path = touch.kind == TOUCH_FREES ? path : path_container(s->paths, path);
    effect.touch.other = element_of(s, call, touch.other);
    effect.touch.flags &= (uint16_t)~TOUCH_BY_RESULT;
    if (!is_relevant(s->relevance, s->paths, &effect.touch))
      continue;
    for (uint32_t k = 0; k < GUARD_LIMIT && call->empty[k]; k++)
      effect.touch.flags |= call->empty[k] == effect.touch.path ? TOUCH_WHEN_EMPTY : 0;
    add(s, &effect);
  }
}

/* ---- small functions that link what they are given */

static void classify_links(Spreading *s, const GrowthCall *call, const uint32_t *links,
                           uint32_t count) {
  Write writes[LINKED];
  uint32_t told = 0;
  for (uint32_t i = 0; i < count; i++) {
    const Touch touch = s->all.at[links[i]].touch;
    PathId place = told_once(s, call, touch.path), value = told_once(s, call, touch.other);
    if (!place || !value)
      return;
    writes[told++] = (Write){
        .instruction = call->instruction,
        .places = {.count = 1, .at = {place}},
        .value = {.count = 1,
                  .at = {{.kind = touch.address ? MEANS_ADDRESS : MEANS_CONTENT, .path = value}}},
        .is_pointer = true};
  }
  WriteSet set = {.arena = s->scratch, .paths = s->paths, .writes = writes, .count = told};
  Touches touches = writes_classify(&set);
  bool meant = false;
  for (uint32_t i = 0; i < touches.count; i++) {
    if (touches.at[i].kind != TOUCH_GROWS && touches.at[i].kind != TOUCH_SHRINKS)
      continue;
    meant = true;
    GrowthEffect effect = caller_effect(s, call, links[0]);
    uint16_t flags = effect.touch.flags;
    Repeats repeats = effect.touch.repeats;
    effect.touch = touches.at[i];
    effect.touch.flags |= flags;
    effect.touch.repeats = repeats;
    add(s, &effect);
  }
  for (uint32_t i = 0; i < count && !meant; i++) {
    GrowthEffect effect = caller_effect(s, call, links[i]);
    effect.touch.path = writes[i].places.at[0];
    effect.touch.other = writes[i].value.at[0].path;
    if (root_kind(s, effect.touch.path) == PATH_PARAMETER &&
        root_kind(s, effect.touch.other) == PATH_PARAMETER)
      add(s, &effect);
  }
}

/* The first call that is not before this instruction: they are in order. */
static uint32_t call_at(const GrowthFacts *facts, uint32_t instruction) {
  uint32_t low = 0, high = facts->call_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (facts->calls[middle].instruction < instruction)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* What a call gave, as far as its callee says it: a place in what it was given, or in something
 * global. */
static PathId resolve(const Spreading *s, PathId path) {
  PathId root = path_first(s->paths, path);
  const PathNode node = *path_at(s->paths, root);
  if (!path || node.kind != PATH_RESULT)
    return path;
  for (uint32_t i = call_at(s->now, node.number); i < s->now->call_count; i++) {
    const GrowthCall *call = &s->now->calls[i];
    if (call->instruction != node.number || call->by_pointer)
      return path;
    Targets targets = program_resolve(s->program, s->now->function, call->callee);
    if (targets.count != 1 || targets.open)
      return path;
    uint32_t last = s->result->last[targets.ids[0]];
    for (uint32_t k = s->result->first[targets.ids[0]]; k < last; k++) {
      const Touch given = s->all.at[k].touch;
      PathId told = given.kind == TOUCH_RETURNS ? told_once(s, call, given.path) : 0;
      PathId from = given.address ? path_target(s->paths, root) : root;
      if (told && path_starts(s->paths, path, from))
        return path_replace(s->paths, path, from, told);
    }
  }
  return path;
}

static Touch resolve_touch(const Spreading *s, Touch touch) {
  PathId path = resolve(s, touch.path);
  if (path != touch.path)
    touch.flags &= (uint16_t)~TOUCH_OF_ELEMENT;
  if (path != touch.path)
    touch.path = touch.kind == TOUCH_FREES || touch.kind == TOUCH_RETURNS
                     ? path
                     : path_container(s->paths, path);
  touch.other = resolve(s, touch.other);
  return touch;
}

static void note_empty(Spreading *s, const GrowthCall *call, uint32_t callee) {
  OnlyEmpty *only = &s->only[callee];
  uint32_t caller = s->now->function->id;
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
  uint32_t links[LINKED], count = 0;
  uint32_t last = s->result->last[callee];
  for (uint32_t i = s->result->first[callee]; i < last; i++) {
    if (s->all.at[i].touch.kind != TOUCH_LINKS)
      hand_up(s, call, i);
    else if (count < LINKED && s->all.at[i].depth < 3)
      links[count++] = i;
  }
  if (count)
    classify_links(s, call, links, count);
}

static void give_away(Spreading *s, uint32_t function, const GrowthCall *call) {
  for (uint32_t i = 0; i < call->arg_count; i++) {
    GrowthEffect effect = {.touch = {.kind = TOUCH_GIVES_AWAY,
                                     .instruction = call->instruction,
                                     .group = call->callee,
                                     .path = call->args[i].path},
                           .function = function,
                           .inner = NO_EFFECT};
    if (is_relevant(s->relevance, s->paths, &effect.touch))
      add(s, &effect);
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
      if (is_relevant(s->relevance, s->paths, &effect.touch))
        add(s, &effect);
    }
}

static const GrowthCall *resolve_args(const Spreading *s, const GrowthCall *call) {
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

static void use_call(Spreading *s, const GrowthCall *call) {
  uint32_t function = s->now->function->id;
  Targets targets = call->by_pointer ? program_slot_targets(s->program, call->callee)
                                     : program_resolve(s->program, s->now->function, call->callee);
  bool is_used = targets.count <= TARGET_LIMIT && has_effects(s, targets);
  if (!is_used && !s->relevance)
    return;
  call = resolve_args(s, call);
  if (s->relevance)
    note_handed(s, function, call);
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
  for (uint32_t i = 0; s->now && i < s->now->touch_count; i++) {
    GrowthEffect effect = {
        .touch = resolve_touch(s, s->now->touches[i]), .function = function, .inner = NO_EFFECT};
    if (!is_relevant(s->relevance, s->paths, &effect.touch))
      continue;
    if (effect.touch.flags & TOUCH_GUARDED)
      add_guards(&effect, effect.touch.guards, GUARD_LIMIT);
    add(s, &effect);
  }
  for (uint32_t i = 0; s->now && i < s->now->call_count; i++)
    use_call(s, &s->now->calls[i]);
  s->result->first[function] = first; // what there was of an earlier round is only seen by then
  s->result->last[function] = (uint32_t)s->all.count;
  arena_reset(s->scratch);
}

/* What a function does when it is called because something is empty, it does then. */
static void mark_only_empty(Spreading *s) {
  for (uint32_t f = 0; f < s->program->function_count; f++) {
    const OnlyEmpty *only = &s->only[f];
    const ProgramFunction *function = &s->program->functions[f];
    if (!only->callers || only->callers < function->caller_count || function->address_taken)
      continue;
    for (uint32_t i = s->result->first[f]; i < s->result->last[f]; i++)
      for (uint32_t k = 0; k < GUARD_LIMIT; k++)
        if (only->empty[k] && only->empty[k] == s->all.at[i].touch.path)
          s->all.at[i].touch.flags |= TOUCH_WHEN_EMPTY;
  }
}

static void spread_all(Spreading *s) {
  const Program *program = s->program;
  s->all.count = 0;
  hash_map_clear(&s->known);
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

GrowthEffects growth_effects(Arena *arena, const Program *program, PathTable *paths,
                             const GrowthFacts *facts, uint32_t count) {
  GrowthEffects result = {.first = arena_new_array(arena, uint32_t, program->function_count),
                          .last = arena_new_array(arena, uint32_t, program->function_count)};
  Spreading s = {.arena = arena,
                 .scratch = arena_new(),
                 .program = program,
                 .paths = paths,
                 .result = &result};
  s.facts = arena_new_array(arena, const GrowthFacts *, program->function_count);
  s.only = arena_new_array(arena, OnlyEmpty, program->function_count);
  for (uint32_t i = 0; i < count; i++)
    s.facts[facts[i].function->id] = &facts[i];
  spread_all(&s);
  s.relevance = find_relevance(&s);
  spread_all(&s);
  mark_only_empty(&s);
  result.at = arena_copy(arena, s.all.at, sizeof *s.all.at * s.all.count);
  result.count = (uint32_t)s.all.count;
  list_effects(arena, program, &result, TOUCH_FREES, &result.frees, &result.free_count);
  list_effects(arena, program, &result, TOUCH_GIVES_AWAY, &result.given, &result.given_count);
  array_free(&s.all);
  hash_map_free(&s.known);
  arena_free(s.scratch);
  return result;
}
