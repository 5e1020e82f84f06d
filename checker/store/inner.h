/* inner.h - what the files of store/ share; nobody else includes it.
 *
 * All but code, facts and summaries is in memory while a store is open: the tables below mirror
 * `file`, `unit`, `function` and `ir`. They are loaded and verified when the store is opened, so
 * damage is known before anything is built upon it.
 */
#ifndef STORE_INNER_H
#define STORE_INNER_H

#include <pthread.h>
#include <sqlite3.h>
#include <zstd.h>

#include "base/array.h"
#include "base/bytes.h"
#include "base/hash_map.h"
#include "store/store.h"

/* ---- SQL (sql.c) */
// clang-format off
#define STORE_STATEMENTS(X)                                                                       \
  X(BEGIN, "BEGIN IMMEDIATE")                                                                     \
  X(COMMIT, "COMMIT")                                                                             \
  X(VACUUM, "VACUUM")                                                                             \
  X(META_ALL, "SELECT key, value FROM meta")                                                      \
  X(META_GET, "SELECT value FROM meta WHERE key = ?1")                                            \
  X(META_PUT, "INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)")                           \
  X(UNIT_CLEAR, "DELETE FROM unit")                                                               \
  X(IR_CLEAR, "DELETE FROM ir")                                                                   \
  X(FUNCTION_CLEAR, "DELETE FROM function")                                                       \
  X(FILE_CLEAR, "DELETE FROM file")                                                               \
  X(SUMMARY_CLEAR, "DELETE FROM summary")                                                         \
  X(META_DROP, "DELETE FROM meta WHERE key = ?1")                                                 \
  X(FILE_ALL, "SELECT id, path, content, size, mtime_ns, ctime_ns, inode, allows FROM file")      \
  X(FILE_PUT, "INSERT INTO file(id, path, content, size, mtime_ns, ctime_ns, inode, allows) "     \
              "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                           \
  X(FILE_STAT, "UPDATE file SET size = ?2, mtime_ns = ?3, ctime_ns = ?4, inode = ?5 "             \
               "WHERE id = ?1")                                                                   \
  X(FILE_DROP, "DELETE FROM file WHERE id = ?1")                                                  \
  X(FOLDER_CLEAR, "DELETE FROM folder")                                                           \
  X(FOLDER_ALL, "SELECT path, mtime_ns, ctime_ns, inode, lookups, seal FROM folder")              \
  X(FOLDER_PUT, "INSERT OR REPLACE INTO folder(path, mtime_ns, ctime_ns, inode, lookups, seal) "  \
                "VALUES(?1, ?2, ?3, ?4, ?5, ?6)")                                                 \
  X(UNIT_ALL, "SELECT id, source, command, status, reason, files, functions, parse_ns, "          \
              "lower_ns, seal, facts, inputs, viewed, used, lookups, annotations FROM unit")      \
  X(UNIT_PUT, "INSERT INTO unit(id, source, command, status, reason, files, functions, "          \
              "parse_ns, lower_ns, seal, facts, inputs, viewed, used, lookups, annotations) "     \
              "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)")    \
  X(UNIT_VIEW, "UPDATE unit SET viewed = ?2, used = ?3, seal = ?4 WHERE id = ?1")                 \
  X(UNIT_FACTS, "SELECT facts FROM unit WHERE id = ?1")                                           \
  X(UNIT_DROP, "DELETE FROM unit WHERE id = ?1")                                                  \
  X(FUNCTION_ALL, "SELECT id, key, body FROM function")                                           \
  X(FUNCTION_PUT, "INSERT INTO function(id, key, body) VALUES(?1, ?2, ?3)")                       \
  X(FUNCTION_DROP, "DELETE FROM function WHERE id = ?1")                                          \
  X(IR_ALL, "SELECT id, function, content, packed, name, source, flags, incomplete, seal, "       \
            "code, links, names FROM ir")                                                         \
  X(IR_PUT, "INSERT INTO ir(id, function, content, packed, name, source, flags, incomplete, "     \
            "seal, code, links, names) "                                                          \
            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")                          \
  X(IR_CODE, "SELECT code FROM ir WHERE id = ?1")                                                 \
  X(IR_DROP, "DELETE FROM ir WHERE id = ?1")                                                      \
  X(SUMMARY_GET, "SELECT maker, in_hash, sem_hash, seal, result, bytes FROM summary "             \
                 "WHERE function = ?1")                                                           \
  X(SUMMARY_ALL, "SELECT result, bytes FROM summary")                                             \
  X(SUMMARY_PUT, "INSERT OR REPLACE INTO summary(function, maker, in_hash, sem_hash, seal, "      \
                 "result, bytes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")                             \
  X(SUMMARY_DROP, "DELETE FROM summary WHERE function = ?1")                                      \
  X(FINDING_ALL, "SELECT ordinal, fingerprint, state, bytes FROM finding ORDER BY ordinal")       \
  X(FINDING_PUT, "INSERT INTO finding(ordinal, fingerprint, state, bytes) "                       \
                 "VALUES(?1, ?2, ?3, ?4)")                                                        \
  X(FINDING_CLEAR, "DELETE FROM finding")                                                         \
  X(HISTORY_ALL, "SELECT fingerprint, loose, rule, function, object, ordinal, first_seen, "       \
                 "last_seen, gone FROM history")                                                  \
  X(HISTORY_PUT, "INSERT OR REPLACE INTO history(fingerprint, loose, rule, function, object, "    \
                 "ordinal, first_seen, last_seen, gone) "                                         \
                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                                    \
  X(HISTORY_CLEAR, "DELETE FROM history")                                                        \
  X(TRIAL, "SAVEPOINT trial")                                                                    \
  X(TRIAL_UNDO, "ROLLBACK TO trial")                                                             \
  X(TRIAL_END, "RELEASE trial")                                                                  \
  X(HISTORY_DROP, "DELETE FROM history WHERE fingerprint = ?1")                                   \
  X(HISTORY_SEEN, "UPDATE history SET last_seen = ?1 WHERE gone = 0")                             \
  X(REMARK_ALL, "SELECT kind, subject, text FROM remark ORDER BY ordinal")                        \
  X(REMARK_PUT, "INSERT INTO remark(ordinal, kind, subject, text) VALUES(?1, ?2, ?3, ?4)")        \
  X(REMARK_CLEAR, "DELETE FROM remark")                                                           \
  X(FINDING_KNOWN, "UPDATE finding SET state = 1 WHERE state <> 1")
// clang-format on

typedef enum {
#define X(name, text) SQL_##name,
  STORE_STATEMENTS(X)
#undef X
      SQL_COUNT
} Sql;

/* ---- rows in memory */
typedef struct {
  Hash identity; // of path and content
  Hash content;
  uint64_t size;
  int64_t mtime_ns, ctime_ns; // ctime 0: stat cannot vouch for the content
  uint64_t inode;
  uint32_t id, path, references; // path: index into Store.paths
  uint8_t verdict;               // FileVerdict
  bool changed;                  // stat fields are to be written
  bool in_view;                  // some unit of the view read it
  const void *allows;            // bytes of ir/allow.h
  size_t allow_bytes;            // 0 for most
} FileRow;

/* What the disk says now, asked once a run. */
typedef struct {
  const char *path;
  Hash content;
  uint64_t size, inode;
  int64_t mtime_ns, ctime_ns;
  bool asked, exists, hashed;
  uint32_t view, other; // as of that view: index into Store.others, or MAP_ABSENT
} PathRow;

typedef struct {
  const char *path;
  int64_t mtime_ns, ctime_ns; // ctime 0: stat cannot vouch for what is there
  uint64_t inode;
  bool asked, changed; // changed: is to be written
} FolderRow;

typedef struct {
  const char *name;
  uint32_t folder;       // index into Store.folders; MAP_ABSENT: the number is free
  uint8_t expected, now; // LookupState
  uint8_t viewed;        // LookupState, as of that view
  uint32_t view;
} LookupRow;

typedef struct {
  const char *key;
  Hash body;
  Hash identity; // of key and body
  uint32_t id, references;
} FunctionRow;

typedef struct {
  const char *name, *source, *incomplete;
  Hash content;
  uint32_t id, function; // index into Store.functions
  uint32_t flags, references;
  const void *links; // bytes of ir/links.h
  size_t link_bytes;
  Hash names;
  bool damaged;
} IrRow;

/* A state of a unit. */
typedef struct {
  uint32_t id;
  uint32_t older; // index of another state of the same unit; MAP_ABSENT: none
  bool dropped, is_new;
  bool in_view; // now
  bool viewed;  // in the database: differs while there is another view
  bool changed; // `viewed` and `used` are to be written
  int64_t used;
  UnitKey key;
  Hash inputs; // zero: it is never fresh
  UnitStatus status;
  const char *reason, *annotations;
  uint32_t *files; // index into Store.files, times two, plus one for system headers
  uint32_t *irs;   // index into Store.irs
  uint32_t file_count, ir_count;
  const uint8_t *lookups; // ranges of numbers of Store.lookups
  uint32_t lookups_size;
  Hash seal; // of what it gave
  double parse_seconds, lower_seconds;
} UnitRow;

/* A decompressor and its buffer; as many as there were threads in store_function at once. */
typedef struct Unpack {
  struct Unpack *next;
  ZSTD_DCtx *context;
  void *bytes;
  size_t capacity;
} Unpack;

/* Of a database that cannot be worked on in place. */
typedef struct {
  const char *folder, *path; // of its own, and of the file there; NULL: none
  int lock;                  // the folder
} PrivateCopy;

struct Store {
  sqlite3 *db;
  sqlite3_stmt *statements[SQL_COUNT];
  const char *path; // NULL: in memory from the start
  PrivateCopy copy;
  void (*failed)(const char *why);
  Roots roots;
  bool saves;
  bool opening, damaged; // while opening, a damaged page is no reason to end the process
  int lock;              // file descriptor, -1 when none
  int depth;             // of store_begin
  Arena *arena;          // as long as the store
  Arena *view_arena;     // as long as nothing is put
  pthread_mutex_t mutex; // over db, statements, and idle
  Unpack *idle;
  ZSTD_CCtx *compressor;
  ByteWriter raw, packed, seal; // scratch

  ARRAY(FileRow) files;
  ARRAY(PathRow) paths;
  ARRAY(FunctionRow) functions;
  ARRAY(IrRow) irs;
  ARRAY(UnitRow) units;
  ARRAY(FolderRow) folders;
  ARRAY(LookupRow) lookups;
  bool folders_changed, lookups_asked, lookups_differ;
  HashMap file_map, path_map, function_map, ir_map, unit_map, folder_map, lookup_map;
  int64_t clock; // the largest UnitRow.used

  bool is_other;                        // between store_view_begin and store_view_end
  uint32_t other_number;                // of that view; rows remember what they are in it
  HashMap other_states, other_contents; // by path: LookupState; index into others
  ARRAY(Hash) others;
  uint32_t next_file, next_function, next_ir, next_unit;
  bool states_dropped;
  bool outdated;          // its facts were those of another extractor
  uint32_t damaged_units; // when it was opened

  bool has_view;
  StoredUnit *view_units;
  uint32_t *view_unit_rows; // index into units
  size_t view_unit_count;
  StoredFunction *view_functions;
  uint32_t *view_function_irs; // index into irs
  size_t view_function_count;
  uint32_t *view_of_function; // by index into functions: position in view_functions
  HashMap id_map;             // the same by id
  HashMap row_map;            // index into functions by id, in the view or not
};

/* ---- sql.c */
sqlite3_stmt *sql_use(Store *, Sql); // reset and ready for binding
void sql_run(Store *, sqlite3_stmt *);
bool sql_row(Store *, sqlite3_stmt *); // false at the end, which resets it
_Noreturn void sql_fail(Store *, const char *doing);
bool sql_is_damage(int code);
void die_without_memory(int code); // of a call of SQLite
bool sql_is_disk(int code);        // no room, or it cannot be read or written
void bind_number(sqlite3_stmt *, int place, int64_t);
void bind_text(sqlite3_stmt *, int place, const char *); // NULL is ""
void bind_hash(sqlite3_stmt *, int place, Hash);         // copied
void bind_bytes(sqlite3_stmt *, int place, const void *, size_t);
const char *column_text(Arena *, sqlite3_stmt *, int column); // never NULL
uint32_t column_id(sqlite3_stmt *, int column);
Hash column_hash(sqlite3_stmt *, int column); // zero when it is none
const void *column_bytes(sqlite3_stmt *, int column, size_t *count);
void meta_put_hash(Store *, const char *key, Hash);
Hash meta_get_hash(Store *, const char *key);
void meta_put_bytes(Store *, const char *key, const void *, size_t);
const void *meta_get_bytes(Store *, Arena *, const char *key, size_t *count);
void transaction_enter(Store *); // store_begin and store_commit nest
void transaction_leave(Store *);

/* ---- place.c: the file and its folder */
bool place_prepare(Arena *, const char *path, bool make, const char **real, const char **error);
bool place_is_writable(Arena *, const char *path);
enum { LOCK_NONE = -1, LOCK_HELD = -2 };
int place_lock(Arena *, const char *path, bool wait);      // LOCK_HELD only when it must not wait
const char *place_rename_aside(Arena *, const char *path); // the new name, NULL when it failed

/* ---- copy.c: where it cannot be worked on in place */
bool copy_is_needed(Arena *, const char *path);
bool copy_take(Arena *, const char *path, PrivateCopy *); // false: errno says why
bool copy_publish(Arena *, const PrivateCopy *, const char *path);
void copy_drop(PrivateCopy *); // also none

/* ---- pack.c: seals and compression */
Hash seal_end(Store *); // of what was put into store->seal, which is emptied
bool seal_matches(Hash computed, Hash stored);
void seal_hash(Store *, Hash);
void pack_bytes(Store *, const void *, size_t); // into store->packed
void pack_raw(Store *);                         // store->raw into store->packed
Unpack *unpack_take(Store *);
void unpack_give(Store *, Unpack *);
const void *unpack_bytes(Unpack *, const void *packed, size_t count, size_t *raw); // or NULL

/* ---- file.c */
uint32_t file_row(Store *, const UnitFile *); // index; makes it when new
uint32_t file_add(Store *, FileRow, const char *path);
bool file_unchanged(Store *, uint32_t file);
void files_save(Store *); // what stat told

/* ---- lookup.c */
void lookups_load(Store *);
void lookups_save(Store *);
void lookups_put(Store *, UnitRow *, const Unit *);
bool lookups_are_known(Store *, const UnitRow *); // false: damage
void lookups_ask(Store *);                        // what stands there now, once a run
bool lookups_hold(Store *, const UnitRow *);
void lookups_sweep(Store *); // forgets what no unit refers to

/* ---- state.c: the states of a unit, and views */
Hash unit_identity(UnitKey);
void state_enter(Store *, uint32_t unit); // a row that was appended to Store.units
void state_view(Store *, uint32_t unit);  // puts it in the view, in place of its sibling
void state_drop(Store *, uint32_t unit);
Hash state_seal(const UnitRow *);
void states_save(Store *);
void states_trim(Store *); // keeps the newest two

/* ---- match.c: findings between runs */
typedef struct {
  Hash fingerprint, loose;
  const char *rule, *function, *object;
  int64_t ordinal, first_seen, last_seen;
  bool gone, matched;
} History;
typedef ARRAY(History) Histories;
typedef struct {
  const Finding *finding;
  FindingState state;
  bool matched;
} FindingEntry;
void histories_load(Store *, Arena *, Histories *);
/* Gives each entry its state and writes the history; `complete`: all units have a result. */
void histories_match(Store *, FindingEntry *, size_t count, int64_t started, bool complete);

/* ---- history.c */
void history_seal(Store *); // after each change of the table
bool history_is_sound(Store *);
void history_salvage(Store *, const char *path); // from a file that was renamed aside

size_t summaries_damaged(Store *); // summary.c
bool findings_are_sound(Store *);  // finding.c: also true before the first run

/* ---- load.c */
void store_load(Store *);
Hash unit_seal(Store *, const UnitRow *, const void *facts, size_t count);
Hash ir_seal(Store *, const IrRow *, Hash packed);
Hash function_identity(const char *key, Hash body);
void unit_references(Store *, const UnitRow *, int change);
void store_sweep(Store *); // deletes what no unit refers to
void store_forget_view(Store *);
int compare_hashes(Hash, Hash);

#endif
