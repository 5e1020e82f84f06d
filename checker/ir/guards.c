/* guards.c - see guards.h. The way on which the variable was zero leads to a region of blocks; in
 * it the variable is set. What runs only where it is set, too, runs once.
 */
#include "ir/guards.h"

#include <string.h>

#include "ir/accesses.h"
#include "ir/forks.h"

typedef struct {
  Index symbol;
  Index test;   // the block that asks
  Index region; // the first block of the way on which it was zero
  bool sets;    // the question itself sets it: an atomic exchange
} Guard;

typedef struct {
  Arena *arena;
  const Repetition *repetition;
  const Function *f;
  const Cfg *cfg;
  Guard *guards;
  size_t count, room;
  bool *set; // per symbol: a global that the function sets
  Guards *result;
} Scan;

static const Node *node_at(const Scan *s, NodeId id) { return &s->f->nodes[id]; }

static bool is_scalar(const Function *f, uint32_t type) {
  switch (f->types[type].kind) {
  case TYPE_BOOL:
  case TYPE_SIGNED:
  case TYPE_UNSIGNED:
  case TYPE_POINTER:
    return true;
  default:
    return false;
  }
}

/* One for the process: a number or pointer, and not each thread's own. */
static bool can_guard(const Function *f, const Node *place) {
  return place->kind == NODE_GLOBAL && is_scalar(f, place->type) &&
         !(f->symbols[place->a].flags & (SYMBOL_THREAD_LOCAL | SYMBOL_CONST));
}

/* The global whose address an atomic operation gets, as a symbol. */
static Index atomic_place(const Function *f, const Instruction *call) {
  const Node *address = &f->nodes[f->args[call->args]];
  const Node *place = address->kind == NODE_ADDRESS ? &f->nodes[address->a] : address;
  while (place->kind == NODE_FIELD) // the flag in an atomic_flag
    place = &f->nodes[place->a];
  bool own = place->kind == NODE_GLOBAL && !(f->symbols[place->a].flags & SYMBOL_THREAD_LOCAL);
  return own ? place->a : NO_GUARD;
}

static bool is_constant(const Function *f, NodeId value, bool zero) {
  const Node *node = &f->nodes[value];
  return node->kind == NODE_CONSTANT && (f->constants[node->a].value == 0) == zero;
}

/* The global that an instruction sets: to a number that is not zero, or to some object. */
static Index set_by(const Function *f, const Instruction *inst) {
  if (inst->kind == INST_STORE && can_guard(f, &f->nodes[inst->a])) {
    bool pointer = f->types[f->nodes[inst->a].type].kind == TYPE_POINTER;
    bool sets = pointer ? !is_constant(f, inst->b, true) : is_constant(f, inst->b, false);
    return sets ? f->nodes[inst->a].a : NO_GUARD;
  }
  Atomic kind = atomic_kind(f, inst);
  bool writes = kind == ATOMIC_WRITE || kind == ATOMIC_EXCHANGE || kind == ATOMIC_COMPARE;
  NodeId value =
      writes && inst->arg_count > 1 ? f->args[inst->args + (kind == ATOMIC_COMPARE ? 2u : 1u)] : 0;
  return value && is_constant(f, value, false) ? atomic_place(f, inst) : NO_GUARD;
}

/* The global that an instruction reads. */
static Index read_by(const Function *f, const Instruction *inst) {
  if (inst->kind == INST_LOAD)
    return can_guard(f, &f->nodes[inst->a]) ? f->nodes[inst->a].a : NO_GUARD;
  Atomic kind = atomic_kind(f, inst);
  return kind != ATOMIC_NONE && kind != ATOMIC_WRITE ? atomic_place(f, inst) : NO_GUARD;
}

/* ---- tests */

/* Reads `value` as a question whether a global is zero: which edge is that of zero? */
static Index tested_global(const Scan *s, NodeId value, uint32_t *zero_edge, bool *sets) {
  const Function *f = s->f;
  uint32_t zero = 1; // edges[1] is taken when the value is zero
  const Node *node = node_at(s, value);
  for (;; node = node_at(s, node->a)) {
    if (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT)
      zero = !zero;
    else if (node->kind == NODE_BINARY && node->operator== OPERATOR_EQ &&
                                          is_constant(f, node->b, true))
      zero = !zero;
    else if (!(node->kind == NODE_BINARY && node->operator== OPERATOR_NE &&
                                            is_constant(f, node->b, true)) &&
             node->kind != NODE_CAST)
      break;
  }
  if (node->kind != NODE_TEMP)
    return NO_GUARD;
  const Instruction *inst = &f->instructions[s->repetition->definition[node->a]];
  Atomic kind = atomic_kind(f, inst);
  *sets = kind == ATOMIC_EXCHANGE || kind == ATOMIC_COMPARE;
  *zero_edge = kind == ATOMIC_COMPARE ? !zero : zero; // which says whether it was exchanged
  return *sets ? set_by(f, inst) : read_by(f, inst);
}

