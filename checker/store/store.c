/* store.c - opening and closing the database.
 *
 * A file in an analysed tree is not to be trusted: it is used only when its schema is, word for
 * word, the one that we would write. What is read only, or must not be written, is copied to memory
 * first; so there is one kind of store for everybody else, and SQLite's limits on a WAL database in
 * a read-only folder (it cannot even be opened) are met here alone.
 */
#include "store/inner.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "ir/serial.h"

enum {
  APPLICATION_ID = 0x4f565354, // "OVST"
  SCHEMA_VERSION = 7,
  BUSY_MILLISECONDS = 20000,
};

typedef enum { OPENED, DAMAGED, REFUSED } Outcome;

static int64_t pragma_number(sqlite3 *db, const char *text, int *code) {
  sqlite3_stmt *statement = NULL;
  int64_t value = 0;
  *code = sqlite3_prepare_v2(db, text, -1, &statement, NULL);
  if (*code == SQLITE_OK) {
    *code = sqlite3_step(statement);
    if (*code == SQLITE_ROW)
      value = sqlite3_column_int64(statement, 0);
    *code = sqlite3_finalize(statement);
  }
  die_without_memory(*code);
  return value;
}

/* Before the first statement: nothing in the file may make SQLite do more than store. */
static void make_defensive(sqlite3 *db) {
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
  sqlite3_exec(db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
}

/* The texts of all tables and indexes, in one string; zero hash when they cannot be read. */
static Hash schema_hash(sqlite3 *db) {
  sqlite3_stmt *statement = NULL;
  ByteWriter text = {0};
  int code = sqlite3_prepare_v2(db,
                                "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema "
                                "WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name",
                                -1, &statement, NULL);
  while (!code && sqlite3_step(statement) == SQLITE_ROW)
    for (int i = 0; i < 4; i++)
      bytes_put_text(&text, (const char *)sqlite3_column_text(statement, i));
  code = code ? code : sqlite3_finalize(statement); // which knows nothing of a failed prepare
  die_without_memory(code);
  Hash hash = code ? (Hash){0} : hash_bytes(text.at, text.count);
  bytes_free(&text);
  return hash;
}

static Hash expected_schema(void) {
  sqlite3 *db = NULL;
  int code = sqlite3_open(":memory:", &db);
  if (!code)
    code = sqlite3_exec(db, embedded_schema, NULL, NULL, NULL);
  if (code && (code & 0xff) != SQLITE_NOMEM)
    bug("schema.sql: %s", sqlite3_errmsg(db));
  die_without_memory(code);
  Hash hash = schema_hash(db);
  sqlite3_close(db);
  return hash;
}

static int write_schema(sqlite3 *db) {
  char head[128];
  snprintf(head, sizeof head,
           "BEGIN IMMEDIATE; PRAGMA application_id = %d; "
           "PRAGMA user_version = %d;",
           APPLICATION_ID, SCHEMA_VERSION);
  int code = sqlite3_exec(db, head, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec(db, embedded_schema, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
  return code;
}

static Outcome refuse(Arena *arena, Store *store, const char *path, const char **error) {
  int code = sqlite3_extended_errcode(store->db);
  if (sql_is_damage(code))
    return DAMAGED;
  *error = arena_printf(arena, "cannot open database '%s': %s", path, sqlite3_errmsg(store->db));
  if (sql_is_disk(code) && store->failed)
    store->failed(*error);
  return REFUSED;
}

static bool drop_tables(sqlite3 *db) {
  for (;;) {
    sqlite3_stmt *next = NULL;
    char *drop = NULL;
    if (sqlite3_prepare_v2(db,
                           "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                           "name NOT LIKE 'sqlite_%' AND name <> 'old_history' LIMIT 1",
                           -1, &next, NULL))
      return false;
    bool is_there = sqlite3_step(next) == SQLITE_ROW;
    if (is_there)
      drop = sqlite3_mprintf("DROP TABLE \"%w\"", sqlite3_column_text(next, 0));
    if (sqlite3_finalize(next) || (is_there && !drop))
      return false;
    if (!drop)
      return true;
    int code = sqlite3_exec(db, drop, NULL, NULL, NULL);
    sqlite3_free(drop);
    if (code)
      return false;
  }
}

/* Facts are made again by the next run; when findings were seen first is taken along. */
static Outcome migrate(sqlite3 *db) {
  char version[64];
  snprintf(version, sizeof version, "PRAGMA user_version = %d", SCHEMA_VERSION);
  bool fine =
      !sqlite3_exec(db, "BEGIN IMMEDIATE; ALTER TABLE history RENAME TO old_history", NULL, NULL,
                    NULL) &&
      drop_tables(db) && !sqlite3_exec(db, embedded_schema, NULL, NULL, NULL) &&
      !sqlite3_exec(db,
                    "INSERT INTO history SELECT fingerprint, loose, rule, function, object, "
                    "ordinal, first_seen, last_seen, gone FROM old_history;"
                    "DROP TABLE old_history",
                    NULL, NULL, NULL) &&
      !sqlite3_exec(db, version, NULL, NULL, NULL) && !sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
  int code = fine ? SQLITE_OK : sqlite3_errcode(db);
  if (!fine)
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  die_without_memory(code);
  return fine ? OPENED : DAMAGED;
}

/* Is it ours, whole, and not newer than we are? An empty file is given the schema. */
static Outcome check_identity(Arena *arena, Store *store, const char *path, const char **error) {
  int code = SQLITE_OK;
  int64_t objects = pragma_number(store->db, "SELECT count(*) FROM sqlite_schema", &code);
  if (code != SQLITE_OK)
    return refuse(arena, store, path, error);
  int64_t id = pragma_number(store->db, "PRAGMA application_id", &code);
  int64_t version = pragma_number(store->db, "PRAGMA user_version", &code);
  if (objects == 0 && id == 0 && version == 0) {
    sqlite3_exec(store->db, "PRAGMA page_size = 8192", NULL, NULL, NULL);
    if (store->saves)
      sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    return write_schema(store->db) == SQLITE_OK ? OPENED : refuse(arena, store, path, error);
  }
  if (id == APPLICATION_ID && version > SCHEMA_VERSION) {
    *error = arena_printf(arena,
                          "database '%s' was written by a newer overstay (schema %lld, this "
                          "one knows %d); update overstay or name another with --db",
                          path, (long long)version, SCHEMA_VERSION);
    return REFUSED;
  }
  store->outdated = id == APPLICATION_ID && version >= 1 && version < SCHEMA_VERSION;
  if (id != APPLICATION_ID || version < 1 || (store->outdated && migrate(store->db) != OPENED))
    return DAMAGED;
  bool same = hash_equal(schema_hash(store->db), expected_schema());
  return same || !guard_on("schema") ? OPENED : DAMAGED;
}

static void set_up(Store *store) {
  sqlite3_exec(store->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
  sqlite3_exec(store->db, "PRAGMA cache_size = -8192", NULL, NULL, NULL);
  if (!store->saves)
    return;
  sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
  sqlite3_exec(store->db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
  sqlite3_exec(store->db, "PRAGMA wal_autocheckpoint = 4000", NULL, NULL, NULL);
}

/* Units of another extractor are of no use, and nor is what was made from them. */
static void check_extractor(Store *store, Hash extractor) {
  const int versions[] = {SERIAL_VERSION, SCHEMA_VERSION};
  extractor = hash_pair(extractor, hash_bytes(versions, sizeof versions));
  bool same = hash_equal(meta_get_hash(store, "extractor"), extractor) || !guard_on("extractor");
  if (same || store->damaged)
    return;
  static const Sql clear[] = {SQL_UNIT_CLEAR, SQL_IR_CLEAR,      SQL_FUNCTION_CLEAR,
                              SQL_FILE_CLEAR, SQL_SUMMARY_CLEAR, SQL_FOLDER_CLEAR};
  store->outdated |= !hash_is_zero(meta_get_hash(store, "extractor"));
  transaction_enter(store);
  for (size_t i = 0; i < sizeof clear / sizeof *clear; i++)
    sql_run(store, sql_use(store, clear[i]));
  meta_put_hash(store, "run_key", (Hash){0});
  meta_put_hash(store, "extractor", extractor);
  transaction_leave(store);
}

static Outcome begin(Arena *arena, Store *store, const StoreOptions *options, const char **error) {
  Outcome outcome = check_identity(arena, store, options->path, error);
  if (outcome != OPENED)
    return outcome;
  if (sqlite3_db_readonly(store->db, "main"))
    return DAMAGED; // its header asks for a format to come; permissions were looked at before
  set_up(store);
  store->opening = true;
  check_extractor(store, options->extractor);
  if (!store->damaged)
    store_load(store);
  store->opening = false;
  return store->damaged ? DAMAGED : OPENED;
}

static Store *new_store(const StoreOptions *options) {
  Store *store = memory_resize(NULL, sizeof *store);
  *store =
      (Store){.lock = -1, .copy = {.lock = -1}, .arena = arena_new(), .view_arena = arena_new()};
  const char *top = options->roots.top, *build = options->roots.build;
  store->roots.top = arena_text(store->arena, top ? top : ".");
  store->roots.build = build ? arena_text(store->arena, build) : NULL;
  store->next_file = store->next_function = store->next_ir = store->next_unit = 1;
  pthread_mutex_init(&store->mutex, NULL);
  return store;
}

static void close_database(Store *store) {
  for (int i = 0; i < SQL_COUNT; i++) {
    sqlite3_finalize(store->statements[i]);
    store->statements[i] = NULL;
  }
  sqlite3_close(store->db);
  store->db = NULL;
}

static void free_store(Store *store) {
  close_database(store);
  copy_drop(&store->copy);
  if (store->lock >= 0)
    close(store->lock);
  while (store->idle) {
    Unpack *next = store->idle->next;
    ZSTD_freeDCtx(store->idle->context);
    memory_free(store->idle->bytes);
    memory_free(store->idle);
    store->idle = next;
  }
  ZSTD_freeCCtx(store->compressor);
  bytes_free(&store->raw);
  bytes_free(&store->packed);
  bytes_free(&store->seal);
  array_free(&store->files);
  array_free(&store->paths);
  array_free(&store->functions);
  array_free(&store->irs);
  array_free(&store->units);
  array_free(&store->folders);
  array_free(&store->lookups);
  array_free(&store->others);
  HashMap *maps[] = {&store->file_map,     &store->path_map,      &store->function_map,
                     &store->ir_map,       &store->unit_map,      &store->id_map,
                     &store->row_map,      &store->folder_map,    &store->lookup_map,
                     &store->other_states, &store->other_contents};
  for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
    hash_map_free(maps[i]);
  pthread_mutex_destroy(&store->mutex);
  arena_free(store->arena);
  arena_free(store->view_arena);
  memory_free(store);
}

static Store *open_memory(Arena *arena, const StoreOptions *options) {
  Store *store = new_store(options);
  StoreOptions named = *options;
  named.path = ":memory:";
  const char *error = NULL;
  if (sqlite3_open(":memory:", &store->db))
    die(EXIT_INTERNAL, "cannot open a database in memory: %s", sqlite3_errmsg(store->db));
  make_defensive(store->db);
  if (begin(arena, store, &named, &error) != OPENED)
    bug("a new database is not usable: %s", error ? error : "damaged");
  return store;
}

/* ---- reading without writing */
static bool has_content(const char *path) {
  struct stat status;
  return !stat(path, &status) && status.st_size > 0;
}

static char *uri_of(Arena *arena, const char *path, const char *query) {
  ByteWriter uri = {0};
  for (const char *c = path; *c; c++) {
    char escaped[4];
    bool plain = *c != '%' && *c != '?' && *c != '#';
    int length = snprintf(escaped, sizeof escaped, plain ? "%c" : "%%%02x", (unsigned char)*c);
    bytes_put_raw(&uri, escaped, (size_t)length);
  }
  char *text = arena_printf(arena, "file:%.*s%s", (int)uri.count, (const char *)uri.at, query);
  bytes_free(&uri);
  return text;
}

/* What another run left in the -wal of a folder that cannot be written is seen only in a copy. */
static sqlite3 *open_source(Arena *arena, const char *path, PrivateCopy *copy) {
  sqlite3 *db = NULL;
  const char *query = "?mode=ro";
  bool remote = copy_is_needed(arena, path);
  *copy = (PrivateCopy){.lock = -1};
  if (remote || !place_is_writable(arena, path)) {
    query = "?mode=ro&immutable=1";
    if ((remote || has_content(arena_printf(arena, "%s-wal", path))) &&
        copy_take(arena, path, copy)) {
      path = copy->path;
      query = "?mode=rw";
    }
  }
  int flags = strstr(query, "=rw") ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  sqlite3_open_v2(uri_of(arena, path, query), &db, flags | SQLITE_OPEN_URI, NULL);
  return db;
}

static Outcome open_copy(Arena *arena, Store *store, const StoreOptions *options,
                         const char **error) {
  PrivateCopy copy;
  sqlite3 *source = open_source(arena, options->path, &copy);
  make_defensive(source);
  if (sqlite3_open(":memory:", &store->db))
    die(EXIT_INTERNAL, "cannot open a database in memory: %s", sqlite3_errmsg(store->db));
  sqlite3_backup *backup = sqlite3_backup_init(store->db, "main", source, "main");
  int code = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(store->db);
  sqlite3_backup_finish(backup);
  Outcome outcome = OPENED;
  if (code != SQLITE_DONE && sql_is_damage(code))
    outcome = DAMAGED;
  else if (code != SQLITE_DONE) {
    outcome = REFUSED;
    *error =
        arena_printf(arena, "cannot read database '%s': %s", options->path, sqlite3_errstr(code));
  }
  sqlite3_close(source);
  copy_drop(&copy);
  make_defensive(store->db);
  return outcome == OPENED ? begin(arena, store, options, error) : outcome;
}

static Store *open_read(Arena *arena, const StoreOptions *options, bool must, const char **error) {
  Store *store = new_store(options);
  Outcome outcome = open_copy(arena, store, options, error);
  if (outcome == OPENED)
    return store;
  free_store(store);
  if (outcome == DAMAGED && must)
    *error = arena_printf(arena, "database '%s' is damaged or not a database of overstay",
                          options->path);
  return NULL;
}

/* ---- reading and writing */
static Outcome open_file(Arena *arena, Store *store, const StoreOptions *options,
                         const char **error) {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (guard_on("cache-folder"))
    flags |= SQLITE_OPEN_NOFOLLOW;
  store->path = arena_text(store->arena, options->path);
  store->failed = options->failed;
  store->saves = true;
  if (copy_is_needed(arena, options->path) &&
      !copy_take(store->arena, options->path, &store->copy)) {
    *error =
        arena_printf(arena, "cannot copy '%s' to work on it: %s", options->path, strerror(errno));
    if (store->failed)
      store->failed(*error);
    return REFUSED;
  }
  const char *file = store->copy.folder ? store->copy.path : options->path;
  if (sqlite3_open_v2(file, &store->db, flags, NULL))
    return refuse(arena, store, options->path, error);
  make_defensive(store->db);
  return begin(arena, store, options, error);
}

static Store *open_write(Arena *arena, const StoreOptions *options, const char **error) {
  int lock = guard_on("run-lock") ? place_lock(arena, options->path, !options->at_once) : -1;
  if (lock == LOCK_HELD)
    return open_read(arena, options, true, error);
  const char *damaged = NULL; // its new name
  for (int attempt = 0; attempt < 2; attempt++) {
    Store *store = new_store(options);
    Outcome outcome = open_file(arena, store, options, error);
    if (outcome == OPENED) {
      store->lock = lock;
      if (damaged)
        history_salvage(store, damaged);
      return store;
    }
    free_store(store);
    const char *aside = outcome == DAMAGED ? place_rename_aside(arena, options->path) : NULL;
    damaged = aside;
    if (!aside) {
      if (outcome == DAMAGED)
        *error =
            arena_printf(arena, "database '%s' is damaged and cannot be renamed", options->path);
      break;
    }
    warn("database '%s' was damaged or not one of overstay: renamed to '%s', beginning anew",
         options->path, aside);
  }
  if (lock >= 0)
    close(lock);
  return NULL;
}

Store *store_open(Arena *arena, const StoreOptions *options, const char **error) {
  *error = NULL;
  if (options->mode == STORE_MEMORY)
    return open_memory(arena, options);
  StoreOptions real = *options;
  if (options->mode == STORE_READ && !path_exists(options->path)) {
    *error = arena_printf(arena, "there is no database '%s'", options->path);
    return NULL;
  }
  if (!place_prepare(arena, options->path, options->mode == STORE_WRITE, &real.path, error)) {
    if (path_exists(path_folder(arena, options->path)))
      return NULL;
    inform("%s: the results of this run are not kept", *error);
    *error = NULL;
    return open_memory(arena, options);
  }
  if (options->mode == STORE_WRITE && !options->unsaved && place_is_writable(arena, real.path))
    return open_write(arena, &real, error);
  bool must = options->mode == STORE_READ;
  if (!must && !options->unsaved)
    inform("'%s' cannot be written: the results of this run are not kept", real.path);
  if (!path_exists(real.path))
    return open_memory(arena, options);
  Store *store = open_read(arena, &real, must, error);
  if (store || must || (*error && !options->unsaved))
    return store;
  *error = NULL;
  return open_memory(arena, options);
}

bool store_saves(const Store *store) { return store->saves; }

static void publish(Store *store) {
  if (!store->copy.folder)
    return;
  close_database(store);
  if (copy_publish(store->arena, &store->copy, store->path))
    return;
  const char *why = strerror(errno);
  copy_drop(&store->copy);
  die(EXIT_INTERNAL, "cannot write database '%s': %s", store->path, why);
}

const char *store_sqlite_version(void) { return sqlite3_libversion(); }

void store_close(Store *store) {
  if (!store)
    return;
  if (store->is_other)
    store_view_end(store); // a signal came
  if (store->saves) {
    transaction_enter(store);
    states_trim(store);
    store_sweep(store);
    files_save(store);
    states_save(store);
    lookups_save(store);
    transaction_leave(store);
    while (store->depth > 0)
      transaction_leave(store);
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    publish(store);
  }
  free_store(store);
}
