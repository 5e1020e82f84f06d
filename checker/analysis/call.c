/* call.c - a call: the cases of the callee's summary that do not contradict what is known, each
 * giving one successor state. A model line and a summary of our own are the same here. */
#include "analysis/engine.h"

#include <string.h>

#include "base/guard.h"

enum { ARGUMENT_LIMIT = 32 };

typedef struct {
  Engine *e;
  State *state;
  const Instruction *inst;
  TextId symbol;
  const Summary *summary;
  TermId args[ARGUMENT_LIMIT];
  uint32_t arg_count;
  TermId plain, result;    // plain: what a case that says nothing of the result gives
  TermId attributes;       // of a thread that the case creates, when only callers know of them
  TermId *places, *others; // of the case's effects, as the caller names them
  Creation *creations;     // of those that create threads
} Call;

static bool is_outcome(const Term *term, const void *unused) {
  (void)unused;
  return term->kind == TERM_RESULT || (term->kind == TERM_LOAD && term->b == VERSION_EXIT);
}

/* Does the term speak of the outcome: the result, or memory at exit? */
static bool of_outcome(const TermTable *terms, TermId id) {
  return term_any(terms, id, is_outcome, NULL);
}

static TermId substitute(void *call, TermId id) {
  Call *c = call;
  Engine *e = c->e;
  Term term = *term_at(c->summary->terms, id);
  if (term.kind == TERM_FIELD && c->summary->flags & SUMMARY_MODEL)
    term.b = engine_field_named(e, c->inst, c->summary->terms, &term);
  switch ((TermKind)term.kind) {
  case TERM_PARAM:
    return term.a < c->arg_count ? c->args[term.a] : engine_fresh(e, 100 + term.a);
  case TERM_RESULT:
    return c->result;
  case TERM_LOAD:
    return term.operator? engine_asked(e, c->state, term_at(c->summary->terms, term.a)->a)
                        : engine_load(e, c->state, substitute(c, term.a));
  case TERM_ADDRESS:
  case TERM_DEREF:
  case TERM_UNARY:
  case TERM_BINARY:
  case TERM_SHIFT:
  case TERM_FIELD:
  case TERM_INDEX:
  case TERM_CAST:
    return engine_rebuild(e, &term, substitute, c);
  case TERM_LIST: {
    TermId head = substitute(c, term.a), rest = term.b ? substitute(c, term.b) : 0;
    return term_make(e->terms, TERM_LIST, 0, head, rest, 0);
  }
  case TERM_PURE: {
    TermId list = term.b ? substitute(c, term.b) : 0;
    return term_make(e->terms, TERM_PURE, 0, term.a, list, 0);
  }
  default: // constants, functions, globals, abstract locks, ANY
    return term_make(e->terms, term.kind, term.operator, term.a, term.b, term.value);
  }
}

static void unknown_call(Call *c, const Symbol *symbol) {
  Engine *e = c->e;
  e->impure = true;
  c->state->failed_count = 0;
  bool system = symbol && (symbol->flags & SYMBOL_SYSTEM);
  for (uint32_t i = 0; i < c->arg_count; i++) {
    engine_havoc_argument(e, c->state, c->args[i]);
    engine_output_left(e, c->state, c->args[i], i);
    const Term *term = term_at(e->terms, c->args[i]);
    // Unsound: a library function is taken not to touch locks that are only reachable
    if (!system && term->kind != TERM_CONSTANT && term->kind != TERM_STRING)
      engine_escape(e, c->state, c->args[i]);
  }
}

/* The place behind the argument is where a primitive leaves the handle of the thread that it
 * creates, when it does. */
