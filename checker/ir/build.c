/* build.c - tables, blocks and instructions of a function under construction.
 *
 * A block's instructions are a chain through one growing array, because lowering comes back to
 * earlier blocks (switch heads, goto pads); build_finish lays them out block by block. Empty
 * blocks that only jump are jumped over there.
 */
#include <string.h>

#include "base/message.h"
#include "ir/build_internal.h"
#include "ir/serial.h"

uint32_t hash_words(const uint32_t *words, size_t count) {
  uint64_t h = 0x9e3779b97f4a7c15u;
  for (size_t i = 0; i < count; i++)
    h = (h ^ words[i]) * 0xff51afd7ed558ccdu, h ^= h >> 32;
  return (uint32_t)(h ^ (h >> 29));
}

uint32_t hash_string(const char *text) {
  Hash h = hash_text(text);
  return (uint32_t)h.low;
}

static void table_grow(Builder *b, Table *table) {
  Table bigger = {.capacity = table->capacity ? table->capacity * 2 : 64, .used = table->used};
  bigger.slots = arena_new_array(b->scratch, Slot, bigger.capacity);
  for (size_t i = 0; i < table->capacity; i++) {
    Slot slot = table->slots[i];
    if (!slot.index_plus_one)
      continue;
    size_t at = slot.hash & (bigger.capacity - 1);
    while (bigger.slots[at].index_plus_one)
      at = (at + 1) & (bigger.capacity - 1);
    bigger.slots[at] = slot;
  }
  *table = bigger;
}

uint32_t table_intern(Builder *b, Table *table, uint32_t hash, TableEqual *equal, const void *key,
                      uint32_t fresh) {
  if (table->used * 4 >= table->capacity * 3)
    table_grow(b, table);
  size_t at = hash & (table->capacity - 1);
  for (; table->slots[at].index_plus_one; at = (at + 1) & (table->capacity - 1)) {
    Slot slot = table->slots[at];
    if (slot.hash == hash && equal(b, slot.index_plus_one - 1, key))
      return slot.index_plus_one - 1;
  }
  table->slots[at] = (Slot){hash, fresh + 1};
  table->used++;
  return fresh;
}

static bool text_equal(const Builder *b, uint32_t index, const void *key) {
  return strcmp(b->texts.at[index], key) == 0;
}

Index build_text(Builder *b, const char *text) {
  uint32_t fresh = (uint32_t)b->texts.count;
  uint32_t index = table_intern(b, &b->text_table, hash_string(text), text_equal, text, fresh);
  if (index == fresh)
    pool_push(b, &b->texts, arena_text(b->arena, text));
  return index;
}

static bool name_equal(const Builder *b, uint32_t index, const void *key) {
  return strcmp(b->names.at[index], key) == 0;
}

const char *build_name(Builder *b, const char *name) {
  if (!name || !*name)
    return "";
  uint32_t fresh = (uint32_t)b->names.count;
  uint32_t index = table_intern(b, &b->name_table, hash_string(name), name_equal, name, fresh);
  if (index == fresh)
    pool_push(b, &b->names, arena_text(b->arena, name));
  return b->names.at[index];
}

Builder *build_new(Arena *arena, const char *key, const char *name) {
  Arena *scratch = arena_new();
  Builder *b = arena_new_one(scratch, Builder);
  b->arena = arena;
  b->scratch = scratch;
  b->function = arena_new_one(arena, Function);
  b->function->key = arena_text(arena, key);
  b->function->name = arena_text(arena, name);
  b->function->incomplete = b->function->source = "";
  pool_push(b, &b->nodes, (Node){0});
  pool_push(b, &b->locations, (Location){.macro = ""});
  build_type(b, (Type){.kind = TYPE_VOID});
  build_switch_to(b, build_block(b));
  return b;
}

Function *build_function(Builder *b) { return b->function; }

static bool type_equal(const Builder *b, uint32_t index, const void *key) {
  const Type *one = &b->types.at[index], *other = key;
  return one->kind == other->kind && one->size == other->size && one->element == other->element &&
         strcmp(one->key, other->key) == 0;
}

/* The type without the typedef names of scalars: what decides whether two nodes are the same. */
static Index plain_type(Builder *b, Index self, const Type *type) {
  Type plain = *type;
  if (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY)
    plain.element = b->plain.at[type->element];
  if (type->kind != TYPE_RECORD)
    plain.key = "";
  return type_equal(b, self, &plain) ? self : build_type(b, plain);
}

