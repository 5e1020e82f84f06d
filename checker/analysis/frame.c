/* frame.c - see frame.h. What has to stay in memory is found as an optimiser does: a variable whose
 * address goes to a callee, into memory or out of the function, or an array with an element that
 * the program chooses. It lives from where it is first mentioned to the end of its scope. */
#include "analysis/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "ir/parts.h"

enum {
  WORD = 8,
  SAVED_FRAME = 8,    // the caller's frame pointer
  STAYING_LIMIT = 64, // variables that are looked at, the largest first
  LEAST_STAYING = 16, // smaller ones end in registers, or do not matter
  REGISTER_ARGUMENTS = 6,
  RED_ZONE = 128,      // below the stack pointer: a function that calls nobody may use it unasked
  VARIADIC_AREA = 176, // where a variadic function keeps the registers that it may have been given
};

typedef struct {
  Index local;
  uint64_t size;
} Staying;

typedef struct {
  Arena *arena;
  const Function *f;
  const Cfg *cfg;
  Staying list[STAYING_LIMIT]; // candidates
  uint32_t count;
  uint8_t *numbers;    // per local: in `list`, plus 1
  uint64_t *mentioned; // per node: bits of the candidates in it
  uint64_t *addressed; // per node: of those whose address is a part of its value
  uint64_t staying;    // the candidates that stay
} Measure;

static uint64_t size_of(const Function *f, Index type) { return f->types[type].size; }

static bool is_aggregate(const Function *f, Index type) {
  return f->types[type].kind == TYPE_RECORD || f->types[type].kind == TYPE_ARRAY;
}

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

static uint64_t round_up(uint64_t size, uint64_t to) { return (size + to - 1) / to * to; }

/* A record that no two registers hold: it lies in the frame of who passes it. */
static bool is_passed_in_memory(const Function *f, Index type) {
  return is_aggregate(f, type) && size_of(f, type) > (uint64_t)2 * WORD;
}

/* ---- candidates */

static int compare_staying(const void *left, const void *right) {
  const Staying *a = left, *b = right;
  if (a->size != b->size)
    return a->size > b->size ? -1 : 1;
  return (a->local > b->local) - (a->local < b->local);
}

static void find_candidates(Measure *m) {
  const Function *f = m->f;
  Staying *all = arena_new_array(m->arena, Staying, f->local_count);
  uint32_t count = 0;
  for (Index i = 0; i < f->local_count; i++) {
    const Local *local = &f->locals[i];
    bool is_ours = i >= f->parameter_count || !is_passed_in_memory(f, local->type);
    if (is_ours && (local->flags & LOCAL_ADDRESS_TAKEN) && size_of(f, local->type) >= LEAST_STAYING)
      all[count++] = (Staying){i, size_of(f, local->type)};
  }
  if (count)
    qsort(all, count, sizeof *all, compare_staying);
  m->count = count < STAYING_LIMIT ? count : STAYING_LIMIT;
  m->numbers = arena_new_array(m->arena, uint8_t, f->local_count);
  for (uint32_t i = 0; i < m->count; i++) {
    m->list[i] = all[i];
    m->numbers[all[i].local] = (uint8_t)(i + 1);
  }
}

/* ---- what the nodes say of them */

static void read_nodes(Measure *m) {
  const Function *f = m->f;
  m->mentioned = arena_new_array(m->arena, uint64_t, f->node_count);
  m->addressed = arena_new_array(m->arena, uint64_t, f->node_count);
  for (NodeId i = 1; i < f->node_count; i++) {
    const Node *node = &f->nodes[i];
    NodeParts parts = node_parts(node);
    m->mentioned[i] = m->mentioned[parts.a] | m->mentioned[parts.b];
    if (node->kind == NODE_LOCAL && m->numbers[node->a])
      m->mentioned[i] = (uint64_t)1 << (m->numbers[node->a] - 1);
    m->addressed[i] = m->addressed[parts.a] | m->addressed[parts.b];
    if (node->kind == NODE_ADDRESS) // of the place; what its index says is of no account
      m->addressed[i] |= m->mentioned[node->a];
    if (node->kind == NODE_INDEX && f->nodes[node->b].kind != NODE_CONSTANT)
      m->staying |= m->mentioned[node->a];
    if (node->kind == NODE_SHIFT && f->nodes[node->b].kind != NODE_CONSTANT)
      m->staying |= m->addressed[node->a];
  }
}

/* ---- where they live */

typedef struct {
  uint64_t live, most; // candidates, and the bytes of those at the worst point
} Life;

static uint64_t bytes_of(const Measure *m, uint64_t live) {
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < m->count; i++)
    if (live >> i & 1)
      bytes += m->list[i].size;
  return bytes;
}