static bool is_handle(Call *c, TermId arg) {
  const Summary *summary = c->summary;
  for (uint32_t n = 0; n < summary->case_count && (summary->flags & SUMMARY_MODEL); n++)
    for (uint32_t i = 0; i < summary->cases[n].effect_count; i++) {
      const Effect *effect = &summary->cases[n].effects[i];
      if (effect->action == ACTION_SPAWN && !of_outcome(summary->terms, effect->place) &&
          engine_address(c->e, substitute(c, effect->place)) == arg)
        return true;
    }
  return false;
}

/* Is what the argument points to left alone but for what the case says? So it is with attributes of
 * a thread, which are only read, and with what a model sets itself, as a whole or in fields. */
static bool is_described(Call *c, const Case *k, TermId arg) {
  for (uint32_t i = 0; i < k->effect_count; i++) {
    const Effect *effect = &k->effects[i];
    TermId place = effect->action == ACTION_SPAWN ? effect->with : 0;
    if (effect->action == ACTION_SET && (c->summary->flags & SUMMARY_MODEL)) {
      const Term *term = term_at(c->summary->terms, effect->place);
      place = term->kind == TERM_FIELD ? term->a : effect->place;
    }
    if (place && engine_address(c->e, substitute(c, place)) == arg)
      return true;
  }
  return false;
}

/* Is it what a thread that the case creates is given, and is the question what becomes of the rest
 * of the function if the thread leaves it alone? */
static bool is_kept_argument(Call *c, const Case *k, TermId arg) {
  for (uint32_t i = 0; i < k->effect_count && c->e->keeps_given; i++)
    if (k->effects[i].action == ACTION_SPAWN && c->creations[i].argument == arg) {
      engine_note_given(c->e, c->state, arg);
      return true;
    }
  return false;
}

static void note_effects(Call *c, const Case *k) {
  Engine *e = c->e;
  const Summary *summary = c->summary;
  if (e->noted[e->here] != summary) {
    e->noted[e->here] = summary;
    engine_note_summary(e, summary);
  }
  engine_havoc_symbols(e, c->state, summary->writes, summary->write_count);
  engine_written_at_hand(e, c->state, summary->stores, summary->store_count);
  if (summary->flags & SUMMARY_PURE)
    return;
  e->impure = true;
  for (uint32_t i = 0; i < c->arg_count; i++)
    if (is_handle(c, c->args[i]))
      engine_havoc_place(e, c->state, term_at(e->terms, c->args[i])->a);
    else if (!is_described(c, k, c->args[i]) && !is_kept_argument(c, k, c->args[i])) {
      engine_havoc_argument(e, c->state, c->args[i]);
      if (k->fates.disturbs & fate_bit(i))
        engine_output_left(e, c->state, c->args[i], i);
    }
}

static bool apply_conditions(Call *c, const Case *k, bool outcome) {
  for (uint32_t i = 0; i < k->condition_count; i++) {
    const Condition *condition = &k->conditions[i];
    if (of_outcome(c->summary->terms, condition->value) == outcome &&
        !engine_assume(c->e, c->state, substitute(c, condition->value), condition->is_true))
      return false;
  }
  return true;
}

static Creation name_creation(Call *c, const Effect *effect) {
  const TermTable *terms = c->summary->terms;
  Creation creation = {.stack = term_constant(c->e->terms, THREAD_STACK_USUAL)};
  if (!(c->summary->flags & SUMMARY_MODEL))
    creation.stack = 0;
  if (effect->with) {
    TermId with = substitute(c, effect->with);
    if (c->summary->flags & SUMMARY_MODEL) {
      creation.detached = engine_attributes_detached(c->e, c->state, with);
      creation.stack = engine_attributes_stack(c->e, c->state, with);
    }
    creation.with = with == c->attributes ? with : 0;
  }
  TermId argument = effect->third;
  while (argument && term_at(terms, argument)->kind == TERM_LIST) // the last is the user's
    argument =
        term_at(terms, argument)->b ? term_at(terms, argument)->b : term_at(terms, argument)->a;
  if (argument && !of_outcome(terms, argument))
    creation.argument = substitute(c, argument);
  return creation;
}