Index build_type(Builder *b, Type type) {
  if (!type.key)
    type.key = "";
  if (type.kind != TYPE_POINTER && type.kind != TYPE_ARRAY)
    type.element = 0;
  uint32_t words[4] = {type.kind, (uint32_t)type.size, type.element, hash_string(type.key)};
  Index fresh = (Index)b->types.count;
  if (fresh > UINT16_MAX) {
    b->function->flags |= FUNCTION_INCOMPLETE;
    b->function->incomplete = "more than 65,535 types";
    return 0;
  }
  Index index = table_intern(b, &b->type_table, hash_words(words, 4), type_equal, &type, fresh);
  if (index != fresh)
    return index;
  type.key = *type.key ? arena_text(b->arena, type.key) : "";
  pool_push(b, &b->types, type);
  pool_push(b, &b->plain, fresh);
  Index plain = plain_type(b, fresh, &type);
  b->plain.at[fresh] = plain;
  return fresh;
}

static bool symbol_equal(const Builder *b, uint32_t index, const void *key) {
  const Symbol *one = &b->symbols.at[index], *other = key;
  return one->kind == other->kind && strcmp(one->key, other->key) == 0;
}

Index build_symbol(Builder *b, Symbol symbol) {
  uint32_t fresh = (uint32_t)b->symbols.count;
  uint32_t hash = hash_string(symbol.key) + symbol.kind;
  Index index = table_intern(b, &b->symbol_table, hash, symbol_equal, &symbol, fresh);
  if (index != fresh) {
    b->symbols.at[index].flags |= symbol.flags;
    return index;
  }
  symbol.key = arena_text(b->arena, symbol.key);
  symbol.name = arena_text(b->arena, symbol.name ? symbol.name : "");
  pool_push(b, &b->symbols, symbol);
  return fresh;
}

Index build_local(Builder *b, Local local) {
  local.name = local.name && *local.name ? arena_text(b->arena, local.name) : "";
  const Type *type = &b->types.at[local.type];
  if (type->kind == TYPE_ARRAY || type->kind == TYPE_RECORD)
    local.flags |= LOCAL_ADDRESS_TAKEN;
  pool_push(b, &b->locals, local);
  if (local.flags & LOCAL_PARAMETER)
    b->function->parameter_count++;
  return (Index)b->locals.count - 1;
}

Index build_file(Builder *b, const char *path) {
  for (size_t i = 0; i < b->files.count; i++)
    if (b->files.at[i] == path || strcmp(b->files.at[i], path) == 0)
      return (Index)i;
  pool_push(b, &b->files, arena_text(b->arena, path));
  return (Index)b->files.count - 1;
}

static bool location_equal(const Builder *b, uint32_t index, const void *key) {
  const Location *one = &b->locations.at[index], *other = key;
  return one->line == other->line && one->column == other->column && one->file == other->file &&
         one->end_line == other->end_line && one->end_column == other->end_column &&
         one->spelling_file == other->spelling_file && one->spelling_line == other->spelling_line &&
         one->macro == other->macro;
}

Index build_location(Builder *b, Location location) {
  location.macro = build_name(b, location.macro);
  uint32_t words[5] = {(uint32_t)location.line, location.column, location.end_column,
                       (uint32_t)location.spelling_line, (uint32_t)location.end_line};
  uint32_t fresh = (uint32_t)b->locations.count;
  Index index =
      table_intern(b, &b->location_table, hash_words(words, 5), location_equal, &location, fresh);
  if (index == fresh)
    pool_push(b, &b->locations, location);
  return index;
}

void build_at(Builder *b, Index location) { b->location = location; }

/* ---- blocks and instructions */

Index build_block(Builder *b) {
  pool_push(b, &b->blocks, (BuildBlock){0});
  return (Index)b->blocks.count - 1;
}

void build_switch_to(Builder *b, Index block) { b->current = block; }
Index build_current(const Builder *b) { return b->current; }
bool build_is_open(const Builder *b) { return !b->blocks.at[b->current].closed; }

static void append(Builder *b, Instruction instruction) {
  if (!build_is_open(b)) // what follows a terminator is dead, but it is kept
    build_switch_to(b, build_block(b));
  pool_push(b, &b->instructions, (BuildInstruction){instruction, b->location, 0});
  uint32_t self = (uint32_t)b->instructions.count;
  BuildBlock *block = &b->blocks.at[b->current];
  if (block->last)
    b->instructions.at[block->last - 1].next = self;
  else
    block->first = self;
  block->last = self;
  block->count++;
}

static NodeId new_temp(Builder *b, Index type) {
  pool_push(b, &b->nodes, (Node){.kind = NODE_TEMP, .type = (uint16_t)type, .a = ++b->temps});
  return (NodeId)b->nodes.count - 1;
}

