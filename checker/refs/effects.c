/* effects.c - see effects.h. Unsound: what is far around a circle of calls is not told; of an
 * argument that may be several things only the first is followed. */
#include "refs/effects.h"

enum { EFFECTS = 256, TARGETS = 8, ALIASES = 16, ROUNDS = 2 };

/* A call whose result is one of its arguments. */
typedef struct {
  PathId result;
  const ReferArg *arg;
} Alias;

typedef struct {
  Referring *r;
  const ReferFacts *facts;
  uint32_t start; // of its effects
  Alias aliases[ALIASES];
  uint32_t alias_count;
} Spreading;

/* ---- paths */

static const PathNode *node_at(const PathTable *paths, PathId path) { return path_at(paths, path); }

/* ---- calls */

Targets called_at(const Referring *r, const ReferFacts *facts, const ReferEvent *call) {
  if (!call->callee)
    return (Targets){0};
  Targets targets = call->by_pointer ? program_slot_targets(r->program, call->callee)
                                     : program_resolve(r->program, facts->function, call->callee);
  return targets.count <= TARGETS ? targets : (Targets){0};
}

/* ---- from a callee's words to its caller's */

typedef struct {
  PathId path;
  bool address, zero;
} Told;

static Told told_by(const Spreading *s, const ReferArg *arg, PathId path) {
  PathTable *paths = s->r->paths;
  PathId root = path_first(paths, path), target = path;
  if (path == root)
    return (Told){arg->path, arg->kind == MEANS_ADDRESS, arg->kind == MEANS_ZERO};
  while (node_at(paths, target)->parent != root)
    target = node_at(paths, target)->parent;
  if (node_at(paths, target)->kind != PATH_TARGET || arg->kind > MEANS_ADDRESS)
    return (Told){0};
  Meaning meaning = {.kind = arg->kind, .path = arg->path};
  return (Told){.path = path_replace(paths, path, target, meaning_target(paths, &meaning))};
}

static Told resolved(const Spreading *s, PathId path) {
  PathId root = path_first(s->r->paths, path);
  for (uint32_t i = 0; i < s->alias_count && path; i++)
    if (s->aliases[i].result == root)
      return told_by(s, s->aliases[i].arg, path);
  return (Told){.path = path};
}

static const ReferArg *argument(const ReferEvent *call, uint32_t number) {
  const ReferArg *found = NULL;
  for (uint32_t i = 0; i < call->arg_count; i++)
    if (call->args[i].number == number && (!found || found->kind == MEANS_ZERO))
      found = &call->args[i];
  return found;
}

static bool is_returned(const Spreading *s, uint32_t callee, PathId root) {
  const Referring *r = s->r;
  for (uint32_t i = r->first[callee]; i < r->last[callee]; i++)
    if (r->effects.at[i].kind == REFER_RETURN && r->effects.at[i].value == root &&
        !r->effects.at[i].address)
      return true;
  return false;
}

static Told told(const Spreading *s, const ReferEvent *call, uint32_t callee, PathId path) {
  PathTable *paths = s->r->paths;
  PathId root = path_first(paths, path);
  const PathNode *node = node_at(paths, root);
  if (node->kind == PATH_PARAMETER) {
    const ReferArg *arg = argument(call, node->number);
    if (!arg)
      return (Told){0};
    Told mine = told_by(s, arg, path);
    if (!mine.path)
      return mine;
    Told known = resolved(s, mine.path);
    return (Told){known.path, known.address || mine.address, known.zero};
  }
  if (node->kind == PATH_RESULT && call->place && is_returned(s, callee, root))
    return (Told){.path = path_replace(paths, path, root, call->place)};
  return (Told){0};
}

/* ---- one function */

static void add(Spreading *s, ReferEffect effect) {
  Referring *r = s->r;
  for (size_t i = s->start; i < r->effects.count; i++) {
    const ReferEffect *other = &r->effects.at[i];
    bool same = other->kind == effect.kind && other->place == effect.place &&
                other->value == effect.value && other->address == effect.address;
    if (same && (effect.kind != REFER_DOWN || other->event == effect.event))
      return;
  }
  if (r->effects.count - s->start < EFFECTS)
    array_push(&r->effects, effect);
}

/* Reached from a root through pointers only: the callee's parameter, or what it points to. */
static bool is_bare(const PathTable *paths, PathId path) {
  while (node_at(paths, path)->kind == PATH_TARGET)
    path = node_at(paths, path)->parent;
  return !node_at(paths, path)->parent;
}