/* What the effects speak of, as far as it is of the entry (or, with `outcome`, of the exit). */
static void name_effects(Call *c, const Case *k, bool outcome) {
  const TermTable *terms = c->summary->terms;
  for (uint32_t i = 0; i < k->effect_count; i++) {
    const Effect *effect = &k->effects[i];
    bool named = effect_is_deed(effect) || effect->action == ACTION_SET ||
                 effect->action == ACTION_WAIT || effect->action == ACTION_SIGNAL ||
                 (c->e->outputs && effect_opens(effect));
    if (!named && !effect_is_tracked(effect) && effect->resource != RESOURCE_LIFETIME)
      continue;
    if (effect->action == ACTION_SPAWN && !outcome)
      c->creations[i] = name_creation(c, effect);
    if (effect->place && of_outcome(terms, effect->place) == outcome)
      c->places[i] = substitute(c, effect->place);
    if (named && effect->other && of_outcome(terms, effect->other) == outcome)
      c->others[i] = substitute(c, effect->other);
  }
}

static bool apply_bounds(Call *c, const Case *k) {
  if ((k->low != INT64_MIN || k->high != INT64_MAX) &&
      term_at(c->e->terms, c->result)->kind != TERM_CONSTANT &&
      !state_restrict(c->state, c->result, k->low, k->high))
    return false;
  return !k->no_zero || engine_assume(c->e, c->state, c->result, true);
}

static bool is_lifetime(const Effect *effect, Action action) {
  return effect->resource == RESOURCE_LIFETIME && effect->action == action;
}

/* What a case says of memory: written after everything else was forgotten. What a function of the
 * program writes is in its list already. */
static void apply_sets(Call *c, const Case *k) {
  for (uint32_t i = 0; i < k->effect_count; i++) {
    if (k->effects[i].resource == RESOURCE_ATTRIBUTES && c->places[i])
      engine_attributes_set(c->e, c->state, c->places[i], c->others[i]);
    if (is_lifetime(&k->effects[i], ACTION_INIT) && c->places[i])
      engine_lifetime(c->e, c->state, &k->effects[i], c->places[i]);
    if (k->effects[i].action != ACTION_SET || !c->places[i] || !c->others[i] ||
        engine_load(c->e, c->state, c->places[i]) == c->others[i]) // what it is already
      continue;
    engine_note_set(c->e, c->places[i], c->others[i]);
    if (c->summary->flags & SUMMARY_MODEL)
      engine_store(c->e, c->state, c->places[i], c->others[i]);
    else
      state_store(c->state, c->places[i], c->others[i]);
  }
}

/* A barrier, or a semaphore: what another thread does ends the wait. */
static bool meets_thread(const Call *c, const Case *k, const Effect *effect) {
  if (effect->action != ACTION_BLOCK ||
      strcmp(text_of(c->e->program->symbols, effect->text), "thread"))
    return false;
  for (uint32_t i = 0; i < k->effect_count; i++)
    if (k->effects[i].resource == RESOURCE_THREAD)
      return false;
  return true;
}

static CallSeen seen(const Call *c) {
  return (CallSeen){c->symbol, c->summary, c->args, c->arg_count, c->e->here, c->state};
}

static void tell_effect(const Call *c, const Case *k, uint32_t number) {
  Observer *observer = c->e->observer;
  if (!observer || !observer->on_effect)
    return;
  CallSeen call = seen(c);
  EffectSeen effect = {&call, k, &k->effects[number], c->places[number], c->others[number]};
  observer->on_effect(observer, c->e, &effect);
}

