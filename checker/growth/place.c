/* place.c - see place.h. */
#include "growth/place.h"

#include <string.h>

#include "base/array.h"

enum { LENGTH_LIMIT = 10, KEPT_STEPS = 5, FIRST_SLOTS = 256 };

struct PathTable {
  TextPool *symbols;
  ARRAY(PathNode) nodes;
  PathId *slots; // by what a node is made of; 0: free
  uint32_t slot_count;
};

PathTable *paths_new(TextPool *symbols) {
  PathTable *table = memory_resize(NULL, sizeof *table);
  *table = (PathTable){.symbols = symbols};
  array_push(&table->nodes, (PathNode){0});
  table->slot_count = FIRST_SLOTS;
  table->slots = memory_resize(NULL, sizeof *table->slots * FIRST_SLOTS);
  memset(table->slots, 0, sizeof *table->slots * FIRST_SLOTS);
  return table;
}

void paths_free(PathTable *table) {
  array_free(&table->nodes);
  memory_free(table->slots);
  memory_free(table);
}

uint32_t paths_count(const PathTable *table) { return (uint32_t)table->nodes.count; }

const PathNode *path_at(const PathTable *table, PathId path) { return &table->nodes.at[path]; }

/* Names have one type everywhere. */
static bool is_named(const PathNode *node) {
  return node->kind == PATH_GLOBAL || node->kind == PATH_FIELD;
}

static bool is_same(const PathNode *a, const PathNode *b) {
  return a->parent == b->parent && a->kind == b->kind && a->number == b->number &&
         (is_named(a) || a->pointee == b->pointee);
}

/* The one that is like this one, or a free one. */
static PathId *slot_of(const PathTable *table, const PathNode *node) {
  uint64_t mixed = ((uint64_t)node->parent << 32 | node->number) * 0x9e3779b97f4a7c15u;
  uint64_t type = is_named(node) ? 0 : node->pointee;
  mixed ^= mixed >> 29;
  mixed = (mixed + (type << 8 | node->kind)) * 0xbf58476d1ce4e5b9u;
  uint32_t at = (uint32_t)(mixed >> 32);
  while (table->slots[at & (table->slot_count - 1)] &&
         !is_same(path_at(table, table->slots[at & (table->slot_count - 1)]), node))
    at++;
  return &table->slots[at & (table->slot_count - 1)];
}

static void make_room(PathTable *table) {
  memory_free(table->slots);
  table->slot_count *= 2;
  table->slots = memory_resize(NULL, sizeof *table->slots * table->slot_count);
  memset(table->slots, 0, sizeof *table->slots * table->slot_count);
  for (size_t i = 1; i < table->nodes.count; i++)
    *slot_of(table, &table->nodes.at[i]) = (PathId)i;
}

static PathId make(PathTable *table, PathNode node) {
  PathId *slot = slot_of(table, &node), made = *slot;
  if (made) {
    if (!table->nodes.at[made].pointee) // where it was made, the type was not complete
      table->nodes.at[made].pointee = node.pointee;
    return made;
  }
  made = (PathId)table->nodes.count;
  node.length = node.parent ? (uint8_t)(path_at(table, node.parent)->length + 1) : 0;
  node.root = node.parent ? path_at(table, node.parent)->root : made;
  *slot = made;
  array_push(&table->nodes, node);
  if (table->nodes.count > table->slot_count / 2)
    make_room(table);
  return made;
}

PathId path_root(PathTable *table, PathKind kind, uint32_t number, TextId pointee) {
  return make(table, (PathNode){.kind = (uint8_t)kind, .number = number, .pointee = pointee});
}

/* What is too long to be kept loses where it begins: which field it ends in tells more. */
static PathId shortened(PathTable *table, PathId path) {
  PathId first = 0;
  uint32_t steps = 0;
  for (PathId at = path; at && (steps < KEPT_STEPS || !first); at = path_at(table, at)->parent) {
    first = path_at(table, at)->kind == PATH_FIELD ? at : first;
    steps++;
  }
  PathId unknown = path_root(table, PATH_UNKNOWN, 0, 0);
  return first ? path_replace(table, path, path_at(table, first)->parent, unknown) : unknown;
}

PathId path_target(PathTable *table, PathId path) {
  if (path_at(table, path)->length >= LENGTH_LIMIT)
    path = shortened(table, path);
  if (path_at(table, path)->kind == PATH_UNKNOWN)
    return path;
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

static PathId field_of(PathTable *table, PathId path, TextId symbol, TextId owner, TextId pointee) {
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
    path = shortened(table, path);
  return make(table, (PathNode){.parent = path,
                                .kind = PATH_FIELD,
                                .number = symbol,
                                .owner = owner,
                                .pointee = pointee});
}

PathId path_field(PathTable *table, PathId path, TextId symbol, TextId pointee) {
  return field_of(table, path, symbol, owner_of(table, symbol), pointee);
}

PathId path_first(const PathTable *table, PathId path) { return path_at(table, path)->root; }

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
    return field_of(table, path, step.number, step.owner, step.pointee);
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
  if (node.key || !path)
    return node.key;
  PathId key = node.parent ? path_key(table, node.parent) : path;
  if (node.kind == PATH_FIELD)
    key = make(table, (PathNode){.parent = key,
                                 .kind = PATH_FIELD,
                                 .number = node.number,
                                 .owner = node.owner,
                                 .pointee = node.pointee});
  table->nodes.at[path].key = key;
  return key;
}
