/* behind.c - what facts say of each other: the same object, and what comes behind a test of its
 * count. */
#include "refs/facts.h"

PathId object_of_place(const PathTable *paths, PathId place) {
  while (path_at(paths, place)->kind == PATH_FIELD || path_at(paths, place)->kind == PATH_ELEMENT)
    place = path_at(paths, place)->parent;
  return path_at(paths, place)->kind == PATH_TARGET ? path_at(paths, place)->parent : 0;
}

bool comes_after(const ReferFacts *facts, uint32_t event, uint32_t first) {
  for (uint32_t at = facts->events[event].after; at; at = facts->events[at - 1].after)
    if (at - 1 == first)
      return true;
  return false;
}

bool is_behind(const ReferFacts *facts, uint32_t event, uint32_t down, PathId number) {
  if (comes_after(facts, event, down))
    return true;
  for (uint32_t i = 0; i < facts->count; i++)
    if (facts->events[i].kind == REFER_TEST && facts->events[i].place == number &&
        comes_after(facts, event, i))
      return true;
  return false;
}

bool is_given(const PathTable *paths, const ReferEvent *event, PathId object) {
  if (event->kind == REFER_FREE)
    return object_of_place(paths, event->place) == object;
  for (uint32_t i = 0; i < event->arg_count; i++) {
    const ReferArg *arg = &event->args[i];
    if ((arg->kind == MEANS_CONTENT && arg->path == object) ||
        (arg->kind == MEANS_ADDRESS && object && object_of_place(paths, arg->path) == object))
      return true;
  }
  return false;
}

TextId record_of_place(const PathTable *paths, PathId place) {
  PathId member = member_of_place(paths, place), object = object_of_place(paths, place);
  return member ? path_at(paths, member)->owner : object ? path_at(paths, object)->pointee : 0;
}

PathId member_of_place(const PathTable *paths, PathId place) {
  PathId member = 0;
  if (path_at(paths, place)->kind == PATH_ELEMENT &&
      path_at(paths, path_at(paths, place)->parent)->kind == PATH_TARGET)
    place = path_at(paths, path_at(paths, place)->parent)->parent; // of an array elsewhere
  while (path_at(paths, place)->kind == PATH_FIELD || path_at(paths, place)->kind == PATH_ELEMENT) {
    if (path_at(paths, place)->kind == PATH_FIELD)
      member = place;
    place = path_at(paths, place)->parent;
  }
  return member;
}
