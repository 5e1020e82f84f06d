/* outside.c - names that mean something to a caller: parameters, globals, memory at entry, the
 * result, memory at exit. What has none of these is blurred to "some lock of that class", so that a
 * caller never takes silence for knowledge. */
#include "analysis/engine.h"

/* What only this body can name: its locals, and what was made or read on the way. */
static bool is_private(const Term *term, const void *unused) {
  (void)unused;
  switch ((TermKind)term->kind) {
  case TERM_LOCAL:
  case TERM_FRESH:
  case TERM_PHI:
  case TERM_STRING:
    return true;
  case TERM_LOAD:
    return term->b > VERSION_EXIT;
  default:
    return false;
  }
}

bool outside_knows(const Engine *e, TermId id) { return !term_any(e->terms, id, is_private, NULL); }

/* `id` with every occurrence of the returned value replaced by RESULT. */
static TermId through_result(Engine *e, TermId id, TermId result) {
  if (id == result)
    return term_make(e->terms, TERM_RESULT, 0, 0, 0, 0);
  const Term term = *term_at(e->terms, id);
  switch ((TermKind)term.kind) {
  case TERM_DEREF:
    return engine_deref(e, through_result(e, term.a, result));
  case TERM_FIELD: {
    TermId base = through_result(e, term.a, result);
    return term_make(e->terms, TERM_FIELD, 0, base, term.b, 0);
  }
  case TERM_INDEX: {
    TermId base = through_result(e, term.a, result);
    return term_make(e->terms, TERM_INDEX, 0, base, term.b, 0);
  }
  case TERM_SHIFT: {
    TermId base = through_result(e, term.a, result);
    return engine_shift(e, base, term.b);
  }
  case TERM_ADDRESS:
    return engine_address(e, through_result(e, term.a, result));
  case TERM_LOAD: {
    TermId place = through_result(e, term.a, result);
    return term_make(e->terms, TERM_LOAD, 0, place, place == term.a ? term.b : 0, 0);
  }
  default:
    return id;
  }
}

typedef struct {
  Engine *e;
  const State *state;
} AtExit;

/* `id` with values that the function leaves in visible memory named by that memory at exit. */
static TermId through_memory(void *at_exit, TermId id) {
  Engine *e = ((AtExit *)at_exit)->e;
  const State *state = ((AtExit *)at_exit)->state;
  if (outside_knows(e, id))
    return id;
  for (uint32_t i = 0; i < state->memory_count; i++)
    if (state->memory[i].value == id && outside_knows(e, state->memory[i].place))
      return term_make(e->terms, TERM_LOAD, 0, state->memory[i].place, VERSION_EXIT, 0);
  const Term term = *term_at(e->terms, id);
  switch ((TermKind)term.kind) {
  case TERM_DEREF:
  case TERM_FIELD:
  case TERM_INDEX:
  case TERM_SHIFT:
  case TERM_BINARY:
  case TERM_ADDRESS:
    return engine_rebuild(e, &term, through_memory, at_exit);
  default:
    return id;
  }
}

static TermId blurred_part(void *e, TermId part) { return outside_blurred(e, part); }

/* `id` with everything that a caller cannot name replaced by ANY: some lock of that class. */
TermId outside_blurred(Engine *e, TermId id) {
  if (outside_knows(e, id))
    return id;
  const Term term = *term_at(e->terms, id);
  switch ((TermKind)term.kind) {
  case TERM_DEREF:
  case TERM_FIELD:
  case TERM_INDEX:
  case TERM_SHIFT:
    return engine_rebuild(e, &term, blurred_part, e);
  case TERM_LOCAL:
    return 0;
  default:
    return term_make(e->terms, TERM_ANY, 0, 0, 0, 0);
  }
}

/* The name of a place through the result, and through memory that the caller sees at exit. */
static TermId through_exit(Engine *e, const Exit *exit, TermId place) {
  if (exit->result && term_at(e->terms, exit->result)->kind != TERM_CONSTANT)
    place = through_result(e, place, exit->result);
  return through_memory(&(AtExit){e, exit->state}, place);
}

TermId outside_handed(Engine *e, const Exit *exit, TermId place) {
  if (outside_knows(e, place) || term_is_in_local(e->terms, place))
    return 0;
  TermId name = through_exit(e, exit, place);
  return outside_knows(e, name) ? name : 0;
}

/* `*out`, or a field of it: where a function leaves what it was asked for. */
static bool is_output(const Engine *e, TermId place, bool field) {
  const Term *term = term_at(e->terms, place);
  if (field && term->kind == TERM_FIELD)
    term = term_at(e->terms, term->a);
  return term->kind == TERM_DEREF && term_at(e->terms, term->a)->kind == TERM_PARAM;
}

bool outside_is_handed(Engine *e, const Exit *exit, TermId place) {
  const Term *term = term_at(e->terms, term_whole(e->terms, place));
  if (term->kind != TERM_DEREF)
    return false;
  TermId object = term->a;
  if (object == exit->result)
    return true;
  bool known = outside_knows(e, object);
  for (uint32_t i = 0; i < exit->state->memory_count; i++)
    if (exit->state->memory[i].value == object &&
        is_output(e, exit->state->memory[i].place, !known))
      return true;
  return false;
}

/* What the place is a member of is reached through this pointer; 0: through none. */
static TermId pointer_to(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, term_whole(e->terms, place));
  return term->kind == TERM_DEREF ? term->a : 0;
}

/* set->last = entry, and entry->page = page, on this way out only. */
bool outside_is_kept(Engine *e, const Exit *exit, const Exit *other, TermId place) {
  enum { STEPS = 3 };
  TermId object = pointer_to(e, place);
  for (int step = 0; step < STEPS && object && !outside_knows(e, object); step++) {
    const Term *term = term_at(e->terms, object);
    TermId next = term->kind == TERM_LOAD ? pointer_to(e, term->a) : 0;
    for (uint32_t i = 0; i < exit->state->memory_count; i++) {
      const Stored *stored = &exit->state->memory[i];
      if (stored->value != object)
        continue;
      if (outside_knows(e, stored->place) && state_stored(other->state, stored->place) != object)
        return true;
      next = next ? next : pointer_to(e, stored->place);
    }
    object = next;
  }
  return false;
}

bool outside_returns_handle(const Engine *e, const Exit *exit, TermId place) {
  const Term *result = term_at(e->terms, exit->result);
  const Term *term = term_at(e->terms, place);
  return (result->kind == TERM_LOAD && result->a == place) ||
         (term->kind == TERM_DEREF && term->a == exit->result);
}

/* The lock as a caller names it; false when it cannot. A lock without a name that is left in
 * another state than it was found in makes its whole class doubtful at the caller. */
bool outside_lock(Engine *e, const Exit *exit, LockEntry *lock) {
  if (lock->resource == RESOURCE_THREAD && outside_returns_handle(e, exit, lock->place)) {
    TermId result = term_make(e->terms, TERM_RESULT, 0, 0, 0, 0);
    lock->place = term_make(e->terms, TERM_DEREF, 0, result, 0, 0);
    return true;
  }
  if (outside_knows(e, lock->place))
    return true;
  if (term_is_in_local(e->terms, lock->place))
    return false;
  TermId renamed = through_exit(e, exit, lock->place);
  if (!outside_knows(e, renamed)) {
    renamed = outside_blurred(e, renamed);
    if (lock_is_identity(lock) || !engine_class_symbol(engine_class(e, renamed)))
      return false;
    lock->now = LOCK_MAYBE;
  }
  lock->place = renamed;
  return true;
}
