/* nesting.c - locks that are recursive by hand: where the lock is not taken, a count beside it goes
 * up, and where it is not given back, the count goes down.
 *
 *   if (pool->owner == self()) { pool->depth++; return; }     if (pool->depth) { pool->depth--;
 * return; } lock(&pool->mutex); pool->owner = self();                  pool->owner = 0;
 * unlock(&pool->mutex);
 *
 * Which of the two happens depends on what the thread did before, and that no caller can know; that
 * they belong together every caller can. So both ways are one: the lock is taken, or given back,
 * once more. The same holds for the first that comes and the last that goes. */
#include "analysis/engine.h"

/* By how much the value differs from what the place held at entry; 0 when that cannot be said. */
static int64_t moved_by(const Engine *e, TermId value, TermId place) {
  const Term *sum = term_at(e->terms, value);
  if (sum->kind != TERM_BINARY ||
      (sum->operator!= OPERATOR_ADD && sum->operator!= OPERATOR_SUBTRACT))
    return 0;
  const Term *old = term_at(e->terms, sum->a), *by = term_at(e->terms, sum->b);
  if (by->kind != TERM_CONSTANT || old->kind != TERM_LOAD || old->a != place || old->b)
    return 0;
  return sum->operator== OPERATOR_ADD ? by->value : - by->value;
}

/* Parts of one object, or both of them global. */
static bool beside(const Engine *e, TermId a, TermId b) {
  const Term *x = term_at(e->terms, a), *y = term_at(e->terms, b);
  if (x->kind == TERM_GLOBAL || y->kind == TERM_GLOBAL)
    return x->kind == y->kind;
  return x->kind == TERM_FIELD && y->kind == TERM_FIELD && x->a == y->a;
}

static bool counts(const Engine *e, const State *state, const LockEntry *lock) {
  bool takes = lock->now == LOCK_HELD;
  for (uint32_t i = 0; i < state->memory_count; i++) {
    const Stored *stored = &state->memory[i];
    int64_t by = moved_by(e, stored->value, stored->place);
    if (by == (takes ? 1 : -1) && beside(e, stored->place, lock->place))
      return true;
  }
  return false;
}

void engine_count_nesting(Engine *e, Exit *exits, uint32_t count) {
  for (uint32_t i = 0; i < count && !(e->analysis->without & WITHOUT_NESTING); i++)
    for (uint32_t k = 0; k < exits[i].state->lock_count; k++) {
      LockEntry lock = exits[i].state->locks[k];
      if (lock.resource != RESOURCE_LOCK || lock_is_identity(&lock) || lock.now == LOCK_MAYBE ||
          !outside_knows(e, lock.place))
        continue;
      bool nests = false;
      lock.flags |= LOCK_RECURSIVE;
      for (uint32_t n = 0; n < count; n++) {
        State *other = (State *)exits[n].state;
        if (state_lock(other, lock.place) || !counts(e, other, &lock))
          continue;
        state_add_lock(other, lock);
        nests = true;
      }
      if (nests)
        exits[i].state->locks[k].flags |= LOCK_RECURSIVE;
    }
}