bool function_has_guard(Arena *arena, const Function *f) {
  bool *set_here = NULL;
  if (function_forks(f))
    return true;
  for (uint32_t round = 0; round < 2;
       round++) // the first finds what is set, the second what is read
    for (uint32_t i = 0; i < f->instruction_count; i++) {
      const Instruction *inst = &f->instructions[i];
      Index set = round ? NO_GUARD : set_by(f, inst);
      if (set != NO_GUARD) {
        set_here = set_here ? set_here : arena_new_array(arena, bool, f->symbol_count);
        set_here[set] = true;
      } else if (round && set_here) {
        Index read = read_by(f, inst);
        if (read != NO_GUARD && set_here[read])
          return true;
      }
    }
  return false;
}

static void add_guard(Scan *s, Guard guard) {
  s->guards = arena_grow(s->arena, s->guards, sizeof guard, s->count, &s->room, s->count + 1);
  s->guards[s->count++] = guard;
}

/* A child does once what it was made for. Unsound: one that comes back to the fork, as a parent. */
static void find_forks(Scan *s) {
  Fork fork;
  bool forks = function_forks(s->f);
  for (uint32_t o = 0; forks && o < s->cfg->order_count; o++)
    if (fork_tested(s->cfg, s->cfg->order[o], &fork))
      add_guard(s, (Guard){fork.symbol, fork.test, fork.region, true});
}

static void find_tests(Scan *s) {
  s->set = arena_new_array(s->arena, bool, s->f->symbol_count);
  for (uint32_t i = 0; i < s->f->instruction_count; i++) {
    Index symbol = set_by(s->f, &s->f->instructions[i]);
    if (symbol != NO_GUARD)
      s->set[symbol] = true;
  }
  for (uint32_t o = 0; o < s->cfg->order_count; o++) {
    Index b = s->cfg->order[o];
    const Block *block = &s->f->blocks[b];
    uint32_t zero_edge;
    Guard guard = {.test = b};
    if (block->terminator != TERM_BRANCH)
      continue;
    guard.symbol = tested_global(s, block->value, &zero_edge, &guard.sets);
    if (guard.symbol == NO_GUARD || !s->set[guard.symbol])
      continue;
    guard.region = s->f->edges[block->edges + zero_edge].block;
    if (s->cfg->predecessor_counts[guard.region] != 1)
      continue;
    add_guard(s, guard);
  }
}

/* ---- what a guard lets run once */

static bool mentions_result(const Scan *s, NodeId value, const Block *block) {
  const Node *node = node_at(s, value);
  for (uint32_t depth = 0; depth < 8; depth++) {
    if (node->kind == NODE_TEMP) {
      Index at = s->repetition->definition[node->a];
      return at >= block->first && at < block->first + block->count;
    }
    if (node->kind == NODE_VAR) { // rc = create(); if (rc)
      for (uint32_t i = block->first; i < block->first + block->count; i++) {
        const Instruction *inst = &s->f->instructions[i];
        if (inst->kind == INST_STORE && node_at(s, inst->a)->kind == NODE_LOCAL &&
            node_at(s, inst->a)->a == node->a)
          return true;
      }
      return false;
    }
    if (node->kind != NODE_UNARY && node->kind != NODE_BINARY && node->kind != NODE_CAST)
      return false;
    node = node_at(s, node->a);
  }
  return false;
}

static bool post_dominates(const Cfg *cfg, Index later, Index earlier) {
  for (Index b = earlier; b != NO_BLOCK; b = cfg->post_dominator[b])
    if (b == later)
      return true;
  return false;
}

/* After `from` the variable is set at `set`, unless what `from` did has failed:
 * if (start() != 0) return -1; started = 1; */
