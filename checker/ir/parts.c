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

const Instruction *temp_definition(const Function *f, uint32_t temp) {
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].result == temp)
      return &f->instructions[i];
  return NULL;
}

const Instruction *node_definition(const Function *f, const Node *node) {
  return node->kind == NODE_TEMP ? temp_definition(f, node->a) : NULL;
}
