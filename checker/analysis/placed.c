/* placed.c - arguments that a callee stores only in what another argument points to:
 * `init(&context, file)`. A caller who gave the address of a variable of its own has them still. */
#include "analysis/owner.h"

#include "base/guard.h"
#include "ir/parts.h"

/* The parameter whose value it is, moved at most: nothing is ever stored in it that is not reckoned
 * from itself. */
static Index given_pointer(const Holders *h, NodeId pointer) {
  const Function *f = h->e->f;
  const Node *base = &f->nodes[holders_base(f, pointer)];
  const Instruction *copy = node_definition(f, base);
  if (copy && copy->kind == INST_COPY) // `*p++`
    base = &f->nodes[holders_base(f, copy->a)];
  Index parameter = base->kind == NODE_VAR ? base->a : NO_BLOCK;
  if (parameter >= f->parameter_count || parameter >= LAST_BIT ||
      (f->locals[parameter].flags & LOCAL_ADDRESS_TAKEN))
    return NO_BLOCK;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL ||
        f->nodes[inst->a].a != parameter)
      continue;
    const Node *value = &f->nodes[holders_base(f, inst->b)];
    if (value->kind != NODE_VAR || value->a != parameter)
      return NO_BLOCK;
  }
  return parameter;
}

Index placed_behind(const Holders *h, NodeId place) {
  const Function *f = h->e->f;
  const Node *node = &f->nodes[place];
  for (; node->kind == NODE_FIELD || node->kind == NODE_INDEX; node = &f->nodes[node->a])
    if (node->kind == NODE_INDEX && f->nodes[node->b].kind != NODE_CONSTANT)
      return NO_BLOCK;
  return h->adds && node->kind == NODE_DEREF ? given_pointer(h, node->a) : NO_BLOCK;
}

/* Is there a local that can hold what is stored behind the argument? As with stores, elements of
 * arrays are followed only without regard to order. */
static Index holding_local(const Holders *h, NodeId arg) {
  const Function *f = h->e->f;
  Index local = holders_addressed(h, arg);
  if (local == NO_BLOCK || (h->targets && h->targets[local].is_exposed))
    return NO_BLOCK;
  bool is_array = f->types[f->locals[local].type].kind == TYPE_ARRAY;
  return is_array && !h->adds ? NO_BLOCK : local;
}

Placed placed_arguments(const Holders *h, const Instruction *call, const Fates *fates) {
  Placed placed = {.arguments = fates->keeps & fates->stores};
  for (uint32_t i = 0; i < LAST_BIT && placed.arguments; i++) {
    if (!(fates->into & fate_bit(i)))
      continue;
    NodeId arg = i < call->arg_count ? h->e->f->args[call->args + i] : 0;
    if (!arg || !guard_on("stored-in"))
      return (Placed){0};
    if (holding_local(h, arg) != NO_BLOCK)
      continue;
    Index given = h->adds ? given_pointer(h, arg) : NO_BLOCK;
    if (given == NO_BLOCK)
      return (Placed){0};
    placed.into |= fate_bit(given);
  }
  return placed;
}

void placed_hold(Holders *h, const Instruction *call, const Fates *fates, uint32_t values) {
  for (uint32_t i = 0; i < call->arg_count && i < LAST_BIT; i++) {
    Index local =
        fates->into & fate_bit(i) ? holding_local(h, h->e->f->args[call->args + i]) : NO_BLOCK;
    if (local != NO_BLOCK)
      h->masks[local] |= values;
  }
}
