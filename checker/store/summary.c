/* summary.c - what the analysis derives of a function: its summary, and rows for program rules. */
#include "store/inner.h"

/* The id alone would let a damaged row speak for another function. */
static void seal_function(Store *store, uint32_t id) {
  uint32_t index = hash_map_get(&store->row_map, (Hash){id, 0}); // in the view or not
  if (index != MAP_ABSENT)
    seal_hash(store, store->functions.at[index].identity);
}

/* `packed` is what the column holds of the summary. */
static Hash summary_seal(Store *store, uint32_t function, const StoredSummary *summary,
                         const void *packed, size_t count) {
  seal_function(store, function);
  seal_hash(store, summary->maker);
  seal_hash(store, summary->in_hash);
  seal_hash(store, summary->sem_hash);
  bytes_put_u(&store->seal, summary->result_count);
  bytes_put_raw(&store->seal, summary->result, summary->result_count);
  bytes_put_raw(&store->seal, packed, count);
  return seal_end(store);
}

/* Another tree can hold the same function with other answers to its questions. What is written over
 * here is no longer what the last run found, so the next run may not take that for granted. */
static void forget_last_run(Store *store, uint32_t function) {
  sqlite3_stmt *get = sql_use(store, SQL_SUMMARY_GET);
  bind_number(get, 1, function);
  if (sql_row(store, get))
    meta_put_hash(store, "run_key", (Hash){0});
  sqlite3_reset(get);
}

void store_put_summary(Store *store, uint32_t function, const StoredSummary *summary) {
  if (store->is_other)
    forget_last_run(store, function);
  pack_bytes(store, summary->bytes, summary->count);
  const ByteWriter *packed = &store->packed;
  sqlite3_stmt *put = sql_use(store, SQL_SUMMARY_PUT);
  bind_number(put, 1, function);
  bind_hash(put, 2, summary->maker);
  bind_hash(put, 3, summary->in_hash);
  bind_hash(put, 4, summary->sem_hash);
  bind_hash(put, 5, summary_seal(store, function, summary, packed->at, packed->count));
  bind_bytes(put, 6, summary->result, summary->result_count);
  bind_bytes(put, 7, packed->at, packed->count);
  sql_run(store, put);
}

void store_keep(Store *store, const char *key, Hash maker, const void *bytes, size_t count) {
  ByteWriter kept = {0};
  if (store->is_other)
    return;
  bytes_put_raw(&kept, &maker, sizeof maker);
  bytes_put_raw(&kept, bytes, count);
  meta_put_bytes(store, key, kept.at, kept.count);
  bytes_free(&kept);
}

const void *store_get_kept(Store *store, Arena *arena, const char *key, Hash maker, size_t *count) {
  const uint8_t *kept = meta_get_bytes(store, arena, key, count);
  if (!kept || *count < sizeof maker || memcmp(kept, &maker, sizeof maker) != 0)
    return NULL;
  *count -= sizeof maker;
  return kept + sizeof maker;
}

static void delete_of(Store *store, Sql which, uint32_t function) {
  sqlite3_stmt *drop = sql_use(store, which);
  bind_number(drop, 1, function);
  sql_run(store, drop);
}

static void delete_effects(Store *store, uint32_t function) {
  store->effects = NULL;
  delete_of(store, SQL_EFFECT_DROP, function);
  delete_of(store, SQL_SEAL_DROP, function);
}

void store_drop_summary(Store *store, uint32_t function) {
  delete_of(store, SQL_SUMMARY_DROP, function);
  delete_effects(store, function);
}

/* ---- classes */
static void load_classes(Store *store) {
  if (store->has_classes)
    return;
  store->has_classes = true;
  array_push(&store->classes, "");
  sqlite3_stmt *all = sql_use(store, SQL_CLASS_ALL);
  while (sql_row(store, all)) {
    uint32_t id = column_id(all, 0);
    if (id < store->classes.count || id > store->classes.count + (1u << 20))
      continue; // damaged; what refers to it is caught by its seal
    while (store->classes.count < id)
      array_push(&store->classes, NULL);
    const char *key = column_text(store->arena, all, 1);
    hash_map_put(&store->class_map, hash_text(key), id);
    array_push(&store->classes, key);
  }
}

static uint32_t class_id(Store *store, const char *key) {
  load_classes(store);
  Hash hash = hash_text(key);
  uint32_t id = hash_map_get(&store->class_map, hash);
  if (id != MAP_ABSENT)
    return id;
  id = (uint32_t)store->classes.count;
  key = arena_text(store->arena, key);
  array_push(&store->classes, key);
  hash_map_put(&store->class_map, hash, id);
  sqlite3_stmt *put = sql_use(store, SQL_CLASS_PUT);
  bind_number(put, 1, id);
  bind_text(put, 2, key);
  sql_run(store, put);
  return id;
}

