/* deed.c - effects that no automaton follows (analysis.h, Deed): cancellation, and values that
 * threads keep under keys. What hangs on a parameter goes out with the summary, so that the caller
 * that knows the object tells of it; all else is told where it happens. */
#include "analysis/engine.h"

#include <string.h>

#include "base/guard.h"

#define KEPT_VALUE "kept-value"

enum { DEED_LIMIT = 16, SHIELD_LIMIT = 8 };

/* ---- where a value came from */

static const Instruction *call_at(const Engine *e, uint32_t instruction) {
  if (instruction >= e->f->instruction_count)
    return NULL;
  const Instruction *inst = &e->f->instructions[instruction];
  bool named = inst->kind == INST_CALL && e->f->nodes[inst->a].kind == NODE_FUNCTION;
  return named ? inst : NULL;
}

/* The place that holds a key, or a thread's handle. */
static TermId place_of(Engine *e, State *state, TermId key) {
  return engine_thread_place(e, state, key);
}

/* What the calling thread keeps under a key, as if the key had a field for it. */
static TermId kept_place(const Engine *e, TermId key) {
  TextId field = text_intern(e->program->symbols, KEPT_VALUE);
  return term_make(e->terms, TERM_FIELD, 0, key, field, 0);
}

static bool is_kept_place(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  return term->kind == TERM_FIELD && !strcmp(text_of(e->program->symbols, term->b), KEPT_VALUE);
}

static TermId key_of_kept(const Engine *e, const State *state, TermId value) {
  for (uint32_t i = 0; i < state->memory_count; i++)
    if (state->memory[i].value == value && is_kept_place(e, state->memory[i].place))
      return term_at(e->terms, state->memory[i].place)->a;
  return 0;
}

/* Has the thread, on a way here, kept something? */
static bool has_kept(Engine *e, const State *state, TermId key) {
  return engine_version(e, state, engine_class(e, kept_place(e, key))) != 0;
}

/* Variables that hold what is kept: where two ways meet that leave them with different values, the
 * variable is all that is left of it. */
static void note_holders(Engine *e, State *state, TermId value, TermId key) {
  if (!e->kept_locals)
    e->kept_locals = arena_new_array(e->arena, TermId, e->f->local_count);
  for (uint32_t slot = 0; slot < e->f->local_count; slot++)
    if (state_value(state, slot) == value)
      e->kept_locals[slot] = key;
}

static Origin origin_of(Engine *e, const State *state, TermId value) {
  const Term *term = term_at(e->terms, value);
  if (term->kind == TERM_PHI && term->b < e->f->local_count && e->kept_locals &&
      e->kept_locals[term->b] && has_kept(e, state, e->kept_locals[term->b]))
    return (Origin){.kind = ORIGIN_FETCHED, .since = e->here, .key = e->kept_locals[term->b]};
  const Instruction *inst = term->kind == TERM_FRESH && !term->b ? call_at(e, term->a) : NULL;
  if (!inst)
    return (Origin){0};
  Origin origin = {.since = term->a, .key = key_of_kept(e, state, value)};
  if (!origin.key && e->fetched)
    origin.key = e->fetched[term->a];
  if (origin.key) {
    origin.kind = ORIGIN_FETCHED;
    return origin;
  }
  const Summary *summary = engine_summary(e, e->function->symbols[e->f->nodes[inst->a].a]);
  if (summary && (summary->flags & SUMMARY_NEW_MEMORY))
    origin.kind = ORIGIN_NEW;
  return origin;
}

/* The value of this call is what is kept under a key. */
static void fetch(Engine *e, TermId place) {
  if (!e->fetched)
    e->fetched = arena_new_array(e->arena, TermId, e->f->instruction_count);
  e->fetched[e->here] = place;
}

/* ---- who else has the memory */

/* Memory that outlives the function holds it as well: somebody else may look after it. */
static bool is_kept_elsewhere(const Engine *e, const State *state, TermId value) {
  for (uint32_t i = 0; i < state->memory_count; i++)
    if (state->memory[i].value == value && !term_is_in_local(e->terms, state->memory[i].place) &&
        !is_kept_place(e, state->memory[i].place))
      return true;
  return false;
}

