/* check.c - see check.h. Nodes and types may only refer to earlier ones, so whatever passes here
 * is free of cycles and can be walked without a visited set.
 */
#include "ir/check.h"

#include <string.h>

bool node_is_place(const Function *f, NodeId id) { return f->nodes[id].kind >= NODE_LOCAL; }

static bool is_value(const Function *f, NodeId id) {
  return id > 0 && id < f->node_count && !node_is_place(f, id);
}

static bool is_place(const Function *f, NodeId id) {
  return id < f->node_count && node_is_place(f, id);
}

static const char *check_types(const Function *f) {
  if (!f->type_count || f->types[0].kind != TYPE_VOID)
    return "type 0 is not void";
  for (uint32_t i = 0; i < f->type_count; i++) {
    const Type *type = &f->types[i];
    if (type->kind > TYPE_OTHER)
      return "type kind";
    bool derived = type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY;
    if (derived ? type->element >= i : type->element != 0)
      return "type element";
  }
  return f->result_type < f->type_count ? NULL : "result type";
}

static const char *check_names(const Function *f) {
  for (uint32_t i = 0; i < f->symbol_count; i++)
    if (f->symbols[i].kind > SYMBOL_FIELD || f->symbols[i].type >= f->type_count)
      return "symbol";
  for (uint32_t i = 0; i < f->local_count; i++)
    if (f->locals[i].type >= f->type_count)
      return "type of a local";
  if (f->parameter_count > f->local_count)
    return "parameter count";
  if (!f->location_count || !f->file_count)
    return "no location 0 or file 0";
  for (uint32_t i = 0; i < f->location_count; i++)
    if (f->locations[i].file >= f->file_count || f->locations[i].spelling_file >= f->file_count)
      return "file of a location";
  return NULL;
}

static bool symbol_is(const Function *f, uint32_t symbol, SymbolKind kind) {
  return symbol < f->symbol_count && f->symbols[symbol].kind == kind;
}

/* Operands must be earlier than `id`; kinds of earlier nodes are already known to be right. */
static bool operands_fit(const Function *f, NodeId id) {
  const Node *n = &f->nodes[id];
  bool a_value = n->a < id && is_value(f, n->a), b_value = n->b < id && is_value(f, n->b);
  bool a_place = n->a < id && is_place(f, n->a);
  switch ((NodeKind)n->kind) {
  case NODE_CONSTANT:
    return n->a < f->constant_count;
  case NODE_FLOATING:
  case NODE_STRING:
    return n->a < f->text_count;
  case NODE_VAR:
  case NODE_LOCAL:
    return n->a < f->local_count;
  case NODE_TEMP:
    return n->a > 0 && n->a <= f->temp_count;
  case NODE_ADDRESS:
    return a_place;
  case NODE_FUNCTION:
    return symbol_is(f, n->a, SYMBOL_FUNCTION);
  case NODE_GLOBAL:
    return symbol_is(f, n->a, SYMBOL_GLOBAL);
  case NODE_UNARY:
    return a_value && n->operator>= OPERATOR_NEGATE && n->operator<= OPERATOR_NOT;
  case NODE_BINARY:
    return a_value && b_value && n->operator>= OPERATOR_ADD && n->operator<OPERATOR_COUNT;
  case NODE_CAST:
  case NODE_DEREF:
    return a_value;
  case NODE_SHIFT:
    return a_value && b_value;
  case NODE_FIELD:
    return a_place && symbol_is(f, n->b, SYMBOL_FIELD);
  case NODE_INDEX:
    return a_place && b_value;
  case NODE_UNKNOWN:
    return true;
  case NODE_NONE:
  case NODE_KINDS:
    break;
  }
  return false;
}

static const char *check_nodes(const Function *f) {
  if (!f->node_count || f->nodes[0].kind != NODE_NONE)
    return "node 0 is not NODE_NONE";
  for (NodeId id = 1; id < f->node_count; id++)
    if (f->nodes[id].type >= f->type_count || !operands_fit(f, id))
      return "node";
  return NULL;
}

static bool instruction_fits(const Function *f, const Instruction *in) {
  bool result = in->result != 0;
  switch ((InstructionKind)in->kind) {
  case INST_LOAD:
    return result && is_place(f, in->a);
  case INST_STORE:
    return !result && is_place(f, in->a) && is_value(f, in->b);
  case INST_COPY:
    return result && is_value(f, in->a);
  case INST_CALL:
    return is_value(f, in->a);
  case INST_DECLARE:
  case INST_SCOPE_END:
    return !result && in->a < f->local_count;
  case INST_ASM:
  case INST_HIDDEN:
    return true;
  case INST_KINDS:
    break;
  }
  return false;
}

/* `defined` has a byte for each temp. */
static const char *check_instructions(const Function *f, bool *defined) {
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    if (in->args > f->arg_count || in->arg_count > f->arg_count - in->args)
      return "arguments of an instruction";
    if (in->result > f->temp_count || (in->result && defined[in->result]))
      return "result of an instruction";
    defined[in->result] = true;
    if (!instruction_fits(f, in))
      return "instruction";
    if (f->instruction_locations[i] >= f->location_count)
      return "location of an instruction";
  }
  for (uint32_t i = 0; i < f->arg_count; i++)
    if (!is_value(f, f->args[i]))
      return "argument";
  return NULL;
}

static bool terminator_fits(const Function *f, const Block *block) {
  bool value = is_value(f, block->value);
  switch ((TerminatorKind)block->terminator) {
  case TERM_JUMP:
    return block->edge_count == 1;
  case TERM_BRANCH:
    return block->edge_count == 2 && value;
  case TERM_SWITCH:
    return block->edge_count >= 1 && value;
  case TERM_RETURN:
    return block->edge_count == 0 && (value || !block->value);
  case TERM_INDIRECT:
    return value || !block->value;
  case TERM_UNREACHABLE:
    return block->edge_count == 0;
  }
  return false;
}

static const char *check_blocks(const Function *f) {
  if (!f->block_count)
    return "no block";
  uint32_t next = 0; // the blocks cover the instructions, in order
  for (uint32_t b = 0; b < f->block_count; b++) {
    const Block *block = &f->blocks[b];
    if (block->first != next || block->count > f->instruction_count - next)
      return "instructions of a block";
    next += block->count;
    if (block->edges > f->edge_count || block->edge_count > f->edge_count - block->edges)
      return "edges of a block";
    if (block->location >= f->location_count || !terminator_fits(f, block))
      return "terminator";
  }
  for (uint32_t e = 0; e < f->edge_count; e++)
    if (f->edges[e].block >= f->block_count)
      return "target of an edge";
  return next == f->instruction_count ? NULL : "instructions outside of blocks";
}

const char *function_check(const Function *f) {
  const char *wrong = check_types(f);
  if (!wrong)
    wrong = check_names(f);
  if (!wrong)
    wrong = check_nodes(f);
  if (!wrong && f->temp_count > (uint64_t)f->instruction_count + f->node_count)
    wrong = "more temps than instructions and nodes";
  if (!wrong) {
    bool *defined = memory_resize(NULL, (size_t)f->temp_count + 1);
    memset(defined, 0, (size_t)f->temp_count + 1);
    wrong = check_instructions(f, defined);
    memory_free(defined);
  }
  return wrong ? wrong : check_blocks(f);
}
