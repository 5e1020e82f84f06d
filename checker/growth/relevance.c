/* relevance.c - see relevance.h. */
#include "growth/relevance.h"

/* Names that have to do with something global that grows. */
enum {
  RELEVANT_NAME = 1,   // a part of its path
  RELEVANT_RECORD = 2, // the type of its elements, or what it is a part of
  RELEVANT_MEMBER = 4, // what links its elements
  RELEVANT_ROOT = 8,   // the global
};

struct Relevance {
  uint8_t *names; // by text: RELEVANT_*
  uint8_t *keys; // by path, as path_key() has it: RELEVANT_NAME, of something that grows or that is
                 // on the way to it; RELEVANT_RECORD, of what it is a part of
  uint32_t key_count;
};

static PathKind root_kind(const PathTable *paths, PathId path) {
  return (PathKind)path_at(paths, path_first(paths, path))->kind;
}

static TextId last_name(const PathTable *paths, PathId path) {
  while (path) {
    const PathNode *node = path_at(paths, path);
    if (node->kind == PATH_FIELD || node->kind == PATH_GLOBAL)
      return node->number;
    path = node->parent;
  }
  return 0;
}

static TextId owner_of(const PathTable *paths, PathId path) {
  const PathNode *node = path_at(paths, path);
  return node->kind == PATH_FIELD ? node->owner : 0;
}

static bool has_root(const Relevance *r, PathTable *paths, PathId path) {
  const PathNode *root = path_at(paths, path_first(paths, path));
  return root->kind == PATH_GLOBAL && r->names[root->number] & RELEVANT_ROOT;
}

/* Of a path from something global all is known. */
static bool is_relevant_key(const Relevance *r, PathTable *paths, PathId path) {
  PathId key = path_key(paths, path), whole = path_at(paths, key)->parent;
  bool is_number = !path_at(paths, key)->pointee; // which may count
  return (key < r->key_count && r->keys[key] & RELEVANT_NAME) ||
         (is_number && whole && whole < r->key_count && r->keys[whole] & RELEVANT_RECORD);
}

/* Each of its names is one of something that grows, in that part of it. */
static bool has_names(const Relevance *r, PathTable *paths, PathId path) {
  bool is_last = true;
  if (root_kind(paths, path) == PATH_GLOBAL && path_at(paths, path_key(paths, path))->parent)
    return is_relevant_key(r, paths, path);
  for (; path; path = path_at(paths, path)->parent) {
    const PathNode *node = path_at(paths, path);
    if (node->kind == PATH_GLOBAL && !is_last)
      return r->names[node->number] & RELEVANT_ROOT;
    if (node->kind == PATH_GLOBAL) // of its own; numbers may count it
      return !node->pointee || r->names[node->pointee] & RELEVANT_RECORD ||
             r->names[node->number] & RELEVANT_ROOT;
    if (node->kind != PATH_FIELD)
      continue;
    bool counts = is_last && !node->pointee && r->names[node->owner] & RELEVANT_RECORD;
    if (!counts && !(r->names[node->number] & RELEVANT_NAME))
      return false;
    is_last = false;
  }
  return true;
}

/* Memory of which the caller may know what it is. */
static bool is_untyped(const PathTable *paths, const Touch *touch) {
  const PathNode *node = path_at(paths, touch->path);
  return node->kind == PATH_TARGET && path_at(paths, node->parent)->kind == PATH_PARAMETER;
}

/* The head of a ring of links, which is put into by another name of it, begins. */
static bool is_beginning(const Relevance *r, const PathTable *paths, const Touch *touch) {
  const PathNode *node = path_at(paths, touch->path);
  return touch->kind == TOUCH_RESETS && !(touch->flags & TOUCH_OF_NUMBER) &&
         node->kind == PATH_FIELD && !node->pointee && r->names[node->number] & RELEVANT_NAME;
}

