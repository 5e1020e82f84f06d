/* output.c - what a function opens and leaves in `*out` for its caller, as it opens what it returns
 * (leak/result.c). Which ways out leave something there is part of the key of a state, so that the
 * cases of the summary tell them apart, as with locks (summarise.c). */
#include "analysis/engine.h"

#include <string.h>

#include "analysis/leak/leak.h"
#include "base/guard.h"
#include "ir/parts.h"

enum { PARAMETERS = 32, LEFT_BY_CALLEE = 200 };

bool effect_opens(const Effect *effect) {
  return effect->action == ACTION_OPEN &&
         (effect->resource == RESOURCE_FILE || effect->resource == RESOURCE_MEMORY);
}

bool case_opens(const Case *k, TermId place) {
  for (uint32_t i = 0; i < k->effect_count; i++)
    if (k->effects[i].action == ACTION_OPEN && k->effects[i].place == place)
      return true;
  return false;
}

/* ---- which parameters */

/* The parameter that `pointer` is the unchanged value of, for all that this node says. */
static uint32_t parameter_of(const Function *f, NodeId pointer) {
  const Node *node = &f->nodes[without_casts(f, pointer)];
  return node->kind == NODE_VAR && node->a < f->parameter_count && node->a < PARAMETERS
             ? node->a
             : PARAMETERS;
}

/* The one behind which a place is: `*out`. */
static uint32_t behind(const Function *f, NodeId place) {
  const Node *node = &f->nodes[place];
  return node->kind == NODE_DEREF ? parameter_of(f, node->a) : PARAMETERS;
}

bool engine_stores_output(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  const Term *pointer = term->kind == TERM_DEREF ? term_at(e->terms, term->a) : NULL;
  if (!pointer || pointer->kind != TERM_PARAM || pointer->a >= PARAMETERS)
    return false;
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    if (inst->kind == INST_STORE && behind(e->f, inst->a) == pointer->a)
      return true;
  }
  return false;
}

/* Parameters behind which the instruction may leave something that was opened. */
static uint32_t filled_by(Engine *e, const Instruction *inst) {
  const Function *f = e->f;
  int64_t constant;
  if (inst->kind == INST_STORE) {
    uint32_t parameter = behind(f, inst->a);
    return parameter < PARAMETERS && !leak_constant(f, inst->b, &constant) ? 1u << parameter : 0;
  }
  const Summary *callee = inst->kind == INST_CALL ? owner_callee(e, inst) : NULL;
  uint32_t filled = 0;
  for (uint32_t n = 0; callee && n < callee->case_count; n++)
    for (uint32_t k = 0; k < callee->cases[n].effect_count; k++) {
      const Effect *effect = &callee->cases[n].effects[k];
      const Term *place = term_at(callee->terms, effect->place);
      if (!effect_opens(effect) || place->kind != TERM_DEREF ||
          term_at(callee->terms, place->a)->kind != TERM_PARAM)
        continue;
      uint32_t argument = term_at(callee->terms, place->a)->a;
      uint32_t parameter =
          argument < inst->arg_count ? parameter_of(f, f->args[inst->args + argument]) : PARAMETERS;
      filled |= parameter < PARAMETERS ? 1u << parameter : 0;
    }
  return filled;
}

/* Is `*out` set on all ways to where it is read? */
static bool is_set_before(const Engine *e, uint32_t parameter, uint32_t read) {
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    Index from = e->inst_blocks[i], to = e->inst_blocks[read];
    if (inst->kind == INST_STORE && behind(e->f, inst->a) == parameter &&
        (from == to ? i < read
                    : e->cfg->position[from] != NO_BLOCK && cfg_dominates(e->cfg, from, to)))
      return true;
  }
  return false;
}

/* Parameters that are another pointer on the way, or behind which the caller has left something
 * that is read here. */
static uint32_t unfit(const Engine *e, uint32_t which) {
  const Function *f = e->f;
  uint32_t unfit = 0;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    const Node *place = &f->nodes[inst->a];
    if (inst->kind == INST_STORE && place->kind == NODE_LOCAL && place->a < PARAMETERS)
      unfit |= 1u << place->a;
    uint32_t read = inst->kind == INST_LOAD ? behind(f, inst->a) : PARAMETERS;
    if (read < PARAMETERS && (which >> read & 1) &&
        e->cfg->position[e->inst_blocks[i]] != NO_BLOCK && !is_set_before(e, read, i))
      unfit |= 1u << read;
  }
  return unfit;
}

