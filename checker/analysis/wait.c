/* wait.c - waits on condition variables, and who ends them: deeds (deed.c) that callers have a part
 * in. A wait for which the caller holds the mutex goes out with the summary, as the same effect
 * that a model has; whether somebody asks again after it is then the caller's matter, if it was not
 * this function's. */
#include "analysis/engine.h"

#include "base/guard.h"

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

/* ---- `wait_ms(condition, mutex, milliseconds)`, for ever if that is -1: the caller says whether
 * it has a limit */

static TextId chosen_limit(const Engine *e) {
  return text_intern(e->program->symbols, "timed or not");
}

/* A number that only its own caller knows. Unsound: it may always be the one that means no limit.
 */
static bool gives_number(const Engine *e, uint32_t call) {
  const Instruction *inst = &e->f->instructions[call];
  for (uint32_t i = 0; inst->kind == INST_CALL && i < inst->arg_count; i++) {
    const Node *arg = &e->f->nodes[e->f->args[inst->args + i]];
    TypeKind kind = e->f->types[arg->type].kind;
    if (arg->kind != NODE_CONSTANT && (kind == TYPE_SIGNED || kind == TYPE_UNSIGNED))
      return true;
  }
  return false;
}

static TextId limit_here(const Engine *e, const Effect *effect) {
  bool is_open = effect->attribute == chosen_limit(e) && !gives_number(e, e->here);
  return is_open ? 0 : effect->attribute;
}

/* It waits in both ways. */
static void hand_wait_on(Engine *e, Effect handed) {
  for (uint32_t i = 0; i < e->deed_count; i++) {
    Effect *other = &e->deeds[i];
    if (other->action == ACTION_WAIT && other->place == handed.place &&
        other->other == handed.other && other->attribute != handed.attribute &&
        guard_on("chosen-limits"))
      handed.attribute = other->attribute = chosen_limit(e);
  }
  engine_hand_on(e, handed);
}

void engine_wait(Engine *e, State *state, const Effect *effect, TermId condition, TermId mutex) {
  engine_lent_doubtful(e, state, 0); // what another thread does ends the wait
  Effect here = *effect;
  here.attribute = limit_here(e, effect);
  Deed deed = {.kind = DEED_WAIT,
               .effect = &here,
               .place = condition,
               .value = mutex,
               .instruction = e->here,
               .state = state};
  deed.hold = hold_of(e, state, mutex, &deed.since);
  deed.retest = effect->flags & WAIT_RETESTED ? RETEST_DONE : engine_retest(e, e->here, deed.since);
  tell(e, &deed);
  if (deed.hold != HOLD_BY_CALLER)
    return;
  Effect handed = here;
  handed.place = for_caller(e, condition);
  handed.other = for_caller(e, mutex);
  handed.flags = deed.retest == RETEST_NONE ? 0 : WAIT_RETESTED;
  hand_wait_on(e, handed);
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
