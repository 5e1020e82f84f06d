/* wait.c - waits on condition variables, and who ends them: deeds (deed.c) that callers have a part
 * in. A wait for which the caller holds the mutex goes out with the summary, as the same effect
 * that a model has; whether somebody asks again after it is then the caller's matter, if it was not
 * this function's. */
#include "analysis/engine.h"

/* `since`: what took the mutex, or gave it back. */
static WaitHold hold_of(Engine *e, State *state, TermId mutex, uint32_t *since) {
  LockEntry *lock = mutex ? state_lock(state, mutex) : NULL;
  if (!lock && mutex)
    lock = engine_find_family(e, state, mutex);
  *since = lock ? lock->acquired : NO_INSTRUCTION;
  if (!lock || lock_stays_doubtful(lock) || lock->now == LOCK_MAYBE)
    return HOLD_UNKNOWN;
  if (lock->now == LOCK_RELEASED) {
    *since = lock->since;
    return HOLD_NOT;
  }
  if (lock->acquired != NO_INSTRUCTION)
    return HOLD_HERE;
  return engine_is_stable(e, mutex) ? HOLD_BY_CALLER : HOLD_UNKNOWN;
}

static void tell(Engine *e, const Deed *deed) {
  if (e->observer && e->observer->on_deed)
    e->observer->on_deed(e->observer, e, deed);
}

/* What a caller knows by a name of its own. */
static TermId for_caller(const Engine *e, TermId place) {
  return place && outside_knows(e, place) ? place : 0;
}

void engine_wait(Engine *e, State *state, const Effect *effect, TermId condition, TermId mutex) {
  engine_lent_doubtful(e, state, 0); // what another thread does ends the wait
  Deed deed = {.kind = DEED_WAIT,
               .effect = effect,
               .place = condition,
               .value = mutex,
               .instruction = e->here,
               .state = state};
  deed.hold = hold_of(e, state, mutex, &deed.since);
  deed.retest = effect->flags & WAIT_RETESTED ? RETEST_DONE : engine_retest(e, e->here, deed.since);
  tell(e, &deed);
  if (deed.hold != HOLD_BY_CALLER)
    return;
  Effect handed = *effect;
  handed.place = for_caller(e, condition);
  handed.other = for_caller(e, mutex);
  handed.flags = deed.retest == RETEST_NONE ? 0 : WAIT_RETESTED;
  engine_hand_on(e, handed);
}

void engine_signal(Engine *e, const State *state, const Effect *effect, TermId condition) {
  if (!condition)
    return;
  tell(e, &(Deed){.kind = DEED_SIGNAL,
                  .effect = effect,
                  .place = condition,
                  .instruction = e->here,
                  .state = state});
  if (engine_class_symbol(engine_class(e, condition)) || !outside_knows(e, condition))
    return;
  Effect handed = *effect;
  handed.place = condition;
  engine_hand_on(e, handed);
}
