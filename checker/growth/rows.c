/* rows.c - see rows.h. */
#include "growth/rows.h"

#include <string.h>

#include "base/guard.h"

const Touch *touch_of(const Search *x, uint32_t effect) { return &x->effects->at[effect].touch; }

PathKind root_kind(const Search *x, PathId path) {
  return (PathKind)path_at(x->paths, path_first(x->paths, path))->kind;
}

/* ---- rows */

/* What the last pointer on the way leads to, by whatever name. */
static PathId by_other_name(const Search *x, PathId path) {
  PathId found = path_at(x->paths, path)->parent;
  while (found && path_at(x->paths, found)->kind != PATH_TARGET)
    found = path_at(x->paths, found)->parent;
  PathId unknown = found ? path_root(x->paths, PATH_UNKNOWN, 0, 0) : 0;
  return found ? path_replace(x->paths, path, found, unknown) : 0;
}

void add_row(Search *x, uint32_t effect) {
  const Touch *touch = touch_of(x, effect);
  PathId key = path_key(x->paths, touch->path), other = 0;
  array_push(&x->rows, (Row){.effect = effect, .key = key});
  if (touch->kind == TOUCH_SHRINKS && root_kind(x, touch->path) == PATH_GLOBAL)
    other = by_other_name(x, touch->path);
  if (other)
    array_push(&x->rows, (Row){.effect = effect, .key = path_key(x->paths, other), .named = key});
}

/* Last field of what something may be taken out of, by a name whose root is not known; or 0. */
static TextId field_of_loss(const Search *x, const Row *row) {
  const Touch *touch = touch_of(x, row->effect);
  const PathNode *node = path_at(x->paths, row->key);
  bool loses = touch->kind != TOUCH_GROWS && !(touch->flags & TOUCH_OF_ELEMENT);
  bool is_by_field = node->kind == PATH_FIELD && root_kind(x, row->key) != PATH_GLOBAL;
  return loses && is_by_field ? node->number : 0;
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
    TextId field = field_of_loss(x, row);
    row->next_of_field = x->by_field[field];
    x->by_field[field] = (uint32_t)i + 1;
  }
}

void list_rows(Search *x) {
  x->growing_by_member = arena_new_array(x->arena, uint32_t, x->text_count);
  x->growing_of = arena_new_array(x->arena, uint32_t, x->path_count);
  x->lessening = arena_new_array(x->arena, uint32_t, x->path_count);
  x->noted = arena_new_array(x->arena, uint32_t, x->text_count);
  for (size_t i = 0; i < x->rows.count; i++) {
    const Touch *touch = touch_of(x, x->rows.at[i].effect);
    PathId whole = path_at(x->paths, x->rows.at[i].key)->parent;
    if (whole && (touch->kind == TOUCH_COUNTS_DOWN || touch->flags & TOUCH_TO_ZERO)) {
      x->rows.at[i].next_lessening = x->lessening[whole];
      x->lessening[whole] = (uint32_t)i + 1;
    }
    if (touch->kind != TOUCH_GROWS)
      continue;
    PathId node = path_linked(x->paths, touch->other);
    Growing growing = {.row = (uint32_t)i,
                       .member = path_member(x->paths, touch->other),
                       .element = node ? path_key(x->paths, node) : 0};
    growing.next_of_member = x->growing_by_member[growing.member];
    bool is_known = growing.element < x->path_count; // what has no rows is no container
    growing.next_of = is_known ? x->growing_of[growing.element] : 0;
    array_push(&x->growing, growing);
    x->growing_by_member[growing.member] = (uint32_t)x->growing.count;
    if (is_known)
      x->growing_of[growing.element] = (uint32_t)x->growing.count;
  }
}

/* By the last two fields of its name. */
static Hash hash_of_end(const Search *x, PathId key) {
  const PathNode *last = path_at(x->paths, key), *before = path_at(x->paths, last->parent);
  uint32_t fields[] = {last->number, before->number};
  return hash_bytes(fields, sizeof fields);
}

static bool has_end(const Search *x, PathId key) {
  const PathNode *last = path_at(x->paths, key);
  return last->kind == PATH_FIELD && path_at(x->paths, last->parent)->kind == PATH_FIELD;
}

void find_fed(Search *x) {
  for (size_t i = 0; i < x->growing.count; i++) {
    PathId key = x->rows.at[x->growing.at[i].row].key;
    if (has_end(x, key))
      hash_map_put(&x->fed, hash_of_end(x, key), 0);
  }
}

