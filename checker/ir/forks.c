/* forks.c - see forks.h. The result of fork() is a temp, or what a variable or a field was given
 * and nothing else but constants. */
#include "ir/forks.h"

#include <string.h>

#include "ir/parts.h"

enum { NO_CALLED = 0xffffffffu, NO_EDGE_OF_CHILD = 0xffffffffu };

bool is_fork(const char *name) {
  return !strcmp(name, "fork") || !strcmp(name, "vfork") || !strcmp(name, "_Fork");
}

bool may_fork(const char *name) { return strstr(name, "fork") || strstr(name, "Fork"); }

/* The function that the instruction calls, if it may make processes. */
static Index forking_callee(const Function *f, const Instruction *inst) {
  const Node *callee = inst->kind == INST_CALL ? &f->nodes[inst->a] : NULL; // else no node
  bool forks = callee && callee->kind == NODE_FUNCTION && may_fork(f->symbols[callee->a].name);
  return forks ? callee->a : NO_CALLED;
}

bool function_forks(const Function *f) {
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (forking_callee(f, &f->instructions[i]) != NO_CALLED)
      return true;
  return false;
}

static Index fork_of_temp(const Function *f, const Node *node) {
  const Instruction *inst = node_definition(f, node);
  return inst ? forking_callee(f, inst) : NO_CALLED;
}

static bool is_place(const Function *f, NodeId stored, NodeId place, const Node *variable) {
  return variable ? f->nodes[stored].kind == NODE_LOCAL && f->nodes[stored].a == variable->a
                  : stored == place;
}

/* What fork() told is all that the place, or the variable, is ever given. */
static Index fork_in(const Function *f, NodeId place, const Node *variable) {
  Index symbol = NO_CALLED;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_STORE || !is_place(f, inst->a, place, variable))
      continue;
    const Node *value = &f->nodes[without_casts(f, inst->b)];
    Index here = fork_of_temp(f, value);
    if (here == NO_CALLED && value->kind != NODE_CONSTANT)
      return NO_CALLED;
    symbol = here == NO_CALLED ? symbol : here;
  }
  return symbol;
}

/* The function whose result the value is. */
static Index fork_of(const Function *f, NodeId id) {
  const Node *node = &f->nodes[without_casts(f, id)];
  if (node->kind == NODE_VAR)
    return node->a < f->parameter_count ? NO_CALLED : fork_in(f, 0, node);
  const Instruction *inst = node_definition(f, node);
  if (inst && inst->kind == INST_LOAD)
    return f->nodes[inst->a].kind == NODE_LOCAL ? fork_in(f, 0, &f->nodes[inst->a])
                                                : fork_in(f, inst->a, NULL);
  return fork_of_temp(f, node);
}

static bool is_zero(const Function *f, NodeId id) {
  const Node *node = &f->nodes[without_casts(f, id)];
  return node->kind == NODE_CONSTANT && f->constants[node->a].value == 0;
}

/* The value that a branch compares with zero, and which of its edges zero takes. Behind
 * `pid > 0` there is the parent alone; that fork() may have failed is tested elsewhere. */
static uint32_t edge_of_child(const Function *f, NodeId *value) {
  uint32_t zero = 1; // edges[1] is taken when the value is zero
  for (;;) {
    const Node *node = &f->nodes[*value];
    bool unary = node->kind == NODE_UNARY && node->operator== OPERATOR_NOT;
    bool binary = node->kind == NODE_BINARY;
    if (unary || (binary && node->operator== OPERATOR_EQ && is_zero(f, node->b)))
      zero = !zero;
    else if (binary && node->operator== OPERATOR_LT && is_zero(f, node->a)) {
      *value = node->b;
      return zero;
    } else if (!(binary && node->operator== OPERATOR_NE && is_zero(f, node->b)) &&
               node->kind != NODE_CAST)
      return binary ? NO_EDGE_OF_CHILD : zero;
    *value = node->a;
  }
}

static uint32_t case_of_zero(const Function *f, const Block *block) {
  for (uint32_t k = 0; k + 1 < block->edge_count; k++) {
    const Edge *edge = &f->edges[block->edges + k];
    if (edge->low == 0 && edge->high == 0)
      return k;
  }
  return NO_EDGE_OF_CHILD;
}

bool fork_tested(const Cfg *cfg, Index b, Fork *fork) {
  const Function *f = cfg->function;
  const Block *block = &f->blocks[b];
  NodeId value = block->value;
  uint32_t edge = block->terminator == TERM_BRANCH   ? edge_of_child(f, &value)
                  : block->terminator == TERM_SWITCH ? case_of_zero(f, block)
                                                     : NO_EDGE_OF_CHILD;
  *fork = (Fork){.symbol = edge == NO_EDGE_OF_CHILD ? NO_CALLED : fork_of(f, value), .test = b};
  if (fork->symbol == NO_CALLED)
    return false;
  fork->region = f->edges[block->edges + edge].block;
  return cfg->predecessor_counts[fork->region] == 1;
}

bool returns_fork(const Function *f) {
  for (Index b = 0; b < f->block_count; b++)
    if (f->blocks[b].terminator == TERM_RETURN && f->blocks[b].value) {
      Index symbol = fork_of(f, f->blocks[b].value);
      if (symbol != NO_CALLED && is_fork(f->symbols[symbol].name))
        return true;
    }
  return false;
}
