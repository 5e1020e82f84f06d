/* reuse.c - see reuse.h. What is tested of the elements tells the two searches apart: whether one
 * is free, or whether it is the one that is wanted. */
#include "growth/reuse.h"

#include "base/guard.h"

/* The variable that has to be null on the way on by `edge`, or NO_BLOCK. */
static Index null_variable(const Facting *x, Index block, uint32_t edge) {
  const BranchTest *test = &x->tests[block];
  const Node *asked = &x->f->nodes[test->asked];
  bool is_variable = asked->kind == NODE_VAR && test->tested_count && edge == test->null_edge;
  return is_variable ? asked->a : NO_BLOCK;
}

static bool is_from(const Facting *x, const BranchTest *test, PathId container) {
  for (uint32_t i = 0; i < test->tested_count; i++)
    if (path_container(x->own, test->tested[i]) == container)
      return true;
  return false;
}

/* What was asked in the loop before this block is reached. */
static uint8_t asked_before(const Facting *x, Index loop, Index block) {
  uint8_t asked = 0;
  for (Index at = x->cfg->dominator[block]; at != NO_BLOCK && cfg_in_loop(x->cfg, loop, at);
       at = x->cfg->dominator[at]) {
    uint32_t edge;
    if (branch_decides(x, at, block, &edge))
      asked |= x->tests[at].asks;
    if (!at)
      break;
  }
  return asked;
}

/* What was asked where the loop is left early. */
static uint8_t asked_at_exits(const Facting *x, Index loop, Index variable) {
  uint8_t asked = 0;
  for (uint32_t i = 0; i < x->cfg->loops[loop].block_count; i++) {
    Index at = x->cfg->loops[loop].blocks[i];
    const Block *b = &x->f->blocks[at];
    for (uint32_t e = 0; e < b->edge_count; e++)
      if (!cfg_in_loop(x->cfg, loop, x->f->edges[b->edges + e].block) &&
          null_variable(x, at, e) != variable)
        asked |= b->terminator == TERM_BRANCH ? x->tests[at].asks : ASKS_WHICH;
  }
  return asked;
}

/* The variable is set to an element, or stays where the walk is left, for what is asked. */
static uint8_t asked_of(const Facting *x, Index variable) {
  uint8_t asked = 0;
  for (Index block = 0; block < x->f->block_count; block++) {
    const Block *b = &x->f->blocks[block];
    Index loop = x->cfg->innermost[block];
    for (uint32_t i = b->first; i < b->first + b->count && loop != NO_LOOP; i++) {
      const Instruction *inst = &x->f->instructions[i];
      const Node *place = &x->f->nodes[inst->a];
      if (inst->kind != INST_STORE || place->kind != NODE_LOCAL || place->a != variable)
        continue;
      uint8_t before = asked_before(x, loop, block);
      asked |= before ? before : asked_at_exits(x, loop, variable);
    }
  }
  return asked;
}

bool is_reusing(const Facting *x, Index block, PathId container) {
  for (Index at = block; at != 0;) {
    at = x->cfg->dominator[at];
    if (at == NO_BLOCK)
      break;
    uint32_t edge;
    Index variable =
        branch_decides(x, at, block, &edge) ? null_variable(x, at, edge) : (Index)NO_BLOCK;
    if (variable != NO_BLOCK && is_from(x, &x->tests[at], container) &&
        asked_of(x, variable) == ASKS_WHETHER)
      return guard_on("growth-reuse");
  }
  return false;
}

/* ---- another list, of those that are free */

static bool is_replaced(const Facting *x, Index variable, Index behind) {
  for (Index block = 0; block < x->f->block_count; block++) {
    const Block *b = &x->f->blocks[block];
    if (x->cfg->position[block] == NO_BLOCK || !cfg_dominates(x->cfg, behind, block))
      continue;
    for (uint32_t i = b->first; i < b->first + b->count; i++) {
      const Instruction *inst = &x->f->instructions[i];
      if (inst->kind == INST_STORE && x->f->nodes[inst->a].kind == NODE_LOCAL &&
          x->f->nodes[inst->a].a == variable)
        return true;
    }
  }
  return false;
}

/* What was looked at, and found to be nothing, before every way to the block; and was replaced. */
static const BranchTest *missed(const Facting *x, Index block, Index *at) {
  while (*at) {
    uint32_t edge;
    *at = x->cfg->dominator[*at];
    if (*at == NO_BLOCK)
      break;
    Index variable =
        branch_decides(x, *at, block, &edge) ? null_variable(x, *at, edge) : (Index)NO_BLOCK;
    const Block *b = &x->f->blocks[*at];
    if (variable != NO_BLOCK && is_replaced(x, variable, x->f->edges[b->edges + edge].block))
      return &x->tests[*at];
  }
  return NULL;
}

uint32_t refills(const Facting *x, Index block) {
  Index at = block;
  for (const BranchTest *test = missed(x, block, &at); test; test = missed(x, block, &at)) {
    const PathNode *node = path_at(x->own, test->tested[0]);
    if (node->kind == PATH_RESULT && guard_on("growth-refills"))
      return node->number + 1;
  }
  return 0;
}

bool is_refilling(const Facting *x, const Touches *touches, const Touch *touch) {
  Index block = block_of_instruction(x->f, touch->instruction), at = block;
  for (const BranchTest *test = missed(x, block, &at); test; test = missed(x, block, &at)) {
    PathId free = path_container(x->own, test->tested[0]);
    for (uint32_t i = 0; i < touches->count && free != touch->path; i++)
      if (touches->at[i].kind == TOUCH_SHRINKS && touches->at[i].path == free)
        return guard_on("growth-refills");
  }
  return false;
}
