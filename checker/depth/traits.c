/* traits.c - see traits.h */
#include "depth/traits.h"

#include <string.h>

#include "ir/parts.h"

enum { VALUE_DEPTH = 4 };

/* The place that the temp was read from, 0 for none; i++ keeps what it read in a copy. */
static NodeId place_of_temp(const Function *f, uint32_t instruction, uint32_t temp) {
  for (uint32_t i = instruction; i-- > 0;) // near, nearly always
    if (f->instructions[i].result == temp)
      return f->instructions[i].kind == INST_LOAD ? f->instructions[i].a : 0;
  return 0;
}

static bool is_made_of(const Function *f, uint32_t instruction, NodeId id, NodeId place,
                       uint32_t depth) {
  const Node *node = &f->nodes[id];
  if (!depth--)
    return false;
  if (node->kind == NODE_TEMP)
    return place_of_temp(f, instruction, node->a) == place;
  if (node->kind == NODE_CAST)
    return is_made_of(f, instruction, node->a, place, depth);
  return node->kind == NODE_BINARY && (is_made_of(f, instruction, node->a, place, depth) ||
                                       is_made_of(f, instruction, node->b, place, depth));
}

static bool counts(const Function *f, uint32_t instruction) {
  const Instruction *inst = &f->instructions[instruction];
  if (inst->kind != INST_STORE || f->nodes[inst->a].kind == NODE_LOCAL)
    return false;
  const Node *value = &f->nodes[without_casts(f, inst->b)];
  return is_sum(value) && is_made_of(f, instruction, inst->b, inst->a, VALUE_DEPTH);
}

static bool is_local_address(const Function *f, NodeId id) {
  const Node *node = &f->nodes[without_casts(f, id)];
  return node->kind == NODE_ADDRESS && f->nodes[node->a].kind == NODE_LOCAL;
}

uint8_t depth_traits(const Function *f) {
  uint8_t traits = 0;
  for (uint32_t i = 0; i < f->instruction_count && !traits; i++)
    traits |= counts(f, i) ? TRAIT_COUNTS : 0;
  for (uint32_t i = 1; i < f->node_count; i++) {
    const Node *node = &f->nodes[i];
    bool is_number = node->kind == NODE_CAST && f->types[node->type].kind != TYPE_POINTER;
    if ((is_number && is_local_address(f, node->a)) ||
        (node->kind == NODE_BINARY &&
         (is_local_address(f, node->a) || is_local_address(f, node->b))))
      return traits | TRAIT_STACK_ADDRESS;
  }
  for (uint32_t i = 0; i < f->symbol_count; i++)
    if (f->symbols[i].kind == SYMBOL_FUNCTION &&
        !strcmp(f->symbols[i].name, "__builtin_frame_address"))
      traits |= TRAIT_STACK_ADDRESS;
  return traits;
}
