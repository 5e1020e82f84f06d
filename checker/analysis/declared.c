/* declared.c - what the declarations of the function at hand say about locks (model.h), against
 * what its body does. A body that does something to a lock, the same on all ways that a caller
 * cannot tell apart, is believed. The declaration is where the body does nothing that is seen,
 * because it is made of atomic operations or calls what is not known; where ways out contradict
 * each other; and where it says that its body is not to be looked at. */
#include <string.h>

#include "analysis/engine.h"

const Summary *engine_declared(const Engine *e) {
  return models_declared(e->program->models, e->function->key);
}

bool engine_is_unchecked(const Engine *e) {
  const Summary *declared = engine_declared(e);
  return declared && (declared->flags & SUMMARY_UNCHECKED);
}

/* ---- terms of the declaration, as the body has them at its entry */

typedef struct {
  Engine *e;
  const TermTable *terms;
} Import;

static TermId import(void *context, TermId id) {
  Import *from = context;
  const Term term = *term_at(from->terms, id);
  switch ((TermKind)term.kind) {
  case TERM_LOAD:
    return term_make(from->e->terms, TERM_LOAD, 0, import(context, term.a), VERSION_ENTRY, 0);
  case TERM_ADDRESS:
  case TERM_DEREF:
  case TERM_SHIFT:
  case TERM_FIELD:
  case TERM_INDEX:
    return engine_rebuild(from->e, &term, import, from);
  default:
    return term_make(from->e->terms, term.kind, term.operator, term.a, term.b, term.value);
  }
}

static TermId place_of(Engine *e, const Summary *declared, const Effect *effect) {
  return import(&(Import){e, declared->terms}, effect->place);
}

/* Of the lock itself, or of what a lock of the program's own is made of. */
bool engine_declares(Engine *e, Action action, TermId place) {
  const Summary *declared = engine_declared(e);
  for (uint32_t i = 0; declared && i < declared->case_count; i++)
    for (uint32_t k = 0; k < declared->cases[i].effect_count; k++) {
      const Effect *effect = &declared->cases[i].effects[k];
      if (effect->action == action && term_is_part(e->terms, place, place_of(e, declared, effect)))
        return true;
    }
  return false;
}

/* ---- ways out */

static bool is_change(const Effect *effect) {
  return effect->action == ACTION_ACQUIRE || effect->action == ACTION_RELEASE;
}

static void drop_locks(State *state) {
  for (uint32_t i = state->lock_count; i-- > 0;)
    if (state->locks[i].resource == RESOURCE_LOCK)
      state_drop_lock(state, &state->locks[i]);
}

static bool is_touched(const Engine *e, const Exit *exits, uint32_t count, TermId lock) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < exits[i].state->lock_count; k++)
      if (exits[i].state->locks[k].resource == RESOURCE_LOCK &&
          term_is_part(e->terms, exits[i].state->locks[k].place, lock))
        return true;
  return false;
}

/* The result of the exit as far as it is that of the case; false: it is another one. */
static bool restrict_result(Exit *exit, const Case *k) {
  exit->low = k->low > exit->low ? k->low : exit->low;
  exit->high = k->high < exit->high ? k->high : exit->high;
  exit->no_zero |= k->no_zero;
  bool zero = !exit->low && !exit->high;
  return exit->low <= exit->high && !(zero && exit->no_zero);
}

/* Has the way out moved a lock, as the case says or otherwise? */
static bool moves_as_declared(Engine *e, const Summary *declared, const Case *k,
                              const LockEntry *lock) {
  for (uint32_t i = 0; i < k->effect_count; i++) {
    const Effect *effect = &k->effects[i];
    LockState now = effect->action == ACTION_ACQUIRE ? LOCK_HELD : LOCK_RELEASED;
    if (is_change(effect) && lock->now == now &&
        term_is_part(e->terms, lock->place, place_of(e, declared, effect)))
      return true;
  }
  return false;
}

static bool exit_agrees(Engine *e, const Summary *declared, const Case *k, const Exit *exit) {
  uint32_t changes = 0, moved = 0;
  for (uint32_t i = 0; i < k->effect_count; i++)
    changes += is_change(&k->effects[i]);
  for (uint32_t i = 0; i < exit->state->lock_count; i++) {
    const LockEntry *lock = &exit->state->locks[i];
    if (lock->resource != RESOURCE_LOCK || lock_is_identity(lock))
      continue;
    if (lock->now == LOCK_MAYBE || !moves_as_declared(e, declared, k, lock))
      return false;
    moved++;
  }
  return moved == changes;
}

