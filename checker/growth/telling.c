/* telling.c - see telling.h. */
#include "growth/telling.h"

#include <string.h>

#include "base/array.h"

enum { FIRST_SLOTS = 1024 };

static PathId in_callers_words(PathTable *paths, const HandedOn *arg, PathId path) {
  PathId root = path_first(paths, path), target = path;
  if (path == root)
    return arg->kind == MEANS_INSIDE ? 0 : arg->path;
  while (path_at(paths, target)->parent != root)
    target = path_at(paths, target)->parent;
  if (path_at(paths, target)->kind != PATH_TARGET)
    return 0; // a record that is handed over as it is
  Meaning meaning = {.kind = arg->kind, .path = arg->path};
  return path_replace(paths, path, target, meaning_target(paths, &meaning));
}

static Told *slot_of(const Telling *t, const HandedOn *arg, PathId path) {
  uint64_t mixed = ((uint64_t)arg->path << 32 | path) * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 29 ^ arg->kind) * 0xbf58476d1ce4e5b9u;
  uint32_t at = (uint32_t)(mixed >> 32);
  for (;; at++) {
    Told *slot = &t->slots[at & (t->slot_count - 1)];
    if (!slot->path || (slot->path == path && slot->given == arg->path && slot->kind == arg->kind))
      return slot;
  }
}

static void make_room(Telling *t) {
  Telling old = *t;
  t->slot_count = old.slot_count ? old.slot_count * 2 : FIRST_SLOTS;
  t->slots = memory_resize(NULL, sizeof *t->slots * t->slot_count);
  memset(t->slots, 0, sizeof *t->slots * t->slot_count);
  for (uint32_t i = 0; i < old.slot_count; i++) {
    HandedOn arg = {.kind = old.slots[i].kind, .path = old.slots[i].given};
    if (old.slots[i].path)
      *slot_of(t, &arg, old.slots[i].path) = old.slots[i];
  }
  memory_free(old.slots);
}

void telling_free(Telling *t) {
  memory_free(t->slots);
  *t = (Telling){0};
}

Told tell(Telling *t, const HandedOn *arg, PathId path) {
  if (t->count >= t->slot_count / 2)
    make_room(t);
  Told *slot = slot_of(t, arg, path);
  if (slot->path)
    return *slot;
  PathId told = in_callers_words(t->paths, arg, path);
  *slot = (Told){.given = arg->path,
                 .path = path,
                 .kind = arg->kind,
                 .told = told,
                 .container = told ? path_container(t->paths, told) : 0};
  t->count++;
  return *slot;
}

static const HandedOn *argument(const GrowthCall *call, uint32_t number) {
  for (uint32_t i = 0; i < call->arg_count; i++)
    if (call->args[i].number == number)
      return &call->args[i];
  return NULL;
}

PathId tell_once(Telling *t, const GrowthCall *call, PathId path) {
  const PathNode *root = path ? path_at(t->paths, path_first(t->paths, path)) : NULL;
  if (!root || root->kind == PATH_GLOBAL || root->kind == PATH_UNKNOWN)
    return path;
  const HandedOn *arg = root->kind == PATH_PARAMETER ? argument(call, root->number) : NULL;
  return arg ? tell(t, arg, path).told : 0;
}

PathId tell_element(Telling *t, const GrowthCall *call, PathId link) {
  PathId told = tell_once(t, call, link);
  PathId root = path_first(t->paths, link);
  if (told || !link || path_at(t->paths, root)->kind != PATH_PARAMETER)
    return told ? told : link;
  return path_replace(t->paths, link, root, path_root(t->paths, PATH_RESULT, 0, 0));
}
