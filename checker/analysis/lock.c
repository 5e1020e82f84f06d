/* lock.c - the automaton of locks: relational typestate (needed at entry -> state now).
 *
 * The state needed at entry is set lazily, by the first operation (Saturn's lazy initialisation):
 * a first acquire needs R, a first release needs H. In doubt about which object an operation
 * means, a possibly equal lock goes to "maybe", which never reports. */
#include "analysis/engine.h"

#include "base/guard.h"

static bool is_recursive(const Engine *e, TermId place) {
  if (e->analysis->without & WITHOUT_KINDS)
    return false;
  TextId class_symbol = engine_class_symbol(engine_class(e, place));
  return engine_kind(e, class_symbol) == KIND_RECURSIVE;
}

/* False when it cannot happen: a try of a lock that the thread itself holds does not succeed. */
static bool acquire(Engine *e, State *state, const Effect *effect, TermId place) {
  LockEntry *lock = state_lock(state, place);
  if (!lock)
    lock = engine_find_family(e, state, place);
  if (!lock) {
    if (engine_find_possible(e, state, effect, place, LOCK_MAYBE))
      return true; // it may be that one: say nothing of either
    lock = engine_new_entry(e, state, effect, place, LOCK_RELEASED);
  }
  LockEntry before = *lock;
  if (lock_stays_doubtful(lock))
    return true;
  if (lock->now == LOCK_HELD) {
    if (lock->flags & LOCK_COUNTING)
      return true;
    bool shared = (lock->flags & LOCK_READ) && (effect->flags & LOCK_READ);
    bool recursive =
        ((effect->flags | lock->flags) & LOCK_RECURSIVE) || shared || is_recursive(e, place);
    if (recursive || (lock->flags & LOCK_FAMILY)) {
      if (recursive && !(lock->flags & LOCK_FAMILY) && lock->count < 3)
        lock->count++;
      return true;
    }
    if (effect->flags & LOCK_TRY)
      return false;
    if (!engine_is_blurred(e, lock->place))
      engine_tell(e, TRANSITION_DOUBLE, effect, &before, lock);
    lock->now = LOCK_MAYBE; // one slip is told once
    lock->count = 2;        // if it was none, the lock is recursive
    return true;
  }
  lock->now = LOCK_HELD;
  lock->count = 1;
  lock->flags = (uint8_t)((lock->flags & (LOCK_FAMILY | LOCK_RECURSIVE)) | effect->flags);
  lock->since = lock->acquired = e->here;
  if (lock->pre == LOCK_RELEASED)
    engine_note_taken(e, place);
  engine_tell(e, TRANSITION_ACQUIRE, effect, &before, lock);
  return true;
}

/* ---- tries that failed */

void engine_lock_not_taken(Engine *e, State *state, TermId place, TermId outcome) {
  if (guard_on("tries") && engine_is_stable(e, place) && !state_lock(state, place))
    state_add_failed(state, (FailedTry){place, outcome});
}

/* Whatever was known of a lock of this class ends. */
static void forget_tries(const Engine *e, State *state, TermId place) {
  uint32_t class_key = engine_class(e, place);
  for (uint32_t i = state->failed_count; i-- > 0;)
    if (engine_class(e, state->failed[i].place) == class_key)
      state_drop_failed(state, i);
}

/* Has the code asked only whether the try succeeded? Who compares with more than zero may know that
 * the lock is held all the same: EOWNERDEAD of a robust mutex, EBUSY of what the thread holds. */
static bool is_plain_failure(State *state, TermId outcome) {
  const Fact *fact = state_fact(state, outcome);
  if (!fact)
    return false;
  for (uint32_t i = 0; i < fact->excluded_count; i++)
    if (fact->excluded[i])
      return false;
  bool low = fact->low == INT64_MIN || (fact->low >= -1 && fact->low <= 1);
  bool high = fact->high == INT64_MAX || (fact->high >= -1 && fact->high <= 1);
  return low && high;
}

