/* touch.c - see touch.h. Every insertion keeps what was there before: the new element points to
 * what its place held, or the place is at the end of a list that was walked. Every removal skips: a
 * place gets what a link behind it held. */
#include "growth/touch.h"

#include <string.h>

#include "base/guard.h"
#include "growth/touching.h"

PathKind kind_of(const Classifying *c, PathId path) {
  return (PathKind)path_at(c->paths, path)->kind;
}

PathKind root_of(const Classifying *c, PathId path) {
  return kind_of(c, path_first(c->paths, path));
}

bool is_lasting(const Classifying *c, PathId path) {
  return c->set->is_main || root_of(c, path) != PATH_LOCAL;
}

bool is_fresh(const Classifying *c, PathId path) {
  return !c->set->is_main && root_of(c, path) == PATH_RESULT;
}

void emit(Classifying *c, Touch touch) {
  bool takes = touch.kind == TOUCH_SHRINKS || touch.kind == TOUCH_COUNTS_DOWN;
  bool is_each = touch.kind == TOUCH_RESETS || touch.kind == TOUCH_COUNTS_UP;
  if (is_fresh(c, touch.path) && !takes)
    return; // a new object is filled
  for (uint32_t i = 0; i < c->count; i++)
    if (c->at[i].kind == touch.kind && c->at[i].path == touch.path &&
        c->at[i].other == touch.other && c->at[i].group == touch.group &&
        (!is_each || c->at[i].instruction == touch.instruction))
      return;
  c->at = arena_grow(c->set->arena, c->at, sizeof *c->at, c->count, &c->room, c->count + 1u);
  c->at[c->count++] = touch;
}

/* ---- insertion */

/* The object that a value points to, if it can be an element; 0: it cannot. */
static PathId object_of(const Classifying *c, const Meaning *value) {
  if (value->kind == MEANS_CONTENT && !value->moved)
    return path_target(c->paths, value->path);
  if (value->kind != MEANS_ADDRESS)
    return 0;
  for (PathId at = value->path; at; at = path_at(c->paths, at)->parent)
    if (kind_of(c, at) == PATH_TARGET)
      return value->path;
  return 0;
}

static bool is_part_of(const Classifying *c, PathId path, PathId object) {
  while (path && path != object && kind_of(c, path) != PATH_TARGET)
    path = path_at(c->paths, path)->parent;
  return path == object;
}

/* A link in the object that is given what the place held; 0: none. */
static PathId link_that_keeps(const Classifying *c, PathId object, PathId place) {
  for (uint32_t i = 0; i < c->set->count; i++) {
    const Write *write = &c->set->writes[i];
    if (!write->is_pointer || !means(&write->value, MEANS_CONTENT, place))
      continue;
    for (uint32_t k = 0; k < write->places.count; k++)
      if (write->places.at[k] != place && is_part_of(c, write->places.at[k], object))
        return write->places.at[k];
  }
  return 0;
}

/* The place that keeps the end of the list is given the new element, or its link: 0, none is. */
static PathId end_that_follows(const Classifying *c, const Write *at, PathId place, PathId object,
                               PathId *link) {
  *link = 0;
  for (uint32_t i = 0; i < c->set->count; i++) {
    const Write *write = &c->set->writes[i];
    for (uint32_t k = 0; k < write->places.count && write->is_pointer && write != at; k++) {
      PathId end = write->places.at[k];
      if (end == place || !path_starts(c->paths, place, path_target(c->paths, end)))
        continue;
      for (uint32_t m = 0; m < write->value.count; m++) {
        const Meaning *value = &write->value.at[m];
        if (value->kind == MEANS_CONTENT && path_target(c->paths, value->path) == object)
          return end;
        bool inside = is_part_of(c, value->path, object) ||
                      is_part_of(c, value->path, path_target(c->paths, place)); // the same by now
        if (value->kind == MEANS_ADDRESS && value->path != object && inside) {
          *link = value->path;
          return end;
        }
      }
    }
  }
  return 0;
}

