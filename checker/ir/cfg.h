/* cfg.h - what is derived from the shape of the graph: orders, dominators, loops. */
#ifndef IR_CFG_H
#define IR_CFG_H

#include "ir/ir.h"

typedef struct {
  Index header;
  Index parent;   // index of the enclosing loop in Cfg.loops, or NO_LOOP
  uint32_t depth; // 1 for outermost
  Index *blocks;  // members, header included, ascending
  uint32_t block_count;
} Loop;

enum { NO_LOOP = 0xffffffffu, NO_BLOCK = 0xffffffffu };

typedef struct Cfg {
  const Function *function;
  uint32_t *predecessor_counts; // per block
  Index **predecessors;         // per block; one entry an edge
  Index *order;                 // reachable blocks in reverse post-order
  uint32_t order_count;
  uint32_t *position;               // per block: its place in `order`, or NO_BLOCK if unreachable
  Index *dominator;                 // immediate; entry's is itself; NO_BLOCK if unreachable
  uint32_t *tree_first, *tree_last; // preorder interval in the dominator tree, for cfg_dominates
  Index *post_dominator; // immediate; NO_BLOCK when none (an exit, or only the virtual exit)
  Loop *loops;           // natural loops, merged per header, outermost first
  uint32_t loop_count;
  Index *innermost; // per block: index into loops, or NO_LOOP
  bool irreducible; // a retreating edge whose target does not dominate its source
} Cfg;

/* Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm" (2001). */
Cfg *cfg_new(Arena *, const Function *);
bool cfg_dominates(const Cfg *, Index a, Index b);
Index block_of_instruction(const Function *, uint32_t instruction); // needs no Cfg
bool cfg_in_loop(const Cfg *, Index loop, Index block);
/* The block whose terminator stands where the loop stands in the source: the test at its head, or
 * where it begins again. */
Index cfg_loop_place(const Cfg *, Index loop);
/* A retreating edge: target not after source in reverse post-order. */
bool cfg_is_back_edge(const Cfg *, Index from, Index to);

#endif