/* The call whose result this is, or points into; NO_INSTRUCTION: none. */
static uint32_t call_behind(const Engine *e, TermId id) {
  const Term *term = term_at(e->terms, id);
  while (term_kind_is_way((TermKind)term->kind))
    term = term_at(e->terms, term->a);
  bool is_result = term->kind == TERM_FRESH && !term->b && call_at(e, term->a);
  return is_result ? term->a : NO_INSTRUCTION;
}

static void share(Engine *e, TermId value, uint32_t within, uint8_t how) {
  const Term *term = term_at(e->terms, value);
  uint32_t call = call_behind(e, value);
  if (!e->shared) {
    e->shared = arena_new_array(e->arena, uint8_t, e->f->instruction_count);
    e->shared_locals = arena_new_array(e->arena, uint8_t, e->f->local_count);
  }
  if (term->kind == TERM_PHI && term->b < e->f->local_count)
    e->shared_locals[term->b] |= how;
  else if (call != NO_INSTRUCTION && call != within)
    e->shared[call] |= how;
}

/* Of memory that was made at `since`, also by way of a variable that holds it or something else. */
static uint8_t shares_of(const Engine *e, const State *state, TermId value, uint32_t since) {
  if (!e->shared)
    return 0;
  uint8_t how = e->shared[since];
  for (uint32_t slot = 0; slot < e->f->local_count; slot++)
    if (state_value(state, slot) == value)
      how |= e->shared_locals[slot];
  return how;
}

void engine_note_returned(Engine *e, TermId value) {
  if (value)
    share(e, value, NO_INSTRUCTION, ORIGIN_RETURNED);
}

void engine_note_stored(Engine *e, TermId place, TermId value) {
  if (!term_is_in_local(e->terms, place))
    share(e, value, call_behind(e, place), ORIGIN_SHARED);
}

static bool is_about(const Summary *summary, uint32_t parameter) {
  for (uint32_t i = 0; i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++) {
      const Effect *effect = &summary->cases[i].effects[k];
      const Term *term = term_at(summary->terms, effect->place);
      if (effect_is_deed(effect) && term->kind == TERM_PARAM && term->a == parameter)
        return true;
    }
  return false;
}

void engine_note_passed(Engine *e, const Summary *summary, const TermId *args, uint32_t count) {
  if (summary && (summary->flags & (SUMMARY_MODEL | SUMMARY_PURE)))
    return;
  for (uint32_t i = 0; i < count; i++)
    if (!summary || !is_about(summary, i))
      share(e, args[i], NO_INSTRUCTION, ORIGIN_SHARED);
}

/* ---- for callers */

static bool is_parameter(const Term *term, const void *unused) {
  (void)unused;
  return term->kind == TERM_PARAM;
}

static bool hangs_on_caller(const Engine *e, TermId id) {
  return id && outside_knows(e, id) && term_any(e->terms, id, is_parameter, NULL);
}

static bool same_deed(const Effect *a, const Effect *b) {
  return a->action == b->action && a->resource == b->resource && a->flags == b->flags &&
         a->place == b->place && a->other == b->other;
}

void engine_hand_on(Engine *e, Effect deed) {
  for (uint32_t i = 0; i < e->deed_count; i++)
    if (same_deed(&e->deeds[i], &deed))
      return;
  if (e->deed_count == DEED_LIMIT) // Unsound: further ones are not seen by callers
    return;
  e->deeds =
      arena_grow(e->arena, e->deeds, sizeof deed, e->deed_count, &e->deed_room, e->deed_count + 1u);
  e->deeds[e->deed_count++] = deed;
}

/* Has the place a name for the whole program, or does the caller know a better one? */
static bool is_named(const Engine *e, TermId place) {
  return engine_class_symbol(engine_class(e, place)) != 0;
}