static bool try_has_failed(State *state, TermId place) {
  for (uint32_t i = 0; i < state->failed_count; i++)
    if (state->failed[i].place == place)
      return is_plain_failure(state, state->failed[i].outcome);
  return false;
}

/* It was made here, so it is no caller's. */
static void tell_untaken(Engine *e, State *state, const Effect *effect, TermId place,
                         uint32_t made) {
  LockEntry *lock = engine_new_entry(e, state, effect, place, LOCK_RELEASED);
  lock->since = made;
  if (!(lock->flags & LOCK_FAMILY))
    engine_tell(e, TRANSITION_UNTAKEN, effect, lock, lock);
}

static void release(Engine *e, State *state, const Effect *effect, TermId place) {
  LockEntry *lock = state_lock(state, place);
  if (!lock)
    lock = engine_find_family(e, state, place);
  if (!lock) {
    LockEntry *other = engine_find_possible(e, state, effect, place, LOCK_HELD);
    if (!other)
      other = engine_find_possible(e, state, effect, place, LOCK_MAYBE);
    if (other) {
      engine_tell(e, TRANSITION_RELEASE, effect, other, other);
      other->now = LOCK_MAYBE;
      return;
    }
    uint32_t born =
        effect->flags & LOCK_COUNTING ? NO_INSTRUCTION : engine_lifetime_begins(state, place);
    if (born != NO_INSTRUCTION) {
      tell_untaken(e, state, effect, place, born);
      return;
    }
    bool may_come_held = !(e->analysis->without & WITHOUT_ENTRY);
    lock = engine_new_entry(e, state, effect, place, may_come_held ? LOCK_HELD : LOCK_RELEASED);
    engine_note_given_up(e, place);
    lock->flags &= (uint8_t)~LOCK_TRY;
    if (try_has_failed(state, place))
      lock->flags |= LOCK_TRY;
  }
  LockEntry before = *lock;
  if (lock_stays_doubtful(lock)) {
    engine_tell(e, TRANSITION_RELEASE, effect, lock, lock);
    return;
  }
  if (lock->now == LOCK_RELEASED) {
    LockEntry *other = engine_find_possible(e, state, effect, place, LOCK_HELD);
    if (!other)
      other = engine_find_possible(e, state, effect, place, LOCK_MAYBE);
    if (other) // it may be that one, under another name
      other->now = lock->now = LOCK_MAYBE;
    else if (!(lock->flags & (LOCK_FAMILY | LOCK_COUNTING)) && !engine_is_blurred(e, lock->place))
      engine_tell(e, TRANSITION_NOT_HELD, effect, &before, lock);
    return;
  }
  if (lock->count > 1) {
    lock->count--;
    return;
  }
  lock->now = LOCK_RELEASED;
  lock->count = 0;
  lock->since = e->here;
  lock->flags |= effect->flags & LOCK_CIRCLE;
  engine_tell(e, TRANSITION_RELEASE, effect, &before, lock);
}

/* The callee needs the lock held and gives it back held. */
static void require(Engine *e, State *state, const Effect *effect, TermId place) {
  if (!state_lock(state, place) && !engine_find_family(e, state, place) &&
      !engine_find_possible(e, state, effect, place, LOCK_HELD) &&
      !engine_find_possible(e, state, effect, place, LOCK_MAYBE))
    engine_new_entry(e, state, effect, place, LOCK_HELD);
}

