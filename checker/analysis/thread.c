/* thread.c - the automaton of thread handles: created -> joined or detached (ANALYSIS A.1).
 *
 * A handle is a value, but it is followed by the place that holds it: `pthread_create(&t)` and
 * `pthread_join(t)` mean one thread as long as nothing else was stored in t. So handles in arrays,
 * fields and behind parameters have the names, families and summaries that locks have. A handle
 * that is the result of a call (GThread *, HANDLE) stands behind its value until it is stored.
 * "Held" is a thread that somebody has to join. */
#include "analysis/engine.h"

#include "base/guard.h"

static bool is_stored(const TermTable *terms, TermId place) {
  const Term *term = term_at(terms, place);
  return term->kind == TERM_FIELD || term->kind == TERM_GLOBAL || term->kind == TERM_INDEX ||
         term->kind == TERM_DEREF || term->kind == TERM_LOCAL;
}

/* Memory that holds this value, or 0. */
static TermId holder_of(const Engine *e, const State *state, TermId value) {
  for (uint32_t i = 0; i < state->memory_count; i++)
    if (state->memory[i].value == value && is_stored(e->terms, state->memory[i].place))
      return state->memory[i].place;
  return 0;
}

/* `*pool->threads` and `pool->threads[i]` are named by the memory that holds the pointer, so that
 * they have a class: `pool->threads`, as if it were an array. 0 for other pointers. */
static TermId behind(Engine *e, const State *state, TermId pointer) {
  const Term term = *term_at(e->terms, pointer);
  if (term.kind == TERM_LOAD)
    return term.a;
  if (term.kind == TERM_FRESH) {
    TermId holder = holder_of(e, state, pointer);
    return holder && !term_is_in_local(e->terms, holder) ? holder : 0;
  }
  TermId array = term.kind == TERM_SHIFT ? behind(e, state, term.a) : 0;
  return array ? term_make(e->terms, TERM_INDEX, 0, array, term.b, 0) : 0;
}

TermId engine_thread_place(Engine *e, State *state, TermId handle) {
  const Term *term = term_at(e->terms, handle);
  if (term->kind == TERM_DEREF) {
    TermId array = state_lock(state, handle) ? 0 : behind(e, state, term->a);
    if (array)
      return array;
    term = term_at(e->terms, handle);
    TermId holder = state_lock(state, handle) ? 0 : holder_of(e, state, term->a);
    return holder ? holder : handle;
  }
  if (term_is_place(e->terms, handle))
    return handle;
  if (term->kind == TERM_LOAD) // its place may be behind a pointer
    return term_at(e->terms, term->a)->kind == TERM_DEREF ? engine_thread_place(e, state, term->a)
                                                          : term->a;
  TermId holder = holder_of(e, state, handle);
  return holder ? holder : engine_deref(e, handle);
}

static bool is_self(const Engine *e, TermId place) {
  return term_at(e->terms, place)->kind == TERM_ABSTRACT;
}

/* The memory that was given for the handle has a new value, which is not zero. */
static void set_handle(Engine *e, State *state, TermId place) {
  uint32_t class_key = engine_class(e, place);
  if (!term_is_place(e->terms, place))
    return;
  engine_havoc_place(e, state, place);
  if (engine_class_symbol(class_key))
    engine_note_write(e, engine_class_symbol(class_key));
  engine_assume(e, state, engine_load(e, state, place), true);
}

/* What all states say of the same creation. */
static void note_stack(Engine *e, TermId stack) {
  if (!e->stacks) {
    e->stacks = arena_new_array(e->arena, uint64_t, e->f->instruction_count);
    for (uint32_t i = 0; i < e->f->instruction_count; i++)
      e->stacks[i] = THREAD_STACK_UNASKED;
  }
  const Term *term = stack ? term_at(e->terms, stack) : NULL;
  uint64_t bytes = term && term->kind == TERM_CONSTANT && term->value >= 0 ? (uint64_t)term->value
                                                                           : THREAD_STACK_UNKNOWN;
  uint64_t *known = &e->stacks[e->here];
  *known = *known == THREAD_STACK_UNASKED || *known == bytes ? bytes : THREAD_STACK_UNKNOWN;
}

