/* links.c - see links.h. One pass over the instructions; sets are bitmaps over the symbols. */
#include "ir/links.h"

#include <string.h>

typedef struct {
  const Function *f;
  FunctionLinks *links;
  bool *called, *loaded; // by symbol: already in the list
  NodeId *temp_places;   // by temp: the place that an INST_LOAD read, else 0
  size_t store_room;
  Arena *arena;
} Scan;

Index slot_of_place(const Function *f, NodeId place) {
  for (;;) {
    const Node *node = &f->nodes[place];
    switch (node->kind) {
    case NODE_FIELD:
      return node->b;
    case NODE_GLOBAL:
      return node->a;
    case NODE_INDEX:
      place = node->a;
      break;
    default:
      return NO_SYMBOL;
    }
  }
}

static bool is_function_pointer(const Function *f, const Node *node) {
  const Type *type = &f->types[node->type];
  return type->kind == TYPE_POINTER && f->types[type->element].kind == TYPE_FUNCTION;
}

static bool is_null(const Function *f, const Node *node) {
  return node->kind == NODE_CONSTANT && f->constants[node->a].value == 0;
}

static void add_once(const Scan *s, bool *seen, const char **list, uint32_t *count, Index symbol) {
  if (seen[symbol])
    return;
  seen[symbol] = true;
  list[(*count)++] = s->f->symbols[symbol].key;
}

/* A value that is called: a function, or what was read from a field or global. */
static bool scan_callee(Scan *s, const Node *value) {
  if (value->kind == NODE_FUNCTION) {
    add_once(s, s->called, s->links->calls, &s->links->call_count, value->a);
    return true;
  }
  NodeId place = value->kind == NODE_TEMP ? s->temp_places[value->a] : 0;
  Index slot = place ? slot_of_place(s->f, place) : NO_SYMBOL;
  if (slot != NO_SYMBOL)
    add_once(s, s->loaded, s->links->slots, &s->links->slot_count, slot);
  return slot != NO_SYMBOL;
}

/* The local variable that a value is, or was read from; NO_SYMBOL for others. */
static Index local_of(const Scan *s, const Node *value) {
  if (value->kind == NODE_VAR)
    return value->a;
  const Node *place = value->kind == NODE_TEMP ? &s->f->nodes[s->temp_places[value->a]] : value;
  return place->kind == NODE_LOCAL ? place->a : NO_SYMBOL;
}

static void scan_call(Scan *s, const Instruction *call) {
  const Function *f = s->f;
  const Node *callee = &f->nodes[call->a];
  if (scan_callee(s, callee))
    return;
  Index local = local_of(s, callee);
  bool known = local != NO_SYMBOL && local >= f->parameter_count;
  for (uint32_t i = 0; i < f->instruction_count && known; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
        f->nodes[inst->a].a == local && !is_null(f, &f->nodes[inst->b]))
      known = scan_callee(s, &f->nodes[inst->b]);
  }
  if (!known)
    s->links->flags |= LINKS_CALLS_ANY;
}

static void scan_store(Scan *s, const Instruction *store) {
  const Function *f = s->f;
  const Node *place = &f->nodes[store->a], *value = &f->nodes[store->b];
  if (place->kind == NODE_FIELD && !strcmp(f->symbols[place->b].name, "__kind"))
    s->links->flags |= LINKS_SETS_KIND;
  bool names_function = value->kind == NODE_FUNCTION;
  if (!names_function && (!is_function_pointer(f, value) || is_null(f, value)))
    return;
  Index slot = slot_of_place(f, store->a);
  if (slot == NO_SYMBOL)
    return;
  SlotStore row = {f->symbols[slot].key, names_function ? f->symbols[value->a].key : NULL};
  FunctionLinks *links = s->links;
  for (uint32_t i = 0; i < links->store_count; i++)
    if (links->stores[i].slot == row.slot && links->stores[i].function == row.function)
      return;
  links->stores = arena_grow(s->arena, links->stores, sizeof row, links->store_count,
                             &s->store_room, links->store_count + 1u);
  links->stores[links->store_count++] = row;
}

