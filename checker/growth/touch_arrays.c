/* touch_arrays.c - arrays with a count, and records of which nothing but a count is understood. */
#include "growth/touching.h"

bool counts(const Write *write, PathId place, int8_t direction) {
  for (uint32_t m = 0; m < write->value.count; m++)
    if (write->value.at[m].kind == MEANS_CONTENT && write->value.at[m].path == place &&
        write->value.at[m].moved == direction)
      return true;
  return false;
}

PathId array_of(const Classifying *c, PathId place) {
  for (; place; place = path_at(c->paths, place)->parent)
    if (kind_of(c, place) == PATH_ELEMENT) {
      PathId target = path_at(c->paths, place)->parent;
      return kind_of(c, target) == PATH_TARGET ? path_at(c->paths, target)->parent : 0;
    }
  return 0;
}

static bool are_siblings(const Classifying *c, PathId a, PathId b) {
  PathId of_a = path_at(c->paths, a)->parent;
  return a != b && of_a && of_a == path_at(c->paths, b)->parent;
}

bool is_empty(const Write *write) {
  for (uint32_t m = 0; m < write->value.count; m++)
    if (write->value.at[m].kind != MEANS_ZERO)
      return false;
  return write->value.count;
}

void fills_array(Classifying *c, const Write *write, PathId place) {
  PathId array = array_of(c, place);
  if (!array || !is_lasting(c, array) || (write->is_pointer && is_empty(write)))
    return;
  for (uint32_t i = 0; i < c->set->count; i++) {
    const Write *count = &c->set->writes[i];
    for (uint32_t k = 0; k < count->places.count && !count->is_pointer; k++) {
      PathId counter = count->places.at[k];
      bool together = write->is_computed && write->block == count->block && !write->in_loop;
      bool fits = write->index == counter || (!write->is_address && (!write->index || together) &&
                                              are_siblings(c, array, counter));

      if (!counts(count, counter, 1) || !fits)
        continue;
      Touch touch = {.kind = TOUCH_GROWS,
                     .flags = TOUCH_ARRAY,
                     .instruction = write->instruction,
                     .group = array};
      touch.path = path_container(c->paths, array);
      emit(c, touch);
      touch.path = counter;
      emit(c, touch);
    }
  }
}

/* ---- what is only counted */

/* Something that a call made, out of nothing that is seen, is filled here. */
static PathId find_filled(const Classifying *c) {
  for (uint32_t i = 0; i < c->set->count && c->set->is_making; i++) {
    const Write *write = &c->set->writes[i];
    for (uint32_t k = 0; k < write->places.count; k++) {
      PathId root = path_first(c->paths, write->places.at[k]);
      const PathNode *node = path_at(c->paths, root);
      if (is_fresh(c, root) && node->pointee && c->set->is_making[node->number])
        return root;
    }
  }
  return 0;
}

/* A record that is given counts one more where something is made, and no link to that is seen: a
 * tree that is found by walking, or is packed. */
void find_counted(Classifying *c) {
  PathId filled = find_filled(c);
  for (uint32_t i = 0; i < c->count; i++)
    if (c->at[i].kind == TOUCH_GROWS)
      return;
  for (uint32_t i = 0; i < c->set->count && filled; i++) {
    const Write *write = &c->set->writes[i];
    PathId place = write->places.count == 1 ? write->places.at[0] : 0;
    PathId record = place ? path_at(c->paths, place)->parent : 0;
    bool is_given = record && root_of(c, place) == PATH_PARAMETER &&
                    kind_of(c, record) == PATH_TARGET &&
                    kind_of(c, path_at(c->paths, record)->parent) == PATH_PARAMETER;
    if (is_given && !write->is_pointer && counts(write, place, 1))
      emit(c, (Touch){.kind = TOUCH_GROWS,
                      .flags = TOUCH_ARRAY | TOUCH_COUNTED,
                      .instruction = write->instruction,
                      .group = filled,
                      .path = place});
  }
}