static void create(Engine *e, State *state, const Effect *effect, TermId handle,
                   Creation creation) {
  TermId place = engine_thread_place(e, state, handle);
  engine_lend(e, state, effect, place, creation.argument);
  if (e->observer)
    note_stack(e, creation.stack);
  LockEntry *thread = state_lock(state, place);
  if (!thread)
    thread = engine_find_family(e, state, place);
  if (!thread) {
    thread = engine_new_entry(e, state, effect, place, LOCK_RELEASED);
    thread->flags &= LOCK_FAMILY;
  }
  LockEntry before = *thread;
  bool family = (thread->flags & LOCK_FAMILY) != 0;
  if (thread->now == LOCK_HELD && !family && !engine_is_blurred(e, place))
    engine_tell(e, TRANSITION_DOUBLE, effect, &before, thread);
  if (lock_stays_doubtful(thread)) {
    LockEntry doubtful = *thread;
    doubtful.since = doubtful.acquired = e->here;
    engine_tell(e, TRANSITION_ACQUIRE, effect, &before, &doubtful);
    return;
  }
  if (lock_is_skipped(thread))
    thread->pre = LOCK_RELEASED;
  Decision is_detached = creation.detached ? engine_decide(e, state, creation.detached) : NO;
  thread = state_lock(state, before.place); // deciding may have moved the list
  thread->now = is_detached == NO ? LOCK_HELD : is_detached == YES ? LOCK_RELEASED : LOCK_MAYBE;
  thread->flags &= LOCK_FAMILY;
  if (is_detached == YES)
    thread->flags |= THREAD_DETACHED;
  if (!term_is_place(e->terms, handle))
    thread->flags |= THREAD_BY_VALUE;
  thread->count = 1;
  thread->since = thread->acquired = e->here;
  thread->other = creation.argument;
  thread->with = creation.with;
  if (thread->now == LOCK_HELD)
    engine_note_taken(e, place);
  LockEntry after = *thread;
  set_handle(e, state, handle);
  if (is_detached != YES || !creation.with) // the other case tells of it
    engine_tell(e, TRANSITION_ACQUIRE, effect, &before, &after);
}

/* The object or the globals that a handle or a flag is kept among; 0 for anything else. */
static TermId kept_among(const TermTable *terms, TermId place) {
  const Term *term = term_at(terms, place);
  return term->kind == TERM_FIELD ? term->a : 0;
}

/* The index of an array's element; 0 when the handle is in none. */
static TermId index_of(const TermTable *terms, TermId place) {
  for (const Term *term = term_at(terms, place);; term = term_at(terms, term->a)) {
    if (term->kind == TERM_INDEX || term->kind == TERM_SHIFT)
      return term->b;
    if (term->kind != TERM_FIELD && term->kind != TERM_DEREF)
      return 0;
  }
}

/* Something was asked that is kept for each element: `if (ids[i])`, `if (!errors[i])`. */
static bool is_told_apart(Engine *e, State *state, TermId handle) {
  TermId index = index_of(e->terms, handle);
  for (uint32_t i = 0; i < state->fact_count && index; i++) {
    const Term *term = term_at(e->terms, state->facts[i].term);
    if (term->kind == TERM_LOAD && engine_contains(e, term->a, index))
      return true;
  }
  return false;
}

/* A flag beside the handle, of which nothing was known before it was tested, is set: there may be a
 * thread from before the creation that failed. */
