/* state.c - see state.h. All lists are short (M2: at most four locks), so they are sorted arrays.
 */
#include "analysis/state.h"

#include "base/guard.h"

#include <string.h>

enum { FACT_LIMIT = 160, MEMORY_LIMIT = 96 };

static void *copy_list(Arena *arena, const void *from, size_t element, uint32_t count,
                       uint32_t *room) {
  *room = count + 4;
  void *to = arena_alloc(arena, element * *room);
  if (count)
    memcpy(to, from, element * count);
  return to;
}

State *state_copy(Arena *arena, const State *from) {
  State *to = arena_new_one(arena, State);
  *to = *from;
  to->arena = arena;
  slots_copy(arena, from->kept, &to->values, &from->values);
  slots_copy(arena, from->kept, &to->versions, &from->versions);
  to->facts = copy_list(arena, from->facts, sizeof *to->facts, from->fact_count, &to->fact_room);
  to->locks = copy_list(arena, from->locks, sizeof *to->locks, from->lock_count, &to->lock_room);
  to->memory =
      copy_list(arena, from->memory, sizeof *to->memory, from->memory_count, &to->memory_room);
  if (to->lifetime_count)
    to->lifetimes = arena_copy(arena, from->lifetimes, sizeof *to->lifetimes * to->lifetime_count);
  to->next = NULL;
  to->parent_count = 0;
  return to;
}

/* A creation that failed is remembered until the thread would be joined. */
static bool is_uncreated(const LockEntry *lock) {
  return lock->resource == RESOURCE_THREAD && (lock->flags & THREAD_UNCREATED);
}

static bool is_in_key(const State *state, const LockEntry *lock) {
  return (!lock_is_identity(lock) || is_uncreated(lock)) && lock->now != LOCK_MAYBE &&
         !(state->merges_threads && lock->is_shared);
}

static const LockEntry *next_key_lock(const State *state, uint32_t *i) {
  while (*i < state->lock_count && !is_in_key(state, &state->locks[*i]))
    (*i)++;
  return *i < state->lock_count ? &state->locks[(*i)++] : NULL;
}

static bool same_opened(const State *a, const State *b) {
  bool same = a->opened_count == b->opened_count;
  for (uint32_t i = 0; i < a->opened_count && same; i++)
    same = a->opened[i].place == b->opened[i].place && a->opened[i].kind == b->opened[i].kind;
  return same;
}

bool state_same_key(const State *a, const State *b) {
  if (a->gone != b->gone || memcmp(a->pins, b->pins, sizeof a->pins) || !same_opened(a, b))
    return false;
  if (!guard_on("typestate")) // the first state of the locks that comes stands for all
    return true;
  uint32_t i = 0, j = 0;
  for (;;) {
    const LockEntry *x = next_key_lock(a, &i), *y = next_key_lock(b, &j);
    if (!x || !y)
      return x == y;
    if (x->place != y->place || x->pre != y->pre || x->now != y->now || x->count != y->count ||
        ((x->flags ^ y->flags) & LOCK_READ))
      return false;
  }
}

/* Makes room for one more element at `at` of a sorted list. */
static void *open_gap(Arena *arena, void *list, size_t element, uint32_t count, uint32_t *room,
                      uint32_t at) {
  if (count == *room) {
    uint32_t bigger = *room ? *room * 2 : 8;
    void *copy = arena_alloc(arena, element * bigger);
    if (count)
      memcpy(copy, list, element * count);
    list = copy;
    *room = bigger;
  }
  char *base = list;
  memmove(base + element * (at + 1), base + element * at, element * (count - at));
  return list;
}

/* ---- facts */

