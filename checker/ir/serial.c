/* serial.c - functions as bytes, see serial.h. Operands are written as distances, so most fields
 * take one byte; whether they fit together is for check.c to say.
 */
#include "ir/serial.h"

#include "ir/check.h"
#include "ir/pack.h"

_Static_assert(INST_KINDS <= 8, "kind and flags share a varint");

static void put_names(Packer *w, const Function *f) {
  pack_types(w, f->types, f->type_count);
  pack_number(w, f->symbol_count);
  for (uint32_t i = 0; i < f->symbol_count; i++)
    pack_symbol(w, &f->symbols[i]);
  pack_number(w, f->local_count);
  for (uint32_t i = 0; i < f->local_count; i++) {
    pack_number(w, f->locals[i].flags);
    pack_number(w, f->locals[i].type);
    pack_text(w, f->locals[i].name);
  }
  pack_number(w, f->constant_count);
  for (uint32_t i = 0; i < f->constant_count; i++) {
    pack_signed(w, f->constants[i].value);
    pack_text(w, f->constants[i].macro);
  }
  pack_texts(w, f->texts, f->text_count);
  pack_texts(w, f->files, f->file_count);
}

/* How a node's a and b are to be written: as a number, or as the distance back to a node. */
typedef enum { OPERAND_ABSENT, OPERAND_NUMBER, OPERAND_NODE } OperandForm;
typedef struct {
  uint8_t a, b;
  bool has_operator;
} NodeForm;

static const NodeForm node_forms[NODE_KINDS] = {
    [NODE_CONSTANT] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_FLOATING] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_STRING] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_VAR] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_TEMP] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_ADDRESS] = {OPERAND_NODE, OPERAND_ABSENT, false},
    [NODE_FUNCTION] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_UNARY] = {OPERAND_NODE, OPERAND_ABSENT, true},
    [NODE_BINARY] = {OPERAND_NODE, OPERAND_NODE, true},
    [NODE_CAST] = {OPERAND_NODE, OPERAND_ABSENT, false},
    [NODE_SHIFT] = {OPERAND_NODE, OPERAND_NODE, false},
    [NODE_UNKNOWN] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_LOCAL] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_GLOBAL] = {OPERAND_NUMBER, OPERAND_ABSENT, false},
    [NODE_DEREF] = {OPERAND_NODE, OPERAND_ABSENT, false},
    [NODE_FIELD] = {OPERAND_NODE, OPERAND_NUMBER, false},
    [NODE_INDEX] = {OPERAND_NODE, OPERAND_NODE, false},
};

static void put_nodes(Packer *w, const Function *f) {
  pack_number(w, f->node_count);
  for (uint32_t i = 0; i < f->node_count; i++) {
    const Node *n = &f->nodes[i];
    const NodeForm *form = &node_forms[n->kind];
    pack_number(w, n->kind);
    pack_number(w, n->type);
    if (form->has_operator)
      pack_number(w, n->operator);
    if (form->a)
      pack_number(w, form->a == OPERAND_NODE ? i - n->a : n->a);
    if (form->b)
      pack_number(w, form->b == OPERAND_NODE ? i - n->b : n->b);
  }
}

static void put_code(Packer *w, const Function *f) {
  pack_number(w, f->arg_count);
  for (uint32_t i = 0; i < f->arg_count; i++)
    pack_number(w, f->args[i]);
  pack_number(w, f->instruction_count);
  uint32_t args = 0;
  Index location = 0;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    pack_number(w, in->kind | (uint64_t)in->flags << 3);
    pack_number(w, in->arg_count);
    pack_number(w, in->result);
    pack_number(w, in->a);
    pack_number(w, in->b);
    pack_signed(w, (int64_t)in->args - args);
    args = in->args + in->arg_count;
    pack_signed(w, (int64_t)f->instruction_locations[i] - location);
    location = f->instruction_locations[i];
  }
  pack_number(w, f->edge_count);
  for (uint32_t i = 0; i < f->edge_count; i++) {
    pack_number(w, f->edges[i].block);
    pack_signed(w, f->edges[i].low);
    pack_signed(w, f->edges[i].high);
  }
  pack_number(w, f->block_count);
  for (uint32_t i = 0; i < f->block_count; i++) {
    const Block *block = &f->blocks[i];
    pack_number(w, block->terminator);
    pack_number(w, block->first);
    pack_number(w, block->count);
    pack_number(w, block->value);
    pack_number(w, block->edges);
    pack_number(w, block->edge_count);
    pack_number(w, block->location);
  }
}

