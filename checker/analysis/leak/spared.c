/* spared.c - branches that give back only what is to be given back: not the buffer on the
 * stack, and nothing that others still count on. */
#include "analysis/leak/leak.h"
#include "base/guard.h"

bool leak_closes(const Flow *flow, uint32_t site, Index block) {
  const Block *b = &flow->e->f->blocks[block];
  for (uint32_t i = b->first; i < b->first + b->count; i++)
    if (flow->events[i] >> site & 1)
      return true;
  return false;
}

static uint32_t compared(const Holders *h, NodeId id) {
  const Node *node = &h->e->f->nodes[id];
  if (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT)
    return compared(h, node->a);
  return node->kind == NODE_BINARY ? holders_carried(h, node->a) | holders_carried(h, node->b) : 0;
}

/* `if (p != buffer) free(p)`: the value says whether it is to be given back. */
static bool is_compared(const Flow *flow, uint32_t site, Index block, uint32_t edge) {
  enum { TESTS = 4 }; // that one condition is made of
  const Function *f = flow->e->f;
  Index spared = f->edges[f->blocks[block].edges + edge].block;
  for (int i = 0; i < TESTS; i++) {
    const Block *b = &f->blocks[block];
    if (b->terminator != TERM_BRANCH || f->edges[b->edges + edge].block != spared ||
        !(compared(&flow->holders, b->value) >> site & 1))
      return false;
    block = f->edges[b->edges + 1 - edge].block;
    if (leak_closes(flow, site, block))
      return true;
  }
  return false;
}

/* ---- counts */

/* Is the value made of what a call says of a part of the object, or of what was just counted down
 * there? */
static bool is_counted(const Flow *flow, uint32_t site, const Block *block, NodeId id) {
  const Function *f = flow->e->f;
  const Node *node = &f->nodes[id];
  if (node->kind == NODE_UNARY || node->kind == NODE_CAST)
    return is_counted(flow, site, block, node->a);
  if (node->kind == NODE_BINARY)
    return is_counted(flow, site, block, node->a) || is_counted(flow, site, block, node->b);
  for (uint32_t i = block->first; node->kind == NODE_TEMP && i < block->first + block->count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->result != node->a || inst->kind != INST_CALL)
      continue;
    for (uint32_t k = 0; k < inst->arg_count; k++) {
      const Node *part = &f->nodes[f->args[inst->args + k]];
      if (part->kind == NODE_ADDRESS && f->nodes[part->a].kind == NODE_FIELD &&
          holders_carried(&flow->holders, f->args[inst->args + k]) >> site & 1)
        return true;
    }
  }
  return false;
}

/* Does the edge lead straight to where the ways meet again? */
static bool skips(const Flow *flow, Index block, uint32_t edge) {
  const Function *f = flow->e->f;
  Index meeting = flow->e->cfg->post_dominator[block];
  Index next = f->edges[f->blocks[block].edges + edge].block;
  for (uint32_t steps = 0; next != meeting && steps < f->block_count; steps++) {
    const Block *b = &f->blocks[next];
    if (b->count || b->terminator != TERM_JUMP)
      return false;
    next = f->edges[b->edges].block;
  }
  return next == meeting;
}

/* `if (count_down(&p->references) > 0) break; free(p);`: somebody else has it, who gives it back.
 * An error that is told so is no such thing: who gives it back for that goes another way. */
static bool is_kept_by_count(const Flow *flow, uint32_t site, Index block, uint32_t edge) {
  const Function *f = flow->e->f;
  const Block *b = &f->blocks[block];
  return b->terminator == TERM_BRANCH &&
         leak_closes(flow, site, f->edges[b->edges + 1 - edge].block) && skips(flow, block, edge) &&
         is_counted(flow, site, b, b->value) && guard_on("kept-by-count");
}

bool leak_is_spared(const Flow *flow, uint32_t site, Index block, uint32_t edge) {
  return is_compared(flow, site, block, edge) || is_kept_by_count(flow, site, block, edge);
}