static uint32_t fact_position(const State *state, TermId term) {
  uint32_t low = 0, high = state->fact_count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (state->facts[middle].term < term)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

Fact *state_fact(State *state, TermId term) {
  uint32_t i = fact_position(state, term);
  return i < state->fact_count && state->facts[i].term == term ? &state->facts[i] : NULL;
}

void state_drop_fact(State *state, TermId term) {
  Fact *fact = state_fact(state, term);
  if (!fact)
    return;
  uint32_t i = (uint32_t)(fact - state->facts);
  memmove(fact, fact + 1, sizeof *fact * (state->fact_count - i - 1));
  state->fact_count--;
}

void state_set_fact(State *state, const Fact *fact) {
  uint32_t i = fact_position(state, fact->term);
  if (i < state->fact_count && state->facts[i].term == fact->term) {
    state->facts[i] = *fact;
    return;
  }
  if (state->fact_count >= FACT_LIMIT)
    return; // Imprecise: a state that knows this much forgets the newest
  state->facts =
      open_gap(state->arena, state->facts, sizeof *fact, state->fact_count, &state->fact_room, i);
  state->facts[i] = *fact;
  state->fact_count++;
}

static Fact fact_or_any(State *state, TermId term) {
  const Fact *known = state_fact(state, term);
  return known ? *known : (Fact){.term = term, .low = INT64_MIN, .high = INT64_MAX};
}

/* Excluded values at the borders move the borders. False when nothing is left. */
static bool tighten(Fact *fact) {
  for (bool again = true; again;) {
    again = false;
    if (fact->low > fact->high)
      return false;
    for (uint32_t i = 0; i < fact->excluded_count; i++) {
      int64_t value = fact->excluded[i];
      if (value > fact->low && value < fact->high)
        continue;
      if (value == fact->low && value == fact->high)
        return false;
      if (value == fact->low)
        fact->low++;
      else if (value == fact->high)
        fact->high--;
      fact->excluded[i--] = fact->excluded[--fact->excluded_count];
      again = true;
    }
  }
  return true;
}

bool state_restrict(State *state, TermId term, int64_t low, int64_t high) {
  Fact fact = fact_or_any(state, term);
  if (low > fact.low)
    fact.low = low;
  if (high < fact.high)
    fact.high = high;
  if (!tighten(&fact))
    return false;
  state_set_fact(state, &fact);
  return true;
}

bool state_exclude(State *state, TermId term, int64_t value) {
  Fact fact = fact_or_any(state, term);
  if (value < fact.low || value > fact.high)
    return true;
  for (uint32_t i = 0; i < fact.excluded_count; i++)
    if (fact.excluded[i] == value)
      return true;
  if (fact.excluded_count == FACT_EXCLUDED)
    fact.excluded_count--;
  fact.excluded[fact.excluded_count++] = value;
  if (!tighten(&fact))
    return false;
  state_set_fact(state, &fact);
  return true;
}

static bool excludes(const Fact *fact, int64_t value) {
  if (value < fact->low || value > fact->high)
    return true;
  for (uint32_t i = 0; i < fact->excluded_count; i++)
    if (fact->excluded[i] == value)
      return true;
  return false;
}

bool fact_join(Fact *into, const Fact *other) {
  Fact hull = {.term = into->term,
               .low = into->low < other->low ? into->low : other->low,
               .high = into->high > other->high ? into->high : other->high};
  const Fact *sides[2] = {into, other};
  for (int side = 0; side < 2; side++)
    for (uint32_t i = 0; i < sides[side]->excluded_count; i++) {
      int64_t value = sides[side]->excluded[i];
      if (hull.excluded_count < FACT_EXCLUDED && excludes(sides[1 - side], value) &&
          !excludes(&hull, value))
        hull.excluded[hull.excluded_count++] = value;
    }
  // [5, 9] joined with [-3, -1] still excludes 0: keep that, it is what tests ask
  if (hull.excluded_count < FACT_EXCLUDED && excludes(into, 0) && excludes(other, 0) &&
      !excludes(&hull, 0))
    hull.excluded[hull.excluded_count++] = 0;
  *into = hull;
  return hull.low != INT64_MIN || hull.high != INT64_MAX || hull.excluded_count;
}

/* ---- locks */

LockEntry *state_lock(State *state, TermId place) {
  for (uint32_t i = 0; i < state->lock_count; i++)
    if (state->locks[i].place == place)
      return &state->locks[i];
  return NULL;
}

LockEntry *state_add_lock(State *state, LockEntry lock) {
  uint32_t i = 0;
  while (i < state->lock_count && state->locks[i].place < lock.place)
    i++;
  state->locks =
      open_gap(state->arena, state->locks, sizeof lock, state->lock_count, &state->lock_room, i);
  state->locks[i] = lock;
  state->lock_count++;
  return &state->locks[i];
}

void state_drop_lock(State *state, const LockEntry *lock) {
  uint32_t i = (uint32_t)(lock - state->locks);
  memmove(&state->locks[i], &state->locks[i + 1], sizeof *lock * (state->lock_count - i - 1));
  state->lock_count--;
}

void state_add_failed(State *state, FailedTry failed) {
  if (state->failed_count == FAILED_LIMIT)
    state_drop_failed(state, 0);
  state->failed[state->failed_count++] = failed;
}

void state_drop_failed(State *state, uint32_t at) {
  state->failed[at] = state->failed[--state->failed_count];
}

bool state_join_failed(State *into, const State *from) {
  bool changed = false;
  for (uint32_t i = into->failed_count; i-- > 0;) {
    bool both = false;
    for (uint32_t k = 0; k < from->failed_count && !both; k++)
      both = into->failed[i].place == from->failed[k].place &&
             into->failed[i].outcome == from->failed[k].outcome;
    if (both)
      continue;
    state_drop_failed(into, i);
    changed = true;
  }
  return changed;
}

/* ---- memory */

TermId state_stored(const State *state, TermId place) {
  for (uint32_t i = 0; i < state->memory_count; i++)
    if (state->memory[i].place == place)
      return state->memory[i].value;
  return 0;
}

void state_store(State *state, TermId place, TermId value) {
  uint32_t i = 0;
  while (i < state->memory_count && state->memory[i].place != place)
    i++;
  if (!value) {
    if (i < state->memory_count)
      state->memory[i] = state->memory[--state->memory_count];
    return;
  }
  if (i < state->memory_count) {
    state->memory[i].value = value;
    return;
  }
  if (state->memory_count == MEMORY_LIMIT)
    state->memory[i = 0] = state->memory[--state->memory_count]; // forget the oldest
  state->memory = open_gap(state->arena, state->memory, sizeof *state->memory, state->memory_count,
                           &state->memory_room, state->memory_count);
  state->memory[state->memory_count++] = (Stored){place, value};
}