static void put_locations(Packer *w, const Function *f) {
  pack_number(w, f->location_count);
  int32_t line = 0;
  for (uint32_t i = 0; i < f->location_count; i++) {
    const Location *at = &f->locations[i];
    pack_number(w, at->file);
    pack_number(w, at->column);
    pack_number(w, at->end_column);
    pack_signed(w, (int64_t)at->line - line);
    pack_signed(w, (int64_t)at->end_line - at->line);
    pack_number(w, at->spelling_file);
    pack_signed(w, at->spelling_line);
    pack_text(w, at->macro);
    line = at->line;
  }
}

void function_write(ByteWriter *out, const Function *f) {
  Packer w = pack_new();
  pack_text(&w, f->key);
  pack_text(&w, f->name);
  pack_text(&w, f->source);
  pack_text(&w, f->incomplete);
  pack_number(&w, f->line);
  pack_number(&w, f->end_line);
  pack_number(&w, f->flags);
  pack_number(&w, f->result_type);
  pack_number(&w, f->parameter_count);
  pack_number(&w, f->temp_count);
  pack_hash(&w, f->body_hash);
  put_names(&w, f);
  put_nodes(&w, f);
  put_code(&w, f);
  put_locations(&w, f);
  pack_finish(&w, out);
}

static uint16_t get_u16(Unpacker *r) { return (uint16_t)unpack_small(r, UINT16_MAX); }

static uint8_t get_u8(Unpacker *r) { return (uint8_t)unpack_small(r, UINT8_MAX); }

static int32_t get_s32(Unpacker *r) {
  int64_t value = bytes_get_s(&r->bytes);
  if (value < INT32_MIN || value > INT32_MAX)
    r->bytes.failed = true;
  return (int32_t)value;
}

static void get_names(Unpacker *r, Function *f) {
  f->types = unpack_types(r, &f->type_count);
  f->symbol_count = unpack_count(r, 6);
  f->symbols = arena_new_array(r->arena, Symbol, f->symbol_count);
  for (uint32_t i = 0; i < f->symbol_count; i++)
    f->symbols[i] = unpack_symbol(r);
  f->local_count = unpack_count(r, 3);
  f->locals = arena_new_array(r->arena, Local, f->local_count);
  for (uint32_t i = 0; i < f->local_count; i++) {
    f->locals[i].flags = unpack_number(r);
    f->locals[i].type = unpack_number(r);
    f->locals[i].name = unpack_text(r);
  }
  f->constant_count = unpack_count(r, 2);
  f->constants = arena_new_array(r->arena, Constant, f->constant_count);
  for (uint32_t i = 0; i < f->constant_count; i++) {
    f->constants[i].value = unpack_signed(r);
    f->constants[i].macro = unpack_text(r);
  }
  f->texts = unpack_texts(r, &f->text_count);
  f->files = unpack_texts(r, &f->file_count);
}

static void get_nodes(Unpacker *r, Function *f) {
  f->node_count = unpack_count(r, 2);
  f->nodes = arena_new_array(r->arena, Node, f->node_count);
  for (uint32_t i = 0; i < f->node_count; i++) {
    Node *n = &f->nodes[i];
    n->kind = (uint8_t)unpack_small(r, NODE_KINDS - 1);
    n->type = get_u16(r);
    const NodeForm *form = &node_forms[n->kind];
    if (form->has_operator)
      n->operator= get_u8(r);
    if (form->a)
      n->a = form->a == OPERAND_NODE ? i - unpack_number(r) : unpack_number(r);
    if (form->b)
      n->b = form->b == OPERAND_NODE ? i - unpack_number(r) : unpack_number(r);
  }
}