static bool apply_effects(Call *c, const Case *k) {
  for (uint32_t i = 0; i < k->effect_count; i++) {
    const Effect *effect = &k->effects[i];
    tell_effect(c, k, i);
    if (effect->action == ACTION_RELEASE_ALL)
      engine_release_all(c->state, effect->text);
    else if (effect->action == ACTION_WAIT)
      engine_wait(c->e, c->state, effect, c->places[i], c->others[i]);
    else if (meets_thread(c, k, effect))
      engine_lent_doubtful(c->e, c->state, 0);
    else if (effect->action == ACTION_SIGNAL)
      engine_signal(c->e, c->state, effect, c->places[i]);
    else if (effect->resource == RESOURCE_LOCK && c->places[i] &&
             !engine_lock_effect(c->e, c->state, effect, c->places[i]))
      return false;
    else if (effect_is_deed(effect))
      engine_deed(c->e, c->state, effect, c->places[i], c->others[i]);
    else if (c->e->outputs && effect_opens(effect) && c->places[i])
      engine_output_opened(c->e, c->state, effect, c->places[i]);
    else if (is_lifetime(effect, ACTION_DESTROY) && c->places[i])
      engine_lifetime(c->e, c->state, effect, c->places[i]);
    else if (effect->action == ACTION_SHIELD || effect->action == ACTION_UNSHIELD)
      engine_shield(c->e, c->state, effect->action == ACTION_SHIELD);
    else if (effect->resource == RESOURCE_THREAD && c->places[i])
      engine_thread_effect(c->e, c->state, effect, c->places[i], c->creations[i]);
  }
  return true;
}

static bool creates(const Case *k, TermId handle) {
  for (uint32_t i = 0; i < k->effect_count; i++)
    if (k->effects[i].action == ACTION_SPAWN && k->effects[i].place == handle)
      return true;
  return false;
}

/* Threads that another outcome of the call would have created. */
static void note_not_created(Call *c, const Case *k) {
  const Summary *summary = c->summary;
  for (uint32_t n = 0; n < summary->case_count; n++)
    for (uint32_t i = 0; i < summary->cases[n].effect_count; i++) {
      const Effect *effect = &summary->cases[n].effects[i];
      if (effect->action == ACTION_SPAWN && !creates(k, effect->place) &&
          !of_outcome(summary->terms, effect->place))
        engine_thread_not_created(c->e, c->state, effect, substitute(c, effect->place));
    }
}

/* A primitive that tries, in the case in which it does not get the lock. */
static void note_failed_try(Call *c, const Case *k, TextId primitive) {
  const Summary *summary = c->summary;
  if (k->effect_count || summary->case_count != 2 || !engine_primitive(c->e, primitive))
    return;
  const Case *other = &summary->cases[k == summary->cases];
  if (other->effect_count != 1)
    return;
  const Effect *effect = &other->effects[0];
  if (effect->resource == RESOURCE_LOCK && effect->action == ACTION_ACQUIRE &&
      (effect->flags & LOCK_TRY) && !of_outcome(summary->terms, effect->place))
    engine_lock_not_taken(c->e, c->state, substitute(c, effect->place), c->result);
}

/* One case on c->state; false when it cannot happen or does not return. */
static bool apply_case(Call *c, const Case *k, TermId plain_result) {
  Engine *e = c->e;
  c->result = plain_result;
  if (!apply_conditions(c, k, false))
    return false;
  engine_gone_by_case(e, c->state, e->here, k);
  c->places = arena_new_array(e->transit, TermId, k->effect_count);
  c->others = arena_new_array(e->transit, TermId, k->effect_count);
  c->creations = arena_new_array(e->transit, Creation, k->effect_count);
  name_effects(c, k, false);
  bool getter = k->result && !of_outcome(c->summary->terms, k->result) &&
                !(e->analysis->without & WITHOUT_GETTERS);
  c->result = getter ? substitute(c, k->result) : plain_result;
  note_effects(c, k);
  apply_sets(c, k);
  name_effects(c, k, true);
  if (!apply_effects(c, k))
    return false;
  note_not_created(c, k);
  e->may_end |= k->no_return;
  if (k->no_return && !(e->analysis->without & WITHOUT_NORETURN))
    return false;
  CallSeen call = seen(c);
  return apply_conditions(c, k, true) && apply_bounds(c, k) &&
         format_assume(e, &call, k, c->state, c->result);
}