/* Does the body do what is declared, as far as it can be seen? */
static bool body_agrees(Engine *e, const Summary *declared, const Exit *exits, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t possible = 0;
    for (uint32_t k = 0; k < declared->case_count; k++) {
      Exit exit = exits[i];
      if (declared->case_count > 1 && !restrict_result(&exit, &declared->cases[k]))
        continue;
      if (possible++ || !exit_agrees(e, declared, &declared->cases[k], &exit))
        return false;
    }
  }
  return count > 0;
}

typedef struct {
  const Summary *declared;
  const Exit *exits; // as the body leaves them
  uint32_t count;
} Body;

/* Does it say anything of a lock that the body does not decide about? */
static bool adds_something(Engine *e, const Body *body) {
  const Summary *declared = body->declared;
  for (uint32_t i = 0; i < declared->case_count; i++)
    for (uint32_t k = 0; k < declared->cases[i].effect_count; k++) {
      const Effect *effect = &declared->cases[i].effects[k];
      if (is_change(effect) &&
          ((declared->flags & SUMMARY_UNCHECKED) ||
           !is_touched(e, body->exits, body->count, place_of(e, declared, effect))))
        return true;
    }
  return false;
}

static void apply_case(Engine *e, const Body *body, const Case *k, State *state) {
  for (uint32_t i = 0; i < k->effect_count; i++) {
    const Effect *effect = &k->effects[i];
    TermId place = place_of(e, body->declared, effect);
    if (!is_change(effect) || is_touched(e, body->exits, body->count, place))
      continue;
    bool takes = effect->action == ACTION_ACQUIRE;
    state_add_lock(state, (LockEntry){.place = place,
                                      .pre = takes ? LOCK_RELEASED : LOCK_HELD,
                                      .now = takes ? LOCK_HELD : LOCK_RELEASED,
                                      .count = takes ? 1 : 0,
                                      .flags = (uint8_t)(effect->flags & (LOCK_READ | LOCK_TRY)),
                                      .resource = RESOURCE_LOCK,
                                      .kind = effect->text,
                                      .since = NO_INSTRUCTION,
                                      .acquired = NO_INSTRUCTION});
  }
}

/* ---- one name for one lock: what a lock of the program's own is made of has the name of the whole
 * for callers, whichever of its functions they call */

/* The declared lock that the place is a part of; else the place itself. */
static TermId whole_of(Engine *e, TermId place) {
  const Summary *declared = engine_declared(e);
  for (uint32_t i = 0; i < declared->case_count; i++)
    for (uint32_t k = 0; k < declared->cases[i].effect_count; k++) {
      const Effect *effect = &declared->cases[i].effects[k];
      bool says = is_change(effect) || effect->action == ACTION_EXPECT;
      TermId lock = says ? place_of(e, declared, effect) : 0;
      if (lock && term_is_part(e->terms, place, lock))
        return lock;
    }
  return place;
}

/* Changes the list. False: none is a part of another one. */
static bool rename_one(Engine *e, State *state) {
  for (uint32_t i = 0; i < state->lock_count; i++) {
    LockEntry lock = state->locks[i];
    TermId whole = lock.resource == RESOURCE_LOCK ? whole_of(e, lock.place) : lock.place;
    if (whole == lock.place)
      continue;
    state_drop_lock(state, &state->locks[i]);
    LockEntry *other = state_lock(state, whole);
    lock.place = whole;
    if (!other)
      state_add_lock(state, lock);
    else if (other->pre != lock.pre || other->now != lock.now)
      other->now = LOCK_MAYBE;
    return true;
  }
  return false;
}

static void rename_locks(Engine *e, State *state) {
  while (rename_one(e, state))
    continue;
}

/* Nothing is declared of what an unchecked body does, so nobody can rely on it. */
static void doubt_locks(State *state) {
  for (uint32_t i = 0; i < state->lock_count; i++)
    if (state->locks[i].resource == RESOURCE_LOCK && !lock_is_identity(&state->locks[i]))
      state->locks[i].now = LOCK_MAYBE;
}

