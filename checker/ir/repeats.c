/* repeats.c - see repeats.h. A loop is judged by its exit tests: one that is made in every round
 * and compares something that moves in steps with something that stands still. */
#include "ir/repeats_internal.h"

#include <string.h>

#include "ir/parts.h"

enum { NODE_DEPTH = 32 }; // expressions are as deep as their writers like

/* ---- exit tests */

static bool stands_still_within(const LoopJudge *j, NodeId id, uint32_t depth) {
  const Node *node = loop_node(j, id);
  if (!depth--)
    return false;
  switch ((NodeKind)node->kind) {
  case NODE_CONSTANT:
  case NODE_STRING:
  case NODE_FUNCTION:
    return true;
  case NODE_VAR:
    return j->moves[node->a] == MOVES_NOT;
  case NODE_TEMP: {
    const Instruction *inst = loop_definition(j, node);
    bool still = inst->kind == INST_CALL ||
                 (inst->kind == INST_LOAD && stands_still_within(j, inst->a, depth));
    for (uint32_t i = 0; still && inst->kind == INST_CALL && i < inst->arg_count; i++)
      still = stands_still_within(j, j->f->args[inst->args + i], depth); // strlen(s), list_size(l)
    return still || (inst->kind == INST_COPY && stands_still_within(j, inst->a, depth));
  }
  case NODE_GLOBAL:
    return !j->stored[node->a];
  case NODE_FIELD:
    return !j->stored[node->b] && stands_still_within(j, node->a, depth);
  case NODE_LOCAL:
    return j->moves[node->a] == MOVES_NOT;
  case NODE_BINARY:
  case NODE_SHIFT:
  case NODE_INDEX:
    return stands_still_within(j, node->a, depth) && stands_still_within(j, node->b, depth);
  case NODE_ADDRESS:
  case NODE_UNARY:
  case NODE_CAST:
  case NODE_DEREF:
    return stands_still_within(j, node->a, depth);
  default:
    return false;
  }
}

static bool stands_still(const LoopJudge *j, NodeId id) {
  return stands_still_within(j, id, NODE_DEPTH);
}

/* `counter` against `limit`, where the counter is the smaller one of a "less than" or either one
 * of an equality. */
static Repeats judge_comparison(const LoopJudge *j, NodeId counter, NodeId limit) {
  NodeId value = counter;
  Movement ignored;
  Index local = loop_local(j, value);
  if (local == NO_LOOP && loop_stepped_from(j, value, &ignored) != NO_LOOP)
    local = loop_stepped_from(j, value, &ignored); // i + 1 < n
  if (local == NO_LOOP)
    return REPEATS_ANY;
  int64_t number;
  bool fixed = loop_constant(j, limit, &number) || loop_fixed_address(j, limit);
  Index other = loop_local(j, limit);
  bool arguments = other != NO_LOOP && loop_argument_count(j, other);
  arguments = arguments || loop_argument_count(j, local) || loop_argument_list(j, local);
  switch (j->moves[local]) {
  case MOVES_UP:
    if (fixed || arguments)
      return REPEATS_BOUNDED;
    return stands_still(j, limit) ? REPEATS_COUNTED : REPEATS_ANY;
  case MOVES_DOWN:
    if (arguments || (fixed && loop_begins_fixed(j, local)))
      return REPEATS_BOUNDED;
    return stands_still(j, limit) ? REPEATS_COUNTED : REPEATS_ANY;
  case MOVES_ALONG:
    return stands_still(j, limit) ? REPEATS_COUNTED : REPEATS_ANY;
  default:
    return REPEATS_ANY;
  }
}