static uint32_t finish(Engine *e, State *state, const Instruction *inst, TermId result, State **out,
                       uint32_t count) {
  if (inst->result)
    state_set_value(state, e->temp_slots[inst->result], result);
  return engine_gather(e, out, count, state, inst);
}

/* The thread ends here, with what it holds: a way out like a return (L8). */
static void end_thread(Engine *e, const State *state) {
  if (!e->observer)
    return;
  e->thread_exits =
      arena_grow(e->arena, e->thread_exits, sizeof *e->thread_exits, e->thread_exit_count,
                 &e->thread_exit_room, e->thread_exit_count + 1u);
  e->thread_exits[e->thread_exit_count++] = (Exit){.kind = EXIT_THREAD,
                                                   .instruction = e->here,
                                                   .block = e->inst_blocks[e->here],
                                                   .state = state_copy(e->arena, state),
                                                   .witness = e->observed,
                                                   .low = INT64_MIN,
                                                   .high = INT64_MAX};
}

static bool takes(const Case *k) {
  for (uint32_t i = 0; i < k->effect_count; i++)
    if (k->effects[i].action == ACTION_ACQUIRE || k->effects[i].action == ACTION_SPAWN ||
        k->effects[i].action == ACTION_DESTROY ||
        (k->effects[i].action == ACTION_KEEP && k->effects[i].resource == RESOURCE_KEY))
      return true;
  return false;
}

/* Does the result tell the two cases apart? */
static bool results_differ(const TermTable *terms, const Case *a, const Case *b) {
  if (a->high < b->low || b->high < a->low || (!a->low && !a->high && b->no_zero) ||
      (!b->low && !b->high && a->no_zero))
    return true;
  for (uint32_t i = 0; i < a->condition_count; i++)
    for (uint32_t k = 0; k < b->condition_count; k++)
      if (a->conditions[i].value == b->conditions[k].value &&
          a->conditions[i].is_true != b->conditions[k].is_true &&
          of_outcome(terms, a->conditions[i].value))
        return true;
  return false;
}

/* Who does not look at the outcome of a try, or of a thread's creation, takes it to succeed, and
 * has to give the lock back or to join. So with what is kept under a key. */
static bool is_ignored_failure(const Engine *e, const Summary *summary, const Instruction *inst,
                               uint32_t number) {
  const Case *self = &summary->cases[number];
  if (!inst->result || e->used_temps[inst->result] || takes(self) ||
      (e->analysis->without & WITHOUT_IGNORED))
    return false;
  for (uint32_t i = 0; i < summary->case_count; i++)
    if (takes(&summary->cases[i]) && results_differ(summary->terms, self, &summary->cases[i]))
      return true;
  return false;
}

/* Attributes that the function itself was given: its callers know, or whoever set them. */
static TermId attributes_from_outside(Call *c, const Case *k) {
  for (uint32_t i = 0; i < k->effect_count; i++) {
    const Effect *effect = &k->effects[i];
    if (effect->action != ACTION_SPAWN || !effect->with ||
        of_outcome(c->summary->terms, effect->with))
      continue;
    TermId with = substitute(c, effect->with);
    TermId detached = engine_attributes_detached(c->e, c->state, with);
    if (engine_decide(c->e, c->state, detached) == UNKNOWN && outside_knows(c->e, detached))
      return with;
  }
  return 0;
}

/* A primitive creates a thread with such attributes: detached or joinable, each with a state of its
 * own, so that callers are told of both. */
