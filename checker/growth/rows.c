/* rows.c - see rows.h. */
#include "growth/rows.h"

#include <string.h>

const Touch *touch_of(const Search *x, uint32_t effect) { return &x->effects->at[effect].touch; }

PathKind root_kind(const Search *x, PathId path) {
  return (PathKind)path_at(x->paths, path_first(x->paths, path))->kind;
}

/* ---- rows */

void add_row(Search *x, uint32_t effect) {
  const Touch *touch = touch_of(x, effect);
  array_push(&x->rows, (Row){.effect = effect, .key = path_key(x->paths, touch->path)});
}

void index_rows(Search *x) {
  x->text_count = text_count(x->program->symbols);
  for (size_t i = 0; i < x->rows.count; i++)
    if (x->rows.at[i].key >= x->path_count)
      x->path_count = x->rows.at[i].key + 1;
  x->by_key = arena_new_array(x->arena, uint32_t, x->path_count);
  x->parents = arena_new_array(x->arena, uint32_t, x->path_count);
  x->next_key = arena_new_array(x->arena, uint32_t, x->path_count);
  x->by_member = arena_new_array(x->arena, uint32_t, x->text_count);
  x->by_field = arena_new_array(x->arena, uint32_t, x->text_count);
  for (size_t i = x->rows.count; i-- > 0;) {
    Row *row = &x->rows.at[i];
    const Touch *touch = touch_of(x, row->effect);
    row->next_of_key = x->by_key[row->key];
    x->by_key[row->key] = (uint32_t)i + 1;
    bool by_element = touch->kind == TOUCH_SHRINKS &&
                      (touch->flags & TOUCH_OF_ELEMENT ||
                       (touch->flags & TOUCH_OF_SLOT && root_kind(x, row->key) != PATH_GLOBAL));
    TextId member = by_element ? path_member(x->paths, touch->other) : 0;
    row->next_of_member = x->by_member[member];
    x->by_member[member] = (uint32_t)i + 1;
    const PathNode *node = path_at(x->paths, row->key);
    TextId field =
        node->kind == PATH_FIELD && root_kind(x, row->key) != PATH_GLOBAL ? node->number : 0;
    row->next_of_field = x->by_field[field];
    x->by_field[field] = (uint32_t)i + 1;
  }
}

void list_rows(Search *x) {
  for (size_t i = 0; i < x->rows.count; i++) {
    const Touch *touch = touch_of(x, x->rows.at[i].effect);
    if (touch->kind == TOUCH_COUNTS_DOWN || touch->flags & TOUCH_TO_ZERO)
      array_push(&x->lessening, (uint32_t)i);
    if (touch->kind != TOUCH_GROWS)
      continue;
    PathId node = path_linked(x->paths, touch->other);
    array_push(&x->growing, (uint32_t)i);
    array_push(&x->elements, node ? path_key(x->paths, node) : 0);
  }
}

/* ---- keys of one container */

PathId leader(const Search *x, PathId key) {
  while (key < x->path_count && x->parents[key])
    key = x->parents[key];
  return key;
}

static void unite(Search *x, PathId a, PathId b) {
  a = leader(x, a);
  b = leader(x, b);
  if (a == b)
    return;
  PathId first = a < b ? a : b, second = a < b ? b : a, last = first;
  x->parents[second] = first;
  while (x->next_key[last])
    last = x->next_key[last];
  x->next_key[last] = second;
}

bool are_siblings(const Search *x, PathId a, PathId b) {
  enum { ALIKE = 3 };
  const PathNode *of_a = path_at(x->paths, a), *of_b = path_at(x->paths, b);
  if (of_a->kind != PATH_GLOBAL || of_b->kind != PATH_GLOBAL)
    return of_a->parent && of_a->parent == of_b->parent;
  const char *name_a = text_of(x->program->symbols, of_a->number),
             *name_b = text_of(x->program->symbols, of_b->number);
  const char *last_a = strrchr(name_a, ':'), *last_b = strrchr(name_b, ':');
  return !strncmp(last_a ? last_a + 1 : name_a, last_b ? last_b + 1 : name_b, ALIKE);
}

static bool is_one_insertion(const GrowthEffect *a, const GrowthEffect *b) {
  if (a->inner == NO_EFFECT || b->inner == NO_EFFECT)
    return a->inner == b->inner;
  return a->touch.instruction == b->touch.instruction;
}

/* Of one insertion, and counted where it is. */
void unite_keys(Search *x) {
  for (size_t i = 0; i < x->rows.count; i++) {
    const GrowthEffect *grows = &x->effects->at[x->rows.at[i].effect];
    if (grows->touch.kind != TOUCH_GROWS || root_kind(x, x->rows.at[i].key) != PATH_GLOBAL)
      continue;
    for (size_t k = i + 1; k < x->rows.count; k++) {
      const GrowthEffect *other = &x->effects->at[x->rows.at[k].effect];
      if (other->function != grows->function)
        break;
      bool same = other->touch.kind == TOUCH_GROWS && grows->touch.group &&
                  other->touch.group == grows->touch.group &&
                  other->touch.other == grows->touch.other && is_one_insertion(grows, other) &&
                  root_kind(x, x->rows.at[k].key) == PATH_GLOBAL;
      if (same)
        unite(x, x->rows.at[i].key, x->rows.at[k].key);
    }
  }
  for (size_t i = 0; i < x->rows.count; i++) {
    const Touch *resets = touch_of(x, x->rows.at[i].effect);
    PathId other = resets->kind == TOUCH_RESETS ? path_key(x->paths, resets->other) : 0;
    if (other && other < x->path_count && root_kind(x, other) == PATH_GLOBAL &&
        root_kind(x, x->rows.at[i].key) == PATH_GLOBAL)
      unite(x, x->rows.at[i].key, other);
  }
  for (size_t i = 0; i < x->rows.count; i++) {
    const GrowthEffect *counts = &x->effects->at[x->rows.at[i].effect];
    if (counts->touch.kind != TOUCH_COUNTS_UP || root_kind(x, x->rows.at[i].key) != PATH_GLOBAL)
      continue;
    size_t first = i, last = i;
    while (first > 0 && x->effects->at[x->rows.at[first - 1].effect].function == counts->function)
      first--;
    while (last + 1 < x->rows.count &&
           x->effects->at[x->rows.at[last + 1].effect].function == counts->function)
      last++;
    for (size_t k = first; k <= last; k++)
      if (touch_of(x, x->rows.at[k].effect)->kind == TOUCH_GROWS &&
          are_siblings(x, x->rows.at[k].key, x->rows.at[i].key))
        unite(x, x->rows.at[i].key, x->rows.at[k].key);
  }
}

/* server.clients->head and log.lines->head: who takes something out of a list, of which nothing
 * else is known, says nothing of either. */
void find_common_records(Search *x) {
  enum { NOT_GLOBAL = 1u << 31 };
  x->is_common = arena_new_array(x->arena, bool, x->text_count);
  uint32_t *known = arena_new_array(x->arena, uint32_t, x->text_count);
  for (size_t i = 0; i < x->growing.count; i++) {
    PathId key = x->rows.at[x->growing.at[i]].key;
    const PathNode *node = path_at(x->paths, key), *whole = path_at(x->paths, node->parent);
    if (node->kind != PATH_FIELD)
      continue;
    uint32_t of = root_kind(x, key) == PATH_GLOBAL ? node->parent
                  : whole->kind == PATH_FIELD      ? whole->number | NOT_GLOBAL
                                                   : 0;
    x->is_common[node->owner] |= of && known[node->owner] && known[node->owner] != of;
    if (of)
      known[node->owner] = of;
  }
}