static bool may_be_older(Engine *e, State *state, TermId handle) {
  TermId among = kept_among(e->terms, handle);
  bool global = term_at(e->terms, handle)->kind == TERM_GLOBAL;
  for (uint32_t i = 0; i < state->fact_count && !term_is_in_local(e->terms, handle); i++) {
    const Term *term = term_at(e->terms, state->facts[i].term);
    if (term->kind != TERM_LOAD || term->a == handle)
      continue;
    bool beside = global ? term_at(e->terms, term->a)->kind == TERM_GLOBAL
                         : among && kept_among(e->terms, term->a) == among;
    if (beside && engine_decide(e, state, state->facts[i].term) == YES)
      return true;
  }
  return false;
}

static void end(Engine *e, State *state, const Effect *effect, TermId place) {
  LockEntry *thread = state_lock(state, place);
  if (!thread)
    thread = engine_find_family(e, state, place);
  if (!thread) {
    LockEntry *other = engine_find_possible(e, state, effect, place, LOCK_HELD);
    if (!other)
      other = engine_find_possible(e, state, effect, place, LOCK_MAYBE);
    if (other) {
      LockEntry meant = *other;
      meant.place = place;
      engine_tell(e, TRANSITION_RELEASE, effect, &meant, other);
      other->now = LOCK_MAYBE;
      engine_lent_doubtful(e, state, 0);
      return;
    }
    thread = engine_new_entry(e, state, effect, place, LOCK_HELD);
    thread->flags &= LOCK_FAMILY;
  }
  bool skipped = lock_is_skipped(thread);
  if ((thread->flags & THREAD_UNCREATED) &&
      (may_be_older(e, state, place) || (skipped && is_told_apart(e, state, place)))) {
    thread->now = LOCK_MAYBE;
    return;
  }
  LockEntry before = *thread;
  before.place = place;
  if (thread->now == LOCK_RELEASED && !thread->with &&
      (!(thread->flags & LOCK_FAMILY) || (skipped && thread->count)) &&
      !engine_is_blurred(e, place))
    engine_tell(e, TRANSITION_NOT_HELD, effect, &before, thread);
  if (skipped)
    thread->pre = LOCK_RELEASED;
  if (!lock_stays_doubtful(thread)) {
    thread->now = LOCK_RELEASED;
    thread->count = 0;
    thread->since = e->here;
    thread->with = 0;
    thread->flags &= LOCK_FAMILY;
    if (effect->action == ACTION_DETACH)
      thread->flags |= THREAD_DETACHED;
  }
  engine_tell(e, TRANSITION_RELEASE, effect, &before, thread);
  if (effect->action == ACTION_JOIN)
    engine_lent_back(e, state, place);
}

static void confuse(Engine *e, State *state, const Effect *effect, TermId place) {
  LockEntry *thread = state_lock(state, place);
  if (!thread) {
    thread = engine_new_entry(e, state, effect, place, LOCK_RELEASED);
    thread->flags = LOCK_VAGUE;
  }
  thread->now = LOCK_MAYBE;
}

void engine_thread_effect(Engine *e, State *state, const Effect *effect, TermId handle,
                          Creation creation) {
  TermId place = engine_thread_place(e, state, handle);
  if (is_self(e, place)) {
    e->detaches_self |= effect->action == ACTION_DETACH;
    return;
  }
  switch ((Action)effect->action) {
  case ACTION_SPAWN:
    create(e, state, effect, handle, creation);
    break;
  case ACTION_JOIN:
  case ACTION_DETACH:
    end(e, state, effect, place);
    break;
  case ACTION_MAYBE:
    confuse(e, state, effect, place);
    break;
  case ACTION_USE: // created and joined, or not created
    if (!state_lock(state, place) && !engine_find_family(e, state, place))
      engine_new_entry(e, state, effect, place, LOCK_RELEASED)->flags &=
          LOCK_FAMILY | THREAD_UNCREATED | THREAD_DETACHED;
    break;
  default:
    break;
  }
}