/* Names of functions that stand anywhere but in the place of the callee. */
static void scan_addresses(Scan *s) {
  const Function *f = s->f;
  bool *only_called = arena_new_array(s->arena, bool, f->node_count);
  bool *taken = arena_new_array(s->arena, bool, f->symbol_count);
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].kind == INST_CALL)
      only_called[f->instructions[i].a] = true;
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].kind == INST_STORE)
      only_called[f->instructions[i].b] = false;
  for (uint32_t i = 0; i < f->arg_count; i++)
    only_called[f->args[i]] = false;
  for (NodeId n = 1; n < f->node_count; n++)
    if (f->nodes[n].kind == NODE_FUNCTION && !only_called[n])
      add_once(s, taken, s->links->taken, &s->links->taken_count, f->nodes[n].a);
}

FunctionLinks *function_links(Arena *arena, const Function *f) {
  FunctionLinks *links = arena_new_one(arena, FunctionLinks);
  Scan s = {.f = f,
            .links = links,
            .arena = arena,
            .called = arena_new_array(arena, bool, f->symbol_count),
            .loaded = arena_new_array(arena, bool, f->symbol_count),
            .temp_places = arena_new_array(arena, NodeId, f->temp_count + 1u)};
  links->calls = arena_new_array(arena, const char *, f->symbol_count);
  links->slots = arena_new_array(arena, const char *, f->symbol_count);
  links->taken = arena_new_array(arena, const char *, f->symbol_count);
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].kind == INST_LOAD)
      s.temp_places[f->instructions[i].result] = f->instructions[i].a;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    if (f->instructions[i].kind == INST_CALL)
      scan_call(&s, &f->instructions[i]);
    else if (f->instructions[i].kind == INST_STORE)
      scan_store(&s, &f->instructions[i]);
  }
  scan_addresses(&s);
  return links;
}

/* ---- bytes */

static void write_list(ByteWriter *out, const char *const *list, uint32_t count) {
  bytes_put_u(out, count);
  for (uint32_t i = 0; i < count; i++)
    bytes_put_text(out, list[i]);
}

static const char **read_list(Arena *arena, ByteReader *in, uint32_t *count) {
  *count = (uint32_t)bytes_get_count(in, 1);
  const char **list = arena_new_array(arena, const char *, *count);
  for (uint32_t i = 0; i < *count; i++)
    list[i] = bytes_get_text(in, arena);
  return list;
}

void links_write(ByteWriter *out, const FunctionLinks *links) {
  bytes_put_u(out, links->flags);
  write_list(out, links->calls, links->call_count);
  write_list(out, links->slots, links->slot_count);
  write_list(out, links->taken, links->taken_count);
  bytes_put_u(out, links->store_count);
  for (uint32_t i = 0; i < links->store_count; i++) {
    bytes_put_text(out, links->stores[i].slot);
    bytes_put_text(out, links->stores[i].function); // a key is never empty
  }
}

FunctionLinks *links_read(Arena *arena, ByteReader *in) {
  FunctionLinks *links = arena_new_one(arena, FunctionLinks);
  links->flags = bytes_get_u32(in);
  links->calls = read_list(arena, in, &links->call_count);
  links->slots = read_list(arena, in, &links->slot_count);
  links->taken = read_list(arena, in, &links->taken_count);
  links->store_count = (uint32_t)bytes_get_count(in, 2);
  links->stores = arena_new_array(arena, SlotStore, links->store_count);
  for (uint32_t i = 0; i < links->store_count; i++) {
    links->stores[i].slot = bytes_get_text(in, arena);
    const char *function = bytes_get_text(in, arena);
    links->stores[i].function = *function ? function : NULL;
  }
  if (in->failed)
    *links = (FunctionLinks){0};
  return links;
}