/* The callee takes the lock and gives it back: the caller must not hold it. */
static void use(Engine *e, State *state, const Effect *effect, TermId place) {
  const LockEntry *lock = state_lock(state, place);
  if (!lock && !engine_find_possible(e, state, effect, place, LOCK_MAYBE) &&
      !engine_find_family(e, state, place)) {
    engine_new_entry(e, state, effect, place, LOCK_RELEASED);
    engine_note_taken(e, place);
    return;
  }
  if (!lock || lock->now != LOCK_HELD || (lock->flags & (LOCK_FAMILY | LOCK_RECURSIVE)) ||
      (effect->flags & (LOCK_RECURSIVE | LOCK_TRY | LOCK_COUNTING)) || is_recursive(e, place))
    return;
  if ((lock->flags & LOCK_READ) && (effect->flags & LOCK_READ))
    return;
  if (!engine_is_blurred(e, lock->place))
    engine_tell(e, TRANSITION_DOUBLE, effect, lock, lock);
  state_lock(state, place)->now = LOCK_MAYBE;
}

/* The callee leaves the lock in a state that its summary cannot say. */
static void confuse(Engine *e, State *state, const Effect *effect, TermId place) {
  LockEntry *lock = state_lock(state, place);
  if (!lock)
    lock = engine_find_possible(e, state, effect, place, LOCK_HELD);
  if (!lock) {
    lock = engine_new_entry(e, state, effect, place, LOCK_RELEASED);
    lock->flags |= LOCK_VAGUE;
  }
  lock->now = LOCK_MAYBE;
}

/* init and destroy: the object starts anew, whatever held it. */
static void forget(Engine *e, State *state, const Effect *effect, TermId place) {
  if (!guard_on("lifetimes"))
    return;
  engine_lifetime(e, state, effect, place);
  if (effect->action == ACTION_INIT && (effect->flags & LOCK_RECURSIVE))
    engine_new_entry(e, state, effect, place, LOCK_RELEASED);
}

/* A global pointer is taken for the start of its array. */
static bool is_start(const Engine *e, TermId pointer) {
  const Term *term = term_at(e->terms, pointer);
  return term->kind == TERM_LOAD && term_at(e->terms, term->a)->kind == TERM_GLOBAL;
}

/* False when the index is known to be negative. `i - 1` tells something of i. */
static bool note_index(Engine *e, State *state, TermId index) {
  const Term term = *term_at(e->terms, index);
  const Term *right = term.kind == TERM_BINARY ? term_at(e->terms, term.b) : NULL;
  bool sum = term.kind == TERM_BINARY && term.operator== OPERATOR_ADD;
  int64_t least = 0;
  if (right && right->kind == TERM_CONSTANT && (sum || term.operator== OPERATOR_SUBTRACT) &&
      right->value > -INT32_MAX && right->value < INT32_MAX) {
    least = sum ? -right->value : right->value;
    index = term.a;
  }
  if (term_at(e->terms, index)->kind == TERM_ANY)
    return true;
  return engine_assume(e, state,
                       engine_binary(e, OPERATOR_LT, index, term_constant(e->terms, least)), false);
}

/* The way to a lock is there: no pointer on it is null, which tells a try wrapper's outcomes apart,
 * and no index is in front of its array. False when the lock cannot be there. */
static bool note_way(Engine *e, State *state, TermId id) {
  for (;;) {
    const Term term = *term_at(e->terms, id);
    switch ((TermKind)term.kind) {
    case TERM_INDEX:
      if (!note_index(e, state, term.b))
        return false;
      break;
    case TERM_SHIFT:
      if (is_start(e, term.a) && !note_index(e, state, term.b))
        return false;
      break;
    case TERM_DEREF:
      if (term_at(e->terms, term.a)->kind == TERM_ANY)
        return true;
      if (!engine_assume(e, state, term.a, true))
        return false;
      break;
    case TERM_FIELD:
    case TERM_LOAD:
      break;
    default:
      return true;
    }
    id = term.a;
  }
}

/* Taking or giving back a mutex waits for nobody in particular; a callee that uses one may do so to
 * wait for what it guards, and a semaphore is there to wait for. */
static bool may_be_met(const Engine *e, const Effect *effect) {
  return !engine_is_primitive(e) || (effect->flags & LOCK_COUNTING);
}

