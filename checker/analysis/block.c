/* block.c - the transfer function: one block's instructions, then one edge. */
#include "analysis/engine.h"

#include "base/guard.h"
#include "ir/parts.h"

static bool is_name_only(const Engine *e, NodeId place) {
  const Node *node = &e->f->nodes[place];
  return node->kind == NODE_LOCAL && !(e->f->locals[node->a].flags & LOCAL_ADDRESS_TAKEN);
}

static bool rooted_in_local(const Engine *e, TermId place, Index local) {
  for (;;) {
    const Term *term = term_at(e->terms, place);
    if (term->kind == TERM_LOCAL)
      return term->a == local;
    if (term->kind != TERM_FIELD && term->kind != TERM_INDEX)
      return false;
    place = term->a;
  }
}

/* A handle may die before its thread: somebody should have joined it. */
static bool is_live_thread(const LockEntry *entry) {
  return entry->resource == RESOURCE_THREAD && entry->now == LOCK_HELD;
}

/* A scope that runs a handler when the thread is cancelled. Unsound: any handler is taken to mend
 * all that is open, and a cleanup attribute to be compiled with -fexceptions. */
static void guard_scope(Engine *e, State *state, Index local, bool begins) {
  if (e->f->locals[local].flags & LOCAL_CLEANUP)
    engine_shield(e, state, begins);
}

static void end_scope(Engine *e, State *state, Index local) {
  if (state->lifetime_count)
    engine_lifetime_stored(e, state, term_make(e->terms, TERM_LOCAL, 0, local, 0, 0));
  guard_scope(e, state, local, false);
  for (uint32_t i = 0; i < state->lock_count;)
    if (rooted_in_local(e, state->locks[i].place, local) && !is_live_thread(&state->locks[i]) &&
        !engine_lent_ends(e, state, &state->locks[i]))
      state_drop_lock(state, &state->locks[i]);
    else
      i++;
}

static void declare(Engine *e, State *state, Index local) {
  guard_scope(e, state, local, true);
  state_set_value(state, local, 0);
  if (!(e->f->locals[local].flags & LOCAL_ADDRESS_TAKEN))
    return;
  TermId place = term_make(e->terms, TERM_LOCAL, 0, local, 0, 0);
  engine_havoc(e, state, engine_class(e, place));
}

/* Inline assembly clobbers what it is given the address of (ANALYSIS B.6). */
static void assembly(Engine *e, State *state, const Instruction *inst) {
  e->impure |=
      inst->arg_count || !guard_on("barrier"); // without operands, it holds up the compiler
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    TermId value = engine_value(e, state, e->f->args[inst->args + i]);
    const Term *term = term_at(e->terms, value);
    if (term->kind != TERM_ADDRESS)
      continue;
    engine_havoc(e, state, engine_class(e, term->a));
    engine_escape(e, state, value);
  }
}

/* What selects an element is no sentinel, should `if (slot >= 0)` ask again (L-F28).
 * Unsound: a pointer to the middle of an array may be moved back by a variable. */
static void note_index(Engine *e, State *state, NodeId place) {
  const Node *node = &e->f->nodes[place];
  while (node->kind == NODE_FIELD)
    node = &e->f->nodes[node->a];
  if (node->kind == NODE_DEREF)
    node = &e->f->nodes[node->a];
  if (node->kind != NODE_INDEX && node->kind != NODE_SHIFT)
    return;
  NodeId index = without_casts(e->f, node->b);
  const Node *var = &e->f->nodes[index];
  if (!e->tested || var->kind != NODE_VAR || !e->tested[var->a])
    return;
  TermId value = engine_value(e, state, index);
  engine_assume(e, state, engine_binary(e, OPERATOR_LT, value, term_constant(e->terms, 0)), false);
}

/* What is read or written through a pointer is there. */
static void note_read(Engine *e, State *state, NodeId place) {
  const Node *node = &e->f->nodes[place];
  for (; node->kind == NODE_FIELD || node->kind == NODE_INDEX; node = &e->f->nodes[node->a])
    ;
  if ((e->follows_ways || e->outputs) && node->kind == NODE_DEREF)
    engine_assume(e, state, engine_value(e, state, node->a), true);
}

