/* join_memory.c - what two states with one key know of memory, as one (flow.c). */
#include "analysis/engine.h"

/* The constant that a place holds in a state, stored there or known by a fact. */
static bool constant_at(Engine *e, const State *state, TermId place, int64_t *value) {
  TermId term = state_stored(state, place);
  if (!term)
    term = term_make(e->terms, TERM_LOAD, 0, place,
                     engine_version(e, state, engine_class(e, place)), 0);
  int64_t high;
  engine_range(e, (State *)state, term, value, &high);
  return *value == high;
}

bool engine_same_constant(Engine *e, const State *a, const State *b, TermId place) {
  int64_t x, y;
  return constant_at(e, a, place, &x) && constant_at(e, b, place, &y) && x == y;
}

/* The same constant under two names, of which each side knows one: before the facts are joined. */
bool engine_settle_constants(Engine *e, State *into, const State *from) {
  bool changed = false;
  for (uint32_t i = 0; i < into->memory_count; i++) {
    Stored *stored = &into->memory[i];
    int64_t value;
    if (state_stored(from, stored->place) == stored->value ||
        term_at(e->terms, stored->value)->kind == TERM_CONSTANT ||
        !engine_same_constant(e, into, from, stored->place))
      continue;
    constant_at(e, from, stored->place, &value);
    stored->value = term_constant(e->terms, value);
    changed = true;
  }
  return changed;
}

bool engine_join_memory(Engine *e, State *into, const State *from) {
  uint32_t kept = 0, version = version_of_block(into->block);
  bool changed = false;
  for (uint32_t i = 0; i < from->memory_count; i++) {
    TermId place = from->memory[i].place;
    int64_t value;
    if (!state_stored(into, place) && engine_same_constant(e, into, from, place)) {
      constant_at(e, from, place, &value);
      state_store(into, place, term_constant(e->terms, value));
      changed = true;
    }
  }
  for (uint32_t i = 0; i < into->memory_count; i++) {
    Stored stored = into->memory[i];
    if (state_stored(from, stored.place) == stored.value ||
        engine_same_constant(e, into, from, stored.place)) {
      into->memory[kept++] = stored;
      continue;
    }
    engine_set_version(e, into, engine_class(e, stored.place), version);
    changed = true;
  }
  into->memory_count = kept;
  for (uint32_t i = 0; i < from->memory_count; i++) {
    TermId place = from->memory[i].place;
    uint32_t class_key = engine_class(e, place);
    if (state_stored(into, place) || engine_version(e, into, class_key) == version)
      continue;
    engine_set_version(e, into, class_key, version);
    changed = true;
  }
  return changed;
}
