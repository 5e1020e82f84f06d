/* prepare.c - what the engine needs to know of a function before it runs: where temps live, which
 * calls matter, and which flags are pinned. */
#include "analysis/engine.h"

#include <string.h>

#include "ir/parts.h"

/* ---- temps: those that live across blocks get a slot of their own, the others share */

typedef struct {
  Engine *e;
  Index *defined_in; // per temp
  Index *seen;       // per node: last block that visited it, + 1
  bool *across;      // per temp
} TempScan;

static void scan_node(TempScan *scan, NodeId id, Index block) {
  if (!id || scan->seen[id] == block + 1)
    return;
  scan->seen[id] = block + 1;
  const Node *node = &scan->e->f->nodes[id];
  if (node->kind == NODE_TEMP) {
    scan->e->used_temps[node->a] = true;
    scan->across[node->a] |= scan->defined_in[node->a] != block;
    TypeKind kind = scan->e->f->types[node->type].kind;
    scan->e->answers[node->a] |= kind == TYPE_BOOL || kind == TYPE_SIGNED || kind == TYPE_UNSIGNED;
  }
  NodeParts parts = node_parts(node);
  scan_node(scan, parts.a, block);
  scan_node(scan, parts.b, block);
}

static void scan_block(TempScan *scan, Index b) {
  const Function *f = scan->e->f;
  const Block *block = &f->blocks[b];
  for (uint32_t i = block->first; i < block->first + block->count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_DECLARE && inst->kind != INST_SCOPE_END) {
      scan_node(scan, inst->a, b);
      scan_node(scan, inst->b, b);
    }
    for (uint32_t k = 0; k < inst->arg_count; k++)
      scan_node(scan, f->args[inst->args + k], b);
  }
  scan_node(scan, block->value, b);
}

static void place_temps(Engine *e) {
  const Function *f = e->f;
  TempScan scan = {.e = e,
                   .defined_in = arena_new_array(e->arena, Index, f->temp_count + 1),
                   .seen = arena_new_array(e->arena, Index, f->node_count),
                   .across = arena_new_array(e->arena, bool, f->temp_count + 1)};
  e->used_temps = arena_new_array(e->arena, bool, f->temp_count + 1);
  e->answers = arena_new_array(e->arena, bool, f->temp_count + 1);
  e->inst_blocks = arena_new_array(e->arena, Index, f->instruction_count);
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      e->inst_blocks[i] = b;
      scan.defined_in[f->instructions[i].result] = b;
    }
  for (Index b = 0; b < f->block_count; b++)
    scan_block(&scan, b);
  e->temp_slots = arena_new_array(e->arena, uint32_t, f->temp_count + 1);
  e->slot_count = f->local_count;
  for (uint32_t t = 1; t <= f->temp_count; t++)
    if (scan.across[t])
      e->temp_slots[t] = e->slot_count++;
  uint32_t shared = e->passing = e->slot_count;
  for (Index b = 0; b < f->block_count; b++) {
    uint32_t next = shared;
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      uint32_t t = f->instructions[i].result;
      if (t && !scan.across[t])
        e->temp_slots[t] = next++;
    }
    if (next > e->slot_count)
      e->slot_count = next;
  }
}

/* ---- events */

static bool has_event(const Summary *summary, Resource resource) {
  for (uint32_t i = 0; i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++)
      if (summary->cases[i].effects[k].resource == resource)
        return true;
  return false;
}

static void find_events(Engine *e) {
  const Function *f = e->f;
  e->event_calls = arena_new_array(e->arena, bool, f->instruction_count);
  e->noted = arena_new_array(e->arena, const Summary *, f->instruction_count);
  e->calls = arena_new_array(e->arena, CallCache, CALLS_CACHED);
  e->constants = arena_new_array(e->arena, ConstantCache, CONSTANTS_CACHED);
  e->error_numbers = arena_new_array(e->arena, bool, f->instruction_count);
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    const Node *callee = &f->nodes[inst->a];
    e->has_cleanup |= (inst->flags & CALL_SCOPE_CLEANUP) != 0;
    if (inst->kind != INST_CALL || callee->kind != NODE_FUNCTION)
      continue;
    const Summary *summary = engine_summary(e, e->function->symbols[callee->a]);
    bool locks = summary && has_event(summary, RESOURCE_LOCK);
    e->event_calls[i] = locks || (summary && (has_event(summary, RESOURCE_THREAD) ||
                                              has_event(summary, RESOURCE_ATTRIBUTES)));
    e->error_numbers[i] = summary && (summary->flags & SUMMARY_ERROR_NUMBER) &&
                          !(e->analysis->without & WITHOUT_ERRNO);
    e->has_error_number |= e->error_numbers[i];
    e->asks = e->asks || (summary && engine_hangs_on_answer(summary));
    e->event_count += e->event_calls[i];
    e->lock_event_count += locks;
    e->locks_itself |= locks && (summary->flags & SUMMARY_MODEL);
  }
}