/* ---- effect rows */
static void seal_effect(Store *store, const EffectRow *row) {
  ByteWriter *seal = &store->seal;
  bytes_put_u(seal, row->kind);
  bytes_put_text(seal, row->class);
  bytes_put_s(seal, row->a);
  bytes_put_s(seal, row->b);
  bytes_put_u(seal, row->count);
  bytes_put_raw(seal, row->bytes, row->count);
}

/* The bytes are those of the statement, until its next step. */
static EffectRow effect_of(Store *store, sqlite3_stmt *statement) {
  uint32_t class = column_id(statement, 3);
  EffectRow row = {.kind = (uint32_t)sqlite3_column_int64(statement, 2),
                   .class = class < store->classes.count ? store->classes.at[class] : NULL,
                   .a = sqlite3_column_int64(statement, 4),
                   .b = sqlite3_column_int64(statement, 5)};
  row.bytes = column_bytes(statement, 6, &row.count);
  return row;
}

static void check_seal(const HashMap *seals, uint32_t function, Hash seal, HashMap *good) {
  Hash id = {function, 0};
  uint32_t index = hash_map_get(seals, hash_pair(id, seal));
  if (index != MAP_ABSENT)
    hash_map_put(good, id, 0);
}

/* Functions whose rows do not add up lose them, and their summary, so that both are made again. */
static void check_effects(Store *store) {
  if (store->effects_checked)
    return;
  store->effects_checked = true;
  load_classes(store);
  HashMap seals = {0}, good = {0};
  ARRAY(uint32_t) functions = {0};
  sqlite3_stmt *all = sql_use(store, SQL_SEAL_ALL);
  while (sql_row(store, all)) {
    uint32_t function = column_id(all, 0);
    hash_map_put(&seals, hash_pair((Hash){function, 0}, column_hash(all, 1)), 0);
    array_push(&functions, function);
  }
  all = sql_use(store, SQL_EFFECT_ALL);
  uint32_t current = 0;
  while (sql_row(store, all)) {
    uint32_t function = column_id(all, 0);
    if (function != current && current)
      check_seal(&seals, current, seal_end(store), &good);
    if (function != current) {
      array_push(&functions, function);
      seal_function(store, function);
    }
    current = function;
    EffectRow row = effect_of(store, all);
    seal_effect(store, &row);
  }
  if (current)
    check_seal(&seals, current, seal_end(store), &good);
  for (size_t i = 0; i < functions.count; i++)
    if (hash_map_get(&good, (Hash){functions.at[i], 0}) == MAP_ABSENT) {
      store_drop_summary(store, functions.at[i]);
      store->damaged_effects++;
    }
  hash_map_free(&seals);
  hash_map_free(&good);
  array_free(&functions);
}

void store_put_effects(Store *store, uint32_t function, const EffectRow *rows, size_t count) {
  check_effects(store);
  transaction_enter(store);
  delete_effects(store, function);
  if (count)
    seal_function(store, function);
  for (size_t i = 0; i < count; i++) {
    seal_effect(store, &rows[i]);
    uint32_t class = class_id(store, rows[i].class);
    sqlite3_stmt *put = sql_use(store, SQL_EFFECT_PUT);
    bind_number(put, 1, function);
    bind_number(put, 2, (int64_t)i);
    bind_number(put, 3, rows[i].kind);
    bind_number(put, 4, class);
    bind_number(put, 5, rows[i].a);
    bind_number(put, 6, rows[i].b);
    bind_bytes(put, 7, rows[i].bytes, rows[i].count);
    sql_run(store, put);
  }
  if (count) {
    sqlite3_stmt *put = sql_use(store, SQL_SEAL_PUT);
    bind_number(put, 1, function);
    bind_hash(put, 2, seal_end(store));
    sql_run(store, put);
  }
  transaction_leave(store);
}

static EffectRow keep_effect(Arena *arena, EffectRow row) {
  row.bytes = arena_copy(arena, row.bytes, row.count);
  row.class = arena_text(arena, row.class ? row.class : "");
  return row;
}

const EffectRow *store_get_effects(Store *store, Arena *arena, uint32_t function, size_t *count) {
  check_effects(store);
  EffectRow *rows = NULL;
  size_t capacity = 0;
  *count = 0;
  sqlite3_stmt *of = sql_use(store, SQL_EFFECT_OF);
  bind_number(of, 1, function);
  while (sql_row(store, of)) {
    rows = arena_grow(arena, rows, sizeof *rows, *count, &capacity, *count + 1);
    rows[(*count)++] = keep_effect(arena, effect_of(store, of));
  }
  return rows;
}