NodeId build_load(Builder *b, Index type, NodeId place) {
  Node node = b->nodes.at[place];
  if (node.kind == NODE_LOCAL && !(b->locals.at[node.a].flags & LOCAL_ADDRESS_TAKEN))
    return build_var(b, node.a);
  NodeId result = new_temp(b, type);
  append(b, (Instruction){.kind = INST_LOAD, .result = b->temps, .a = place});
  return result;
}

void build_store(Builder *b, NodeId place, NodeId value) {
  append(b, (Instruction){.kind = INST_STORE, .a = place, .b = value});
}

NodeId build_copy(Builder *b, Index type, NodeId value) {
  NodeId result = new_temp(b, type);
  append(b, (Instruction){.kind = INST_COPY, .result = b->temps, .a = value});
  return result;
}

static uint32_t add_args(Builder *b, const NodeId *args, uint32_t count) {
  uint32_t first = (uint32_t)b->args.count;
  for (uint32_t i = 0; i < count; i++)
    pool_push(b, &b->args, args[i]);
  return first;
}

NodeId build_call(Builder *b, Index type, NodeId callee, const NodeId *args, uint32_t count,
                  uint32_t flags) {
  if (count > UINT16_MAX)
    count = UINT16_MAX;
  uint32_t first = add_args(b, args, count);
  NodeId result = b->types.at[type].kind == TYPE_VOID ? 0 : new_temp(b, type);
  append(b, (Instruction){.kind = INST_CALL,
                          .flags = (uint8_t)flags,
                          .arg_count = (uint16_t)count,
                          .result = result ? b->temps : 0,
                          .a = callee,
                          .args = first});
  return result;
}

void build_simple(Builder *b, InstructionKind kind, uint32_t a, const NodeId *args,
                  uint32_t count) {
  if (count > UINT16_MAX)
    count = UINT16_MAX;
  uint32_t first = add_args(b, args, count);
  append(b,
         (Instruction){.kind = (uint8_t)kind, .a = a, .arg_count = (uint16_t)count, .args = first});
}

static BuildBlock *terminate(Builder *b, TerminatorKind kind, NodeId value, const Edge *edges,
                             uint32_t count) {
  BuildBlock *block = &b->blocks.at[b->current];
  if (block->closed)
    return NULL;
  block->terminator = (uint8_t)kind;
  block->closed = true;
  block->value = value;
  block->edges = arena_copy(b->scratch, edges, count * sizeof *edges);
  block->edge_count = count;
  block->location = b->location;
  return block;
}

void build_jump(Builder *b, Index block) { terminate(b, TERM_JUMP, 0, &(Edge){.block = block}, 1); }

void build_written_jump(Builder *b, Index block) {
  Index own = build_block(b);
  build_jump(b, own);
  build_switch_to(b, own);
  b->blocks.at[own].kept = true;
  build_jump(b, block);
}

/* The value below conversions that keep zero zero and the rest not. */
static NodeId without_widening(const Builder *b, NodeId value) {
  for (;;) {
    const Node *n = &b->nodes.at[value];
    if (n->kind != NODE_CAST)
      return value;
    const Type *to = &b->types.at[n->type], *from = &b->types.at[b->nodes.at[n->a].type];
    bool integers = to->kind <= TYPE_UNSIGNED && from->kind <= TYPE_UNSIGNED;
    if (!integers || to->size < from->size)
      return value;
    value = n->a;
  }
}

void build_branch(Builder *b, NodeId value, Index if_true, Index if_false) {
  value = without_widening(b, value);
  const Constant *constant = build_constant_of(b, value);
  if (constant)
    build_jump(b, constant->value ? if_true : if_false);
  else if (build_is_object_address(b, value))
    build_jump(b, if_true);
  else if (if_true == if_false)
    build_jump(b, if_true);
  else
    terminate(b, TERM_BRANCH, value, (Edge[]){{.block = if_true}, {.block = if_false}}, 2);
}

void build_switch(Builder *b, NodeId value, const Edge *edges, uint32_t count) {
  terminate(b, TERM_SWITCH, value, edges, count);
}

void build_indirect(Builder *b, NodeId value, const Edge *edges, uint32_t count) {
  terminate(b, TERM_INDIRECT, value, edges, count);
}

void build_unreachable(Builder *b) { terminate(b, TERM_UNREACHABLE, 0, NULL, 0); }

void build_return(Builder *b, NodeId value) {
  BuildBlock *block = terminate(b, TERM_RETURN, value, NULL, 0);
  if (!block || !block->last)
    return;
  Instruction *last = &b->instructions.at[block->last - 1].instruction;
  if (last->kind != INST_CALL || (last->flags & CALL_SCOPE_CLEANUP))
    return;
  Node node = b->nodes.at[value];
  if (!value || (node.kind == NODE_TEMP && last->result && node.a == last->result))
    last->flags |= CALL_TAIL;
}
