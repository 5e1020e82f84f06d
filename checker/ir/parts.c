/* parts.c - see parts.h. */
#include "ir/parts.h"

NodeParts node_parts(const Node *node) {
  switch ((NodeKind)node->kind) {
  case NODE_ADDRESS:
  case NODE_UNARY:
  case NODE_CAST:
  case NODE_DEREF:
  case NODE_FIELD:
    return (NodeParts){node->a, 0};
  case NODE_BINARY:
  case NODE_SHIFT:
  case NODE_INDEX:
    return (NodeParts){node->a, node->b};
  default:
    return (NodeParts){0, 0};
  }
}

NodeId without_casts(const Function *f, NodeId id) {
  while (f->nodes[id].kind == NODE_CAST)
    id = f->nodes[id].a;
  return id;
}