bool store_get_summary(Store *store, Arena *arena, uint32_t function, SummaryPart part,
                       StoredSummary *summary) {
  check_effects(store);
  sqlite3_stmt *get = sql_use(store, SQL_SUMMARY_GET);
  bind_number(get, 1, function);
  if (!sql_row(store, get))
    return false;
  *summary = (StoredSummary){.maker = column_hash(get, 0),
                             .in_hash = column_hash(get, 1),
                             .sem_hash = column_hash(get, 2)};
  size_t count;
  summary->result = column_bytes(get, 4, &summary->result_count);
  const void *packed = column_bytes(get, 5, &count);
  bool good =
      seal_matches(summary_seal(store, function, summary, packed, count), column_hash(get, 3));
  summary->result = arena_copy(arena, summary->result, summary->result_count);
  if (good && part == SUMMARY_WHOLE) {
    Unpack *unpack = unpack_take(store);
    const void *bytes = unpack_bytes(unpack, packed, count, &summary->count);
    summary->bytes = bytes ? arena_copy(arena, bytes, summary->count) : NULL;
    good = bytes != NULL;
    unpack_give(store, unpack);
  }
  sqlite3_reset(get);
  return good;
}

/* ---- is all of it sound? */

size_t summaries_damaged(Store *store) {
  check_effects(store);
  size_t damaged = 0;
  for (size_t i = 0; i < store->functions.count; i++) {
    Arena *scratch = arena_new();
    uint32_t id = store->functions.at[i].id;
    StoredSummary summary;
    sqlite3_stmt *get = sql_use(store, SQL_SUMMARY_GET);
    bind_number(get, 1, id);
    bool exists = id && sql_row(store, get);
    sqlite3_reset(get);
    damaged += exists && !store_get_summary(store, scratch, id, SUMMARY_WHOLE, &summary);
    arena_free(scratch);
  }
  return damaged + store->damaged_effects;
}

/* ---- rows by class */
typedef struct SortRow {
  ClassRow row;
  size_t position; // of the function in store_functions()
} SortRow;

static int compare_bytes(const EffectRow *a, const EffectRow *b) {
  size_t least = a->count < b->count ? a->count : b->count;
  int order = least ? memcmp(a->bytes, b->bytes, least) : 0;
  return order ? order : (a->count > least) - (b->count > least);
}

static int compare_classes(const EffectRow *row, uint32_t kind, const char *class) {
  if (row->kind != kind)
    return row->kind < kind ? -1 : 1;
  return class ? strcmp(row->class, class) : 0;
}

static int compare_rows(const void *left, const void *right) {
  const SortRow *a = left, *b = right;
  int order = compare_classes(&a->row.row, b->row.row.kind, b->row.row.class);
  if (order)
    return order;
  if (a->position != b->position)
    return a->position < b->position ? -1 : 1;
  if (a->row.row.a != b->row.row.a)
    return a->row.row.a < b->row.row.a ? -1 : 1;
  if (a->row.row.b != b->row.row.b)
    return a->row.row.b < b->row.row.b ? -1 : 1;
  return compare_bytes(&a->row.row, &b->row.row);
}

static void sort_effects(Store *store) {
  size_t functions, capacity = 0;
  store_functions(store, &functions); // first: a new view throws the old list away
  if (store->effects)
    return;
  store->effect_count = 0;
  sqlite3_stmt *all = sql_use(store, SQL_EFFECT_ALL);
  while (sql_row(store, all)) {
    uint32_t function = column_id(all, 0);
    ptrdiff_t position = store_find_id(store, function);
    if (position < 0)
      continue;
    store->effects = arena_grow(store->view_arena, store->effects, sizeof(SortRow),
                                store->effect_count, &capacity, store->effect_count + 1);
    store->effects[store->effect_count++] = (SortRow){
        {function, keep_effect(store->view_arena, effect_of(store, all))}, (size_t)position};
  }
  if (store->effect_count)
    qsort(store->effects, store->effect_count, sizeof(SortRow), compare_rows);
}

const ClassRow *store_class_rows(Store *store, Arena *arena, uint32_t kind, const char *class,
                                 size_t *count) {
  check_effects(store);
  sort_effects(store);
  size_t low = 0, high = store->effect_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_classes(&store->effects[middle].row.row, kind, class) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  *count = 0;
  while (low + *count < store->effect_count &&
         !compare_classes(&store->effects[low + *count].row.row, kind, class))
    ++*count;
  ClassRow *rows = arena_new_array(arena, ClassRow, *count);
  for (size_t i = 0; i < *count; i++) {
    rows[i] = store->effects[low + i].row;
    rows[i].row = keep_effect(arena, rows[i].row);
  }
  return rows;
}