/* Reads table[i].name or p->name, and i or p moves in steps: as long as there are elements. */
static Repeats judge_element(const LoopJudge *j, NodeId place) {
  NodeId element = loop_element(j, place);
  if (element) {
    Index local = loop_local(j, loop_node(j, element)->b);
    if (local != NO_LOOP && (j->moves[local] == MOVES_UP || j->moves[local] == MOVES_DOWN) &&
        loop_has_length(j, loop_node(j, element)->a))
      return REPEATS_BOUNDED;
  }
  while (loop_node(j, place)->kind == NODE_FIELD)
    place = loop_node(j, place)->a;
  if (loop_node(j, place)->kind != NODE_DEREF)
    return REPEATS_ANY;
  NodeId pointer = loop_node(j, place)->a;
  Movement ignored;
  if (loop_node(j, pointer)->kind == NODE_SHIFT) { // s[i] of a pointer, or *++p
    Index index = loop_local(j, loop_node(j, pointer)->b),
          base = loop_local(j, loop_node(j, pointer)->a);
    bool moves = index != NO_LOOP && (j->moves[index] == MOVES_UP || j->moves[index] == MOVES_DOWN);
    if (moves && base != NO_LOOP && j->moves[base] == MOVES_NOT)
      return loop_argument_list(j, base) ? REPEATS_BOUNDED : REPEATS_COUNTED;
  }
  Index local = loop_local(j, pointer);
  if (local == NO_LOOP)
    local = loop_stepped_from(j, pointer, &ignored);
  if (local == NO_LOOP || (j->moves[local] != MOVES_UP && j->moves[local] != MOVES_DOWN))
    return REPEATS_ANY;
  return loop_argument_list(j, local) || loop_begins_fixed(j, local) ? REPEATS_BOUNDED
                                                                     : REPEATS_COUNTED;
}

/* getopt(argc, argv, ...) gives every argument once. */
static bool takes_arguments(const LoopJudge *j, const Instruction *call) {
  for (uint32_t i = 0; i + 1 < call->arg_count; i++) {
    Index count = loop_local(j, j->f->args[call->args + i]);
    if (count != NO_LOOP && loop_argument_count(j, count) &&
        loop_local(j, j->f->args[call->args + i + 1]) == count + 1)
      return true;
  }
  return false;
}

/* A value that ends the loop by what it is: the result of a call, an element, a pointer. */
static Repeats judge_value(const LoopJudge *j, NodeId value) {
  const Node *node = loop_node(j, without_casts(j->f, value));
  if (node->kind == NODE_TEMP) {
    const Instruction *inst = loop_definition(j, node);
    if (inst->kind == INST_LOAD)
      return judge_element(j, inst->a);
    if (inst->kind == INST_CALL)
      return takes_arguments(j, inst) ? REPEATS_BOUNDED : REPEATS_ANY;
  }
  if (node->kind != NODE_VAR)
    return REPEATS_ANY;
  Repeats best = REPEATS_ANY; // what was stored into the variable in the loop
  for (uint32_t b = 0; b < j->loop->block_count; b++) {
    const Block *block = &j->f->blocks[j->loop->blocks[b]];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      const Instruction *inst = &j->f->instructions[i];
      if (inst->kind != INST_STORE || loop_node(j, inst->a)->kind != NODE_LOCAL ||
          loop_node(j, inst->a)->a != node->a)
        continue;
      if (loop_node(j, inst->b)->kind != NODE_TEMP)
        return REPEATS_ANY;
      Repeats here = judge_value(j, inst->b);
      best = here < best ? here : best;
    }
  }
  return best;
}

static Repeats judge_test(const LoopJudge *j, NodeId value) {
  const Node *node = loop_node(j, value);
  while (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT) {
    value = node->a;
    node = loop_node(j, value);
  }
  if (node->kind == NODE_BINARY && node->operator>= OPERATOR_EQ) {
    Repeats left = judge_comparison(j, node->a, node->b);
    Repeats right = judge_comparison(j, node->b, node->a);
    Repeats read = judge_value(j, node->a);
    left = right < left ? right : left;
    return read < left ? read : left;
  }
  Index local = loop_local(j, value);
  Repeats read = judge_value(j, value);
  if (local == NO_LOOP)
    return read;
  Repeats counted = REPEATS_ANY; // while (n--), for (p = list; p; p = p->next)
  if (j->moves[local] == MOVES_DOWN)
    counted = loop_begins_fixed(j, local) || loop_argument_count(j, local) ? REPEATS_BOUNDED
                                                                           : REPEATS_COUNTED;
  else if (j->moves[local] == MOVES_ALONG)
    counted = REPEATS_COUNTED;
  return counted < read ? counted : read;
}

/* Is the test made in every round? */
static bool in_every_round(const LoopJudge *j, Index block) {
  const Cfg *cfg = j->cfg;
  Index header = j->loop->header;
  for (uint32_t p = 0; p < cfg->predecessor_counts[header]; p++) {
    Index latch = cfg->predecessors[header][p];
    if (cfg->position[latch] != NO_BLOCK && cfg_dominates(cfg, header, latch) &&
        !cfg_dominates(cfg, block, latch))
      return false;
  }
  return true;
}

