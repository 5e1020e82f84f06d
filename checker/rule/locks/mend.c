/* mend.c - what callers see of a function whose ways out contradict each other. Nobody can keep a
 * contract that does not hold, so callers are judged as if it did: one cause is told once, and
 * nothing is told that follows from a way which may not exist. */
#include "rule/pass.h"

/* On some way the function takes this lock itself: it does not come from the caller. */
static bool takes_itself(const Engine *e, TermId place) {
  for (uint32_t i = 0; i < e->taken.count; i++)
    if (e->taken.places[i] == place)
      return true;
  return false;
}

/* What was never taken is not released. */
static void keep_off(State *state, TermId place) {
  LockEntry *lock = state_lock(state, place);
  if (lock && lock->pre == LOCK_HELD)
    lock->pre = lock->now = LOCK_RELEASED;
}

/* What leaks is given back. */
static void give_back(State *state, TermId place) {
  LockEntry *lock = state_lock(state, place);
  if (!lock || lock->now != LOCK_HELD)
    return;
  lock->now = LOCK_RELEASED;
  lock->count = 0;
}

static bool is_slip(const Partition *partition, const Exit *exit) {
  for (uint32_t i = 0; i < partition->slip_count; i++)
    if (partition->slips[i] == exit)
      return true;
  return !partition->slip_count;
}

/* What was declared to be taken is. */
static void take(State *state, const LockEntry *sample) {
  LockEntry *lock = state_lock(state, sample->place);
  if (!lock) {
    LockEntry entry = *sample;
    entry.pre = LOCK_RELEASED;
    lock = state_add_lock(state, entry);
  }
  lock->now = LOCK_HELD;
  lock->count = 1;
}

void mend_exits(Engine *e, const Exit *exits, uint32_t count, const Partition *partition) {
  const LockEntry *lock = &partition->lock;
  bool own = lock->pre == LOCK_RELEASED || takes_itself(e, lock->place);
  if ((!own && partition->pattern != EXITS_UNHELD) || !uses_mechanism("mended"))
    return; // the caller's lock, given back or not: it may be either, and callers are judged so
  for (uint32_t i = 0; i < count; i++) {
    State *state = (State *)exits[i].state;
    if (lock->pre == LOCK_RELEASED && engine_declares(e, ACTION_ACQUIRE, lock->place))
      take(state, lock);
    else if (lock->pre == LOCK_HELD)
      keep_off(state, lock->place);
    else if (is_slip(partition, &exits[i]))
      give_back(state, lock->place);
  }
}