static bool opens_something(Engine *e) {
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    const Summary *callee = inst->kind == INST_CALL ? owner_callee(e, inst) : NULL;
    for (uint32_t n = 0; callee && n < callee->case_count; n++)
      for (uint32_t k = 0; k < callee->cases[n].effect_count; k++)
        if (effect_opens(&callee->cases[n].effects[k]))
          return true;
  }
  return false;
}

void engine_find_outputs(Engine *e) {
  uint32_t found = 0;
  if (!guard_on("outputs"))
    return;
  for (uint32_t i = 0; i < e->f->instruction_count; i++)
    found |= filled_by(e, &e->f->instructions[i]);
  found &= found ? ~unfit(e, found) : 0;
  for (uint32_t i = 0; i < e->f->parameter_count && i < PARAMETERS; i++)
    if (e->f->locals[i].flags & LOCAL_ADDRESS_TAKEN)
      found &= ~(1u << i);
  e->outputs = found && opens_something(e) ? found : 0;
}

/* ---- on the way */

static bool is_output(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  const Term *pointer = term->kind == TERM_DEREF ? term_at(e->terms, term->a) : term;
  return pointer->kind == TERM_PARAM && pointer->a < PARAMETERS && (e->outputs >> pointer->a & 1);
}

static void drop(State *state, uint32_t at) {
  state->opened_count--;
  for (uint32_t i = at; i < state->opened_count; i++)
    state->opened[i] = state->opened[i + 1];
}

static void add(State *state, Opened opened) {
  uint32_t at = state->opened_count;
  if (at == OPENED_LIMIT) // Unsound: what else it leaves to its caller is not followed
    return;
  for (; at > 0 && state->opened[at - 1].place > opened.place; at--)
    state->opened[at] = state->opened[at - 1];
  state->opened[at] = opened;
  state->opened_count++;
}

bool state_join_opened(State *into, const State *from) {
  bool changed = false;
  for (uint32_t i = 0; i < into->opened_count && i < from->opened_count; i++)
    if (into->opened[i].value && into->opened[i].value != from->opened[i].value) {
      into->opened[i].value = 0;
      changed = true;
    }
  return changed;
}

static TermId uncast(const Engine *e, TermId value) {
  while (term_at(e->terms, value)->kind == TERM_CAST)
    value = term_at(e->terms, value)->a;
  return value;
}

/* What the call opens as its result, if the value is that. */
static bool is_opened(Engine *e, TermId value, Opened *opened) {
  const Term *term = term_at(e->terms, uncast(e, value));
  if (term->kind != TERM_FRESH || term->b || term->a >= e->f->instruction_count)
    return false;
  const Instruction *inst = &e->f->instructions[term->a];
  const Summary *callee = inst->kind == INST_CALL ? owner_callee(e, inst) : NULL;
  for (uint32_t n = 0; callee && n < callee->case_count; n++)
    for (uint32_t k = 0; k < callee->cases[n].effect_count; k++) {
      const Effect *effect = &callee->cases[n].effects[k];
      if (!effect_opens(effect) || effect->other ||
          term_at(callee->terms, effect->place)->kind != TERM_RESULT)
        continue;
      *opened = (Opened){.resource = effect->resource, .kind = effect->text, .since = term->a};
      return true;
    }
  return false;
}

void engine_output_stored(Engine *e, State *state, TermId place, TermId value) {
  Opened opened = {0};
  bool is_one = is_opened(e, value, &opened);
  for (uint32_t i = 0; i < state->opened_count && !is_one; i++) {
    is_one = uncast(e, value) == state->opened[i].value ||
             uncast(e, value) == uncast(e, engine_load(e, state, state->opened[i].place));
    opened = state->opened[i];
  }
  for (uint32_t i = state->opened_count; i-- > 0;)
    if (state->opened[i].place == place || (is_one && opened.place == state->opened[i].place))
      drop(state, i);
  opened.place = place;
  opened.value = uncast(e, value);
  if (is_one && is_output(e, place))
    add(state, opened);
}