static void get_instructions(Unpacker *r, Function *f) {
  f->arg_count = unpack_count(r, 1);
  f->args = arena_new_array(r->arena, NodeId, f->arg_count);
  for (uint32_t i = 0; i < f->arg_count; i++)
    f->args[i] = unpack_number(r);
  f->instruction_count = unpack_count(r, 7);
  f->instructions = arena_new_array(r->arena, Instruction, f->instruction_count);
  f->instruction_locations = arena_new_array(r->arena, Index, f->instruction_count);
  uint32_t args = 0;
  Index location = 0;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    Instruction *in = &f->instructions[i];
    uint32_t kind = unpack_small(r, 0x7ff);
    in->kind = kind & 7;
    in->flags = (uint8_t)(kind >> 3);
    in->arg_count = get_u16(r);
    in->result = unpack_number(r);
    in->a = unpack_number(r);
    in->b = unpack_number(r);
    in->args = unpack_after(r, args);
    args = in->args + in->arg_count;
    location = f->instruction_locations[i] = unpack_after(r, location);
  }
}

static void get_blocks(Unpacker *r, Function *f) {
  f->edge_count = unpack_count(r, 3);
  f->edges = arena_new_array(r->arena, Edge, f->edge_count);
  for (uint32_t i = 0; i < f->edge_count; i++) {
    f->edges[i].block = unpack_number(r);
    f->edges[i].low = unpack_signed(r);
    f->edges[i].high = unpack_signed(r);
  }
  f->block_count = unpack_count(r, 7);
  f->blocks = arena_new_array(r->arena, Block, f->block_count);
  for (uint32_t i = 0; i < f->block_count; i++) {
    Block *block = &f->blocks[i];
    block->terminator = get_u8(r);
    block->first = unpack_number(r);
    block->count = unpack_number(r);
    block->value = unpack_number(r);
    block->edges = unpack_number(r);
    block->edge_count = unpack_number(r);
    block->location = unpack_number(r);
  }
}

static void get_locations(Unpacker *r, Function *f) {
  f->location_count = unpack_count(r, 8);
  f->locations = arena_new_array(r->arena, Location, f->location_count);
  int32_t line = 0;
  for (uint32_t i = 0; i < f->location_count; i++) {
    Location *at = &f->locations[i];
    at->file = get_u16(r);
    at->column = get_u16(r);
    at->end_column = get_u16(r);
    at->line = (int32_t)unpack_after(r, (uint32_t)line);
    at->end_line = (int32_t)unpack_after(r, (uint32_t)at->line);
    at->spelling_file = get_u16(r);
    at->spelling_line = get_s32(r);
    at->macro = unpack_text(r);
    line = at->line;
  }
}

bool function_read_into(Arena *arena, const void *bytes, size_t count, Function *f) {
  Unpacker r = unpack_start(arena, bytes, count);
  f->key = unpack_text(&r);
  f->name = unpack_text(&r);
  f->source = unpack_text(&r);
  f->incomplete = unpack_text(&r);
  f->line = unpack_number(&r);
  f->end_line = unpack_number(&r);
  f->flags = unpack_number(&r);
  f->result_type = unpack_number(&r);
  f->parameter_count = unpack_number(&r);
  f->temp_count = unpack_number(&r);
  f->body_hash = unpack_hash(&r);
  get_names(&r, f);
  get_nodes(&r, f);
  get_instructions(&r, f);
  get_blocks(&r, f);
  get_locations(&r, f);
  return unpack_is_done(&r) && !function_check(f);
}

Function *function_read(Arena *arena, const void *bytes, size_t count) {
  Function *f = arena_new_one(arena, Function);
  return function_read_into(arena, bytes, count, f) ? f : NULL;
}
