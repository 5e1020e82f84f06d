/* keeping.c - see keeping.h. What is returned is known by its call, unless it may be one of several
 * (see keep_return in facts.c). */
#include "growth/keeping.h"

static void keep(Facting *x, uint32_t instruction, PathId path) {
  const PathNode *node = path_at(x->own, path);
  PathKind root = (PathKind)path_at(x->own, path_first(x->own, path))->kind;
  bool is_parameter = node->kind == PATH_PARAMETER;
  if ((root != PATH_GLOBAL && root != PATH_PARAMETER) ||
      (!is_parameter && !node->pointee && node->kind != PATH_GLOBAL && node->kind != PATH_FIELD))
    return;
  for (size_t i = 0; i < x->reads.count; i++)
    if (x->reads.at[i].kind == TOUCH_KEEPS && x->reads.at[i].path == path)
      return;
  array_push(&x->reads, (Touch){.kind = TOUCH_KEEPS, .instruction = instruction, .path = path});
}

/* A node in a link of another one: that is the container itself. */
static bool is_own_link(const Facting *x, PathId place, PathId value) {
  PathId link = path_linked(x->own, place);
  return link && path_at(x->own, place)->pointee == path_at(x->own, value)->pointee;
}

/* Of the places of a store, one that is not what it was read from. */
static bool is_elsewhere(const Facting *x, const Write *write, PathId value) {
  for (uint32_t i = 0; i < write->places.count; i++) {
    PathId place = write->places.at[i];
    if (place != value && !is_own_link(x, place, value))
      return true;
  }
  return false;
}

static uint32_t returned_count(const Facting *x) {
  uint32_t count = 0;
  PathId before = 0;
  for (size_t i = 0; i < x->writes.count; i++) {
    const Write *write = &x->writes.at[i];
    bool returns = write_returns(x->own, write);
    for (uint32_t m = 0; m < write->value.count && returns; m++) {
      count += write->value.at[m].path && write->value.at[m].path != before;
      before = write->value.at[m].path ? write->value.at[m].path : before;
    }
  }
  return count;
}

void note_kept(Facting *x) {
  uint32_t returned = returned_count(x);
  for (size_t i = 0; i < x->writes.count; i++) {
    const Write *write = &x->writes.at[i];
    if (!write->is_pointer || !write->places.count || write->is_address)
      continue;
    if (returned == 1 && write_returns(x->own, write))
      continue;
    for (uint32_t m = 0; m < write->value.count; m++) {
      const Meaning *value = &write->value.at[m];
      bool is_pointer = value->kind == MEANS_CONTENT || value->kind == MEANS_ADDRESS;
      if (is_pointer && is_elsewhere(x, write, value->path))
        keep(x, write->instruction, value->path);
    }
  }
}

void note_kept_by(Facting *x, const GrowthCall *call, const Summary *model) {
  bool hands_on = false;
  for (uint32_t c = 0; c < model->case_count; c++)
    for (uint32_t i = 0; i < model->cases[c].effect_count; i++) {
      Action action = (Action)model->cases[c].effects[i].action;
      hands_on |= action == ACTION_SPAWN || action == ACTION_CALL || action == ACTION_KEEP;
    }
  for (uint32_t i = 0; i < call->arg_count && hands_on; i++)
    keep(x, call->instruction, call->args[i].path);
}
