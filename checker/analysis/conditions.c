/* conditions.c - what tells the cases of a summary apart: facts about parameters, globals, and what
 * visible memory holds at exit. And flags beside a thread, though they tell no cases apart: what
 * callers ask before they create or join it. */
#include "analysis/cases.h"

#include "base/guard.h"

bool facts_contradict(const Fact *a, const Fact *b) {
  if (a->high < b->low || b->high < a->low)
    return true;
  const Fact *pair[2] = {a, b};
  for (int i = 0; i < 2; i++)
    for (uint32_t k = 0; k < pair[i]->excluded_count; k++)
      if (pair[1 - i]->low == pair[1 - i]->high && pair[1 - i]->low == pair[i]->excluded[k])
        return true;
  return false;
}

static bool tells_apart(const Fact *fact, const Group *groups, uint32_t count, uint32_t self) {
  for (uint32_t i = 0; i < count; i++) {
    if (i == self)
      continue;
    const Fact *other = state_fact(groups[i].state, fact->term);
    if (other && facts_contradict(fact, other))
      return true;
  }
  return false;
}

static void add_condition(Case *k, TermId value, bool is_true) {
  k->conditions[k->condition_count++] = (Condition){value, is_true};
}

static void add_fact(Engine *e, Case *k, const Fact *fact) {
  TermTable *terms = e->terms;
  if (fact->low == fact->high) {
    add_condition(k, engine_binary(e, OPERATOR_EQ, fact->term, term_constant(terms, fact->low)),
                  true);
    return;
  }
  if (fact->low != INT64_MIN)
    add_condition(k, engine_binary(e, OPERATOR_LT, fact->term, term_constant(terms, fact->low)),
                  false);
  if (fact->high != INT64_MAX)
    add_condition(k, engine_binary(e, OPERATOR_LT, term_constant(terms, fact->high), fact->term),
                  false);
  for (uint32_t i = 0; i < fact->excluded_count; i++)
    add_condition(
        k, engine_binary(e, OPERATOR_EQ, fact->term, term_constant(terms, fact->excluded[i])),
        false);
}

/* What a visible place holds when the function returns. */
static TermId value_at_exit(Engine *e, const State *state, TermId place) {
  TermId stored = state_stored(state, place);
  uint32_t version = engine_version(e, state, engine_class(e, place));
  return stored ? stored : term_make(e->terms, TERM_LOAD, 0, place, version, 0);
}

/* Visible memory that holds `value` when the function returns; 0 when none does. */
static TermId place_at_exit(Engine *e, const State *state, TermId value) {
  const Term term = *term_at(e->terms, value);
  if (term.kind == TERM_LOAD && term.b > VERSION_EXIT && outside_knows(e, term.a) &&
      value_at_exit(e, state, term.a) == value)
    return term.a;
  for (uint32_t i = 0; i < state->memory_count && term.kind != TERM_LOAD; i++)
    if (state->memory[i].value == value && outside_knows(e, state->memory[i].place))
      return state->memory[i].place;
  return 0;
}

/* Is it kept in one object, or among the globals, with the handle of a thread that is created for
 * the caller? What is known of it - that it was not set before, that it is set now - is what
 * callers ask before they create or join that thread. */
static bool is_beside_thread(const Engine *e, const Group *group, TermId place) {
  const Term *flag = term_at(e->terms, place);
  if (flag->kind != TERM_FIELD && flag->kind != TERM_GLOBAL)
    return false;
  for (uint32_t i = 0; i < group->lock_count; i++) {
    const Term *handle = term_at(e->terms, group->locks[i].place);
    if (creates_for_caller(&group->locks[i]) && handle->kind == flag->kind &&
        (flag->kind == TERM_GLOBAL || handle->a == flag->a))
      return guard_on("thread-flag");
  }
  return false;
}

/* Is it left in `*out`, where something that is open is left in another output? What is known of
 * the one goes with the other. */
static bool is_beside_opened(const Engine *e, const Group *group, TermId place) {
  const Term *term = term_at(e->terms, place);
  bool is_output = term->kind == TERM_DEREF && term_at(e->terms, term->a)->kind == TERM_PARAM;
  for (uint32_t i = 0; i < group->lock_count && is_output; i++)
    if (is_left_open(&group->locks[i]))
      return true;
  return false;
}

bool engine_output_tells(Engine *e, const State *a, const State *b) {
  for (uint32_t i = 0; i < a->fact_count; i++) {
    TermId place = place_at_exit(e, a, a->facts[i].term);
    if (!place || !engine_stores_output(e, place))
      continue;
    Fact other = {.term = value_at_exit(e, b, place)};
    engine_range(e, (State *)b, other.term, &other.low, &other.high);
    if (facts_contradict(&a->facts[i], &other) && guard_on("output-tells"))
      return true;
  }
  return false;
}

/* A fact about what visible memory holds in the end, as callers name it (`s->count >= 1`: how many
 * threads were created), when it tells this group from another; 0 when not. */
static TermId told_at_exit(Engine *e, const Fact *fact, const Group *groups, uint32_t count,
                           uint32_t self) {
  TermId place = place_at_exit(e, groups[self].state, fact->term);
  if (!place)
    return 0;
  bool told =
      is_beside_thread(e, &groups[self], place) || is_beside_opened(e, &groups[self], place);
  for (uint32_t i = 0; i < count && !told; i++) {
    if (i == self)
      continue;
    Fact other = {.term = value_at_exit(e, groups[i].state, place)};
    engine_range(e, groups[i].state, other.term, &other.low, &other.high);
    told = facts_contradict(fact, &other);
  }
  return told ? term_make(e->terms, TERM_LOAD, 0, place, VERSION_EXIT, 0) : 0;
}

static bool told_at_entry(const Engine *e, const Fact *fact, const Group *groups, uint32_t count,
                          uint32_t self) {
  const Term *term = term_at(e->terms, fact->term);
  return tells_apart(fact, groups, count, self) ||
         (term->kind == TERM_LOAD && is_beside_thread(e, &groups[self], term->a));
}

/* What is left open somewhere is no null pointer there, nor a negative number (output.c). */
static void add_opened(Engine *e, Case *k, const Group *group) {
  for (uint32_t i = 0; i < group->lock_count; i++) {
    const LockEntry *lock = &group->locks[i];
    if (!is_left_open(lock))
      continue;
    TermId value = term_make(e->terms, TERM_LOAD, 0, lock->place, VERSION_EXIT, 0);
    add_condition(k, engine_failed(e, lock->kind, value), false);
  }
}

void case_conditions(Engine *e, Case *k, const Group *groups, uint32_t count, uint32_t self) {
  State *state = groups[self].state;
  uint32_t room = state->fact_count * (FACT_EXCLUDED + 2) + groups[self].lock_count + 1;
  k->conditions = arena_new_array(e->arena, Condition, room);
  add_opened(e, k, &groups[self]);
  for (uint32_t i = 0; i < state->fact_count; i++) {
    Fact fact = state->facts[i];
    bool known = outside_knows(e, fact.term);
    if (!known && (fact.term = told_at_exit(e, &fact, groups, count, self)))
      add_fact(e, k, &fact);
    else if (known && told_at_entry(e, &fact, groups, count, self))
      add_fact(e, k, &fact);
  }
}