/* ---- pinned flags (ANALYSIS B.3): locals that are only assigned constants (or nothing) and are
 * tested by branches; those whose branches stand next to an event first. */

typedef struct {
  uint32_t constant_stores, other_stores, tests;
} Flag;

static NodeId tested_var(const Function *f, NodeId id) {
  for (;;) {
    const Node *node = &f->nodes[id];
    if (node->kind == NODE_VAR)
      return id;
    bool comparison = node->kind == NODE_BINARY &&
                      (node->operator== OPERATOR_EQ || node->operator== OPERATOR_NE ||
                       node->operator== OPERATOR_LT || node->operator== OPERATOR_AND);
    if (!comparison && node->kind != NODE_UNARY && node->kind != NODE_CAST)
      return 0;
    if (comparison && f->nodes[node->a].kind == NODE_CONSTANT)
      id = node->b;
    else
      id = node->a;
  }
}

static bool block_has_event(const Engine *e, Index b) {
  const Block *block = &e->f->blocks[b];
  for (uint32_t i = block->first; i < block->first + block->count; i++)
    if (e->event_calls[i])
      return true;
  return false;
}

/* Constants, and the results of comparisons: their value stays what it was when they were set. */
static bool is_flag_value(const Function *f, NodeId id) {
  const Node *node = &f->nodes[id];
  if (node->kind == NODE_CONSTANT)
    return true;
  if (node->kind == NODE_CAST || node->kind == NODE_UNARY)
    return node->operator== OPERATOR_NOT || is_flag_value(f, node->a);
  return node->kind == NODE_BINARY &&
         (node->operator== OPERATOR_EQ || node->operator== OPERATOR_NE ||
          node->operator== OPERATOR_LT);
}

/* i + 1, i - 2: `local` moved by a constant. */
static bool is_step(const Function *f, Index local, NodeId id) {
  const Node *node = &f->nodes[without_casts(f, id)];
  if (!is_sum(node))
    return false;
  const Node *left = &f->nodes[without_casts(f, node->a)], *right = &f->nodes[node->b];
  return left->kind == NODE_VAR && left->a == local && right->kind == NODE_CONSTANT;
}

const Variation *engine_varying(Engine *e, Index loop) {
  if (!e->varying)
    e->varying = arena_new_array(e->arena, Variation *, e->cfg->loop_count);
  if (e->varying[loop])
    return e->varying[loop];
  Variation *varies = arena_new_array(e->arena, Variation, e->f->local_count + 1u);
  for (uint32_t b = 0; b < e->cfg->loops[loop].block_count; b++) {
    const Block *block = &e->f->blocks[e->cfg->loops[loop].blocks[b]];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      const Instruction *inst = &e->f->instructions[i];
      if (inst->kind == INST_DECLARE)
        varies[inst->a].declared = true;
      if (inst->kind != INST_STORE || e->f->nodes[inst->a].kind != NODE_LOCAL ||
          is_flag_value(e->f, inst->b))
        continue;
      Index local = e->f->nodes[inst->a].a;
      bool counts = varies[local].how != VARIES && is_step(e->f, local, inst->b);
      varies[local].how = counts ? COUNTS : VARIES;
    }
  }
  return e->varying[loop] = varies;
}

/* `pool->count + 1`, stored where it was read. */
static bool is_step_of(const Function *f, const Block *block, uint32_t store) {
  const Node *node = &f->nodes[without_casts(f, f->instructions[store].b)];
  if (!is_sum(node) || f->nodes[node->b].kind != NODE_CONSTANT)
    return false;
  const Node *left = &f->nodes[without_casts(f, node->a)];
  for (uint32_t i = store; i-- > block->first && left->kind == NODE_TEMP;) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_LOAD && inst->result == left->a)
      return inst->a == f->instructions[store].a;
  }
  return false;
}

