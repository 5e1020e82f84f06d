/* names.c - who uses the result of a call, and what a callee's names mean at its caller. */
#include "depth/facts.h"
#include "ir/parts.h"

/* ---- its result */

static bool mentions(const Function *f, NodeId id, uint32_t temp, uint32_t depth) {
  const Node *node = &f->nodes[id];
  if (node->kind == NODE_TEMP)
    return node->a == temp;
  NodeParts parts = node_parts(node);
  return depth && ((parts.a && mentions(f, parts.a, temp, depth - 1)) ||
                   (parts.b && mentions(f, parts.b, temp, depth - 1)));
}

bool uses_result(const Function *f, const Instruction *call) {
  enum { DEEP = 12 };
  bool used = false;
  for (uint32_t i = 0; i < f->block_count && !used; i++)
    used = mentions(f, f->blocks[i].value, call->result, DEEP);
  for (uint32_t i = 0; i < f->instruction_count && !used; i++) {
    const Instruction *inst = &f->instructions[i];
    used = inst->kind == INST_STORE && mentions(f, inst->b, call->result, DEEP);
    for (uint32_t k = 0; k < inst->arg_count && !used; k++)
      used = mentions(f, f->args[inst->args + k], call->result, DEEP);
  }
  return used;
}

/* ---- from a callee's names to its caller's */

static Value value_at(CellTable *caller, const Site *site, Token token) {
  if (!is_parameter(caller, token))
    for (uint32_t i = 0; i < site->change_count; i++)
      if (site->changes[i].token == token)
        return site->changes[i].value;
  return value_of(token);
}

Token facts_place(CellTable *caller, const Site *site, const CellTable *callee, Token token) {
  Cell cell = *cell_at(callee, token);
  switch ((CellKind)cell.kind) {
  case CELL_GLOBAL:
    return cell_find(caller, cell);
  case CELL_LOCAL:
    return NO_TOKEN;
  case CELL_TARGET: {
    Value pointer = facts_value(caller, site, callee, cell.base);
    if (pointer.kind == VALUE_ADDRESS)
      return pointer.token;
    return is_same(&pointer) ? cell_find(caller, (Cell){.kind = CELL_TARGET, .base = pointer.token})
                             : NO_TOKEN;
  }
  case CELL_FIELD:
    cell.base = facts_place(caller, site, callee, cell.base);
    return cell.base == NO_TOKEN ? NO_TOKEN : cell_find(caller, cell);
  }
  return NO_TOKEN;
}

Value facts_value(CellTable *caller, const Site *site, const CellTable *callee, Token token) {
  if (is_parameter(callee, token))
    return token < site->arg_count ? site->args[token] : (Value){.kind = VALUE_ANY};
  Token place = facts_place(caller, site, callee, token);
  return place == NO_TOKEN ? (Value){.kind = VALUE_ANY} : value_at(caller, site, place);
}
