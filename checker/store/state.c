/* state.c - the states of a unit, and which of them are in the view.
 *
 * Facts are keyed by all that was read, so that going back to an earlier content parses nothing. A
 * view has one state of a unit, or none. The view of the database is that of the last run; another
 * one is made for a moment, and leaves nothing but states.
 */
#include "store/inner.h"

#include "base/guard.h"
#include "base/path.h"

Hash unit_identity(UnitKey key) { return hash_pair(hash_text(key.source), key.command); }

/* The seal of the row: the view of the database is part of what must not be damaged. */
Hash state_seal(const UnitRow *unit) {
  const int64_t view[] = {unit->viewed, unit->used};
  Hash inputs = hash_pair(unit->inputs, hash_bytes(unit->lookups, unit->lookups_size));
  return hash_pair(unit->seal, hash_pair(inputs, hash_bytes(view, sizeof view)));
}

void state_enter(Store *store, uint32_t index) {
  UnitRow *unit = &store->units.at[index];
  Hash identity = unit_identity(unit->key);
  unit->older = hash_map_get(&store->unit_map, identity);
  hash_map_put(&store->unit_map, identity, index);
  if (unit->used > store->clock)
    store->clock = unit->used;
}

static void leave_view(Store *store, UnitRow *unit) {
  if (!unit->in_view)
    return;
  unit->in_view = false;
  store_forget_view(store);
  if (!store->is_other) {
    unit->viewed = false;
    unit->changed = true;
  }
}

void state_view(Store *store, uint32_t index) {
  UnitRow *unit = &store->units.at[index];
  if (unit->in_view)
    return;
  uint32_t sibling = hash_map_get(&store->unit_map, unit_identity(unit->key));
  for (; sibling != MAP_ABSENT; sibling = store->units.at[sibling].older)
    leave_view(store, &store->units.at[sibling]);
  unit->in_view = true;
  unit->changed = true;
  unit->used = ++store->clock;
  unit->viewed = unit->viewed || !store->is_other;
  store_forget_view(store);
}

void state_drop(Store *store, uint32_t index) {
  UnitRow *unit = &store->units.at[index];
  sqlite3_stmt *drop = sql_use(store, SQL_UNIT_DROP);
  bind_number(drop, 1, unit->id);
  sql_run(store, drop);
  unit_references(store, unit, -1);
  unit->dropped = true;
  unit->in_view = unit->viewed = unit->changed = false;
  store->states_dropped = true;
  store_forget_view(store);
}

void states_save(Store *store) {
  bool begun = false;
  for (size_t i = 0; i < store->units.count; i++) {
    UnitRow *unit = &store->units.at[i];
    if (!unit->changed || unit->dropped)
      continue;
    if (!begun)
      transaction_enter(store);
    begun = true;
    unit->changed = false;
    sqlite3_stmt *put = sql_use(store, SQL_UNIT_VIEW);
    bind_number(put, 1, unit->id);
    bind_number(put, 2, unit->viewed);
    bind_number(put, 3, unit->used);
    bind_hash(put, 4, state_seal(unit));
    sql_run(store, put);
  }
  if (begun)
    transaction_leave(store);
}

/* ---- which state is that of now? */
static bool is_fresh(Store *store, const UnitRow *unit) {
  if (unit->dropped || hash_is_zero(unit->inputs))
    return false;
  for (uint32_t i = 0; i < unit->file_count; i++)
    if (!file_unchanged(store, unit->files[i] >> 1))
      return false;
  return lookups_hold(store, unit);
}

bool store_unit_fresh(Store *store, UnitKey key) {
  uint32_t head = hash_map_get(&store->unit_map, unit_identity(key)), index = head;
  // The one in the view is the likeliest, and two can be fresh: then it stays.
  while (index != MAP_ABSENT && !store->units.at[index].in_view)
    index = store->units.at[index].older;
  if (index != MAP_ABSENT && is_fresh(store, &store->units.at[index]))
    return true;
  if (!guard_on("states"))
    return false;
  for (index = head; index != MAP_ABSENT; index = store->units.at[index].older)
    if (!store->units.at[index].in_view && is_fresh(store, &store->units.at[index])) {
      state_view(store, index);
      return true;
    }
  return false;
}

bool store_last_unit(const Store *store, const char *source, UnitKey *key) {
  const UnitRow *last = NULL;
  for (size_t i = 0; i < store->units.count; i++) {
    const UnitRow *unit = &store->units.at[i];
    if (!unit->dropped && !strcmp(unit->key.source, source) && (!last || unit->used > last->used))
      last = unit;
  }
  if (last)
    *key = last->key;
  return last != NULL;
}