static bool is_for_caller(const Engine *e, const Deed *deed) {
  bool key = hangs_on_caller(e, deed->place) && !is_named(e, deed->place);
  switch ((Action)deed->effect->action) {
  case ACTION_KEEP:
    return outside_knows(e, deed->place) && (key || hangs_on_caller(e, deed->value)) &&
           (outside_knows(e, deed->value) || deed->origin.kind == ORIGIN_NEW);
  case ACTION_CLOSE: // memory: what a parameter points to, nothing that is reached from there
    return deed->effect->resource == RESOURCE_KEY
               ? key
               : term_at(e->terms, deed->place)->kind == TERM_PARAM;
  default:
    return key;
  }
}

static void tell(Engine *e, Deed deed) {
  deed.instruction = e->here;
  if (e->observer && e->observer->on_deed)
    e->observer->on_deed(e->observer, e, &deed);
}

/* KEEP in a summary: no value is one that the callee has just made. */
static void keep(Engine *e, State *state, Deed *deed, TermId value) {
  uint32_t class_key = engine_class(e, kept_place(e, deed->place));
  engine_set_version(e, state, class_key, version_of_instruction(e->here));
  deed->value = value;
  deed->origin =
      value ? origin_of(e, state, value) : (Origin){.kind = ORIGIN_NEW, .since = e->here};
  if (!value)
    return;
  deed->origin.flags = shares_of(e, state, value, deed->origin.since);
  if (is_kept_elsewhere(e, state, value))
    deed->origin.kind = ORIGIN_OTHER;
  if (deed->origin.kind == ORIGIN_NEW) {
    note_holders(e, state, value, deed->place);
    state_store(state, kept_place(e, deed->place), value);
  }
}

/* Some handle or key of an array that the caller knows, where which one it does not. */
static TermId as_caller_names(Engine *e, TermId place) {
  TermId blurred =
      place && !outside_knows(e, place) && !is_named(e, place) ? outside_blurred(e, place) : 0;
  return blurred && hangs_on_caller(e, blurred) ? blurred : place;
}

/* Not a callee that may free it. */
static bool is_by_model(const Engine *e) {
  const Summary *summary = e->noted[e->here];
  return summary && (summary->flags & SUMMARY_MODEL);
}

void engine_deed(Engine *e, State *state, const Effect *effect, TermId place, TermId other) {
  Deed deed = {.kind = DEED_EFFECT, .effect = effect, .place = place, .state = state};
  if (effect->action == ACTION_FETCH) {
    if (other)
      fetch(e, place_of(e, state, other));
    return;
  }
  if (effect->action == ACTION_KEEP) {
    deed.place = other ? place_of(e, state, other) : 0;
    if (deed.place)
      keep(e, state, &deed, place);
  } else if (effect->resource == RESOURCE_MEMORY) {
    deed.origin = place ? origin_of(e, state, place) : (Origin){0};
    if (place && is_by_model(e))
      engine_lifetime_freed(e, state, effect, place);
  } else if (place) {
    deed.place = as_caller_names(e, place_of(e, state, place));
  }
  if (!deed.place)
    return;
  if (!is_for_caller(e, &deed)) {
    tell(e, deed);
    return;
  }
  Effect handed = *effect;
  handed.with = handed.third = 0;
  handed.place = effect->action != ACTION_KEEP  ? deed.place
                 : outside_knows(e, deed.value) ? deed.value
                                                : 0;
  handed.other = effect->action == ACTION_KEEP ? deed.place : 0;
  engine_hand_on(e, handed);
}

void engine_note_results(Engine *e, const Exit *exits, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    Origin origin = exits[i].result ? origin_of(e, exits[i].state, exits[i].result) : (Origin){0};
    if (origin.kind == ORIGIN_NEW && !is_kept_elsewhere(e, exits[i].state, exits[i].result))
      e->makes_memory = true;
    if (origin.kind == ORIGIN_FETCHED && outside_knows(e, origin.key))
      engine_hand_on(e, (Effect){.action = ACTION_FETCH,
                                 .resource = RESOURCE_KEY,
                                 .place = term_make(e->terms, TERM_RESULT, 0, 0, 0, 0),
                                 .other = origin.key});
  }
}

/* ---- cancellation. Whether and how a thread can be cancelled are variables of the thread, which
 * models read and set: @cancel-state and @cancel-type. */