/* *place = x, where place is the root of a tree or a link in it. */
static bool is_any_link_of(const Classifying *c, const Write *write) {
  if (write->places.count < 2)
    return false;
  PathId container = path_container(c->paths, write->places.at[0]);
  bool linked = false, root = false;
  for (uint32_t k = 0; k < write->places.count; k++) {
    bool is_link = path_linked(c->paths, write->places.at[k]) != 0;
    linked |= is_link;
    root |= !is_link;
    if (path_container(c->paths, write->places.at[k]) != container)
      return false;
  }
  return linked && root;
}

static PathId same_link_in(const Classifying *c, PathId object, PathId place) {
  while (kind_of(c, place) != PATH_FIELD && place)
    place = path_at(c->paths, place)->parent;
  const PathNode field = *path_at(c->paths, place);
  return place ? path_field(c->paths, object, field.number, field.pointee) : object;
}

/* Imprecise: links that are void pointers are left alone, since nobody would see them cut. */
static bool is_typed(const Classifying *c, PathId link) { return path_at(c->paths, link)->pointee; }

/* node->first_child = x, x->sibling = what was there. Imprecise: the node's own list is not told
 * from those of the other nodes. */
static bool is_child_list(const Classifying *c, PathId place, PathId link) {
  return path_linked(c->paths, place) && kind_of(c, place) == PATH_FIELD &&
         kind_of(c, link) == PATH_FIELD &&
         path_at(c->paths, place)->owner == path_at(c->paths, link)->owner &&
         path_at(c->paths, place)->number != path_at(c->paths, link)->number;
}

static void grow(Classifying *c, const Write *write, PathId place, PathId object, PathId link) {
  if (!is_typed(c, link) || is_child_list(c, place, link))
    return;
  bool is_fresh = root_of(c, object) == PATH_RESULT;
  uint32_t made = is_fresh ? path_at(c->paths, path_first(c->paths, object))->number + 1 : 0;
  emit(c, (Touch){.kind = TOUCH_GROWS,
                  .flags = is_fresh ? TOUCH_FRESH : 0,
                  .instruction = write->instruction,
                  .group = object,
                  .made = made,
                  .path = path_container(c->paths, place),
                  .other = link});
}

/* What is already in the list, and only gets another place in it. */
static bool is_from_same(const Classifying *c, const Meaning *value, PathId place) {
  PathId to = path_container(c->paths, place), from = path_container(c->paths, value->path);
  if (value->kind != MEANS_CONTENT)
    return false;
  if (path_linked(c->paths, value->path))
    return from == to;
  if (from == to)
    return true;
  PathId whole = path_at(c->paths, to)->parent; // its other end
  return whole && whole == path_at(c->paths, from)->parent &&
         path_at(c->paths, from)->pointee == path_at(c->paths, to)->pointee;
}

/* Between the two ends of a list it is linked anew; else one end is just told what the other is. */
static void moves(Classifying *c, const Write *write, PathId place, const Meaning *value) {
  PathId from = path_container(c->paths, value->path), to = path_container(c->paths, place);
  bool keeps = link_that_keeps(c, object_of(c, value), place) != 0;
  if (from == to && keeps)
    emit(c, (Touch){.kind = TOUCH_MOVES, .instruction = write->instruction, .path = to});
  if (from == to || (!keeps && !path_linked(c->paths, place)) || c->moved_count + 2 > MOVED_LIMIT)
    return;
  c->moved[c->moved_count++] = from;
  c->moved[c->moved_count++] = to;
}

static bool is_moved_in(const Classifying *c, PathId container) {
  for (uint32_t i = 0; i < c->moved_count; i++)
    if (c->moved[i] == container)
      return true;
  return false;
}

static void inserts(Classifying *c, const Write *write, PathId place) {
  for (uint32_t m = 0; m < write->value.count; m++) {
    PathId object = object_of(c, &write->value.at[m]), link, end;
    if (!object || path_starts(c->paths, place, object))
      continue;
    if (is_from_same(c, &write->value.at[m], place)) {
      moves(c, write, place, &write->value.at[m]);
      continue;
    }
    bool is_link = path_linked(c->paths, place) != 0;
    bool skips = path_linked(c->paths, write->value.at[m].path) != 0;
    if ((link = link_that_keeps(c, object, place)) != 0) {
      grow(c, write, place, object, link);
    } else if (skips) {
      continue; // something is taken out
    } else if ((end = end_that_follows(c, write, place, object, &link)) != 0) {
      grow(c, write, end, object, link ? link : same_link_in(c, object, place));
      if (is_link)
        grow(c, write, place, object, link ? link : same_link_in(c, object, place));
    } else if ((is_link && write->walks && write->value.count == 1) || is_any_link_of(c, write)) {
      grow(c, write, place, object, same_link_in(c, object, place));
    }
  }
}