size_t store_keep_units(Store *store, const UnitKey *keys, size_t count) {
  HashMap kept = {0};
  size_t left = 0;
  for (size_t i = 0; i < count; i++)
    hash_map_put(&kept, unit_identity(keys[i]), 0);
  for (size_t i = 0; i < store->units.count; i++) {
    UnitRow *unit = &store->units.at[i];
    if (!unit->in_view || hash_map_get(&kept, unit_identity(unit->key)) != MAP_ABSENT)
      continue;
    leave_view(store, unit);
    left++;
  }
  hash_map_free(&kept);
  return left;
}

/* ---- keeping them few */
enum { OTHERS_AT_LEAST = 16 };

static const Store *sorted; // qsort has no context; only the main thread trims

static int newest_first(const void *left, const void *right) {
  const UnitRow *a = &sorted->units.at[*(const uint32_t *)left];
  const UnitRow *b = &sorted->units.at[*(const uint32_t *)right];
  if (a->used != b->used)
    return a->used > b->used ? -1 : 1;
  return a->id > b->id ? -1 : a->id < b->id;
}

static size_t list_others(Store *store, uint32_t *others, size_t *viewed) {
  size_t count = 0;
  *viewed = 0;
  for (size_t i = 0; i < store->units.count; i++) {
    const UnitRow *unit = &store->units.at[i];
    *viewed += !unit->dropped && unit->viewed;
    if (!unit->dropped && !unit->viewed)
      others[count++] = (uint32_t)i;
  }
  sorted = store;
  if (count)
    qsort(others, count, sizeof *others, newest_first);
  return count;
}

/* One besides the one in the view, and not more of them than there are units. */
void states_trim(Store *store) {
  if (store->is_other)
    return;
  uint32_t *others = memory_resize(NULL, store->units.count * sizeof *others);
  size_t viewed, kept = 0, count = list_others(store, others, &viewed);
  size_t most = viewed < OTHERS_AT_LEAST ? OTHERS_AT_LEAST : viewed;
  HashMap seen = {0};
  transaction_enter(store);
  for (size_t i = 0; i < count; i++) {
    Hash identity = unit_identity(store->units.at[others[i]].key);
    if (hash_map_get(&seen, identity) != MAP_ABSENT || kept == most ||
        hash_is_zero(store->units.at[others[i]].inputs)) {
      state_drop(store, others[i]);
      continue;
    }
    hash_map_put(&seen, identity, 0);
    kept++;
  }
  transaction_leave(store);
  hash_map_free(&seen);
  memory_free(others);
}

size_t store_drop_others(Store *store) {
  uint32_t *others = memory_resize(NULL, store->units.count * sizeof *others);
  size_t viewed, count = list_others(store, others, &viewed);
  transaction_enter(store);
  for (size_t i = 0; i < count; i++)
    state_drop(store, others[i]);
  transaction_leave(store);
  memory_free(others);
  return count;
}

/* ---- another view */
static void add_other(Store *store, const OtherFile *file) {
  bool exists = !hash_is_zero(file->content);
  hash_map_put(&store->other_contents, hash_text(file->path), (uint32_t)store->others.count);
  array_push(&store->others, file->content);
  hash_map_put(&store->other_states, hash_text(file->path), exists ? LOOKUP_FILE : LOOKUP_NOTHING);
  // The folders of a file that is there are there, too.
  Arena *scratch = arena_new();
  const char *path = path_folder(scratch, file->path);
  for (; exists && strcmp(path, ".") && strcmp(path, "/"); path = path_folder(scratch, path))
    hash_map_put(&store->other_states, hash_text(path), LOOKUP_FOLDER);
  arena_free(scratch);
}

void store_view_begin(Store *store, const OtherFile *files, size_t count) {
  lookups_ask(store);
  states_save(store);
  for (size_t i = 0; i < count; i++)
    add_other(store, &files[i]);
  store->is_other = true;
  store->other_number++;
}

void store_view_end(Store *store) {
  store->is_other = false;
  hash_map_clear(&store->other_states);
  hash_map_clear(&store->other_contents);
  store->others.count = 0;
  for (size_t i = 0; i < store->units.count; i++)
    store->units.at[i].in_view = store->units.at[i].viewed;
  store_forget_view(store);
}