/* A variable outside of the function that the loop asks and does not set: `while (!stop)`. */
static bool is_flag(const LoopJudge *j, NodeId value) {
  const Node *node = loop_node(j, value);
  int64_t ignored;
  for (;;) {
    if (node->kind == NODE_BINARY && node->operator>= OPERATOR_EQ &&
                                     loop_constant(j, node->b, &ignored))
      node = loop_node(j, node->a);
    else if (node->kind == NODE_CAST || (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT))
      node = loop_node(j, node->a);
    else
      break;
  }
  if (node->kind != NODE_TEMP)
    return false;
  const Type *type = &j->f->types[node->type];
  const Instruction *inst = loop_definition(j, node);
  NodeId place = inst->kind == INST_LOAD ? inst->a : 0;
  if (inst->kind == INST_CALL && inst->arg_count &&
      loop_node(j, inst->a)->kind == NODE_FUNCTION && // an atomic read
      strstr(j->f->symbols[loop_node(j, inst->a)->a].name, "atomic_load")) {
    const Node *address = loop_node(j, j->f->args[inst->args]);
    place = address->kind == NODE_ADDRESS ? address->a : 0;
  }
  if (!place ||
      (loop_node(j, place)->kind != NODE_FIELD && loop_node(j, place)->kind != NODE_GLOBAL))
    return false;
  bool number = type->kind == TYPE_SIGNED || type->kind == TYPE_UNSIGNED || type->kind == TYPE_BOOL;
  return number && stands_still(j, place);
}

/* ---- ways out */

/* The loop's variables that hold what calls have said, or constants. */
static bool is_answer(const LoopJudge *j, NodeId value) {
  const Node *node = loop_node(j, without_casts(j->f, value));
  if (node->kind == NODE_TEMP)
    return loop_definition(j, node)->kind == INST_CALL;
  bool answered = false;
  int64_t ignored;
  for (uint32_t b = 0; b < j->loop->block_count && node->kind == NODE_VAR; b++) {
    const Block *block = &j->f->blocks[j->loop->blocks[b]];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      const Instruction *inst = &j->f->instructions[i];
      if (inst->kind != INST_STORE || loop_node(j, inst->a)->kind != NODE_LOCAL ||
          loop_node(j, inst->a)->a != node->a || loop_constant(j, inst->b, &ignored))
        continue;
      if (loop_node(j, inst->b)->kind != NODE_TEMP || !is_answer(j, inst->b))
        return false;
      answered = true;
    }
  }
  return answered;
}

/* The way on when a call has failed, which is to say, its answer is below zero; NO_BLOCK: none. */
static Index way_of_failure(const LoopJudge *j, const Block *block) {
  const Node *test = loop_node(j, block->value);
  int64_t limit;
  if (block->terminator != TERM_BRANCH || test->kind != NODE_BINARY ||
      !loop_constant(j, test->b, &limit) || !is_answer(j, test->a))
    return NO_BLOCK;
  Operator operator=(Operator) test->operator;
  bool on_true = (operator== OPERATOR_LT && limit == 0) || (operator== OPERATOR_EQ && limit == - 1);
  bool on_false =
      (operator== OPERATOR_GE && limit == 0) || (operator== OPERATOR_NE && limit == - 1);
  return on_true || on_false ? j->f->edges[block->edges + on_false].block : NO_BLOCK;
}

static bool exits_at(const LoopJudge *j, Index number, Index at) {
  const Block *block = &j->f->blocks[at];
  bool exits = block->terminator == TERM_RETURN;
  for (uint32_t e = 0; e < block->edge_count; e++)
    exits |= !cfg_in_loop(j->cfg, number, j->f->edges[block->edges + e].block);
  return exits;
}

/* A call has failed, and after other failures of it the loop goes on:
 * if (select(...) < 0 && errno != EINTR) break; */
static bool is_after_failure(const LoopJudge *j, Index number, Index at) {
  for (uint32_t b = 0; b < j->loop->block_count; b++) {
    Index way = way_of_failure(j, &j->f->blocks[j->loop->blocks[b]]);
    if (way != NO_BLOCK && cfg_in_loop(j->cfg, number, way) && way != j->loop->header &&
        j->cfg->predecessor_counts[way] == 1 && cfg_dominates(j->cfg, way, at))
      return true;
  }
  return false;
}

static bool ends_by_failures(const LoopJudge *j, Index number) {
  for (uint32_t b = 0; b < j->loop->block_count; b++)
    if (exits_at(j, number, j->loop->blocks[b]) && !is_after_failure(j, number, j->loop->blocks[b]))
      return false;
  return true;
}

