/* lifetime.c - which locks are destroyed, on every way to a point. No part of the key of a state:
 * where ways meet that differ nothing is known, so that a function that takes down ten things one
 * by one, each under a condition of its own, is no more work than before.
 *
 * Followed are names that are one object for the whole function. What a function has destroyed on
 * all of its ways out goes to its callers, and so does what it may have made anew. */
#include "analysis/engine.h"

#include <string.h>

#include "base/guard.h"

enum { LIFETIMES = 8 };

static LockLife *find(const State *state, TermId place) {
  for (uint32_t i = 0; i < state->lifetime_count; i++)
    if (state->lifetimes[i].place == place)
      return &state->lifetimes[i];
  return NULL;
}

static void drop(State *state, const LockLife *lifetime) {
  size_t at = (size_t)(lifetime - state->lifetimes);
  state->lifetime_count--;
  memmove(state->lifetimes + at, state->lifetimes + at + 1,
          sizeof *lifetime * (state->lifetime_count - at));
}

static void add(State *state, LockLife lifetime) {
  if (state->lifetime_count == LIFETIMES) // Unsound: of the others nothing is known
    return;
  LockLife *copy = arena_new_array(state->arena, LockLife, LIFETIMES);
  if (state->lifetime_count)
    memcpy(copy, state->lifetimes, sizeof *copy * state->lifetime_count);
  copy[state->lifetime_count++] = lifetime;
  state->lifetimes = copy;
}

/* Gone on both ways is gone; made anew on one of them may have been made anew. */
bool state_join_lifetimes(State *into, const State *from) {
  bool changed = false;
  for (uint32_t i = 0; i < into->lifetime_count;) {
    const LockLife *other = find(from, into->lifetimes[i].place);
    changed |= into->lifetimes[i].born && !(other && other->born);
    into->lifetimes[i].born &= other && other->born;
    if (!into->lifetimes[i].gone || (other && other->gone)) {
      changed |= other && other->made && !into->lifetimes[i].made;
      into->lifetimes[i].made |= other && other->made;
      i++;
      continue;
    }
    drop(into, &into->lifetimes[i]);
    changed = true;
  }
  for (uint32_t i = 0; i < from->lifetime_count; i++) {
    if (from->lifetimes[i].gone || find(into, from->lifetimes[i].place))
      continue;
    uint32_t before = into->lifetime_count;
    LockLife maybe = from->lifetimes[i];
    maybe.born = false;
    add(into, maybe);
    changed |= into->lifetime_count > before;
  }
  return changed;
}

/* ---- what happens to a lock's object */

static bool is_followed(const Engine *e, TermId place) {
  return guard_on("lifetimes") && engine_is_stable(e, place) && !engine_is_blurred(e, place);
}

static bool may_be_told(const LockEntry *lock) {
  return lock && lock->now == LOCK_HELD && !(lock->flags & (LOCK_FAMILY | LOCK_COUNTING));
}

static void tell_gone(Engine *e, const Effect *effect, const LockLife *lifetime) {
  LockEntry before = {.place = lifetime->place,
                      .resource = RESOURCE_LOCK,
                      .kind = effect->text,
                      .since = lifetime->since,
                      .acquired = NO_INSTRUCTION};
  engine_tell(e, TRANSITION_GONE, effect, &before, &before);
}

/* What is gone nobody holds; that it was a caller's to begin with goes on to count. */
static void let_go(State *state, LockEntry *lock) {
  if (lock->pre == LOCK_RELEASED) {
    state_drop_lock(state, lock);
    return;
  }
  lock->now = LOCK_RELEASED;
  lock->count = 0;
}

void engine_lifetime(Engine *e, State *state, const Effect *effect, TermId place) {
  bool gone = effect->action == ACTION_DESTROY;
  LockEntry *lock = state_lock(state, place);
  if (gone && may_be_told(lock))
    engine_tell(e, TRANSITION_DESTROYED, effect, lock, lock);
  if (lock)
    let_go(state, lock);
  const LockLife *known = find(state, place);
  if (known && known->gone && gone && !(effect->flags & LOCK_COUNTING))
    tell_gone(e, effect, known);
  bool made = known ? known->made : !gone;
  if (known)
    drop(state, known);
  if (is_followed(e, place))
    // what a callee has made it may have made on some of its ways only
    add(state, (LockLife){place, e->here, gone, made, .born = !gone && engine_is_primitive(e)});
}