static uint64_t mentions(const Measure *m, const Instruction *in, uint64_t *escaping) {
  const Function *f = m->f;
  uint64_t found = 0;
  if (in->kind == INST_LOAD || in->kind == INST_STORE || in->kind == INST_COPY ||
      in->kind == INST_CALL)
    found |= m->mentioned[in->a];
  if (in->kind == INST_STORE) {
    found |= m->mentioned[in->b];
    *escaping |= m->addressed[in->b];
  }
  for (uint32_t i = 0; i < in->arg_count; i++) {
    NodeId arg = f->args[in->args + i];
    found |= m->mentioned[arg];
    *escaping |= m->addressed[arg];
  }
  return found;
}

/* What a call leaves in memory for its caller, who has to have it. */
static void find_results(Measure *m) {
  const Function *f = m->f;
  bool *is_result = arena_new_array(m->arena, bool, f->temp_count + 1u);
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    if (in->kind == INST_CALL)
      is_result[in->result] = true;
    const Node *value = in->kind == INST_STORE ? &f->nodes[in->b] : NULL;
    if (value && value->kind == NODE_TEMP && is_result[value->a] &&
        is_passed_in_memory(f, value->type))
      m->staying |= m->mentioned[in->a];
  }
}

static void find_escaping(Measure *m) {
  for (uint32_t i = 0; i < m->f->instruction_count; i++)
    mentions(m, &m->f->instructions[i], &m->staying);
  for (Index b = 0; b < m->f->block_count; b++)
    if (m->f->blocks[b].terminator == TERM_RETURN)
      m->staying |= m->addressed[m->f->blocks[b].value];
}

static void run_block(const Measure *m, Index b, Life *life) {
  const Block *block = &m->f->blocks[b];
  for (uint32_t i = 0; i < block->count; i++) {
    const Instruction *in = &m->f->instructions[block->first + i];
    uint64_t before = life->live, ignored = 0;
    if (in->kind == INST_SCOPE_END && m->numbers[in->a])
      life->live &= ~((uint64_t)1 << (m->numbers[in->a] - 1));
    else
      life->live |= mentions(m, in, &ignored) & m->staying;
    if (life->live & ~before) {
      uint64_t bytes = bytes_of(m, life->live);
      life->most = bytes > life->most ? bytes : life->most;
    }
  }
}

/* Bytes of what lives at the same time, at most. */
static uint64_t most_alive(Measure *m) {
  uint64_t *at_entry = arena_new_array(m->arena, uint64_t, m->f->block_count);
  Life life = {0, 0};
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = 0; i < m->cfg->order_count; i++) {
      Index b = m->cfg->order[i];
      const Block *block = &m->f->blocks[b];
      life.live = at_entry[b];
      run_block(m, b, &life);
      for (uint32_t k = 0; k < block->edge_count; k++) {
        uint64_t *next = &at_entry[m->f->edges[block->edges + k].block];
        changed |= (life.live & ~*next) != 0;
        *next |= life.live;
      }
    }
  }
  return life.most;
}

static uint64_t staying_bytes(Arena *arena, const Function *f, const Cfg *cfg) {
  Measure *m = arena_new_one(arena, Measure);
  m->arena = arena;
  m->f = f;
  m->cfg = cfg;
  find_candidates(m);
  if (!m->count)
    return 0;
  read_nodes(m);
  find_results(m);
  find_escaping(m);
  return m->staying ? most_alive(m) : 0;
}

/* ---- without optimisation */

static uint64_t place_of(const Function *f, Index type) {
  uint64_t size = size_of(f, type);
  return round_up(size, is_aggregate(f, type) && size > WORD ? 2 * WORD : size > 4 ? WORD : 4);
}

static uint64_t all_locals(const Function *f) {
  uint64_t bytes = 0;
  for (Index i = 0; i < f->local_count; i++)
    if (i >= f->parameter_count || !is_passed_in_memory(f, f->locals[i].type))
      bytes += place_of(f, f->locals[i].type);
  return bytes;
}

/* What the arguments of a call take beyond the registers: a number is computed first, and then put
 * in its place. */
static uint64_t pushed(const Function *f, const Instruction *call) {
  uint64_t bytes = 0;
  uint32_t registers = 0;
  for (uint32_t i = 0; i < call->arg_count; i++) {
    Index type = f->nodes[f->args[call->args + i]].type;
    if (is_passed_in_memory(f, type))
      bytes += round_up(size_of(f, type), WORD);
    else if (f->types[type].kind != TYPE_FLOAT && ++registers > REGISTER_ARGUMENTS)
      bytes += (uint64_t)2 * WORD;
  }
  return bytes;
}

