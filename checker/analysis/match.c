/* match.c - which of the objects that the engine follows an operation means: the one of that very
 * name, an element of a family, or one that it may be under another name. */
#include "analysis/engine.h"

#include "base/guard.h"

static bool is_any(const Engine *e, TermId term) {
  return term_at(e->terms, term)->kind == TERM_ANY;
}

/* `pattern` may hold ANY where `place` holds some value: an element of that family. */
bool engine_matches(const Engine *e, TermId pattern, TermId place) {
  if (pattern == place || is_any(e, pattern))
    return true;
  const Term *p = term_at(e->terms, pattern), *t = term_at(e->terms, place);
  if (p->kind == TERM_SHIFT && t->kind != TERM_SHIFT && is_any(e, p->b))
    return engine_matches(e, p->a, place); // p[0] is *p
  if (p->kind != t->kind || p->operator!= t->operator|| p->value != t->value)
    return false;
  switch ((TermKind)p->kind) {
  case TERM_FIELD:
    return p->b == t->b && engine_matches(e, p->a, t->a);
  case TERM_LOAD:
  case TERM_DEREF:
  case TERM_ADDRESS:
  case TERM_UNARY:
  case TERM_CAST:
    return engine_matches(e, p->a, t->a);
  case TERM_INDEX:
  case TERM_SHIFT:
  case TERM_BINARY:
    return engine_matches(e, p->a, t->a) && engine_matches(e, p->b, t->b);
  default:
    return false;
  }
}

/* Names that stay what they are for the whole function: two different ones are taken for two
 * different objects. Everything else of one class may be the same object. */
static bool is_unstable(const Term *term, const void *unused) {
  (void)unused;
  switch ((TermKind)term->kind) {
  case TERM_PARAM:
  case TERM_GLOBAL:
  case TERM_LOCAL:
  case TERM_ABSTRACT:
  case TERM_CONSTANT:
  case TERM_FIELD:
  case TERM_DEREF:
  case TERM_ADDRESS:
  case TERM_INDEX:
    return false;
  case TERM_LOAD:
    return term->b != VERSION_ENTRY;
  default:
    return true;
  }
}

bool engine_is_stable(const Engine *e, TermId id) {
  return !term_any(e->terms, id, is_unstable, NULL);
}

/* A lock behind a pointer that was read from memory: `shared->ControlLock` may be any lock. */
static bool behind_loaded_pointer(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  if (term->kind != TERM_DEREF)
    return false;
  const Term *pointer = term_at(e->terms, term->a);
  return pointer->kind == TERM_LOAD || pointer->kind == TERM_FRESH || pointer->kind == TERM_PHI;
}

static bool differ(Engine *e, State *state, TermId a, TermId b) {
  return engine_decide(e, state, engine_binary(e, OPERATOR_EQ, a, b)) == NO;
}

/* A branch has told them apart: `if (slot != next)`, `if (a == b)`. */
static bool known_apart(Engine *e, State *state, TermId a, TermId b) {
  for (;;) {
    const Term x = *term_at(e->terms, a), y = *term_at(e->terms, b);
    if (x.kind != y.kind)
      return false;
    if (x.kind == TERM_DEREF && differ(e, state, x.a, y.a))
      return true;
    if ((x.kind == TERM_INDEX || x.kind == TERM_SHIFT) && x.a == y.a)
      return differ(e, state, x.b, y.b);
    if ((x.kind != TERM_FIELD || x.b != y.b) && x.kind != TERM_DEREF)
      return false;
    a = x.a;
    b = y.a;
  }
}

static bool possibly_equal(Engine *e, State *state, TermId a, TermId b) {
  if (behind_loaded_pointer(e, a) != behind_loaded_pointer(e, b))
    return true;
  return engine_class(e, a) == engine_class(e, b) &&
         !(engine_is_stable(e, a) && engine_is_stable(e, b)) && !known_apart(e, state, a, b);
}

/* Some lock of its class: what is done to it twice may be done to two of them. */
bool engine_is_blurred(const Engine *e, TermId id) {
  const Term *term = term_at(e->terms, id);
  switch ((TermKind)term->kind) {
  case TERM_ANY:
    return true;
  case TERM_LOAD:
  case TERM_ADDRESS:
  case TERM_DEREF:
  case TERM_FIELD:
    return engine_is_blurred(e, term->a);
  case TERM_SHIFT:
  case TERM_INDEX:
    return engine_is_blurred(e, term->a) || engine_is_blurred(e, term->b);
  default:
    return false;
  }
}

LockEntry *engine_find_family(Engine *e, State *state, TermId place) {
  if (e->analysis->without & WITHOUT_FAMILIES)
    return NULL;
  for (uint32_t i = 0; i < state->lock_count; i++)
    if ((state->locks[i].flags & LOCK_FAMILY) && engine_matches(e, state->locks[i].place, place))
      return &state->locks[i];
  return NULL;
}

LockEntry *engine_find_possible(Engine *e, State *state, const Effect *effect, TermId place,
                                LockState now) {
  for (uint32_t i = 0; i < state->lock_count; i++)
    if (state->locks[i].now == now && state->locks[i].kind == effect->text &&
        state->locks[i].resource == effect->resource &&
        possibly_equal(e, state, state->locks[i].place, place))
      return &state->locks[i];
  return NULL;
}

void engine_tell(Engine *e, TransitionKind kind, const Effect *effect, const LockEntry *before,
                 const LockEntry *after) {
  if (!e->observer || !e->observer->on_transition)
    return;
  Transition transition = {.kind = kind,
                           .effect = effect,
                           .before = before ? *before : (LockEntry){0},
                           .after = after ? *after : (LockEntry){0},
                           .instruction = e->here,
                           .state = e->observed};
  e->observer->on_transition(e->observer, e, &transition);
}

/* threads[*], or a member of buckets[*]: what a callee says of all that it went through. */
static bool is_of_any_element(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  while (guard_on("any-element") && (term->kind == TERM_FIELD || term->kind == TERM_DEREF))
    term = term_at(e->terms, term->a);
  return (term->kind == TERM_INDEX || term->kind == TERM_SHIFT) && is_any(e, term->b);
}

LockEntry *engine_new_entry(Engine *e, State *state, const Effect *effect, TermId place,
                            LockState needed) {
  LockEntry lock = {.place = place,
                    .pre = (uint8_t)needed,
                    .now = (uint8_t)needed,
                    .flags = effect->flags,
                    .resource = effect->resource,
                    .is_shared =
                        effect->resource == RESOURCE_THREAD && !term_is_in_local(e->terms, place),
                    .kind = effect->text,
                    .since = e->here,
                    .acquired = NO_INSTRUCTION};
  if (is_of_any_element(e, place))
    lock.flags |= LOCK_FAMILY;
  return state_add_lock(state, lock);
}
