/* facts_bytes.c - the facts of a function as bytes: its paths once each, parents first, with the
 * names that they are made of. */
#include <string.h>

#include "base/array.h"
#include "growth/facts.h"

typedef struct {
  const PathTable *paths;
  ARRAY(PathId) order; // numbered from 1
  ARRAY(TextId) names; // likewise
} Packing;

static uint32_t number_of_name(Packing *p, TextId name) {
  if (!name)
    return 0;
  for (size_t i = 0; i < p->names.count; i++)
    if (p->names.at[i] == name)
      return (uint32_t)i + 1;
  array_push(&p->names, name);
  return (uint32_t)p->names.count;
}

static bool has_name(const PathNode *node) {
  return node->kind == PATH_FIELD || node->kind == PATH_GLOBAL;
}

static uint32_t number_of(Packing *p, PathId path) {
  if (!path)
    return 0;
  for (size_t i = 0; i < p->order.count; i++)
    if (p->order.at[i] == path)
      return (uint32_t)i + 1;
  const PathNode *node = path_at(p->paths, path);
  number_of(p, node->parent);
  if (has_name(node))
    number_of_name(p, node->number);
  number_of_name(p, node->pointee);
  array_push(&p->order, path);
  return (uint32_t)p->order.count;
}

static void collect(Packing *p, const GrowthFacts *facts) {
  for (uint32_t i = 0; i < facts->touch_count; i++) {
    const Touch *touch = &facts->touches[i];
    number_of(p, touch->path);
    number_of(p, touch->other);
    for (uint32_t k = 0; k < GUARD_LIMIT; k++)
      number_of(p, touch->guards[k]);
  }
  for (uint32_t i = 0; i < facts->call_count; i++) {
    const GrowthCall *call = &facts->calls[i];
    number_of_name(p, call->callee);
    for (uint32_t k = 0; k < GUARD_LIMIT; k++) {
      number_of(p, call->guards[k]);
      number_of(p, call->empty[k]);
    }
    for (uint32_t k = 0; k < call->arg_count; k++)
      number_of(p, call->args[k].path);
  }
}

static void write_paths(Packing *p, ByteWriter *out, const TextPool *texts) {
  bytes_put_u(out, p->names.count);
  for (size_t i = 0; i < p->names.count; i++)
    bytes_put_text(out, text_of(texts, p->names.at[i]));
  bytes_put_u(out, p->order.count);
  for (size_t i = 0; i < p->order.count; i++) {
    const PathNode *node = path_at(p->paths, p->order.at[i]);
    bytes_put_u8(out, node->kind);
    if (node->parent)
      bytes_put_u(out, number_of(p, node->parent));
    if (has_name(node))
      bytes_put_u(out, number_of_name(p, node->number));
    else if (!node->parent)
      bytes_put_u(out, node->number);
    if (node->kind != PATH_TARGET && node->kind != PATH_ELEMENT)
      bytes_put_u(out, number_of_name(p, node->pointee));
  }
}

static void write_touch(Packing *p, ByteWriter *out, const Touch *touch) {
  bytes_put_u8(out, touch->kind);
  bytes_put_u(out, touch->flags);
  bytes_put_u8(out, (uint8_t)((uint8_t)touch->repeats << 1 | touch->address));
  bytes_put_u(out, touch->instruction);
  bytes_put_u(out, number_of(p, touch->path));
  bytes_put_u(out, number_of(p, touch->other));
  if (touch->kind == TOUCH_GROWS) {
    bytes_put_u(out, touch->group);
    bytes_put_u(out, touch->made);
  }
  for (uint32_t k = 0; k < GUARD_LIMIT && touch->flags & TOUCH_GUARDED; k++)
    bytes_put_u(out, number_of(p, touch->guards[k]));
}

enum { CALL_BY_POINTER = 1, CALL_GUARDED = 2, CALL_KEYED = 4, CALL_EMPTY = 8, CALL_REPEATS = 4 };

static void write_call(Packing *p, ByteWriter *out, const GrowthCall *call) {
  bytes_put_u(out, call->instruction);
  bytes_put_u(out, number_of_name(p, call->callee));
  bytes_put_u8(out, (uint8_t)((call->by_pointer ? CALL_BY_POINTER : 0) |
                              (call->guarded ? CALL_GUARDED : 0) | (call->keyed ? CALL_KEYED : 0) |
                              (call->empty[0] ? CALL_EMPTY : 0) |
                              (uint8_t)call->repeats << CALL_REPEATS));
  for (uint32_t k = 0; k < GUARD_LIMIT && call->guarded; k++)
    bytes_put_u(out, number_of(p, call->guards[k]));
  for (uint32_t k = 0; k < GUARD_LIMIT && call->empty[0]; k++)
    bytes_put_u(out, number_of(p, call->empty[k]));
  bytes_put_u(out, call->arg_count);
  for (uint32_t k = 0; k < call->arg_count; k++) {
    bytes_put_u(out, (uint64_t)call->args[k].number << 3 | call->args[k].kind);
    bytes_put_u(out, number_of(p, call->args[k].path));
  }
}

