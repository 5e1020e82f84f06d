/* database.c - overstay db: looks at the database itself, needs no sources and, with --db, no
 * compile_commands.json either.
 */
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/message.h"
#include "base/path.h"
#include "base/text.h"
#include "command/commands.h"
#include "cli/outputs.h"
#include "run/project.h"
#include "run/reading.h"

typedef struct {
  Arena *arena;
  const char *path, *root;
  Store *store;
} Database;

static Database open_database(const Options *options, StoreMode mode) {
  Database database = {.arena = arena_new()};
  Project project = {.store_path = NULL};
  if (options->store && !options->database) {
    CompileDatabase nowhere = {.roots = {path_current(database.arena), NULL}};
    project.store_path = path_canonical(database.arena, options->store);
    project.database = arena_copy(database.arena, &nowhere, sizeof nowhere);
  } else {
    project = project_find(database.arena, options);
    database.root = project.database->roots.top;
  }
  database.path = project.store_path;
  if (!path_exists(database.path))
    die(EXIT_USAGE, "there is no database %s\n  overstay check makes it", database.path);
  database.store = project_store(database.arena, options, &project, mode);
  return database;
}

static int close_database(Database *database, int code) {
  outputs_finish_stdout();
  store_close(database->store);
  arena_free(database->arena);
  return code;
}

static long long size_of(const char *path) {
  struct stat status;
  return stat(path, &status) ? 0 : (long long)status.st_size / 1024;
}

/* ---- info */

static const char *status_name(UnitStatus status) {
  static const char *const names[] = {
      [UNIT_OK] = "read",          [UNIT_PARSE_FAILED] = "not parsed",
      [UNIT_CRASHED] = "crashed",  [UNIT_TIMEOUT] = "too slow",
      [UNIT_MEMORY] = "too large", [UNIT_UNREADABLE] = "unreadable",
  };
  return names[status];
}

static void print_units(Store *store) {
  size_t count, by_status[UNIT_UNREADABLE + 1] = {0};
  const StoredUnit *units = store_units(store, &count);
  for (size_t i = 0; i < count; i++)
    by_status[units[i].status]++;
  printf("units: %zu", count);
  for (UnitStatus i = UNIT_OK; i <= UNIT_UNREADABLE; i++)
    if (by_status[i])
      printf(", %zu %s", by_status[i], status_name(i));
  putchar('\n');
}

static int show_info(const Options *options) {
  Database database = open_database(options, STORE_READ);
  StoreSizes sizes = store_sizes(database.store);
  size_t findings;
  store_findings(database.store, database.arena, &findings);
  printf("database: %s\n", database.path);
  if (database.root)
    printf("root: %s\n", database.root);
  printf("size: %lld KB\n", size_of(database.path));
  if (sizes.outdated)
    printf("made by another version of overstay: the next run reads every unit again\n");
  print_units(database.store);
  printf("earlier states of units: %zu\n", sizes.other_states);
  printf("functions: %zu, forms of their code: %zu\n", sizes.functions, sizes.bodies);
  printf("contents of files: %zu\n", sizes.files);
  printf("headers looked for in vain: %zu, in %zu folders\n", sizes.lookups, sizes.folders);
  printf("findings of the last run: %zu\nfindings ever seen: %zu\n", findings, sizes.history);
  return close_database(&database, EXIT_CLEAN);
}

/* ---- check */

static int check_database(const Options *options) {
  Database database = open_database(options, STORE_READ);
  size_t count;
  const char *const *problems = store_problems(database.store, database.arena, &count);
  for (size_t i = 0; i < count; i++)
    printf("%s: %s\n", database.path, problems[i]);
  if (!count)
    printf("%s: sound\n", database.path);
  return close_database(&database, count ? EXIT_INTERNAL : EXIT_CLEAN);
}

/* ---- gc */

static int collect_garbage(const Options *options) {
  Database database = open_database(options, STORE_WRITE);
  if (!store_saves(database.store))
    die(EXIT_INTERNAL, "%s cannot be written", database.path);
  long long before = size_of(database.path);
  size_t dropped = store_drop_others(database.store);
  store_close(database.store); // sweeps what nothing refers to any more
  database.store = NULL;
  close_database(&database, EXIT_CLEAN);
  database = open_database(options, STORE_WRITE);
  store_compact(database.store);
  store_close(database.store);
  database.store = NULL;
  printf("%zu earlier state%s of units dropped; %lld KB, before %lld KB\n", dropped,
         dropped == 1 ? "" : "s", size_of(database.path), before);
  return close_database(&database, EXIT_CLEAN);
}

/* ---- export */

static json_t *time_value(int64_t seconds) {
  char text[32];
  time_t when = (time_t)seconds;
  struct tm parts;
  if (!gmtime_r(&when, &parts) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts))
    return json_null();
  return json_string(text);
}

static json_t *text_value(Arena *arena, const char *text) {
  return json_string(text_valid_utf8(arena, text ? text : ""));
}

typedef struct {
  Arena *arena;
  const GoneFinding *entries;
  size_t count;
} History;

/* One object a line, by fingerprint: made to be compared and kept in a repository. */
static void write_history(FILE *file, const void *context) {
  const History *history = context;
  for (size_t i = 0; i < history->count; i++) {
    const GoneFinding *entry = &history->entries[i];
    char hex[33];
    hash_hex(entry->fingerprint, hex);
    json_t *line = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "fingerprint", hex, "rule",
                             text_value(history->arena, entry->rule), "function",
                             text_value(history->arena, entry->function), "object",
                             text_value(history->arena, entry->object), "first_seen",
                             time_value(entry->first_seen), "last_seen",
                             time_value(entry->last_seen), "gone", entry->gone);
    if (!line || json_dumpf(line, file, JSON_SORT_KEYS))
      die(EXIT_INTERNAL, "cannot write the history");
    fputc('\n', file);
    json_decref(line);
  }
}

static int export_history(const Options *options) {
  Database database = open_database(options, STORE_READ);
  History history = {.arena = database.arena};
  history.entries = store_history(database.store, database.arena, &history.count);
  if (options->output && strcmp(options->output, "-"))
    outputs_write_file(options->output, write_history, &history);
  else
    write_history(stdout, &history);
  return close_database(&database, EXIT_CLEAN);
}

int command_db(const Options *options) {
  static const struct {
    const char *name;
    int (*run)(const Options *);
  } actions[] = {{"info", show_info},
                 {"check", check_database},
                 {"gc", collect_garbage},
                 {"export", export_history}};
  for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
    if (!strcmp(options->arguments.at[0], actions[i].name))
      return actions[i].run(options);
  die(EXIT_USAGE, "db: '%s' is not known; there are: info, check, gc, export",
      options->arguments.at[0]);
}