/* Another place of the container gets the new element, too: the other end, or the first one. */
static bool names_inserted(Classifying *c, const Write *write, PathId place) {
  bool found = false;
  uint32_t count = c->count;
  for (uint32_t m = 0; m < write->value.count; m++) {
    const Meaning *value = &write->value.at[m];
    PathId object = object_of(c, value);
    for (uint32_t i = 0; i < count && object; i++) {
      bool same = c->at[i].group == object ||
                  (value->kind == MEANS_ADDRESS && is_part_of(c, value->path, c->at[i].group));
      if (c->at[i].kind != TOUCH_GROWS || !same)
        continue;
      found = true;
      const PathNode *one = path_at(c->paths, place), *other = path_at(c->paths, c->at[i].path);
      if (one->pointee == other->pointee && one->parent == other->parent &&
          one->kind == other->kind && place != c->at[i].path)
        grow(c, write, place, c->at[i].group, c->at[i].other);
    }
  }
  return found;
}

/* list = push(list, x): the new element, which is returned, points to the old list. */
static void inserts_for_caller(Classifying *c, const Write *write) {
  for (uint32_t m = 0; m < write->value.count; m++) {
    PathId object = object_of(c, &write->value.at[m]);
    const Meaning *value = &write->value.at[m];
    if (object && path_linked(c->paths, value->path) && value->kind == MEANS_CONTENT) {
      PathId root = path_first(c->paths, value->path); // pop
      if (kind_of(c, root) == PATH_PARAMETER)
        emit(c, (Touch){.kind = TOUCH_SHRINKS,
                        .flags = TOUCH_BY_RESULT,
                        .instruction = write->instruction,
                        .path = root,
                        .other = value->path});
    }
    for (uint32_t i = 0; i < c->set->count && object; i++) {
      const Write *other = &c->set->writes[i];
      for (uint32_t k = 0; k < other->value.count; k++) {
        PathId from = other->value.at[k].path;
        if (other->value.at[k].kind == MEANS_CONTENT && kind_of(c, from) == PATH_PARAMETER &&
            other->places.count && is_part_of(c, other->places.at[0], object) &&
            other->places.at[0] != object && value->path != from)
          emit(c, (Touch){.kind = TOUCH_GROWS,
                          .flags = TOUCH_BY_RESULT,
                          .instruction = other->instruction,
                          .group = object,
                          .path = from,
                          .other = other->places.at[0]});
      }
    }
  }
}

/* ---- removal */

/* The link that a place takes over is given what the place is a part of: it is put in, not out;
 * unless it is made to point to itself. */
static bool is_put_in(const Classifying *c, PathId place, PathId link) {
  for (uint32_t i = 0; i < c->set->count; i++) {
    const Write *write = &c->set->writes[i];
    for (uint32_t k = 0; k < write->places.count; k++)
      for (uint32_t m = 0; m < write->value.count && write->places.at[k] == link; m++) {
        PathId object = object_of(c, &write->value.at[m]);
        bool itself = object == path_linked(c->paths, link);
        if (object && !itself && is_part_of(c, place, object))
          return true;
      }
  }
  return false;
}

/* *place, where the place is a parameter. */
static bool is_given_slot(const Classifying *c, PathId place) {
  return kind_of(c, place) == PATH_TARGET &&
         kind_of(c, path_at(c->paths, place)->parent) == PATH_PARAMETER;
}

static bool is_link_of_new(const Classifying *c, PathId place) {
  PathId node = path_linked(c->paths, place);
  return node && is_fresh(c, node) && kind_of(c, node) == PATH_TARGET;
}