static bool sets_on_success(const Scan *s, Index from, Index set) {
  const Cfg *cfg = s->cfg;
  if (!cfg_dominates(cfg, from, set))
    return false;
  for (Index b = set; b != from;) {
    b = cfg->dominator[b];
    const Block *block = &s->f->blocks[b];
    if (block->edge_count > 1 && !post_dominates(cfg, set, b) &&
        (block->terminator != TERM_BRANCH ||
         !mentions_result(s, block->value, &s->f->blocks[from])))
      return false;
  }
  return true;
}

static void mark_block(Scan *s, const Guard *guard, Index b) {
  const Repetition *r = s->repetition;
  Repeats within = REPEATS_ONCE;
  Index loop = r->cfg->innermost[b];
  for (; loop != NO_LOOP && !cfg_in_loop(s->cfg, loop, guard->test);
       loop = s->cfg->loops[loop].parent)
    if (r->loops[loop].repeats > within)
      within = r->loops[loop].repeats;
  s->result->symbols[b] = guard->symbol;
  s->result->repeats[b] = within;
}

static void mark_around(Scan *s, const Guard *guard, Index set) {
  for (uint32_t o = 0; o < s->cfg->order_count; o++) {
    Index b = s->cfg->order[o];
    if (s->result->symbols[b] == NO_GUARD && cfg_dominates(s->cfg, guard->region, b) &&
        (cfg_dominates(s->cfg, set, b) || post_dominates(s->cfg, set, b) ||
         sets_on_success(s, b, set)))
      mark_block(s, guard, b);
  }
}

static void mark_regions(Scan *s) {
  const Function *f = s->f;
  for (size_t g = 0; g < s->count; g++) {
    const Guard *guard = &s->guards[g];
    if (guard->sets)
      mark_around(s, guard, guard->region);
    for (uint32_t o = 0; o < s->cfg->order_count; o++) {
      Index b = s->cfg->order[o];
      if (!cfg_dominates(s->cfg, guard->region, b))
        continue;
      for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++)
        if (set_by(f, &f->instructions[i]) == guard->symbol) {
          mark_around(s, guard, b);
          break;
        }
    }
  }
}

/* ---- what takes the guard away */

/* What is stored where the variable is known to be zero takes nothing away. */
static bool was_zero(const Scan *s, Index symbol, Index block) {
  for (size_t g = 0; g < s->count; g++)
    if (s->guards[g].symbol == symbol && cfg_dominates(s->cfg, s->guards[g].region, block))
      return true;
  return false;
}

static void note_address(Scan *s, NodeId value) {
  const Node *node = node_at(s, value);
  const Node *place = node->kind == NODE_ADDRESS ? node_at(s, node->a) : NULL;
  while (place && place->kind == NODE_FIELD)
    place = node_at(s, place->a);
  if (place && place->kind == NODE_GLOBAL)
    s->result->clears[place->a] |= is_scalar(s->f, place->type) || node_at(s, node->a) != place;
}

static void note_clears(Scan *s, const Instruction *inst, Index block) {
  const Function *f = s->f;
  bool *clears = s->result->clears;
  if (inst->kind == INST_STORE) {
    const Node *place = node_at(s, inst->a);
    if (can_guard(f, place) && !is_constant(f, inst->b, false) &&
        node_at(s, inst->b)->kind != NODE_STRING && !was_zero(s, place->a, block))
      clears[place->a] = true;
    note_address(s, inst->b);
    return;
  }
  if (inst->kind != INST_CALL && inst->kind != INST_ASM)
    return;
  Atomic kind = atomic_kind(f, inst);
  if (kind == ATOMIC_READ || (kind != ATOMIC_NONE && set_by(f, inst) != NO_GUARD))
    return;
  for (uint32_t i = 0; i < inst->arg_count; i++)
    note_address(s, f->args[inst->args + i]);
}

Guards *guards_new(Arena *arena, const Repetition *repetition) {
  const Function *f = repetition->function;
  Guards *guards = arena_new_one(arena, Guards);
  guards->symbols = arena_new_array(arena, Index, f->block_count);
  guards->repeats = arena_new_array(arena, Repeats, f->block_count);
  guards->clears = arena_new_array(arena, bool, f->symbol_count);
  memset(guards->symbols, 0xff, sizeof *guards->symbols * f->block_count); // NO_GUARD
  Scan s = {
      .arena = arena, .repetition = repetition, .f = f, .cfg = repetition->cfg, .result = guards};
  if (s.cfg) {
    find_forks(&s);
    find_tests(&s);
    mark_regions(&s);
  }
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++)
      note_clears(&s, &f->instructions[i], b);
  return guards;
}