/* Everything but calls: one state in, the same state out. */
static void step(Engine *e, State *state, const Instruction *inst) {
  if (inst->kind == INST_STORE || inst->kind == INST_ASM)
    engine_gone(e, state, e->here);
  switch ((InstructionKind)inst->kind) {
  case INST_LOAD:
    note_index(e, state, inst->a);
    note_read(e, state, inst->a);
    engine_lent_read(e, state, engine_place(e, state, inst->a));
    state_set_value(state, e->temp_slots[inst->result],
                    engine_load(e, state, engine_place(e, state, inst->a)));
    break;
  case INST_STORE: {
    TermId value = engine_value(e, state, inst->b);
    if (is_name_only(e, inst->a)) {
      engine_thread_dropped(e, state, e->f->nodes[inst->a].a, value);
      state_set_value(state, e->f->nodes[inst->a].a, value);
      break;
    }
    note_index(e, state, inst->a);
    note_read(e, state, inst->a);
    TermId place = engine_place(e, state, inst->a);
    if (state->lifetime_count)
      engine_lifetime_stored(e, state, place);
    engine_lock_cleared(e, state, place, value);
    engine_thread_stored(e, state, place, value);
    engine_note_stored(e, place, value);
    if (e->outputs)
      engine_output_stored(e, state, place, value);
    engine_store(e, state, place, value);
    break;
  }
  case INST_COPY:
    state_set_value(state, e->temp_slots[inst->result], engine_value(e, state, inst->a));
    break;
  case INST_DECLARE:
    declare(e, state, inst->a);
    break;
  case INST_SCOPE_END:
    end_scope(e, state, inst->a);
    break;
  case INST_ASM:
    assembly(e, state, inst);
    break;
  default:
    break;
  }
}

/* Outcomes that a branch will tell apart: joined now, what came with each would be lost. */
static bool outcomes_differ(Engine *e, State *a, State *b, const Instruction *inst) {
  if (a->is_opened != b->is_opened)
    return true;
  if (!inst->result)
    return false;
  uint32_t slot = e->temp_slots[inst->result];
  TermId x = state_value(a, slot), y = state_value(b, slot);
  if (!x || !y)
    return false;
  const Term *left = term_at(e->terms, x), *right = term_at(e->terms, y);
  if (left->kind == TERM_CONSTANT && right->kind == TERM_CONSTANT)
    return left->value != right->value;
  Decision of_a = engine_decide(e, a, x), of_b = engine_decide(e, b, y);
  return of_a != of_b && of_a != UNKNOWN && of_b != UNKNOWN;
}

uint32_t engine_gather(Engine *e, State **out, uint32_t count, State *state,
                       const Instruction *inst) {
  for (uint32_t i = 0; i < count; i++)
    if (state_same_key(out[i], state) &&
        (count >= CASES_PER_CALL || !outcomes_differ(e, out[i], state, inst))) {
      engine_join(e, out[i], state);
      out[i]->is_opened |= state->is_opened;
      return count;
    }
  if (count == STATES_PER_BLOCK) {
    e->degraded = true;
    e->degraded_why = "too many states in one block";
    return count; // Unsound: the way is lost, and the function listed as degraded
  }
  out[count] = state;
  return count + 1;
}

static uint32_t run_call(Engine *e, const Instruction *inst, State **out, uint32_t count) {
  State *before[STATES_PER_BLOCK], *after[CASES_PER_CALL];
  for (uint32_t i = 0; i < count; i++)
    before[i] = out[i];
  uint32_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t successors = engine_call(e, before[i], inst, after);
    for (uint32_t k = 0; k < successors; k++)
      total = engine_gather(e, out, total, after[k], inst);
  }
  return total;
}

static void tell_access(Engine *e, const Instruction *inst, State *const *states, uint32_t count) {
  bool accesses = inst->kind == INST_LOAD || inst->kind == INST_STORE || inst->kind == INST_CALL;
  for (uint32_t i = 0; i < count && accesses; i++)
    e->observer->on_access(e->observer, e, states[i]);
}