enum { CANCEL_ANYWHERE = 1 }; // PTHREAD_CANCEL_ASYNCHRONOUS, glibc and musl

static TermId own_variable(const Engine *e, const char *name) {
  return term_make(e->terms, TERM_ABSTRACT, 0, text_intern(e->program->symbols, name), 0, 0);
}

void engine_shield(Engine *e, State *state, bool begins) {
  e->shields = true;
  if (begins && state->shields < SHIELD_LIMIT)
    state->shields++;
  else if (!begins && state->shields)
    state->shields--;
}

/* Not held back here by the function itself, as far as is known; what its callers do is theirs. */
static bool may_be_cancelled(const Engine *e, const State *state) {
  if (state->shields)
    return !guard_on("shields");
  TermId place = own_variable(e, "cancel-state");
  TermId stored = state_stored(state, place);
  const Term *term = stored ? term_at(e->terms, stored) : NULL;
  if (!term)
    return !engine_version(e, state, engine_class(e, place)) || !guard_on("cancel-state");
  return (term->kind == TERM_CONSTANT && !term->value) ||
         (term->kind == TERM_LOAD && term->a == place && term->b == VERSION_ENTRY) ||
         !guard_on("cancel-state");
}

/* Has the function given up a lock of its callers? Then they do not hold it when the thread is
 * cancelled here. */
static bool has_given_up(const State *state) {
  for (uint32_t i = 0; i < state->lock_count; i++)
    if (state->locks[i].resource == RESOURCE_LOCK && state->locks[i].pre == LOCK_HELD &&
        state->locks[i].now != LOCK_HELD)
      return true;
  return false;
}

/* Takes a lock, or memory, which a cancellation in the middle of it leaves in any state. */
static bool is_fragile(const Summary *summary) {
  for (uint32_t i = 0; i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++) {
      const Effect *effect = &summary->cases[i].effects[k];
      if (effect->resource == RESOURCE_LOCK || effect->resource == RESOURCE_MEMORY)
        return true;
    }
  return (summary->flags & SUMMARY_NEW_MEMORY) != 0;
}

static bool is_cancelled_anywhere(const Engine *e, const State *state) {
  TermId stored = state_stored(state, own_variable(e, "cancel-type"));
  const Term *term = stored ? term_at(e->terms, stored) : NULL;
  return term && term->kind == TERM_CONSTANT && term->value == CANCEL_ANYWHERE;
}

void engine_note_point(Engine *e, State *state, const Instruction *inst, const Summary *summary) {
  bool anywhere = e->any_place && is_cancelled_anywhere(e, state) && is_fragile(summary);
  if (!anywhere && !(summary->flags & SUMMARY_CANCEL_POINT))
    return;
  bool bare = may_be_cancelled(e, state);
  if (bare && anywhere)
    tell(e, (Deed){.kind = DEED_ANY_PLACE, .since = e->any_place - 1, .state = state});
  if (!(summary->flags & SUMMARY_CANCEL_POINT))
    return;
  bool own = !(summary->flags & SUMMARY_MODEL) && e->f->nodes[inst->a].kind == NODE_FUNCTION;
  if (own && e->shields)
    tell(e, (Deed){.kind = bare ? DEED_BARE : DEED_SHIELDED, .state = state});
  if (bare && !has_given_up(state))
    e->cancel_point = true;
  tell(e, (Deed){.kind = bare ? DEED_POINT : DEED_GUARDED_POINT, .state = state});
}

void engine_note_destroyed(Engine *e, State *state, TermId lock) {
  if (is_by_model(e))
    tell(e, (Deed){.kind = DEED_DESTROYED, .place = lock, .state = state});
}

void engine_note_set(Engine *e, TermId place, TermId value) {
  const Term *term = term_at(e->terms, place);
  if (term->kind != TERM_ABSTRACT)
    return;
  e->shields = true;
  engine_note_write(e, term->a);
  TermId type = own_variable(e, "cancel-type");
  term = term_at(e->terms, value);
  if (place == type && term->kind == TERM_CONSTANT && term->value == CANCEL_ANYWHERE)
    e->any_place = e->here + 1;
}