static LoopKind judge_loop(LoopJudge *j, Index number) {
  LoopKind kind = {.repeats = REPEATS_ANY};
  bool calls = false, leaves = false, flag = false;
  loop_find_movements(j);
  for (uint32_t b = 0; b < j->loop->block_count; b++) {
    Index at = j->loop->blocks[b];
    const Block *block = &j->f->blocks[at];
    bool exits = exits_at(j, number, at);
    for (uint32_t i = block->first; i < block->first + block->count; i++)
      calls |= j->f->instructions[i].kind == INST_CALL;
    leaves |= exits;
    if (!exits || block->terminator != TERM_BRANCH)
      continue;
    flag |= is_flag(j, block->value);
    if (!in_every_round(j, at))
      continue;
    Repeats here = judge_test(j, block->value);
    j->result->walks[at] |= here == REPEATS_COUNTED;
    kind.repeats = here < kind.repeats ? here : kind.repeats;
  }
  kind.serves =
      kind.repeats == REPEATS_ANY && calls && (!leaves || flag || ends_by_failures(j, number));
  return kind;
}

/* ---- blocks */

/* A circle that is entered in two places is no natural loop: all between is said to repeat. */
static void mark_irreducible(Repetition *r) {
  const Cfg *cfg = r->cfg;
  for (uint32_t o = 0; o < cfg->order_count; o++) {
    const Block *block = &r->function->blocks[cfg->order[o]];
    for (uint32_t e = 0; e < block->edge_count; e++) {
      Index to = r->function->edges[block->edges + e].block;
      if (!cfg_is_back_edge(cfg, cfg->order[o], to) || cfg_dominates(cfg, to, cfg->order[o]))
        continue;
      for (uint32_t k = cfg->position[to]; k <= o; k++)
        r->blocks[cfg->order[k]] = REPEATS_ANY;
    }
  }
}

bool function_has_loop(const Function *f) {
  for (uint32_t b = 0; b < f->block_count; b++)
    for (uint32_t e = 0; e < f->blocks[b].edge_count; e++)
      if (f->edges[f->blocks[b].edges + e].block <= b) // every circle has such an edge
        return true;
  return false;
}

Repetition *repetition_new(Arena *arena, const Function *f, const Cfg *cfg) {
  Repetition *r = arena_new_one(arena, Repetition);
  *r = (Repetition){.function = f,
                    .cfg = cfg,
                    .blocks = arena_new_array(arena, Repeats, f->block_count),
                    .walks = arena_new_array(arena, bool, f->block_count),
                    .loads = arena_new_array(arena, NodeId, f->temp_count + 1u),
                    .definition = arena_new_array(arena, Index, f->temp_count + 1u)};
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    r->definition[inst->result] = i;
    if (inst->kind == INST_LOAD)
      r->loads[inst->result] = inst->a;
  }
  if (!cfg)
    return r;
  r->loops = arena_new_array(arena, LoopKind, cfg->loop_count);
  LoopJudge judge = {.result = r,
                     .f = f,
                     .cfg = cfg,
                     .moves = arena_new_array(arena, Movement, f->local_count),
                     .stored = arena_new_array(arena, bool, f->symbol_count)};
  for (Index i = 0; i < cfg->loop_count; i++) {
    judge.loop = &cfg->loops[i];
    r->loops[i] = judge_loop(&judge, i);
    for (uint32_t b = 0; b < judge.loop->block_count; b++)
      if (r->blocks[judge.loop->blocks[b]] < r->loops[i].repeats)
        r->blocks[judge.loop->blocks[b]] = r->loops[i].repeats;
  }
  if (cfg->irreducible)
    mark_irreducible(r);
  return r;
}

Index repetition_cause(const Repetition *r, Index block) {
  Index loop = r->cfg ? r->cfg->innermost[block] : NO_LOOP;
  while (loop != NO_LOOP && r->loops[loop].repeats < r->blocks[block])
    loop = r->cfg->loops[loop].parent;
  return loop;
}

bool repetition_serves(const Repetition *r, Index block) {
  Index loop = r->cfg ? r->cfg->innermost[block] : NO_LOOP;
  while (loop != NO_LOOP && !r->loops[loop].serves)
    loop = r->cfg->loops[loop].parent;
  return loop != NO_LOOP;
}
