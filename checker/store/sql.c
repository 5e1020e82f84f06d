/* sql.c - statements, bindings, and what to do when SQLite says no. */
#include "store/inner.h"

#include "base/guard.h"
#include "base/message.h"

static const char *const texts[SQL_COUNT] = {
#define X(name, text) text,
    STORE_STATEMENTS(X)
#undef X
};

bool sql_is_damage(int code) {
  int primary = code & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_CONSTRAINT ||
         primary == SQLITE_MISMATCH;
}

bool sql_is_disk(int code) {
  int primary = code & 0xff;
  return primary == SQLITE_FULL || primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN ||
         primary == SQLITE_READONLY;
}

/* A damaged file is moved out of the way, so that the next run begins anew. */
_Noreturn void sql_fail(Store *store, const char *doing) {
  int code = sqlite3_extended_errcode(store->db);
  if (sql_is_damage(code) && store->saves) {
    const char *aside = place_rename_aside(store->arena, store->path);
    if (aside)
      die(EXIT_INTERNAL, "database '%s' is damaged (%s); it was renamed to '%s', run again",
          store->path, sqlite3_errmsg(store->db), aside);
  }
  const char *path = store->path ? store->path : ":memory:";
  if (sql_is_disk(code) && store->failed)
    store->failed(arena_printf(store->arena, "cannot %s database '%s': %s", doing, path,
                               sqlite3_errmsg(store->db)));
  die(EXIT_INTERNAL, "cannot %s database '%s': %s", doing, path, sqlite3_errmsg(store->db));
}

/* While a database is being opened, everything but a lack of memory, space or access is its own
 * fault: a changed byte in its header can make it "read only" or of a format to come. */
static bool is_tolerated(const Store *store, int code) {
  int primary = code & 0xff;
  return store->opening && primary != SQLITE_NOMEM && primary != SQLITE_FULL &&
         primary != SQLITE_IOERR && primary != SQLITE_BUSY && primary != SQLITE_LOCKED;
}

/* Never NULL, but for a database that turned out damaged while it was opened. */
sqlite3_stmt *sql_use(Store *store, Sql which) {
  sqlite3_stmt **statement = &store->statements[which];
  int code = SQLITE_OK;
  if (!*statement)
    code =
        sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
  if (code && is_tolerated(store, code)) {
    store->damaged = true;
    return NULL;
  }
  if (code)
    sql_fail(store, "use");
  sqlite3_reset(*statement);
  return *statement;
}

bool sql_row(Store *store, sqlite3_stmt *statement) {
  int code = statement ? sqlite3_step(statement) : SQLITE_CORRUPT;
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE) {
    if (!is_tolerated(store, code))
      sql_fail(store, sqlite3_stmt_readonly(statement) ? "read" : "write");
    store->damaged = true;
  }
  sqlite3_reset(statement);
  return false;
}

void sql_run(Store *store, sqlite3_stmt *statement) {
  while (sql_row(store, statement))
    ;
}

/* Or a sound database would be taken for a damaged one. */
void die_without_memory(int code) {
  if ((code & 0xff) == SQLITE_NOMEM && guard_on("memory"))
    die(EXIT_INTERNAL, "out of memory for a database");
}

void bind_number(sqlite3_stmt *statement, int place, int64_t value) {
  die_without_memory(sqlite3_bind_int64(statement, place, value));
}

void bind_text(sqlite3_stmt *statement, int place, const char *text) {
  const char *bound = text ? text : "";
  die_without_memory(sqlite3_bind_text(statement, place, bound, -1, SQLITE_STATIC));
}

void bind_hash(sqlite3_stmt *statement, int place, Hash hash) {
  die_without_memory(sqlite3_bind_blob(statement, place, &hash, sizeof hash, SQLITE_TRANSIENT));
}

void bind_bytes(sqlite3_stmt *statement, int place, const void *bytes, size_t count) {
  // A NULL pointer would bind NULL, which the columns refuse.
  const void *bound = bytes ? bytes : "";
  die_without_memory(sqlite3_bind_blob64(statement, place, bound, count, SQLITE_STATIC));
}

const char *column_text(Arena *arena, sqlite3_stmt *statement, int column) {
  const char *text = (const char *)sqlite3_column_text(statement, column);
  return text && *text ? arena_text(arena, text) : "";
}

uint32_t column_id(sqlite3_stmt *statement, int column) {
  int64_t id = sqlite3_column_int64(statement, column);
  return id > 0 && id < UINT32_MAX ? (uint32_t)id : 0;
}

Hash column_hash(sqlite3_stmt *statement, int column) {
  Hash hash = {0};
  const void *bytes = sqlite3_column_blob(statement, column);
  if (bytes && sqlite3_column_bytes(statement, column) == sizeof hash)
    memcpy(&hash, bytes, sizeof hash);
  return hash;
}

const void *column_bytes(sqlite3_stmt *statement, int column, size_t *count) {
  const void *bytes = sqlite3_column_blob(statement, column);
  *count = (size_t)sqlite3_column_bytes(statement, column);
  return bytes ? bytes : "";
}

void meta_put_bytes(Store *store, const char *key, const void *bytes, size_t count) {
  sqlite3_stmt *put = sql_use(store, SQL_META_PUT);
  bind_text(put, 1, key);
  bind_bytes(put, 2, bytes, count);
  sql_run(store, put);
}

const void *meta_get_bytes(Store *store, Arena *arena, const char *key, size_t *count) {
  const void *bytes = "";
  *count = 0;
  sqlite3_stmt *get = sql_use(store, SQL_META_GET);
  bind_text(get, 1, key);
  if (sql_row(store, get)) {
    bytes = column_bytes(get, 0, count);
    bytes = arena_copy(arena, bytes, *count);
    sqlite3_reset(get);
  }
  return bytes;
}

void meta_put_hash(Store *store, const char *key, Hash value) {
  meta_put_bytes(store, key, &value, sizeof value);
}

Hash meta_get_hash(Store *store, const char *key) {
  Hash value = {0};
  sqlite3_stmt *get = sql_use(store, SQL_META_GET);
  bind_text(get, 1, key);
  if (sql_row(store, get)) {
    value = column_hash(get, 0);
    sqlite3_reset(get);
  }
  return value;
}

void transaction_enter(Store *store) {
  if (store->depth++ == 0)
    sql_run(store, sql_use(store, SQL_BEGIN));
}

void transaction_leave(Store *store) {
  if (store->depth == 1 && guard_on("one-transaction")) { // what units refer to, with them
    lookups_save(store);
    states_save(store);
  }
  if (--store->depth == 0)
    sql_run(store, sql_use(store, SQL_COMMIT));
}

void store_begin(Store *store) { transaction_enter(store); }

void store_commit(Store *store) { transaction_leave(store); }