/* A link in a node of which nothing is known but that it is one. */
static bool is_of_element(const Classifying *c, PathId place) {
  PathId container = path_container(c->paths, place);
  PathKind kind = kind_of(c, container);
  bool is_slot = path_at(c->paths, place)->kind == PATH_TARGET; // *node->previous_next
  PathId link = is_slot ? path_at(c->paths, place)->parent : place;
  bool is_object = kind == PATH_TARGET || kind == PATH_UNKNOWN ||
                   (kind == PATH_FIELD && !path_at(c->paths, container)->pointee);
  PathKind root = root_of(c, container);
  bool is_given = is_slot && kind == PATH_TARGET && (root == PATH_RESULT || root == PATH_UNKNOWN);
  return is_given || (path_linked(c->paths, link) && is_object && root != PATH_GLOBAL);
}

/* Some link is given what the place holds: whatever comes there is put in front of it. */
static bool is_kept(const Classifying *c, PathId place) {
  for (uint32_t i = 0; i < c->set->count; i++) {
    const Write *write = &c->set->writes[i];
    for (uint32_t k = 0; k < write->places.count; k++)
      if (write->is_pointer && write->places.at[k] != place &&
          path_linked(c->paths, write->places.at[k]) && means(&write->value, MEANS_CONTENT, place))
        return true;
  }
  return false;
}

/* Two links get what the other one held: lists are joined. */
static bool is_exchanged(const Classifying *c, PathId place, PathId link) {
  for (uint32_t i = 0; i < c->set->count && place != link; i++) {
    const Write *write = &c->set->writes[i];
    for (uint32_t k = 0; k < write->places.count; k++)
      if (write->is_pointer && write->places.at[k] == link &&
          means(&write->value, MEANS_CONTENT, place) && guard_on("growth-joins"))
        return true;
  }
  return false;
}

static bool takes_out(Classifying *c, const Write *write, PathId place) {
  bool found = false;
  if (!path_linked(c->paths, place) && is_kept(c, place))
    return false;
  for (uint32_t m = 0; m < write->value.count; m++) {
    const Meaning *value = &write->value.at[m];
    if (value->kind != MEANS_CONTENT || value->moved || !path_linked(c->paths, value->path) ||
        path_at(c->paths, value->path)->pointee != path_at(c->paths, place)->pointee ||
        is_put_in(c, place, value->path) || is_link_of_new(c, place) ||
        is_exchanged(c, place, value->path))
      continue;
    found = true;
    emit(c, (Touch){.kind = TOUCH_SHRINKS,
                    .flags = is_of_element(c, place)   ? TOUCH_OF_ELEMENT
                             : is_given_slot(c, place) ? TOUCH_OF_SLOT
                                                       : 0,
                    .instruction = write->instruction,
                    .path = path_container(c->paths, place),
                    .other = value->path});
  }
  return found;
}

static bool points_to_itself(const Classifying *c, const Write *write, PathId place) {
  PathId whole = path_linked(c->paths, place);
  for (uint32_t m = 0; m < write->value.count; m++)
    if (write->value.at[m].kind == MEANS_ADDRESS && write->value.at[m].path == whole && whole)
      return true;
  return false;
}

/* last = &first: two names of one list. */
static PathId other_end(const Classifying *c, const Write *write, PathId place) {
  for (uint32_t m = 0; m < write->value.count; m++) {
    const Meaning *value = &write->value.at[m];
    if (value->kind == MEANS_ADDRESS && path_at(c->paths, place)->pointee &&
        path_at(c->paths, value->path)->pointee == path_at(c->paths, place)->pointee)
      return path_container(c->paths, value->path);
  }
  return 0;
}

/* It is made to point to a variable, or to a part of one: nothing that comes and goes. */
static bool leads_to_static(const Classifying *c, const Write *write) {
  bool leads = write->is_pointer && write->value.count;
  for (uint32_t m = 0; m < write->value.count; m++) {
    PathId path = write->value.at[m].path;
    leads &= write->value.at[m].kind == MEANS_ADDRESS && root_of(c, path) == PATH_GLOBAL;
    for (; path && leads; path = path_at(c->paths, path)->parent)
      leads &= kind_of(c, path) != PATH_TARGET;
  }
  return leads;
}

/* table[0] = table[1] */
static bool is_another_part(const Classifying *c, const Write *write, PathId place) {
  const Meaning *value = &write->value.at[0];
  return kind_of(c, place) == PATH_ELEMENT && write->value.count == 1 &&
         value->kind == MEANS_CONTENT &&
         path_container(c->paths, value->path) == path_container(c->paths, place);
}

