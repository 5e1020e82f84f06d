/* parts.h - the nodes that a node is made of, whatever it means. They stand before it (ir/check.c).
 */
#ifndef IR_PARTS_H
#define IR_PARTS_H

#include "ir/ir.h"

typedef struct {
  NodeId a, b; // 0: none
} NodeParts;

NodeParts node_parts(const Node *);
NodeId without_casts(const Function *, NodeId);

static inline bool is_sum(const Node *node) { // or a difference
  return node->kind == NODE_BINARY &&
         (node->operator== OPERATOR_ADD || node->operator== OPERATOR_SUBTRACT);
}

#endif