bool frame_is_alloca(const Function *f, const Instruction *in) {
  if (in->kind != INST_CALL || f->nodes[in->a].kind != NODE_FUNCTION || !in->arg_count)
    return false;
  const char *name = f->symbols[f->nodes[in->a].a].name;
  return !strcmp(name, "alloca") || !strncmp(name, "__builtin_alloca", 16);
}

/* A few results of calls wait for each other in registers. */
static uint64_t waiting(uint64_t results) {
  enum { FEW = 8 };
  return results < FEW ? results * WORD / 2 : (results - FEW / 2) * WORD;
}

/* Results of calls, arguments, and what is asked for. */
static void add_calls(const Function *f, const Cfg *cfg, OwnFrame *frame) {
  uint64_t arguments = 0, results = 0, record = 0;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    if ((in->kind == INST_DECLARE && in->arg_count) || frame_is_alloca(f, in)) {
      uint64_t taken = frame_most(f, cfg, i);
      bool again = in->kind == INST_CALL && cfg->innermost[block_of_instruction(f, i)] != NO_LOOP;
      frame->high += taken;
      frame->grows |= !taken || again;
    }
    if (in->kind == INST_STORE && is_passed_in_memory(f, f->nodes[in->b].type))
      record = larger(record, size_of(f, f->nodes[in->b].type));
    if (in->kind != INST_CALL)
      continue;
    arguments = larger(arguments, pushed(f, in));
    results += in->result != 0;
  }
  frame->high += arguments + record + waiting(results);
}

OwnFrame frame_measure(Arena *arena, const Function *f, const Cfg *cfg) {
  OwnFrame frame = {.low = RETURN_ADDRESS,
                    .high = RETURN_ADDRESS + SAVED_FRAME,
                    .weight = f->instruction_count + f->block_count};
  frame.low += staying_bytes(arena, f, cfg);
  frame.high += all_locals(f) + (f->flags & FUNCTION_VARIADIC ? VARIADIC_AREA : 0);
  add_calls(f, cfg, &frame);
  frame.high = round_up(frame.high, 2 * WORD) + 2 * WORD; // as much again to align it all
  return frame;
}

/* ---- how much the frame grows */

/* A branch after which the variable is at most *limit, on the way to the block it leads to. */
static bool limits(const Function *f, const Block *block, Index local, bool taken,
                   uint64_t *limit) {
  const Node *test = &f->nodes[block->value];
  bool holds = taken;
  while (test->kind == NODE_UNARY && test->operator== OPERATOR_NOT) {
    test = &f->nodes[test->a];
    holds = !holds;
  }
  if (test->kind != NODE_BINARY || test->operator!= OPERATOR_LT)
    return false;
  const Node *variable = &f->nodes[without_casts(f, holds ? test->a : test->b)];
  const Node *constant = &f->nodes[holds ? test->b : test->a];
  if (variable->kind != NODE_VAR || variable->a != local || constant->kind != NODE_CONSTANT)
    return false;
  int64_t value = f->constants[constant->a].value - holds; // n < c, or not c < n
  *limit = value > 0 ? (uint64_t)value : 0;
  return value > 0;
}

/* Is the variable the same wherever it is read, or set only before the test? */
static bool is_settled(const Function *f, const Cfg *cfg, Index local, Index test) {
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = 0; i < f->blocks[b].count; i++) {
      const Instruction *in = &f->instructions[f->blocks[b].first + i];
      if (in->kind == INST_STORE && f->nodes[in->a].kind == NODE_LOCAL &&
          f->nodes[in->a].a == local && !cfg_dominates(cfg, b, test))
        return false;
    }
  return true;
}

/* Of the tests that every way to the block passes. */
static uint64_t tested(const Function *f, const Cfg *cfg, Index local, Index block) {
  for (Index at = block; cfg->position[at] != NO_BLOCK && cfg->dominator[at] != at;) {
    Index above = cfg->dominator[at];
    const Block *test = &f->blocks[above];
    uint64_t limit;
    for (uint32_t k = 0; k < 2 && test->terminator == TERM_BRANCH; k++) {
      Index next = f->edges[test->edges + k].block;
      if (cfg->predecessor_counts[next] == 1 && cfg_dominates(cfg, next, block) &&
          limits(f, test, local, k == 0, &limit) && is_settled(f, cfg, local, above))
        return limit;
    }
    at = above;
  }
  return 0;
}

enum { MOST_DEPTH = 12, MOST_STORES = 8 };

