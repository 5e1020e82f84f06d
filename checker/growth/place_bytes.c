/* place_bytes.c - see place_bytes.h. */
#include "growth/place_bytes.h"

uint32_t packed_name(PathPacking *p, TextId name) {
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

uint32_t packed_path(PathPacking *p, PathId path) {
  if (!path)
    return 0;
  for (size_t i = 0; i < p->order.count; i++)
    if (p->order.at[i] == path)
      return (uint32_t)i + 1;
  const PathNode *node = path_at(p->paths, path);
  packed_path(p, node->parent);
  if (has_name(node))
    packed_name(p, node->number);
  packed_name(p, node->pointee);
  array_push(&p->order, path);
  return (uint32_t)p->order.count;
}

void path_packing_write(PathPacking *p, ByteWriter *out, const TextPool *texts) {
  bytes_put_u(out, p->names.count);
  for (size_t i = 0; i < p->names.count; i++)
    bytes_put_text(out, text_of(texts, p->names.at[i]));
  bytes_put_u(out, p->order.count);
  for (size_t i = 0; i < p->order.count; i++) {
    const PathNode *node = path_at(p->paths, p->order.at[i]);
    bytes_put_u8(out, node->kind);
    if (node->parent)
      bytes_put_u(out, packed_path(p, node->parent));
    if (has_name(node))
      bytes_put_u(out, packed_name(p, node->number));
    else if (!node->parent)
      bytes_put_u(out, node->number);
    if (node->kind != PATH_TARGET && node->kind != PATH_ELEMENT)
      bytes_put_u(out, packed_name(p, node->pointee));
  }
}

void path_packing_free(PathPacking *p) {
  array_free(&p->order);
  array_free(&p->names);
}

/* ---- reading */

TextId unpacked_name(PathUnpacking *u) {
  uint32_t number = bytes_get_u32(u->in);
  if (number > u->name_count)
    u->in->failed = true;
  return number && !u->in->failed ? u->names[number - 1] : 0;
}

PathId unpacked_path(PathUnpacking *u) {
  uint32_t number = bytes_get_u32(u->in);
  if (number > u->path_count)
    u->in->failed = true;
  return number && !u->in->failed ? u->numbers[number - 1] : 0;
}

static PathId read_path(PathUnpacking *u) {
  uint8_t kind = bytes_get_u8(u->in);
  if (kind == PATH_TARGET)
    return path_target(u->paths, unpacked_path(u));
  if (kind == PATH_ELEMENT)
    return path_element(u->paths, unpacked_path(u));
  if (kind == PATH_FIELD) {
    PathId parent = unpacked_path(u);
    TextId symbol = unpacked_name(u), pointee = unpacked_name(u);
    return path_field(u->paths, parent, symbol, pointee);
  }
  uint32_t number = kind == PATH_GLOBAL ? unpacked_name(u) : bytes_get_u32(u->in);
  return path_root(u->paths, (PathKind)kind, number, unpacked_name(u));
}

void path_unpacking_read(PathUnpacking *u, TextPool *texts) {
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