const TextId *engine_counters(Engine *e, Index loop) {
  const Function *f = e->f;
  if (!e->counters)
    e->counters = arena_new_array(e->arena, TextId *, e->cfg->loop_count);
  if (e->counters[loop])
    return e->counters[loop];
  TextId *found = arena_new_array(e->arena, TextId, f->symbol_count + 1u);
  uint32_t count = 0;
  for (uint32_t b = 0; b < e->cfg->loops[loop].block_count; b++) {
    const Block *block = &f->blocks[e->cfg->loops[loop].blocks[b]];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      const Node *place = &f->nodes[f->instructions[i].a];
      bool named = place->kind == NODE_FIELD || place->kind == NODE_GLOBAL;
      if (f->instructions[i].kind != INST_STORE || !named || !is_step_of(f, block, i))
        continue;
      TextId symbol =
          place->kind == NODE_FIELD ? engine_field(e, place->b) : e->function->symbols[place->a];
      bool known = false;
      for (uint32_t k = 0; k < count && !known; k++)
        known = found[k] == symbol;
      if (!known)
        found[count++] = symbol;
    }
  }
  return e->counters[loop] = found;
}

static void count_stores(const Engine *e, Flag *flags) {
  const Function *f = e->f;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL)
      continue;
    Flag *flag = &flags[f->nodes[inst->a].a];
    if (f->nodes[inst->b].kind == NODE_CONSTANT)
      flag->constant_stores++;
    else if (!is_flag_value(f, inst->b))
      flag->other_stores++;
  }
}

static void count_tests(const Engine *e, Flag *flags) {
  const Function *f = e->f;
  for (Index b = 0; b < f->block_count; b++) {
    const Block *block = &f->blocks[b];
    if (block->terminator != TERM_BRANCH && block->terminator != TERM_SWITCH)
      continue;
    NodeId var = tested_var(f, block->value);
    if (!var)
      continue;
    uint32_t weight = 1;
    for (uint32_t i = 0; i < block->edge_count; i++)
      if (block_has_event(e, f->edges[block->edges + i].block))
        weight += 10;
    flags[f->nodes[var].a].tests += weight;
    e->tested[f->nodes[var].a] = true;
  }
}

static void pin_returned(Engine *e, const Flag *flags) {
  const Function *f = e->f;
  for (Index b = 0; b < f->block_count; b++) {
    const Block *block = &f->blocks[b];
    if (block->terminator != TERM_RETURN || f->nodes[block->value].kind != NODE_VAR)
      continue;
    Index local = f->nodes[block->value].a;
    if (!flags[local].constant_stores || (f->locals[local].flags & LOCAL_ADDRESS_TAKEN))
      continue;
    e->return_pin = (int32_t)e->pin_count;
    e->pins[e->pin_count++] = local;
    return;
  }
}

static void choose_pins(Engine *e) {
  const Function *f = e->f;
  Flag *flags = arena_new_array(e->arena, Flag, f->local_count);
  e->tested = arena_new_array(e->arena, bool, f->local_count);
  count_stores(e, flags);
  count_tests(e, flags);
  pin_returned(e, flags);
  while (e->pin_count < PIN_LIMIT) {
    Index best = 0;
    uint32_t weight = 0;
    for (Index local = 0; local < f->local_count; local++) {
      const Flag *flag = &flags[local];
      if (flag->tests <= weight || flag->constant_stores < 1 || flag->other_stores ||
          (f->locals[local].flags & LOCAL_ADDRESS_TAKEN))
        continue;
      best = local;
      weight = flag->tests;
    }
    if (!weight)
      return;
    flags[best].tests = 0;
    if (e->return_pin >= 0 && e->pins[e->return_pin] == best) {
      e->return_pin = -1; // tested as a flag: its exact value counts
      continue;
    }
    e->pins[e->pin_count++] = best;
  }
}

void engine_prepare(Engine *e) {
  e->return_pin = -1;
  place_temps(e);
  find_events(e);
  engine_find_outputs(e);
  engine_follow_parameters(e);
  e->parts_ways = e->event_count || e->outputs || e->parted;
  if (e->parts_ways && !(e->analysis->without & WITHOUT_PINS))
    choose_pins(e);
  engine_find_live_pins(e);
}
