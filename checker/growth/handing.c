/* handing.c - see handing.h. Unsound: what a function does beyond EFFECT_LIMIT things is not seen,
 * nor what happens by more than DEPTH_LIMIT calls. */
#include "growth/handing.h"

#include <string.h>

#include "base/guard.h"
#include "growth/asked.h"

enum { DEPTH_LIMIT = 8, NEAR = 2, LINKED = 16, LINK_DEPTH = 3 };

/* ---- known ones */

/* Insertions are told apart by where they are, the others by what they are about. */
static uint32_t place_of(const GrowthEffect *effect) {
  const Touch *touch = &effect->touch;
  bool takes = touch->kind == TOUCH_SHRINKS || touch->kind == TOUCH_COUNTS_DOWN;
  bool is_near = effect->depth <= NEAR; // by another call something else may be taken out
  bool counts = touch->kind == TOUCH_COUNTS_UP && effect->inner == NO_EFFECT;
  bool tells = touch->kind == TOUCH_GROWS || counts || (takes && is_near);
  return tells ? touch->instruction + 1 : 0;
}

/* What is done whatever the parameters are is done by then, too. */
static bool is_same(const GrowthEffect *a, const GrowthEffect *b) {
  const Touch *x = &a->touch, *y = &b->touch;
  return x->path == y->path && x->kind == y->kind && x->other == y->other &&
         x->address == y->address && place_of(a) == place_of(b) &&
         (x->kind != TOUCH_GROWS || x->group == y->group) &&
         !((x->flags ^ y->flags) & (TOUCH_WHEN_EMPTY | TOUCH_TO_STATIC)) &&
         (!x->demands[0].parameter || demands_same(x->demands, y->demands));
}

/* Where it is, or would be. Those of other functions are free. */
static Seen *seen_slot(Spreading *s, const GrowthEffect *effect) {
  const Touch *touch = &effect->touch;
  uint64_t mixed = ((uint64_t)touch->path << 32 | touch->other) * 0x9e3779b97f4a7c15u;
  uint64_t place = (uint64_t)place_of(effect) << 8 | touch->kind;
  mixed = (mixed ^ mixed >> 31 ^ place) * 0xbf58476d1ce4e5b9u;
  uint32_t at = (uint32_t)(mixed >> 32);
  for (;; at++) {
    Seen *slot = &s->seen[at & (SEEN_SLOTS - 1)];
    if (slot->start != s->start + 1 || is_same(&s->all.at[slot->effect], effect))
      return slot;
  }
}

/* ---- what calls gave */

const GrowthCall *call_that_gave(const Spreading *s, PathId path, Targets *targets) {
  const PathNode *root = path_at(s->paths, path_first(s->paths, path));
  const GrowthCall *call = root->kind == PATH_RESULT ? growth_call_at(s->now, root->number) : NULL;
  if (call)
    *targets = s->targets[s->now->function->id][call - s->now->calls];
  return call;
}

static bool returns_new(const Spreading *s, uint32_t function) {
  for (uint32_t i = s->result->first[function]; i < s->result->last[function]; i++)
    if (s->all.at[i].touch.kind == TOUCH_RETURNS && s->all.at[i].touch.flags & TOUCH_FRESH)
      return true;
  return false;
}

/* An object that a call has made, and a part of it: what is taken out there, nobody else has. */
static bool is_of_new(const Spreading *s, PathId path) {
  Targets targets;
  uint32_t pointers = 0;
  const GrowthCall *call = call_that_gave(s, path, &targets);
  for (PathId at = path; at && call; at = path_at(s->paths, at)->parent)
    pointers += path_at(s->paths, at)->kind == PATH_TARGET;
  if (!call || pointers > 1 || !guard_on("growth-new"))
    return false;
  return call->makes || (targets.count == 1 && !targets.open && !call->by_pointer &&
                         returns_new(s, targets.ids[0]));
}

/* It is emptied, and a part of it filled, because what was in it is elsewhere in it by then. */
static bool is_of_move(const Spreading *s, const Touch *touch) {
  bool whole = touch->kind == TOUCH_RESETS || (touch->kind == TOUCH_SHRINKS && !touch->other) ||
               (touch->kind == TOUCH_GROWS && touch->flags & TOUCH_ARRAY);
  for (uint32_t i = 0; i < s->now->touch_count && whole && s->moves; i++)
    if (s->now->touches[i].kind == TOUCH_MOVES && s->now->touches[i].path == touch->path)
      return true;
  return false;
}

/* Somebody else may have what it is about; of what is returned as new, that is what is asked. */
static bool is_wanted(const Spreading *s, const Touch *touch) {
  bool takes = touch->kind == TOUCH_SHRINKS || touch->kind == TOUCH_COUNTS_DOWN ||
               touch->kind == TOUCH_RESETS;
  if (touch->kind == TOUCH_RETURNS && touch->flags & TOUCH_FRESH)
    return is_of_new(s, touch->path);
  return !takes || !is_of_new(s, touch->path);
}