static uint64_t most_of(const Function *f, const Cfg *cfg, NodeId id, Index block, uint32_t depth);

/* A variable is no more than the most of what is ever put into it: `const int size = 255`, or the
 * lesser of two, of which the program's text says one. */
static uint64_t most_stored(const Function *f, const Cfg *cfg, Index local, uint32_t depth) {
  uint64_t most = 0;
  uint32_t stores = 0;
  bool known = local >= f->parameter_count && guard_on("stored-size");
  for (uint32_t i = 0; i < f->instruction_count && known; i++) {
    const Instruction *in = &f->instructions[i];
    if (in->kind != INST_STORE || f->nodes[in->a].kind != NODE_LOCAL || f->nodes[in->a].a != local)
      continue;
    uint64_t value = most_of(f, cfg, in->b, block_of_instruction(f, i), depth + 1);
    known = value && ++stores <= MOST_STORES;
    most = value > most ? value : most;
  }
  return known ? most : 0;
}

static uint64_t most_of(const Function *f, const Cfg *cfg, NodeId id, Index block, uint32_t depth) {
  enum { HUGE_SIZE = 1 << 30 };
  const Node *node = &f->nodes[id];
  uint64_t a, b;
  if (depth > MOST_DEPTH)
    return 0;
  switch ((NodeKind)node->kind) {
  case NODE_CONSTANT:
    return f->constants[node->a].value > 0 ? (uint64_t)f->constants[node->a].value : 0;
  case NODE_CAST:
    return most_of(f, cfg, node->a, block, depth + 1);
  case NODE_VAR:
    a = tested(f, cfg, node->a, block);
    return a ? a : most_stored(f, cfg, node->a, depth);
  case NODE_BINARY:
    if (node->operator!= OPERATOR_MULTIPLY && node->operator!= OPERATOR_ADD)
      return 0;
    a = most_of(f, cfg, node->a, block, depth + 1);
    b = most_of(f, cfg, node->b, block, depth + 1);
    if (!a || !b || a > HUGE_SIZE || b > HUGE_SIZE)
      return 0;
    return node->operator== OPERATOR_ADD ? a + b : a * b;
  default:
    return 0;
  }
}

uint64_t frame_most(const Function *f, const Cfg *cfg, uint32_t instruction) {
  const Instruction *in = &f->instructions[instruction];
  Index block = block_of_instruction(f, instruction);
  if (in->kind == INST_CALL)
    return most_of(f, cfg, f->args[in->args], block, 0);
  Index type = f->locals[in->a].type;
  uint64_t bytes = 1;
  for (uint32_t i = 0; i < in->arg_count && bytes; i++) {
    uint64_t count = most_of(f, cfg, f->args[in->args + i], block, 0);
    bytes = count > UINT32_MAX ? 0 : bytes * count;
    type = f->types[type].kind == TYPE_ARRAY ? f->types[type].element : type;
  }
  uint64_t element = size_of(f, type);
  return element && bytes < UINT32_MAX ? bytes * element : 0;
}

/* ---- levels of a recursion */

static bool is_more(const Function *f, NodeId id, Index local) {
  const Node *node = &f->nodes[id];
  if (node->kind != NODE_BINARY || node->operator!= OPERATOR_ADD)
    return false;
  const Node *a = &f->nodes[node->a], *b = &f->nodes[node->b];
  const Node *variable = a->kind == NODE_VAR ? a : b, *step = variable == a ? b : a;
  return variable->kind == NODE_VAR && variable->a == local && step->kind == NODE_CONSTANT &&
         f->constants[step->a].value > 0;
}

/* Whatever is stored in it is more than it was. *any: something is. */
static bool only_grows(const Function *f, Index local, bool *any) {
  *any = false;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    if (in->kind != INST_STORE || f->nodes[in->a].kind != NODE_LOCAL || f->nodes[in->a].a != local)
      continue;
    *any = true;
    if (!is_more(f, in->b, local))
      return false;
  }
  return true;
}

uint64_t frame_levels(const Function *f, const Cfg *cfg, uint32_t instruction) {
  const Instruction *call = &f->instructions[instruction];
  Index block = block_of_instruction(f, instruction);
  for (Index i = 0; i < call->arg_count && i < f->parameter_count; i++) {
    NodeId argument = f->args[call->args + i];
    const Node *node = &f->nodes[argument];
    bool stored, more = is_more(f, argument, i); // counted at the call, or before it
    if (!only_grows(f, i, &stored) || !(more || (stored && node->kind == NODE_VAR && node->a == i)))
      continue;
    uint64_t most = tested(f, cfg, i, block);
    if (most)
      return most + 1 + more;
  }
  return 0;
}