/* last->next = NULL, where the list was walked to there. */
static bool cuts_off(const Classifying *c, const Write *write) {
  bool linked = false, head = false;
  for (uint32_t k = 0; k < write->places.count; k++) {
    bool is_link = path_linked(c->paths, write->places.at[k]) != 0;
    linked |= is_link;
    head |= !is_link;
  }
  return is_empty(write) && linked && (write->walks || head);
}

static void empties(Classifying *c, const Write *write, PathId place) {
  bool itself = write->is_pointer && points_to_itself(c, write, place);
  if (cuts_off(c, write)) {
    emit(c, (Touch){.kind = TOUCH_SHRINKS,
                    .instruction = write->instruction,
                    .path = path_container(c->paths, place)});
    return;
  }
  if ((path_linked(c->paths, place) && !itself) || is_another_part(c, write, place))
    return;
  bool one =
      kind_of(c, place) == PATH_ELEMENT && is_empty(write) && !write->in_loop && !write->is_table;
  if (kind_of(c, place) == PATH_ELEMENT && !is_empty(write))
    return;
  emit(c, (Touch){.kind = one ? TOUCH_SHRINKS : TOUCH_RESETS,
                  .flags = !one && leads_to_static(c, write) ? TOUCH_TO_STATIC : 0,
                  .instruction = write->instruction,
                  .path = path_container(c->paths, place),
                  .other = other_end(c, write, place)});
}

/* ---- one store */

static void classify_number(Classifying *c, const Write *write, PathId place) {
  TouchKind kind = TOUCH_RESETS;
  if (counts(write, place, 1))
    kind = TOUCH_COUNTS_UP;
  else if (counts(write, place, -1))
    kind = TOUCH_COUNTS_DOWN;
  emit(c,
       (Touch){.kind = (uint8_t)kind,
               .flags = (uint16_t)((kind == TOUCH_RESETS ? TOUCH_OF_NUMBER : 0) |
                                   (kind == TOUCH_RESETS && is_empty(write) ? TOUCH_TO_ZERO : 0)),
               .instruction = write->instruction,
               .path = place});
}

static void classify_pointer(Classifying *c, const Write *write, PathId place) {
  if (write->resizes) {
    emit(c, (Touch){.kind = TOUCH_RESIZES, .instruction = write->resizes - 1, .path = place});
    return;
  }
  if (!names_inserted(c, write, place) && !takes_out(c, write, place))
    empties(c, write, place);
}

typedef void PlaceVisitor(Classifying *, const Write *, PathId place);

static void visit(Classifying *c, PlaceVisitor *visitor) {
  for (uint32_t i = 0; i < c->set->count; i++) {
    const Write *write = &c->set->writes[i];
    for (uint32_t k = 0; k < write->places.count; k++) {
      PathKind kind = kind_of(c, write->places.at[k]);
      if (kind != PATH_RETURNED && kind != PATH_UNKNOWN && is_lasting(c, write->places.at[k]))
        visitor(c, write, write->places.at[k]);
    }
  }
}

static void visit_insertion(Classifying *c, const Write *write, PathId place) {
  uint32_t before = c->count;
  if (write->is_pointer && !write->resizes)
    inserts(c, write, place);
  if (c->count == before)
    fills_array(c, write, place);
}

static void visit_rest(Classifying *c, const Write *write, PathId place) {
  if (write->is_address)
    return;
  if (write->is_pointer)
    classify_pointer(c, write, place);
  else if (!array_of(c, place))
    classify_number(c, write, place);
}

bool write_returns(const PathTable *paths, const Write *write) {
  return write->places.count && path_at(paths, write->places.at[0])->kind == PATH_RETURNED;
}

Touches writes_classify(const WriteSet *set) {
  Classifying c = {.set = set, .paths = set->paths};
  for (uint32_t i = 0; i < set->count; i++)
    if (write_returns(set->paths, &set->writes[i]))
      inserts_for_caller(&c, &set->writes[i]);
  visit(&c, visit_insertion);
  visit(&c, visit_rest);
  find_counted(&c);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < c.count; i++)
    if (c.at[i].kind != TOUCH_SHRINKS || !is_moved_in(&c, c.at[i].path))
      c.at[kept++] = c.at[i];
  c.count = kept;
  return (Touches){c.at, c.count};
}