void engine_thread_not_created(Engine *e, State *state, const Effect *effect, TermId handle) {
  TermId place = engine_thread_place(e, state, handle);
  LockEntry *known = state_lock(state, place);
  if (!known)
    known = engine_find_family(e, state, place);
  if (known) {
    if (lock_is_skipped(known))
      known->count = 1; // the loop did go on, and did not just end
    return;
  }
  LockEntry *thread = engine_new_entry(e, state, effect, place, LOCK_RELEASED);
  thread->flags = (uint8_t)((thread->flags & LOCK_FAMILY) | THREAD_UNCREATED);
}

/* ---- stores */

static bool is_local_place(const Engine *e, TermId place) {
  return term_is_in_local(e->terms, place);
}

static LockEntry *thread_of_value(Engine *e, State *state, TermId value) {
  const Term *term = term_at(e->terms, value);
  TermId place = 0;
  if (term->kind == TERM_LOAD)
    place = engine_thread_place(e, state, value);
  else if (term->kind == TERM_FRESH || term->kind == TERM_PHI)
    place = term_make(e->terms, TERM_DEREF, 0, value, 0, 0);
  LockEntry *thread = place ? state_lock(state, place) : NULL;
  return thread && thread->resource == RESOURCE_THREAD ? thread : NULL;
}

/* Nobody has to join the thread any more, and no other takes its place: callers hear that it was
 * joined here. */
static bool is_only_cleared(const LockEntry *thread, const Term *value) {
  return thread->now == LOCK_RELEASED && value->kind == TERM_CONSTANT &&
         guard_on("cleared-handles");
}

void engine_thread_stored(Engine *e, State *state, TermId place, TermId value) {
  bool any = false;
  for (uint32_t i = 0; i < state->lock_count && !any; i++)
    any = state->locks[i].resource == RESOURCE_THREAD;
  if (!any)
    return;
  LockEntry *old = state_lock(state, place);
  if (old && old->resource == RESOURCE_THREAD) {
    const Term *term = term_at(e->terms, value);
    bool same = term->kind == TERM_LOAD && term->a == place;
    if (!same && !is_only_cleared(old, term))
      state_drop_lock(state, old); // Imprecise: a handle that is overwritten may be kept elsewhere
  }
  LockEntry *thread = thread_of_value(e, state, value);
  if (!thread || thread->place == place || thread->now != LOCK_HELD)
    return;
  LockEntry before = *thread, after = *thread;
  after.place = place;
  after.is_shared = !is_local_place(e, place);
  after.flags &= (uint8_t)~LOCK_FAMILY;
  thread->now = LOCK_MAYBE;
  engine_lent_moved(state, before.place, place);
  if (is_local_place(e, place) && !is_local_place(e, before.place))
    return; // a local copy of what is kept elsewhere
  LockEntry *known = state_lock(state, place);
  if (known)
    *known = after;
  else if (!engine_find_family(e, state, place))
    state_add_lock(state, after);
  engine_tell(e, TRANSITION_MOVED, NULL, &before, &after);
}

static bool is_held_by_other(const Engine *e, const State *state, Index local, TermId value) {
  for (uint32_t slot = 0; slot < e->f->local_count; slot++)
    if (slot != local && state_value(state, slot) == value)
      return true;
  return holder_of(e, state, value) != 0;
}

void engine_thread_dropped(Engine *e, State *state, Index local, TermId value) {
  TermId old = state_value(state, local);
  if (!old || old == value || !state->lock_count)
    return;
  const Term *term = term_at(e->terms, old);
  LockEntry *thread = term->kind == TERM_LOAD ? NULL : thread_of_value(e, state, old);
  if (!thread || thread->now != LOCK_HELD || !(thread->flags & THREAD_BY_VALUE) ||
      is_held_by_other(e, state, local, old))
    return;
  LockEntry before = *thread;
  thread->now = LOCK_MAYBE;
  engine_tell(e, TRANSITION_LOST, NULL, &before, thread);
}