static bool changes_locks(const Summary *declared) {
  for (uint32_t i = 0; i < declared->case_count; i++)
    for (uint32_t k = 0; k < declared->cases[i].effect_count; k++)
      if (is_change(&declared->cases[i].effects[k]))
        return true;
  return false;
}

Exit *engine_declared_exits(Engine *e, Exit *exits, uint32_t *count) {
  const Summary *declared = engine_declared(e);
  if (!declared)
    return exits;
  bool unchecked = (declared->flags & SUMMARY_UNCHECKED) != 0;
  for (uint32_t i = 0; i < *count && unchecked && !changes_locks(declared); i++)
    doubt_locks((State *)exits[i].state);
  Body body = {declared, exits, *count};
  if (!adds_something(e, &body) || body_agrees(e, declared, exits, *count)) {
    for (uint32_t i = 0; i < *count; i++)
      rename_locks(e, (State *)exits[i].state);
    return exits;
  }
  for (uint32_t i = 0; i < *count && unchecked; i++)
    drop_locks((State *)exits[i].state);
  Exit *made = arena_new_array(e->arena, Exit, (size_t)*count * declared->case_count);
  uint32_t made_count = 0;
  for (uint32_t i = 0; i < body.count; i++)
    for (uint32_t k = 0; k < declared->case_count; k++) {
      Exit exit = exits[i];
      if (declared->case_count > 1 && !restrict_result(&exit, &declared->cases[k]))
        continue;
      State *state = state_copy(e->arena, exit.state);
      apply_case(e, &body, &declared->cases[k], state);
      rename_locks(e, state);
      exit.state = state;
      made[made_count++] = exit;
    }
  *count = made_count;
  return made;
}

/* ---- what callers are told besides */

/* Deeds speak of the mutex of a wait. */
static void rename_effects(Engine *e, Case *k) {
  for (uint32_t i = 0; i < k->effect_count; i++)
    if (k->effects[i].action == ACTION_WAIT && k->effects[i].other)
      k->effects[i].other = whole_of(e, k->effects[i].other);
}

void engine_declared_effects(Engine *e, Summary *summary) {
  const Summary *declared = engine_declared(e);
  for (uint32_t i = 0; declared && i < summary->case_count; i++)
    rename_effects(e, &summary->cases[i]);
  uint32_t room = declared && declared->case_count ? declared->cases[0].effect_count : 0;
  for (uint32_t i = 0; room && i < summary->case_count; i++) {
    Case *k = &summary->cases[i];
    Effect *effects = arena_new_array(e->arena, Effect, k->effect_count + room);
    if (k->effect_count)
      memcpy(effects, k->effects, sizeof *effects * k->effect_count);
    k->effects = effects;
    for (uint32_t n = 0; n < room; n++) {
      Effect effect = declared->cases[0].effects[n];
      if (effect.action != ACTION_EXPECT)
        continue;
      effect.place = place_of(e, declared, &effect);
      effects[k->effect_count++] = effect;
    }
  }
}

/* Who calls what expects a lock that is certainly not held. Of a lock of the program's own it is
 * what that is made of that is followed. */
void engine_expect(Engine *e, State *state, const Effect *effect, TermId place) {
  LockEntry *released = NULL;
  for (uint32_t i = 0; i < state->lock_count; i++) {
    LockEntry *lock = &state->locks[i];
    if (lock->resource != RESOURCE_LOCK || !term_is_part(e->terms, lock->place, place))
      continue;
    if (lock->now != LOCK_RELEASED || lock->since == NO_INSTRUCTION ||
        (lock->flags & (LOCK_FAMILY | LOCK_VAGUE | LOCK_RECURSIVE | LOCK_COUNTING)))
      return;
    released = lock;
  }
  if (!released || engine_is_blurred(e, place) || engine_declares(e, ACTION_EXPECT, place) ||
      engine_find_possible(e, state, effect, released->place, LOCK_HELD) ||
      engine_find_possible(e, state, effect, released->place, LOCK_MAYBE))
    return;
  LockEntry before = *released;
  engine_tell(e, TRANSITION_NOT_HELD, effect, &before, &before);
}
