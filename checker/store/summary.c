/* summary.c - what the analysis derives of a function: its summary, and what was found in it. */
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

void store_drop_summary(Store *store, uint32_t function) {
  delete_of(store, SQL_SUMMARY_DROP, function);
}

bool store_get_summary(Store *store, Arena *arena, uint32_t function, SummaryPart part,
                       StoredSummary *summary) {
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
  return damaged;
}