void engine_output_opened(Engine *e, State *state, const Effect *effect, TermId place) {
  if (!is_output(e, place) && term_at(e->terms, place)->kind != TERM_LOCAL)
    return;
  for (uint32_t i = state->opened_count; i-- > 0;)
    if (state->opened[i].place == place)
      drop(state, i);
  add(state,
      (Opened){
          .place = place, .resource = effect->resource, .kind = effect->text, .since = e->here});
}

void engine_output_left(Engine *e, State *state, TermId argument, uint32_t number) {
  if (e->outputs && term_at(e->terms, argument)->kind == TERM_PARAM)
    state_store(state, engine_deref(e, argument), engine_fresh(e, LEFT_BY_CALLEE + number));
}

void engine_output_given(Engine *e, State *state, const CallSeen *call) {
  const Instruction *inst = &e->f->instructions[call->instruction];
  Fates fates = owner_fates(e, inst, NULL, FATES_POSSIBLE);
  for (uint32_t i = state->opened_count; i-- > 0;) {
    TermId place = state->opened[i].place, value = state->opened[i].value;
    TermId now = uncast(e, engine_load(e, state, place));
    bool gone = false;
    for (uint32_t k = 0; k < call->arg_count && !gone; k++) {
      bool is_value = engine_contains(e, call->args[k], now) ||
                      (value && engine_contains(e, call->args[k], value));
      bool is_place = call->args[k] == engine_address(e, place);
      gone = (is_value && ((fates.keeps | fates.closes) & fate_bit(k))) ||
             (is_place && ((fates.keeps | fates.closes | fates.disturbs) & fate_bit(k)));
    }
    if (gone)
      drop(state, i);
  }
}

/* ---- for callers */

static TermId left_there(Engine *e, State *state, const Opened *opened) {
  return opened->value ? opened->value : engine_load(e, state, opened->place);
}

static bool is_for_caller(Engine *e, State *state, const Opened *opened) {
  bool is_alone = (e->alone && e->alone[opened->since]) ||
                  filled_by(e, &e->f->instructions[opened->since]); // handed through
  return is_alone && is_output(e, opened->place) &&
         leak_may_be_open(e, state, opened->kind, left_there(e, state, opened));
}

TermId engine_failed(Engine *e, TextId kind, TermId value) {
  bool number = !strcmp(text_of(e->program->symbols, kind), "fd");
  return engine_binary(e, number ? OPERATOR_LT : OPERATOR_EQ, value, term_constant(e->terms, 0));
}

/* The way out on which all of it is open; `failed`: the one on which it is not, if there is one. */
static bool split(Engine *e, Exit *exit, Exit *failed) {
  State *state = (State *)exit->state, *without = state_copy(e->arena, state);
  bool may_fail = true; // Unsound: of several, all have failed
  for (uint32_t i = 0; i < state->opened_count; i++) {
    const Opened *opened = &state->opened[i];
    TermId failed_one = engine_failed(e, opened->kind, left_there(e, state, opened));
    may_fail &= engine_assume(e, without, failed_one, true);
    engine_assume(e, state, failed_one, false);
  }
  without->opened_count = 0;
  *failed = *exit;
  failed->state = without;
  engine_range_result(e, exit);
  engine_range_result(e, failed);
  return may_fail;
}

Exit *engine_output_exits(Engine *e, Exit *exits, uint32_t *count) {
  if (!e->outputs)
    return exits;
  Exit *made = arena_new_array(e->arena, Exit, (size_t)*count * 2);
  uint32_t made_count = 0;
  for (uint32_t i = 0; i < *count; i++) {
    State *state = (State *)exits[i].state;
    for (uint32_t k = state->opened_count; k-- > 0;)
      if (!is_for_caller(e, state, &state->opened[k]))
        drop(state, k);
    made[made_count] = exits[i];
    made_count += state->opened_count && split(e, &made[made_count], &made[made_count + 1]) ? 2 : 1;
  }
  *count = made_count;
  return made;
}