uint32_t engine_lifetime_begins(const State *state, TermId place) {
  const LockLife *known = find(state, place);
  return known && known->born && guard_on("born") ? known->since : NO_INSTRUCTION;
}

bool engine_lifetime_ended(const State *state, TermId place) {
  const LockLife *known = find(state, place);
  return known && known->gone;
}

bool engine_lifetime_used(Engine *e, State *state, const Effect *effect, TermId place) {
  const LockLife *known = find(state, place);
  if (!known || !known->gone)
    return false;
  tell_gone(e, effect, known);
  drop(state, known); // one slip is told once
  return true;
}

void engine_lifetime_unknown(Engine *e, State *state, TermId pointer) {
  const Term *term = term_at(e->terms, term_unshifted(e->terms, pointer));
  TermId object = term->kind == TERM_ADDRESS && guard_on("escaped-lifetimes")
                      ? term_whole(e->terms, term->a)
                      : 0;
  for (uint32_t i = 0; i < state->lifetime_count;)
    if (engine_contains(e, state->lifetimes[i].place, pointer) ||
        engine_contains(e, pointer, state->lifetimes[i].place) ||
        (object && term_whole(e->terms, state->lifetimes[i].place) == object))
      drop(state, &state->lifetimes[i]);
    else
      i++;
}

void engine_lifetime_stored(const Engine *e, State *state, TermId place) {
  for (uint32_t i = 0; i < state->lifetime_count;)
    if (term_is_part(e->terms, state->lifetimes[i].place, place))
      drop(state, &state->lifetimes[i]);
    else
      i++;
}

/* Locks of an object that is freed go with it. */
void engine_lifetime_freed(Engine *e, State *state, const Effect *effect, TermId pointer) {
  TermId object = engine_deref(e, pointer);
  for (uint32_t i = 0; i < state->lock_count;) {
    LockEntry *lock = &state->locks[i];
    if (lock->resource != RESOURCE_LOCK || !term_is_part(e->terms, lock->place, object)) {
      i++;
      continue;
    }
    if (may_be_told(lock))
      engine_tell(e, TRANSITION_FREED, effect, lock, lock);
    state_drop_lock(state, lock);
  }
}

/* ---- for callers */

bool engine_has_no_object(Engine *e, const State *state, TermId place) {
  const Term *object = term_at(e->terms, term_whole(e->terms, place));
  return object->kind == TERM_DEREF && engine_decide(e, (State *)state, object->a) == NO;
}

static bool is_without(Engine *e, const Exit *exit, TermId place) {
  return guard_on("gone-without") && engine_has_no_object(e, exit->state, place);
}

/* Wherever there is something: `if (!lock) return;` leaves nothing behind either. */
static bool is_gone_everywhere(Engine *e, const Exit *exits, uint32_t count, TermId place) {
  for (uint32_t i = 0; i < count; i++) {
    const LockLife *known = find(exits[i].state, place);
    if (!known && is_without(e, &exits[i], place))
      continue;
    if (!known || !known->gone)
      return false;
  }
  return true;
}

static bool is_first(Engine *e, const Exit *exits, uint32_t number, TermId place) {
  uint32_t first = 0;
  while (first < number && is_without(e, &exits[first], place))
    first++;
  return first == number;
}

void engine_note_lifetimes(Engine *e, const Exit *exits, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < exits[i].state->lifetime_count; k++) {
      const LockLife *known = &exits[i].state->lifetimes[k];
      Effect effect = {.action = ACTION_INIT, .resource = RESOURCE_LIFETIME, .place = known->place};
      if (!outside_knows(e, known->place))
        continue;
      if (!known->gone || known->made)
        engine_hand_on(e, effect);
      effect.action = ACTION_DESTROY;
      if (known->gone && is_first(e, exits, i, known->place) &&
          is_gone_everywhere(e, exits, count, known->place))
        engine_hand_on(e, effect);
    }
}