static bool apply_with_attributes(Call *c, const Case *k, const State *state, State **joinable) {
  *joinable = NULL;
  c->attributes = attributes_from_outside(c, k);
  if (!c->attributes || !(c->summary->flags & SUMMARY_MODEL))
    return apply_case(c, k, c->plain);
  TermId detached = engine_attributes_detached(c->e, c->state, c->attributes);
  if (engine_assume(c->e, c->state, detached, false) && apply_case(c, k, c->plain))
    *joinable = c->state;
  c->state = state_copy(c->e->transit, state);
  return engine_assume(c->e, c->state, detached, true) && apply_case(c, k, c->plain);
}

static uint32_t apply_cases(Call *c, const State *state, bool all, State **out) {
  Engine *e = c->e;
  uint32_t count = 0;
  for (uint32_t i = 0; i < c->summary->case_count; i++) {
    const Case *k = &c->summary->cases[i];
    if (!all && is_ignored_failure(e, c->summary, c->inst, i))
      continue;
    c->state = state_copy(e->transit, state);
    State *joinable;
    bool applies = apply_with_attributes(c, k, state, &joinable);
    if (joinable && count < CASES_PER_CALL)
      count = finish(e, joinable, c->inst, c->result, out, count);
    if (!applies || count >= CASES_PER_CALL)
      continue;
    if (e->follows_ways && e->here == e->opening)
      c->state->is_opened = case_opens(k, e->opening_place);
    engine_pin_case(e, c->state, i);
    if (c->inst->result)
      note_failed_try(c, k, c->symbol);
    count = finish(e, c->state, c->inst, c->result, out, count);
  }
  return count;
}

static void tell_call(Engine *e, const CallSeen *call) {
  if (e->observer && e->observer->on_call)
    e->observer->on_call(e->observer, e, call);
}

uint32_t engine_call(Engine *e, State *state, const Instruction *inst, State **out) {
  Call c = {.e = e, .state = state, .inst = inst};
  c.arg_count = inst->arg_count < ARGUMENT_LIMIT ? inst->arg_count : ARGUMENT_LIMIT;
  for (uint32_t i = 0; i < c.arg_count; i++)
    c.args[i] = engine_value(e, state, e->f->args[inst->args + i]);
  c.symbol = engine_called_symbol(e, engine_value(e, state, inst->a));
  c.summary = c.symbol ? engine_summary(e, c.symbol) : NULL;
  const Node *callee = &e->f->nodes[inst->a];
  const Symbol *declared = callee->kind == NODE_FUNCTION ? &e->f->symbols[callee->a] : NULL;
  c.plain = engine_error_pointer(e, state);
  CallSeen call = seen(&c);
  tell_call(e, &call);
  if (state->opened_count)
    engine_output_given(e, state, &call);
  bool without_noreturn = (e->analysis->without & WITHOUT_NORETURN) != 0;
  e->may_end |= (inst->flags & CALL_NORETURN) != 0;
  if (c.summary && !c.summary->case_count)
    engine_note_flags(e, c.summary); // no case does; what it writes nobody sees afterwards
  if (c.summary && (c.summary->flags & SUMMARY_ENDS_THREAD)) {
    e->may_end = true;
    end_thread(e, state);
    return 0;
  }
  if ((inst->flags & CALL_NORETURN) && !without_noreturn)
    return 0;
  if (c.summary || !declared || !(declared->flags & SYMBOL_SYSTEM))
    engine_note_passed(e, c.summary, c.args, c.arg_count);
  if (!c.summary || (c.summary->flags & SUMMARY_UNKNOWN)) {
    unknown_call(&c, declared);
    engine_gone(e, c.state, e->here);
    return finish(e, c.state, inst, c.plain, out, 0);
  }
  engine_note_point(e, state, inst, c.summary);
  if (engine_is_question(c.summary) && inst->result && !(e->analysis->without & WITHOUT_PURE))
    c.plain = engine_answer(e, state, &call);
  uint32_t count = apply_cases(&c, state, false, out);
  return count ? count : apply_cases(&c, state, true, out);
}
