/* parts.h - what a node is made of, whatever it means: nodes, which stand before it (ir/check.c),
 * or the instruction whose result it is.
 */
#ifndef IR_PARTS_H
#define IR_PARTS_H

#include "ir/ir.h"

typedef struct {
  NodeId a, b; // 0: none
} NodeParts;

NodeParts node_parts(const Node *);
NodeId without_casts(const Function *, NodeId);
/* The instruction whose result the temp is; NULL: none. */
const Instruction *temp_definition(const Function *, uint32_t temp);
const Instruction *node_definition(const Function *, const Node *); // of a temp; NULL for others

static inline bool is_sum(const Node *node) { // or a difference
  return node->kind == NODE_BINARY &&
         (node->operator== OPERATOR_ADD || node->operator== OPERATOR_SUBTRACT);
}

#endif
