/* attributes.c - attribute objects of threads (ANALYSIS A.1, IDIOMS B23): is a thread that is made
 * with them detached? They are followed as handles are, by the place of what the models call the
 * field `detached`. "Held" is detached; what it was at entry does not count, so that no state is an
 * identity, and what a function does to them goes out with its summary. */
#include "analysis/engine.h"

static TermId cell_of(Engine *e, TermId attributes) {
  TextId field = text_intern(e->program->symbols, ATTRIBUTES_DETACHED);
  return term_make(e->terms, TERM_FIELD, 0, attributes, field, 0);
}

static Decision state_of(const LockEntry *entry) {
  return entry->now == LOCK_HELD ? YES : entry->now == LOCK_RELEASED ? NO : UNKNOWN;
}

TermId engine_attributes_detached(Engine *e, State *state, TermId attributes) {
  const Term *term = term_at(e->terms, attributes);
  if (term->kind == TERM_DEREF && engine_decide(e, state, term->a) == NO)
    return term_constant(e->terms, 0); // no attributes
  TermId cell = cell_of(e, attributes);
  const LockEntry *entry = state_lock(state, cell);
  Decision known = entry ? state_of(entry) : UNKNOWN;
  return known == UNKNOWN ? engine_load(e, state, cell) : term_constant(e->terms, known == YES);
}

TermId engine_attributes_stack(Engine *e, State *state, TermId attributes) {
  const Term *term = term_at(e->terms, attributes);
  if (term->kind == TERM_DEREF && engine_decide(e, state, term->a) == NO)
    return term_constant(e->terms, 0);
  TextId field = text_intern(e->program->symbols, "stack");
  return engine_load(e, state, term_make(e->terms, TERM_FIELD, 0, attributes, field, 0));
}

void engine_attributes_set(Engine *e, State *state, TermId cell, TermId value) {
  static const Effect effect = {.action = ACTION_SET, .resource = RESOURCE_ATTRIBUTES};
  Decision detached = value ? engine_decide(e, state, value) : UNKNOWN;
  LockEntry *entry = state_lock(state, cell);
  if (!entry && value == engine_load(e, state, cell)) // as it was
    return;
  if (!entry)
    entry = engine_new_entry(e, state, &effect, cell, LOCK_RELEASED);
  LockEntry before = *entry;
  entry->now = detached == YES ? LOCK_HELD : detached == NO ? LOCK_RELEASED : LOCK_MAYBE;
  entry->pre = entry->now == LOCK_HELD ? LOCK_RELEASED : LOCK_HELD;
  entry->since = entry->acquired = e->here;
  LockEntry after = *entry;
  engine_tell(e, TRANSITION_SET, &effect, &before, &after);
}

TermId engine_attributes_value(const Engine *e, const State *state, const LockEntry *entry) {
  Decision known = state_of(entry);
  if (known != UNKNOWN)
    return term_constant(e->terms, known == YES);
  TermId stored = state_stored(state, entry->place);
  return stored && outside_knows(e, stored) ? stored : 0;
}