uint32_t engine_run_block(Engine *e, const State *in, State **out) {
  const Block *block = &e->f->blocks[in->block];
  uint32_t count = 1;
  out[0] = state_copy(e->transit, in);
  e->observed = in;
  for (uint32_t i = block->first; i < block->first + block->count && count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    e->here = i;
    if (e->observer && e->lock_event_count)
      tell_access(e, inst, out, count);
    bool ignored = (inst->flags & CALL_SCOPE_CLEANUP) && (e->analysis->without & WITHOUT_CLEANUP);
    if (inst->kind == INST_CALL && !ignored)
      count = run_call(e, inst, out, count);
    else
      for (uint32_t k = 0; k < count; k++)
        step(e, out[k], inst);
  }
  return count;
}

static bool assume_case(Engine *e, State *state, TermId value, const Edge *edge) {
  int64_t low, high;
  engine_range(e, state, value, &low, &high);
  if (edge->high < low || edge->low > high)
    return false;
  if (edge->low == edge->high)
    return engine_assume(
        e, state, engine_binary(e, OPERATOR_EQ, value, term_constant(e->terms, edge->low)), true);
  return term_at(e->terms, value)->kind == TERM_CONSTANT ||
         state_restrict(state, value, edge->low, edge->high);
}

static bool assume_default(Engine *e, State *state, TermId value, const Block *block) {
  for (uint32_t i = 0; i + 1 < block->edge_count; i++) {
    const Edge *edge = &e->f->edges[block->edges + i];
    if (edge->low == edge->high &&
        !engine_assume(e, state,
                       engine_binary(e, OPERATOR_EQ, value, term_constant(e->terms, edge->low)),
                       false))
      return false;
  }
  return true;
}

/* A switch without `default` that goes on behind its cases is taken to name all of them. Where the
 * default leaves the loop around it, the cases go round instead, and it is the only way on.
 * Unsound: a value that none of them names is not followed. */
static bool is_implicit_default(const Engine *e, Index index, uint32_t number) {
  const Block *block = &e->f->blocks[index];
  const Edge *edge = &e->f->edges[block->edges + number];
  return number + 1 == block->edge_count && block->edge_count > 2 &&
         e->cfg->post_dominator[index] == edge->block &&
         e->cfg->innermost[index] == e->cfg->innermost[edge->block];
}

static int64_t sign_of(Engine *e, State *state, TermId value) {
  int64_t low, high;
  engine_range(e, state, value, &low, &high);
  return high < 0 ? -1 : low > 0 ? 1 : !low && !high ? 0 : PIN_UNKNOWN;
}

static void set_pins(Engine *e, State *state) {
  for (uint32_t i = 0; i < e->pin_count; i++) {
    TermId id = state_value(state, e->pins[i]);
    const Term *value = id ? term_at(e->terms, id) : NULL;
    int64_t pin = value && value->kind == TERM_CONSTANT ? value->value : PIN_UNKNOWN;
    if (id && (int32_t)i == e->return_pin)
      pin = sign_of(e, state, id);
    bool live = e->live_pins[state->block] >> i & 1;
    state->pins[i] = live ? pin : 0;
  }
}

State *engine_take_edge(Engine *e, const State *after, Index index, uint32_t number) {
  const Block *block = &e->f->blocks[index];
  const Edge *edge = &e->f->edges[block->edges + number];
  State *state = state_copy(e->transit, after);
  e->here = block->first + block->count;
  bool feasible = true;
  if (block->terminator == TERM_BRANCH) {
    feasible = engine_assume(e, state, engine_value(e, state, block->value), number == 0);
  } else if (block->terminator == TERM_SWITCH) {
    TermId value = engine_value(e, state, block->value);
    if (number + 1 < block->edge_count)
      feasible = assume_case(e, state, value, edge);
    else
      feasible = assume_default(e, state, value, block) &&
                 (term_at(e->terms, value)->kind == TERM_CONSTANT ||
                  !is_implicit_default(e, index, number));
  }
  if (!feasible)
    return NULL;
  if (cfg_is_back_edge(e->cfg, index, edge->block))
    engine_cross_back_edge(e, state, edge->block);
  else if (e->parts_ways || e->follows_ways)
    engine_enter_loop(e, state, edge->block);
  state->block = edge->block;
  set_pins(e, state);
  for (uint32_t i = 0; i < e->branch_pin_count; i++)
    if (e->branch_pins[i] == index)
      state->pins[e->pin_count + i] = number + 1;
  return state;
}