bool engine_is_primitive(const Engine *e) {
  const Summary *summary = e->noted[e->here];
  return summary && (summary->flags & SUMMARY_MODEL);
}

/* A local that a thread was given is followed under its name, which is the lock's, too.
 * Unsound: whether the thread outlives it is not asked any more. */
static void end_lending(State *state, TermId place) {
  LockEntry *lent = state_lock(state, place);
  if (lent && lent->resource == RESOURCE_FRAME && guard_on("lent-locks"))
    state_drop_lock(state, lent);
}

bool engine_lock_effect(Engine *e, State *state, const Effect *effect, TermId place) {
  end_lending(state, place);
  if (may_be_met(e, effect))
    engine_lent_doubtful(e, state, place);
  if (!note_way(e, state, place))
    return false;
  if (effect->action != ACTION_INIT && effect->action != ACTION_DESTROY && state->lifetime_count &&
      engine_lifetime_used(e, state, effect, place))
    return true;
  if (effect->action == ACTION_RELEASE)
    release(e, state, effect, place);
  forget_tries(e, state, place);
  switch ((Action)effect->action) {
  case ACTION_ACQUIRE:
    return acquire(e, state, effect, place);
  case ACTION_REQUIRE:
    require(e, state, effect, place);
    break;
  case ACTION_EXPECT:
    engine_expect(e, state, effect, place);
    break;
  case ACTION_USE:
    use(e, state, effect, place);
    break;
  case ACTION_MAYBE:
    confuse(e, state, effect, place);
    break;
  case ACTION_INIT:
    forget(e, state, effect, place);
    // A local has no class that kinds.c could remember it by.
    if ((effect->flags & LOCK_RECURSIVE) && !engine_class_symbol(engine_class(e, place)))
      engine_new_entry(e, state, effect, place, LOCK_RELEASED);
    break;
  case ACTION_DESTROY:
    engine_note_destroyed(e, state, place);
    forget(e, state, effect, place);
    break;
  default:
    break;
  }
  return true;
}

void engine_release_all(State *state, TextId kind) {
  for (uint32_t i = 0; i < state->lock_count; i++)
    if (state->locks[i].resource == RESOURCE_LOCK && (!kind || state->locks[i].kind == kind))
      state->locks[i].now = LOCK_MAYBE;
}

/* Who is given no more than the handle of a thread that was joined here does nothing to it. */
static bool is_over(const LockEntry *lock) {
  return lock->resource == RESOURCE_THREAD && lock->pre == LOCK_HELD &&
         lock->now == LOCK_RELEASED && guard_on("cleared-handles");
}

void engine_escape(Engine *e, State *state, TermId pointer) {
  engine_lifetime_unknown(e, state, pointer);
  for (uint32_t i = 0; i < state->lock_count; i++) {
    LockEntry *lock = &state->locks[i];
    if (engine_contains(e, lock->place, pointer) ||
        (engine_contains(e, pointer, lock->place) && !is_over(lock)))
      lock->now = LOCK_MAYBE;
  }
}

/* A home-made lock: taken by a test-and-set that a model knows, given back by `lock = 0`. */
void engine_lock_cleared(Engine *e, State *state, TermId place, TermId value) {
  const Term *term = term_at(e->terms, value);
  if (term->kind != TERM_CONSTANT || term->value || !guard_on("cleared"))
    return;
  uint32_t class_key = engine_class(e, place);
  for (uint32_t i = 0; i < state->lock_count; i++) {
    const LockEntry *lock = &state->locks[i];
    bool same_class = engine_class_symbol(class_key) && engine_class(e, lock->place) == class_key;
    if (lock->resource != RESOURCE_LOCK || lock->now != LOCK_HELD ||
        (lock->place != place && !same_class))
      continue;
    Effect effect = {.action = ACTION_RELEASE, .resource = RESOURCE_LOCK, .text = lock->kind};
    release(e, state, &effect, place);
    return;
  }
}