void add_effect(Spreading *s, const GrowthEffect *effect) {
  if (s->all.count - s->start >= EFFECT_LIMIT || !is_wanted(s, &effect->touch))
    return;
  Seen *slot = seen_slot(s, effect);
  if (slot->start == s->start + 1 || !is_relevant(s->relevance, s->paths, &effect->touch) ||
      is_of_move(s, &effect->touch))
    return;
  *slot = (Seen){.effect = (uint32_t)s->all.count, .start = s->start + 1};
  array_push(&s->all, *effect);
  const PathNode *root = path_at(s->paths, path_first(s->paths, effect->touch.path));
  s->all.at[s->all.count - 1].parameter = root->kind == PATH_PARAMETER ? root->number + 1 : 0;
}

void add_guards(GrowthEffect *effect, const PathId *guards, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < GUARDS && guards[i]; k++)
      if (!effect->guards[k] || effect->guards[k] == guards[i]) {
        effect->guards[k] = guards[i];
        break;
      }
}

/* ---- one effect */

static PathKind root_kind(const Spreading *s, PathId path) {
  return (PathKind)path_at(s->paths, path_first(s->paths, path))->kind;
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

/* What the caller has to be given for it; false: what the call says rules it out. */
static bool tell_demands(const GrowthCall *call, const GrowthEffect *inner, Demand *demands) {
  memcpy(demands, call->demands, sizeof call->demands);
  bool can_be = demands_tell(demands, inner->touch.demands, call->numbers, call->number_count);
  return can_be || !guard_on("growth-demands");
}

bool is_refilled(const Spreading *s, const GrowthCall *call) {
  for (size_t i = s->start; call->refills && i < s->all.count; i++)
    if (s->all.at[i].touch.kind == TOUCH_SHRINKS &&
        s->all.at[i].touch.instruction == call->refills - 1)
      return true;
  return false;
}

static GrowthEffect caller_effect(Spreading *s, const GrowthCall *call, uint32_t inner) {
  const GrowthEffect *from = &s->all.at[inner];
  GrowthEffect effect = {.touch = from->touch,
                         .function = s->now->function->id,
                         .inner = inner,
                         .depth = from->depth + 1};
  effect.touch.instruction = call->instruction;
  effect.touch.flags |= call->keyed ? TOUCH_KEYED : 0;
  if (effect.touch.kind == TOUCH_GROWS && is_refilled(s, call))
    effect.touch.flags |= TOUCH_REUSES;
  if (call->repeats > effect.touch.repeats)
    effect.touch.repeats = call->repeats;
  for (uint32_t i = 0; i < GUARDS && from->guards[i]; i++) {
    PathId guard = tell_once(&s->telling, call, from->guards[i]);
    add_guards(&effect, &guard, 1);
  }
  add_guards(&effect, call->guards, call->guarded ? GUARD_LIMIT : 0);
  tell_demands(call, from, effect.touch.demands);
  return effect;
}

/* Something that only this function knows does not. */
static bool matters(const Spreading *s, const Touch *touch, PathId path) {
  PathKind root = root_kind(s, path);
  bool takes = touch->kind == TOUCH_SHRINKS || touch->kind == TOUCH_COUNTS_DOWN ||
               touch->kind == TOUCH_FREES;
  return root != PATH_LOCAL && (root != PATH_RESULT || takes);
}

/* The call stands in a loop that ends when there is nothing left in it. */
static void note_drained(const Spreading *s, const GrowthCall *call, Touch *touch) {
  const PathNode *node = path_at(s->paths, touch->path), *drained = path_at(s->paths, call->drains);
  bool is_end = node->kind == PATH_FIELD &&
                (node->parent == call->drains || (drained->kind == PATH_FIELD && // its other end
                                                  node->parent == drained->parent));

  if (touch->kind == TOUCH_SHRINKS && call->drains && (touch->path == call->drains || is_end) &&
      guard_on("growth-drains"))
    touch->kind = TOUCH_RESETS;
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
  effect.touch.other = tell_element(&s->telling, call, touch.other);
  add_effect(s, &effect);
}

/* remove(list->next): the element was reached by way of what holds it. Once that is known by a name
 * of the program, it is known what it is taken out of. */
static void note_reached(const Spreading *s, const HandedOn *arg, Touch *touch) {
  if (!(touch->flags & TOUCH_OF_ELEMENT) || !guard_on("growth-reached"))
    return;
  if (path_linked(s->paths, arg->path))
    touch->flags |= TOUCH_BY_LINK;
  if (touch->flags & TOUCH_BY_LINK && root_kind(s, touch->path) == PATH_GLOBAL)
    touch->flags &= (uint16_t)~TOUCH_OF_ELEMENT;
}

/* An element that is a variable of the caller: it is taken out before the caller returns, or else
 * what is wrong is not that there are too many. */
static bool is_on_stack(const Spreading *s, PathId link) {
  PathId at = link;
  while (at && path_at(s->paths, at)->parent) {
    if (path_at(s->paths, at)->kind == PATH_TARGET)
      return false;
    at = path_at(s->paths, at)->parent;
  }
  return at && path_at(s->paths, at)->kind == PATH_LOCAL && guard_on("growth-on-stack");
}

static void hand_up_as(Spreading *s, const GrowthCall *call, const HandedOn *arg, uint32_t inner) {
  Touch touch = s->all.at[inner].touch;
  Told told = tell(&s->telling, arg, touch.path);
  if (!told.told || !matters(s, &touch, told.told) ||
      (touch.flags & TOUCH_BY_RESULT && !is_kept_in_place(s, call, told.told)))
    return;
  GrowthEffect effect = caller_effect(s, call, inner);
  bool is_object = touch.kind == TOUCH_FREES || touch.kind == TOUCH_KEEPS;
  effect.touch.path = is_object ? told.told : told.container;
  effect.touch.other = touch.other ? tell_element(&s->telling, call, touch.other) : 0;
  if (touch.kind == TOUCH_GROWS && is_on_stack(s, effect.touch.other))
    return;
  effect.touch.flags &= (uint16_t)~TOUCH_BY_RESULT;
  note_reached(s, arg, &effect.touch);
  note_drained(s, call, &effect.touch);
  for (uint32_t k = 0; k < GUARD_LIMIT && call->empty[k]; k++)
    effect.touch.flags |= call->empty[k] == effect.touch.path ? TOUCH_WHEN_EMPTY : 0;
  add_effect(s, &effect);
}

/* ---- small functions that link what they are given */

static void classify_links(Spreading *s, const GrowthCall *call, const uint32_t *links,
                           uint32_t count) {
  Write writes[LINKED];
  uint32_t told = 0;
  for (uint32_t i = 0; i < count; i++) {
    const Touch touch = s->all.at[links[i]].touch;
    PathId place = tell_once(&s->telling, call, touch.path),
           value = tell_once(&s->telling, call, touch.other);
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
    note_drained(s, call, &effect.touch);
    add_effect(s, &effect);
  }
  for (uint32_t i = 0; i < count && !meant; i++) {
    GrowthEffect effect = caller_effect(s, call, links[i]);
    effect.touch.path = writes[i].places.at[0];
    effect.touch.other = writes[i].value.at[0].path;
    if (root_kind(s, effect.touch.path) == PATH_PARAMETER &&
        root_kind(s, effect.touch.other) == PATH_PARAMETER)
      add_effect(s, &effect);
  }
}

/* ---- all of a callee's */

/* Somebody else knows it. */
static bool concerns_others(const Spreading *s, PathId path) {
  const PathNode *root = path_at(s->paths, path_first(s->paths, path));
  return root->kind != PATH_LOCAL &&
         (root->kind != PATH_PARAMETER || is_asked(s->asked[s->now->function->id], root->number));
}

static void hand_up(Spreading *s, const GrowthCall *call, uint32_t inner) {
  uint32_t number = s->all.at[inner].parameter - 1;
  Demand demands[DEMANDS];
  bool is_told = false;
  if (!tell_demands(call, &s->all.at[inner], demands))
    return;
  for (uint32_t i = 0; i < call->arg_count; i++) {
    if (call->args[i].number != number)
      continue;
    is_told = true;
    if (concerns_others(s, call->args[i].path))
      hand_up_as(s, call, &call->args[i], inner);
  }
  if (!is_told)
    hand_up_unknown(s, call, inner);
}

static bool puts_in(const Spreading *s, uint32_t function, PathId container) {
  for (uint32_t i = s->result->first[function]; i < s->result->last[function]; i++)
    if (s->all.at[i].touch.kind == TOUCH_GROWS && s->all.at[i].touch.path == container)
      return true;
  return false;
}

/* remove(entry), which takes it out of something global, and nothing else: who calls that knows
 * why. */
static bool takes_from_global(const Spreading *s, const GrowthEffect *effect) {
  return effect->touch.kind == TOUCH_SHRINKS && root_kind(s, effect->touch.path) == PATH_GLOBAL &&
         (effect->inner == NO_EFFECT ||
          root_kind(s, s->all.at[effect->inner].touch.path) != PATH_GLOBAL) &&
         !puts_in(s, effect->function, effect->touch.path);
}

static void hand_up_global(Spreading *s, const GrowthCall *call, uint32_t inner) {
  GrowthEffect effect = caller_effect(s, call, inner);
  note_drained(s, call, &effect.touch);
  add_effect(s, &effect);
}

void hand_up_all(Spreading *s, const GrowthCall *call, uint32_t callee) {
  uint32_t links[LINKED], count = 0;
  uint32_t last = s->result->last[callee];
  for (uint32_t i = s->result->first[callee]; i < last; i++) {
    const GrowthEffect *effect = &s->all.at[i];
    TouchKind kind = (TouchKind)effect->touch.kind;
    if (kind == TOUCH_LINKS) {
      if (count < LINKED && effect->depth < LINK_DEPTH)
        links[count++] = i;
    } else if (effect->parameter && effect->depth < DEPTH_LIMIT && kind != TOUCH_RETURNS &&
               kind != TOUCH_GIVES_AWAY && kind != TOUCH_MOVES) {
      hand_up(s, call, i);
    } else if (takes_from_global(s, effect)) {
      hand_up_global(s, call, i);
    }
  }
  if (count)
    classify_links(s, call, links, count);
}
