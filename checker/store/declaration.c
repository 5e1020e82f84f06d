/* declaration.c - globals and records of all units, each key once. */
#include "store/inner.h"

typedef struct {
  StoredGlobal stored;
  size_t unit;
} GlobalEntry;

typedef struct {
  StoredRecord stored;
  size_t unit;
} RecordEntry;

static int compare_globals(const void *left, const void *right) {
  const GlobalEntry *a = left, *b = right;
  int order = strcmp(a->stored.global->key, b->stored.global->key);
  if (order)
    return order;
  bool a_defines = a->stored.global->is_definition, b_defines = b->stored.global->is_definition;
  if (a_defines != b_defines)
    return a_defines ? -1 : 1;
  if (a->unit != b->unit)
    return a->unit < b->unit ? -1 : 1;
  return a->stored.global < b->stored.global ? -1 : 1;
}

static int compare_records(const void *left, const void *right) {
  const RecordEntry *a = left, *b = right;
  int order = strcmp(a->stored.record->key, b->stored.record->key);
  return order ? order : a->unit < b->unit ? -1 : a->unit > b->unit;
}

static bool is_repeated(const Global *global, const Global *kept) {
  if (strcmp(global->key, kept->key))
    return false;
  // Two units with the same definition (one file under two commands) say it once.
  return !global->is_definition || !kept->is_definition ||
         (!strcmp(global->source, kept->source) && global->line == kept->line);
}

const StoredGlobal *store_globals(Store *store, Arena *arena, size_t *count) {
  ARRAY(GlobalEntry) all = {0};
  size_t units;
  store_units(store, &units);
  for (size_t i = 0; i < units; i++) {
    const Unit *unit = store_unit(store, arena, i);
    for (uint32_t k = 0; k < unit->global_count; k++)
      array_push(&all, (GlobalEntry){{unit, &unit->globals[k]}, i});
  }
  if (all.count)
    qsort(all.at, all.count, sizeof *all.at, compare_globals);
  StoredGlobal *result = arena_new_array(arena, StoredGlobal, all.count);
  *count = 0;
  for (size_t i = 0; i < all.count; i++)
    if (!*count || !is_repeated(all.at[i].stored.global, result[*count - 1].global))
      result[(*count)++] = all.at[i].stored;
  array_free(&all);
  return result;
}

const StoredRecord *store_records(Store *store, Arena *arena, size_t *count) {
  ARRAY(RecordEntry) all = {0};
  size_t units;
  store_units(store, &units);
  for (size_t i = 0; i < units; i++) {
    const Unit *unit = store_unit(store, arena, i);
    for (uint32_t k = 0; k < unit->record_count; k++)
      array_push(&all, (RecordEntry){{unit, &unit->records[k]}, i});
  }
  if (all.count)
    qsort(all.at, all.count, sizeof *all.at, compare_records);
  StoredRecord *result = arena_new_array(arena, StoredRecord, all.count);
  *count = 0;
  for (size_t i = 0; i < all.count; i++)
    if (!*count || strcmp(all.at[i].stored.record->key, result[*count - 1].record->key))
      result[(*count)++] = all.at[i].stored;
  array_free(&all);
  return result;
}
