/* history.c - what cannot be made again is kept when all else is: sealed as a whole, and taken out
 * of a database that has to be set aside.
 */
#include "store/inner.h"

#include "base/message.h"

static Hash seal_of_history(Store *store) {
  sqlite3_stmt *all = sql_use(store, SQL_HISTORY_ALL);
  while (sql_row(store, all)) {
    seal_hash(store, column_hash(all, 0));
    seal_hash(store, column_hash(all, 1));
    for (int i = 2; i < 5; i++)
      bytes_put_text(&store->seal, (const char *)sqlite3_column_text(all, i));
    for (int i = 5; i < 9; i++)
      bytes_put_s(&store->seal, sqlite3_column_int64(all, i));
  }
  return seal_end(store);
}

void history_seal(Store *store) { meta_put_hash(store, "history_seal", seal_of_history(store)); }

bool history_is_sound(Store *store) {
  Hash seal = meta_get_hash(store, "history_seal");
  return hash_is_zero(seal) || seal_matches(seal_of_history(store), seal);
}

/* ---- out of a damaged file */
static bool is_hash(sqlite3_stmt *row, int column) {
  return sqlite3_column_type(row, column) == SQLITE_BLOB &&
         sqlite3_column_bytes(row, column) == sizeof(Hash);
}

static void take_row(Store *store, sqlite3_stmt *row) {
  sqlite3_stmt *put = sql_use(store, SQL_HISTORY_PUT);
  for (int i = 0; i < 9; i++)
    die_without_memory(sqlite3_bind_value(put, i + 1, sqlite3_column_value(row, i)));
  sql_run(store, put);
}

/* As many rows as can be read: a page may be broken on the way. */
void history_salvage(Store *store, const char *path) {
  sqlite3 *old = NULL;
  sqlite3_stmt *rows = NULL;
  size_t count = 0;
  if (!sqlite3_open_v2(path, &old, SQLITE_OPEN_READONLY, NULL) &&
      !sqlite3_prepare_v2(old,
                          "SELECT fingerprint, loose, CAST(rule AS TEXT), CAST(function AS TEXT), "
                          "CAST(object AS TEXT), CAST(ordinal AS INTEGER), "
                          "CAST(first_seen AS INTEGER), CAST(last_seen AS INTEGER), "
                          "CAST(gone AS INTEGER) FROM history",
                          -1, &rows, NULL)) {
    transaction_enter(store);
    for (; sqlite3_step(rows) == SQLITE_ROW; count++)
      if (is_hash(rows, 0) && is_hash(rows, 1))
        take_row(store, rows);
    history_seal(store);
    transaction_leave(store);
  }
  sqlite3_finalize(rows);
  sqlite3_close(old);
  if (count)
    inform("the history of %zu finding%s was taken along", count, count == 1 ? "" : "s");
}

/* ---- the database itself */
StoreSizes store_sizes(Store *store) {
  size_t count;
  Arena *scratch = arena_new();
  StoreSizes sizes = {.outdated = store->outdated};
  store_units(store, &sizes.states);
  for (size_t i = 0; i < store->units.count; i++)
    sizes.other_states += !store->units.at[i].dropped && !store->units.at[i].in_view;
  for (size_t i = 0; i < store->functions.count; i++)
    sizes.functions += store->functions.at[i].id != 0;
  for (size_t i = 0; i < store->irs.count; i++)
    sizes.bodies += store->irs.at[i].id != 0;
  for (size_t i = 0; i < store->files.count; i++)
    sizes.files += store->files.at[i].id != 0;
  for (size_t i = 0; i < store->lookups.count; i++)
    sizes.lookups += store->lookups.at[i].folder != MAP_ABSENT;
  sizes.folders = store->folders.count;
  store_history(store, scratch, &count);
  sizes.history = count;
  arena_free(scratch);
  return sizes;
}

typedef struct {
  Arena *arena;
  const char **at;
  size_t count, capacity;
} Problems;

static void add_problem(Problems *problems, const char *text) {
  problems->at = arena_grow(problems->arena, problems->at, sizeof *problems->at, problems->count,
                            &problems->capacity, problems->count + 1);
  problems->at[problems->count++] = arena_text(problems->arena, text);
}

static void check_pages(Store *store, Problems *problems) {
  sqlite3_stmt *check = NULL;
  if (sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(10)", -1, &check, NULL))
    add_problem(problems, sqlite3_errmsg(store->db));
  while (check && sqlite3_step(check) == SQLITE_ROW) {
    const char *text = (const char *)sqlite3_column_text(check, 0);
    if (text && strcmp(text, "ok"))
      add_problem(problems, text);
  }
  sqlite3_finalize(check);
}

const char *const *store_problems(Store *store, Arena *arena, size_t *count) {
  Problems problems = {.arena = arena};
  check_pages(store, &problems);
  if (store->damaged_units)
    add_problem(&problems, arena_printf(arena,
                                        "the facts of %u units are damaged: the next run "
                                        "reads them again",
                                        store->damaged_units));
  size_t summaries = summaries_damaged(store);
  if (summaries)
    add_problem(&problems, arena_printf(arena,
                                        "the summaries of %zu functions are damaged: the "
                                        "next run makes them again",
                                        summaries));
  if (!findings_are_sound(store))
    add_problem(&problems, "the findings of the last run are damaged: the next run makes them "
                           "again");
  if (!history_is_sound(store))
    add_problem(&problems, "the history of findings is damaged: when they were seen first may be "
                           "wrong");
  *count = problems.count;
  return problems.at;
}

void store_compact(Store *store) {
  if (store->saves)
    sql_run(store, sql_use(store, SQL_VACUUM));
}
