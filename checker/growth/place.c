/* place.c - see place.h. */
#include "growth/place.h"

#include <string.h>

#include "base/array.h"
#include "base/hash_map.h"

enum { LENGTH_LIMIT = 10 };

struct PathTable {
  TextPool *symbols;
  ARRAY(PathNode) nodes;
  HashMap numbers;
};

PathTable *paths_new(TextPool *symbols) {
  PathTable *table = memory_resize(NULL, sizeof *table);
  *table = (PathTable){.symbols = symbols};
  array_push(&table->nodes, (PathNode){0});
  return table;
}

void paths_free(PathTable *table) {
  array_free(&table->nodes);
  hash_map_free(&table->numbers);
  memory_free(table);
}

uint32_t paths_count(const PathTable *table) { return (uint32_t)table->nodes.count; }

const PathNode *path_at(const PathTable *table, PathId path) { return &table->nodes.at[path]; }

static PathId make(PathTable *table, PathNode node) {
  bool named = node.kind == PATH_GLOBAL || node.kind == PATH_FIELD; // of one type everywhere
  uint32_t key[4] = {node.parent, node.kind, node.number, named ? 0 : node.pointee};
  Hash hash = hash_bytes(key, sizeof key);
  uint32_t known = hash_map_get(&table->numbers, hash);
  if (known != MAP_ABSENT) {
    if (!table->nodes.at[known].pointee) // where it was made, the type was not complete
      table->nodes.at[known].pointee = node.pointee;
    return known;
  }
  node.length = node.parent ? (uint8_t)(path_at(table, node.parent)->length + 1) : 0;
  array_push(&table->nodes, node);
  hash_map_put(&table->numbers, hash, (uint32_t)table->nodes.count - 1);
  return (PathId)table->nodes.count - 1;
}

PathId path_root(PathTable *table, PathKind kind, uint32_t number, TextId pointee) {
  return make(table, (PathNode){.kind = (uint8_t)kind, .number = number, .pointee = pointee});
}

PathId path_target(PathTable *table, PathId path) {
  if (path_at(table, path)->kind == PATH_UNKNOWN || path_at(table, path)->length >= LENGTH_LIMIT)
    return path_root(table, PATH_UNKNOWN, 0, 0);
  return make(
      table,
      (PathNode){.parent = path, .kind = PATH_TARGET, .pointee = path_at(table, path)->pointee});
}

PathId path_element(PathTable *table, PathId path) {
  const PathNode *node = path_at(table, path);
  if (node->kind == PATH_ELEMENT || node->kind == PATH_UNKNOWN || node->length >= LENGTH_LIMIT)
    return path;
  return make(table, (PathNode){.parent = path, .kind = PATH_ELEMENT, .pointee = node->pointee});
}

/* "struct pool#1f3a5c77" of "struct pool#1f3a5c77.lock" */
static TextId owner_of(const PathTable *table, TextId field) {
  const char *key = text_of(table->symbols, field), *dot = strrchr(key, '.');
  return dot ? text_intern_n(table->symbols, key, (size_t)(dot - key)) : 0;
}

PathId path_field(PathTable *table, PathId path, TextId symbol, TextId pointee) {
  TextId owner = owner_of(table, symbol);
  bool behind_pointer = false, is_untyped = false;
  const PathNode *whole = path_at(table, path);
  if (whole->kind == PATH_TARGET && whole->pointee && whole->pointee != owner)
    path = path_root(table, PATH_UNKNOWN, 0, 0); // it is a part of something else
  for (PathId at = path; at; at = path_at(table, at)->parent) {
    const PathNode *node = path_at(table, at);
    is_untyped |= behind_pointer && node->kind == PATH_FIELD && !node->pointee;
    if (is_untyped) // what a list keeps for others is none of its nodes
      break;
    if (node->kind == PATH_FIELD && node->owner == owner && owner && behind_pointer) {
      path = node->parent;
      break;
    }
    behind_pointer |= node->kind == PATH_TARGET;
  }
  if (path_at(table, path)->length >= LENGTH_LIMIT)
    path = path_root(table, PATH_UNKNOWN, 0, 0);
  return make(table, (PathNode){.parent = path,
                                .kind = PATH_FIELD,
                                .number = symbol,
                                .owner = owner,
                                .pointee = pointee});
}

PathId path_first(const PathTable *table, PathId path) {
  while (path && path_at(table, path)->parent)
    path = path_at(table, path)->parent;
  return path;
}

bool path_starts(const PathTable *table, PathId path, PathId with) {
  while (path && path != with)
    path = path_at(table, path)->parent;
  return path != 0;
}

static PathId append(PathTable *table, PathId path, PathNode step) {
  switch (step.kind) {
  case PATH_TARGET:
    return path_target(table, path);
  case PATH_ELEMENT:
    return path_element(table, path);
  case PATH_FIELD:
    return path_field(table, path, step.number, step.pointee);
  default:
    return path_root(table, (PathKind)step.kind, step.number, step.pointee);
  }
}

PathId path_replace(PathTable *table, PathId path, PathId from, PathId to) {
  if (path == from)
    return to;
  PathNode step = *path_at(table, path);
  if (!step.parent)
    return path;
  return append(table, path_replace(table, step.parent, from, to), step);
}

PathId path_import(PathTable *to, const PathTable *from, PathId path) {
  if (!path)
    return 0;
  PathNode step = *path_at(from, path);
  return append(to, path_import(to, from, step.parent), step);
}

PathId path_linked(const PathTable *table, PathId path) {
  if (path_at(table, path)->kind == PATH_ELEMENT) // node->child[i]
    path = path_at(table, path)->parent;
  const PathNode *node = path_at(table, path);
  TextId pointee = node->pointee;
  if (node->kind != PATH_FIELD || !pointee)
    return 0;
  for (; node->kind == PATH_FIELD; node = path_at(table, path)) {
    if (node->owner == pointee)
      return node->parent;
    path = node->parent;
  }
  return 0;
}

TextId path_member(const PathTable *table, PathId path) {
  TextId member = 0;
  for (; path; path = path_at(table, path)->parent) {
    const PathNode *node = path_at(table, path);
    if (node->kind == PATH_TARGET || !node->parent)
      break;
    if (node->kind == PATH_FIELD)
      member = node->number;
  }
  return member;
}

static bool is_given(const PathTable *table, PathId path) {
  PathKind kind = (PathKind)path_at(table, path)->kind;
  return kind != PATH_GLOBAL && kind < PATH_TARGET;
}

PathId path_container(PathTable *table, PathId path) {
  for (;;) {
    PathId linked = path_linked(table, path);
    const PathNode *node = path_at(table, path);
    if (linked)
      path = linked;
    else if (node->kind == PATH_ELEMENT ||
             (node->kind == PATH_TARGET && !is_given(table, node->parent)))
      path = node->parent;
    else
      return path;
  }
}

PathId path_key(PathTable *table, PathId path) {
  PathNode node = *path_at(table, path);
  if (!node.parent)
    return path;
  PathId parent = path_key(table, node.parent);
  return node.kind == PATH_FIELD ? make(table, (PathNode){.parent = parent,
                                                          .kind = PATH_FIELD,
                                                          .number = node.number,
                                                          .owner = node.owner,
                                                          .pointee = node.pointee})
                                 : parent;
}