void growth_facts_write(ByteWriter *out, const GrowthFacts *facts, const PathTable *paths,
                        const TextPool *texts) {
  Packing p = {.paths = paths};
  collect(&p, facts);
  bytes_put_u8(out, facts->too_large);
  write_paths(&p, out, texts);
  bytes_put_u(out, facts->touch_count);
  for (uint32_t i = 0; i < facts->touch_count; i++)
    write_touch(&p, out, &facts->touches[i]);
  bytes_put_u(out, facts->call_count);
  for (uint32_t i = 0; i < facts->call_count; i++)
    write_call(&p, out, &facts->calls[i]);
  array_free(&p.order);
  array_free(&p.names);
}

/* ---- reading */

typedef struct {
  ByteReader *in;
  Arena *arena;
  PathTable *paths;
  PathId *numbers;
  size_t path_count;
  TextId *names;
  size_t name_count;
} Unpacking;

static TextId get_name(Unpacking *u) {
  uint32_t number = bytes_get_u32(u->in);
  if (number > u->name_count)
    u->in->failed = true;
  return number && !u->in->failed ? u->names[number - 1] : 0;
}

static PathId get_path(Unpacking *u) {
  uint32_t number = bytes_get_u32(u->in);
  if (number > u->path_count)
    u->in->failed = true;
  return number && !u->in->failed ? u->numbers[number - 1] : 0;
}

static PathId read_path(Unpacking *u) {
  uint8_t kind = bytes_get_u8(u->in);
  if (kind == PATH_TARGET)
    return path_target(u->paths, get_path(u));
  if (kind == PATH_ELEMENT)
    return path_element(u->paths, get_path(u));
  if (kind == PATH_FIELD) {
    PathId parent = get_path(u);
    TextId symbol = get_name(u), pointee = get_name(u);
    return path_field(u->paths, parent, symbol, pointee);
  }
  uint32_t number = kind == PATH_GLOBAL ? get_name(u) : bytes_get_u32(u->in);
  return path_root(u->paths, (PathKind)kind, number, get_name(u));
}

static void read_paths(Unpacking *u, TextPool *texts) {
  size_t names = bytes_get_count(u->in, 1);
  u->names = arena_new_array(u->arena, TextId, names);
  for (; u->name_count < names; u->name_count++)
    u->names[u->name_count] = text_intern(texts, bytes_get_text(u->in, u->arena));
  size_t paths = bytes_get_count(u->in, 2);
  u->numbers = arena_new_array(u->arena, PathId, paths);
  for (size_t i = 0; i < paths; i++) {
    u->numbers[i] = read_path(u);
    u->path_count = i + 1;
  }
}

static Touch read_touch(Unpacking *u) {
  Touch touch = {.kind = bytes_get_u8(u->in)};
  touch.flags = (uint16_t)bytes_get_u32(u->in);
  uint8_t both = bytes_get_u8(u->in);
  touch.repeats = (Repeats)(both >> 1);
  touch.address = both & 1;
  touch.instruction = bytes_get_u32(u->in);
  touch.path = get_path(u);
  touch.other = get_path(u);
  if (touch.kind == TOUCH_GROWS) {
    touch.group = bytes_get_u32(u->in);
    touch.made = bytes_get_u32(u->in);
  }
  for (uint32_t k = 0; k < GUARD_LIMIT && touch.flags & TOUCH_GUARDED; k++)
    touch.guards[k] = get_path(u);
  return touch;
}

static GrowthCall read_call(Unpacking *u) {
  GrowthCall call = {.instruction = bytes_get_u32(u->in)};
  call.callee = get_name(u);
  uint8_t flags = bytes_get_u8(u->in);
  call.by_pointer = flags & CALL_BY_POINTER;
  call.guarded = flags & CALL_GUARDED;
  call.keyed = flags & CALL_KEYED;
  call.repeats = (Repeats)(flags >> CALL_REPEATS);
  for (uint32_t k = 0; k < GUARD_LIMIT && call.guarded; k++)
    call.guards[k] = get_path(u);
  for (uint32_t k = 0; k < GUARD_LIMIT && flags & CALL_EMPTY; k++)
    call.empty[k] = get_path(u);
  call.arg_count = (uint32_t)bytes_get_count(u->in, 2);
  call.args = arena_new_array(u->arena, HandedOn, call.arg_count);
  for (uint32_t k = 0; k < call.arg_count; k++) {
    uint64_t head = bytes_get_u(u->in);
    call.args[k] = (HandedOn){head & 7, (uint16_t)(head >> 3), get_path(u)};
  }
  return call;
}

GrowthFacts growth_facts_read(Arena *arena, ByteReader *in, const ProgramFunction *function,
                              PathTable *paths, TextPool *texts) {
  Unpacking u = {.in = in, .arena = arena, .paths = paths};
  GrowthFacts facts = {.function = function};
  facts.too_large = bytes_get_u8(in);
  read_paths(&u, texts);
  facts.touch_count = (uint32_t)bytes_get_count(in, 6);
  facts.touches = arena_new_array(arena, Touch, facts.touch_count);
  for (uint32_t i = 0; i < facts.touch_count; i++)
    facts.touches[i] = read_touch(&u);
  facts.call_count = (uint32_t)bytes_get_count(in, 4);
  facts.calls = arena_new_array(arena, GrowthCall, facts.call_count);
  for (uint32_t i = 0; i < facts.call_count; i++)
    facts.calls[i] = read_call(&u);
  return facts;
}