bool is_relevant(const Relevance *r, PathTable *paths, const Touch *touch) {
  TextId pointee = path_at(paths, touch->path)->pointee;
  switch ((TouchKind)touch->kind) {
  case TOUCH_GROWS:
  case TOUCH_LINKS:
  case TOUCH_RETURNS:
  case TOUCH_MOVES:
    return true;
  case TOUCH_FREES:
    return r && (pointee ? r->names[pointee] & RELEVANT_RECORD : is_untyped(paths, touch));
  case TOUCH_KEEPS:
    return r && (pointee ? r->names[pointee] & RELEVANT_RECORD
                         : path_at(paths, touch->path)->kind == PATH_PARAMETER ||
                               is_relevant_key(r, paths, touch->path) ||
                               has_root(r, paths, touch->path));
  case TOUCH_READS:
    return r && has_root(r, paths, touch->path);
  case TOUCH_GIVES_AWAY:
    return r && (has_root(r, paths, touch->path) || r->names[pointee] & RELEVANT_RECORD);
  case TOUCH_SHRINKS:
    return r && (has_names(r, paths, touch->path) ||
                 r->names[path_member(paths, touch->other)] & RELEVANT_MEMBER ||
                 r->names[last_name(paths, touch->other)] & RELEVANT_MEMBER);
  case TOUCH_RESETS: // a record of links begins empty, by whatever name
    return r && (has_names(r, paths, touch->path) ||
                 (!pointee && !(touch->flags & TOUCH_OF_NUMBER) &&
                  r->names[last_name(paths, touch->path)] & RELEVANT_NAME));
  default:
    return r && (has_names(r, paths, touch->path) || is_beginning(r, paths, touch));
  }
}

Relevance *relevance_new(Arena *arena, const Program *program, PathTable *paths) {
  Relevance *r = arena_new_one(arena, Relevance);
  r->names = arena_new_array(arena, uint8_t, text_count(program->symbols));
  r->key_count = paths_count(paths) * 2; // keys are made on the way
  r->keys = arena_new_array(arena, uint8_t, r->key_count);
  return r;
}

static void add_keys(Relevance *r, PathTable *paths, const Touch *touch) {
  PathId key = path_key(paths, touch->path);
  if (key >= r->key_count)
    return;
  r->keys[key] |= RELEVANT_NAME;
  if (path_at(paths, key)->parent)
    r->keys[path_at(paths, key)->parent] |= RELEVANT_RECORD;
  for (PathId at = touch->path; at; at = path_at(paths, at)->parent) {
    PathId owner =
        path_at(paths, at)->kind == PATH_TARGET ? path_key(paths, path_at(paths, at)->parent) : 0;
    if (owner && owner < r->key_count)
      r->keys[owner] |= RELEVANT_NAME;
  }
}

void relevance_add(Relevance *r, PathTable *paths, const Touch *touch) {
  uint8_t *relevant = r->names;
  if (touch->kind != TOUCH_GROWS || root_kind(paths, touch->path) != PATH_GLOBAL)
    return;
  add_keys(r, paths, touch);
  PathId link = path_linked(paths, touch->other);
  relevant[path_at(paths, path_first(paths, touch->path))->number] |= RELEVANT_ROOT;
  relevant[owner_of(paths, touch->path)] |= RELEVANT_RECORD;
  relevant[path_member(paths, touch->other)] |= RELEVANT_MEMBER;
  relevant[last_name(paths, touch->other)] |= RELEVANT_MEMBER;
  relevant[path_at(paths, touch->path)->pointee] |= RELEVANT_RECORD;
  if (link)
    relevant[path_at(paths, link)->pointee] |= RELEVANT_RECORD;
  for (PathId at = touch->path; at; at = path_at(paths, at)->parent)
    if (path_at(paths, at)->kind == PATH_FIELD)
      relevant[path_at(paths, at)->number] |= RELEVANT_NAME;
  relevant[0] = 0;
}
