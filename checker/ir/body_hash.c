/* body_hash.c - the structural hash of serial.h. Tables are hashed by content, each entry from the
 * hashes of those it refers to (which precede it), and only instructions are hashed in order: the
 * order in which nodes, types and symbols were met does not count, nor do unused ones.
 */
#include "ir/serial.h"

#include <string.h>

/* Hashes of all entries of the tables that instructions refer to. */
typedef struct {
  Hash *types, *symbols, *nodes;
} Tables;

typedef struct {
  uint64_t numbers[4];
  Hash parts[2];
} Entry; // no padding: it is hashed as bytes

static Hash hash_entry(const Entry *entry) { return hash_bytes(entry, sizeof *entry); }

static void hash_types(const Function *f, Hash *types) {
  for (uint32_t i = 0; i < f->type_count; i++) {
    const Type *type = &f->types[i];
    Entry entry = {.numbers = {type->kind, type->size}, .parts = {hash_text(type->key)}};
    if (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY)
      entry.parts[1] = types[type->element];
    types[i] = hash_entry(&entry);
  }
}

static void hash_symbols(const Function *f, const Hash *types, Hash *symbols) {
  for (uint32_t i = 0; i < f->symbol_count; i++) {
    const Symbol *symbol = &f->symbols[i];
    Entry entry = {.numbers = {symbol->kind, symbol->flags, symbol->offset},
                   .parts = {hash_text(symbol->key), types[symbol->type]}};
    symbols[i] = hash_entry(&entry);
  }
}

static void set_operands(const Function *f, const Tables *tables, const Node *n, Entry *entry) {
  const Hash *nodes = tables->nodes;
  switch ((NodeKind)n->kind) {
  case NODE_CONSTANT:
    entry->numbers[2] = (uint64_t)f->constants[n->a].value;
    break;
  case NODE_FLOATING:
  case NODE_STRING:
    entry->parts[0] = hash_text(f->texts[n->a]);
    break;
  case NODE_VAR:
  case NODE_TEMP:
  case NODE_UNKNOWN:
  case NODE_LOCAL:
    entry->numbers[2] = n->a;
    break;
  case NODE_FUNCTION:
  case NODE_GLOBAL:
    entry->parts[0] = tables->symbols[n->a];
    break;
  case NODE_FIELD:
    entry->parts[0] = nodes[n->a];
    entry->parts[1] = tables->symbols[n->b];
    break;
  case NODE_BINARY:
  case NODE_SHIFT:
  case NODE_INDEX:
    entry->parts[0] = nodes[n->a];
    entry->parts[1] = nodes[n->b];
    break;
  case NODE_ADDRESS:
  case NODE_UNARY:
  case NODE_CAST:
  case NODE_DEREF:
    entry->parts[0] = nodes[n->a];
    break;
  case NODE_NONE:
  case NODE_KINDS:
    break;
  }
}

static void hash_nodes(const Function *f, const Tables *tables) {
  for (uint32_t i = 1; i < f->node_count; i++) {
    const Node *n = &f->nodes[i];
    Entry entry = {.numbers = {n->kind, n->operator, 0, tables->types[n->type].low}};
    set_operands(f, tables, n, &entry);
    tables->nodes[i] = hash_entry(&entry);
  }
}

static void put_number(ByteWriter *out, uint64_t number) {
  bytes_put_raw(out, &number, sizeof number);
}

static void put_hash_of(ByteWriter *out, const Hash *table, uint32_t index) {
  bytes_put_raw(out, &table[index], sizeof table[index]);
}

static void put_head(ByteWriter *out, const Function *f, const Tables *tables) {
  put_number(out, f->flags & ~(uint32_t)FUNCTION_IN_HEADER);
  put_hash_of(out, tables->types, f->result_type);
  put_number(out, f->parameter_count);
  put_number(out, f->local_count);
  for (uint32_t i = 0; i < f->local_count; i++) {
    put_number(out, f->locals[i].flags);
    put_hash_of(out, tables->types, f->locals[i].type);
  }
}

static void put_instruction(ByteWriter *out, const Function *f, const Tables *tables,
                            const Instruction *in) {
  bool local = in->kind == INST_DECLARE || in->kind == INST_SCOPE_END;
  uint64_t head = in->kind | (uint64_t)in->flags << 8 | (uint64_t)in->arg_count << 16 |
                  (uint64_t)in->result << 32;
  put_number(out, head);
  if (local)
    put_number(out, in->a);
  else if (in->kind <= INST_CALL)
    put_hash_of(out, tables->nodes, in->a);
  if (in->kind == INST_STORE)
    put_hash_of(out, tables->nodes, in->b);
  for (uint32_t i = 0; i < in->arg_count; i++)
    put_hash_of(out, tables->nodes, f->args[in->args + i]);
}

static void put_block(ByteWriter *out, const Function *f, const Tables *tables,
                      const Block *block) {
  put_number(out, block->count);
  for (uint32_t i = 0; i < block->count; i++)
    put_instruction(out, f, tables, &f->instructions[block->first + i]);
  put_number(out, block->terminator | (uint64_t)block->edge_count << 8);
  put_hash_of(out, tables->nodes, block->value);
  for (uint32_t e = 0; e < block->edge_count; e++) {
    const Edge *edge = &f->edges[block->edges + e];
    put_number(out, edge->block);
    if (block->terminator == TERM_SWITCH) {
      put_number(out, (uint64_t)edge->low);
      put_number(out, (uint64_t)edge->high);
    }
  }
}

Hash function_body_hash(const Function *f) {
  size_t count = (size_t)f->type_count + f->symbol_count + f->node_count;
  Hash *room = memory_resize(NULL, sizeof *room * count);
  Tables tables = {room, room + f->type_count, room + f->type_count + f->symbol_count};
  memset(room, 0, sizeof *room * count);
  hash_types(f, tables.types);
  hash_symbols(f, tables.types, tables.symbols);
  hash_nodes(f, &tables);
  ByteWriter out = {0};
  put_head(&out, f, &tables);
  for (uint32_t b = 0; b < f->block_count; b++)
    put_block(&out, f, &tables, &f->blocks[b]);
  Hash hash = hash_bytes(out.at, out.count);
  bytes_free(&out);
  memory_free(room);
  return hash;
}

Hash function_names_hash(const Function *f) {
  Hash hash = hash_text(f->name);
  for (uint32_t i = 0; i < f->local_count; i++)
    hash = hash_pair(hash, hash_text(f->locals[i].name));
  for (uint32_t i = 0; i < f->constant_count; i++)
    hash = hash_pair(hash, hash_text(f->constants[i].macro));
  for (uint32_t i = 0; i < f->symbol_count; i++)
    hash = hash_pair(hash, hash_text(f->symbols[i].name));
  return hash;
}