/* What callers have to know. */
static bool is_for_callers(const Referring *r, const ReferEffect *effect) {
  PathId object;
  switch ((ReferKind)effect->kind) {
  case REFER_UP:
  case REFER_DOWN:
  case REFER_BEGIN:
    object = object_of_place(r->paths, effect->place);
    return is_bare(r->paths, effect->place) || (object && is_bare(r->paths, object));
  case REFER_FREE:
    return is_bare(r->paths, effect->place);
  case REFER_CLEAR:
    return is_bare(r->paths, effect->place);
  case REFER_STORE:
    return true;
  default:
    return false;
  }
}

static void take_over(Spreading *s, uint32_t event, uint32_t callee) {
  Referring *r = s->r;
  const ReferEvent *call = &s->facts->events[event];
  for (uint32_t i = r->first[callee]; i < r->last[callee]; i++) {
    ReferEffect effect = r->effects.at[i];
    if (!is_for_callers(r, &effect))
      continue;
    Told place = told(s, call, callee, effect.place), value = {0};
    if (effect.kind == REFER_STORE) {
      value = told(s, call, callee, effect.value);
      if (value.zero)
        effect.kind = REFER_CLEAR;
      else if (!value.path)
        continue;
    }
    if (!place.path || place.address)
      continue;
    effect.place = place.path;
    effect.value = value.zero ? 0 : value.path;
    effect.address |= value.address;
    effect.function = s->facts->function->id;
    effect.instruction = call->instruction;
    effect.event = event;
    effect.inner = i;
    add(s, effect);
  }
}

/* All that the callee returns is one of its parameters, or nothing. */
static const ReferArg *passed_on(const Spreading *s, const ReferEvent *call, uint32_t callee) {
  const Referring *r = s->r;
  PathId root = 0;
  for (uint32_t i = r->first[callee]; i < r->last[callee]; i++) {
    const ReferEffect *effect = &r->effects.at[i];
    if (effect->kind != REFER_RETURN)
      continue;
    if (effect->address || node_at(r->paths, effect->value)->kind != PATH_PARAMETER ||
        (root && root != effect->value))
      return NULL;
    root = effect->value;
  }
  return root ? argument(call, node_at(r->paths, root)->number) : NULL;
}

static void spread_call(Spreading *s, uint32_t event) {
  const ReferEvent *call = &s->facts->events[event];
  Targets targets = call->by_pointer ? (Targets){0} : called_at(s->r, s->facts, call);
  for (uint32_t t = 0; t < targets.count; t++) {
    const ReferArg *same = passed_on(s, call, targets.ids[t]);
    if (same && call->place && s->alias_count < ALIASES && same->kind <= MEANS_ADDRESS)
      s->aliases[s->alias_count++] = (Alias){call->place, same};
    take_over(s, event, targets.ids[t]);
  }
}

static void spread(Referring *r, const ReferFacts *facts) {
  Spreading s = {.r = r, .facts = facts, .start = (uint32_t)r->effects.count};
  r->first[facts->function->id] = s.start;
  for (uint32_t i = 0; i < facts->count; i++) {
    const ReferEvent *event = &facts->events[i];
    if (event->kind == REFER_CALL) {
      spread_call(&s, i);
      continue;
    }
    Told place = resolved(&s, event->place), value = resolved(&s, event->value);
    add(&s, (ReferEffect){.kind = value.zero ? REFER_CLEAR : event->kind,
                          .address = event->address || value.address,
                          .place = place.path,
                          .value = value.path,
                          .function = facts->function->id,
                          .instruction = event->instruction,
                          .event = i,
                          .inner = NO_REFER_EFFECT});
  }
  r->last[facts->function->id] = (uint32_t)r->effects.count;
}

/* Destructors of what refers to each other call each other. */
static void spread_component(Referring *r, uint32_t component) {
  const Program *program = r->program;
  uint32_t first = program->component_starts[component],
           last = program->component_starts[component + 1];
  uint32_t rounds = program->functions[program->order[first]].recursive ? ROUNDS : 1;
  for (uint32_t round = 0; round < rounds; round++)
    for (uint32_t i = first; i < last; i++)
      if (r->facts[program->order[i]])
        spread(r, r->facts[program->order[i]]);
}

void find_effects(Referring *r) {
  uint32_t count = r->program->function_count;
  r->effects.count = 0;
  r->first = arena_new_array(r->arena, uint32_t, count + 1u);
  r->last = arena_new_array(r->arena, uint32_t, count + 1u);
  for (uint32_t i = 0; i < r->program->component_count; i++)
    spread_component(r, i);
}