bool is_another_that_grows(const Search *x, PathId named, PathId key) {
  const PathNode *of_named = path_at(x->paths, path_at(x->paths, named)->parent),
                 *of_key = path_at(x->paths, path_at(x->paths, key)->parent);
  bool differs = has_end(x, named) && has_end(x, key) && of_named->number != of_key->number;
  return differs && hash_map_get(&x->fed, hash_of_end(x, named)) != MAP_ABSENT &&
         guard_on("growth-fed");
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

/* Places that one insertion is about. */
static void unite_insertions(Search *x) {
  HashMap first = {0}; // row, by insertion
  for (size_t i = 0; i < x->rows.count; i++) {
    const GrowthEffect *effect = &x->effects->at[x->rows.at[i].effect];
    const Touch *touch = &effect->touch;
    if (touch->kind != TOUCH_GROWS || !touch->group ||
        root_kind(x, x->rows.at[i].key) != PATH_GLOBAL)
      continue;
    bool called = effect->inner != NO_EFFECT;
    uint32_t what[] = {effect->function, touch->group, touch->other,
                       called ? touch->instruction + 1 : 0};
    Hash hash = hash_bytes(what, sizeof what);
    uint32_t known = hash_map_get(&first, hash);
    if (known == MAP_ABSENT)
      hash_map_put(&first, hash, (uint32_t)i);
    else
      unite(x, x->rows.at[known].key, x->rows.at[i].key);
  }
  hash_map_free(&first);
}

/* last = &first */
static void unite_ends(Search *x) {
  for (size_t i = 0; i < x->rows.count; i++) {
    const Touch *resets = touch_of(x, x->rows.at[i].effect);
    PathId other = resets->kind == TOUCH_RESETS ? path_key(x->paths, resets->other) : 0;
    if (other && other < x->path_count && root_kind(x, other) == PATH_GLOBAL &&
        root_kind(x, x->rows.at[i].key) == PATH_GLOBAL)
      unite(x, x->rows.at[i].key, other);
  }
}

/* Of a function's rows: numbers that are counted up where something is put in. */
static void unite_counts(Search *x, size_t first, size_t end) {
  for (size_t i = first; i < end; i++) {
    const Row *counts = &x->rows.at[i];
    if (touch_of(x, counts->effect)->kind != TOUCH_COUNTS_UP ||
        root_kind(x, counts->key) != PATH_GLOBAL)
      continue;
    PathId before = 0;
    for (size_t k = first; k < end; k++) {
      const Row *grows = &x->rows.at[k];
      if (touch_of(x, grows->effect)->kind != TOUCH_GROWS || grows->key == before)
        continue;
      before = grows->key;
      if (are_siblings(x, grows->key, counts->key))
        unite(x, counts->key, grows->key);
    }
  }
}

void unite_keys(Search *x) {
  unite_insertions(x);
  unite_ends(x);
  for (size_t first = 0, end = 0; first < x->rows.count; first = end) {
    uint32_t function = x->effects->at[x->rows.at[first].effect].function;
    while (end < x->rows.count && x->effects->at[x->rows.at[end].effect].function == function)
      end++;
    unite_counts(x, first, end);
  }
}

static bool is_behind_pointer(const Search *x, PathId path) {
  while (path && path_at(x->paths, path)->kind != PATH_TARGET)
    path = path_at(x->paths, path)->parent;
  return path != 0;
}

/* What the record with the link is, in the program: a variable, or a part of one, else a field of
 * objects; 0: neither is known. */
static uint32_t whole_of(const Search *x, PathId key, const Touch *touch) {
  enum { A_FIELD = 1u << 31 };
  const PathNode *node = path_at(x->paths, key), *whole = path_at(x->paths, node->parent);
  bool is_object = is_behind_pointer(x, touch->path) && guard_on("growth-objects");
  if (root_kind(x, key) == PATH_GLOBAL && !(is_object && whole->kind == PATH_FIELD))
    return node->parent;
  return whole->kind == PATH_FIELD ? whole->number | A_FIELD : 0;
}

/* server.clients->head and log.lines->head: who takes something out of a list, of which nothing
 * else is known, says nothing of either. But in who gets an object as `void *`, its field is that
 * of an object that a variable points to. */
void find_common_records(Search *x) {
  x->is_common = arena_new_array(x->arena, bool, x->text_count);
  uint32_t *known = arena_new_array(x->arena, uint32_t, x->text_count);
  for (size_t i = 0; i < x->growing.count; i++) {
    const Row *row = &x->rows.at[x->growing.at[i].row];
    const PathNode *node = path_at(x->paths, row->key);
    if (node->kind != PATH_FIELD)
      continue;
    uint32_t of = whole_of(x, row->key, touch_of(x, row->effect));
    x->is_common[node->owner] |= of && known[node->owner] && known[node->owner] != of;
    if (of)
      known[node->owner] = of;
  }
}

/* for (i) list_init(&threads[i].jobs), where `current->jobs` is what is put into. */
void find_beginnings(Search *x) {
  x->begins = arena_new_array(x->arena, bool, x->text_count);
  for (size_t i = 0; i < x->rows.count; i++) {
    const PathNode *node = path_at(x->paths, x->rows.at[i].key);
    if (node->kind == PATH_FIELD && touch_of(x, x->rows.at[i].effect)->kind == TOUCH_RESETS)
      x->begins[node->number] = true;
  }
  for (size_t i = 0; i < x->growing.count; i++) {
    const Touch *touch = touch_of(x, x->rows.at[x->growing.at[i].row].effect);
    for (PathId at = touch->other; path_at(x->paths, at)->kind == PATH_FIELD;
         at = path_at(x->paths, at)->parent)
      x->begins[path_at(x->paths, at)->number] = false;
  }
}

void find_kept(Search *x) {
  x->is_kept = arena_new_array(x->arena, bool, x->path_count);
  for (uint32_t f = 0; f < x->program->function_count; f++)
    for (uint32_t i = x->effects->first[f]; i < x->effects->last[f]; i++) {
      const Touch *touch = touch_of(x, i);
      PathId key = touch->kind == TOUCH_KEEPS && root_kind(x, touch->path) == PATH_GLOBAL
                       ? path_key(x->paths, touch->path)
                       : x->path_count;
      if (key < x->path_count)
        x->is_kept[key] = true;
    }
}

void find_tellers(Search *x) {
  uint32_t *last = arena_new_array(x->arena, uint32_t, x->effects->count + 1u);
  x->tellers = arena_new_array(x->arena, uint32_t, x->effects->count + 1u);
  for (uint32_t f = 0; f < x->program->function_count; f++)
    for (uint32_t i = x->effects->first[f]; i < x->effects->last[f]; i++) {
      uint32_t inner = x->effects->at[i].inner;
      if (inner == NO_EFFECT || last[inner] == f + 1 ||
          root_kind(x, touch_of(x, inner)->path) != PATH_GLOBAL)
        continue;
      last[inner] = f + 1;
      x->tellers[inner]++;
    }
}
