/* read_unit.c - see read_unit.h */
#include "worker/read_unit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/path.h"
#include "ir/serial.h"
#include "worker/difference.h"

Unit *unit_without_result(Arena *arena, const Job *job, UnitStatus status, const char *reason) {
  Unit *unit = arena_new_one(arena, Unit);
  unit->source = job->shown;
  unit->command_hash = job->command_hash;
  unit->status = status;
  unit->reason = arena_text(arena, reason);
  unit->dropped_flags = job->dropped.at;
  unit->dropped_flag_count = job->dropped.count;
  return unit;
}

/* ---- before the parse */

static const char *why_not_regular(Arena *arena, const Tree *tree, const char *path) {
  struct stat status;
  const TreeFile *other = tree_find(tree, path);
  if (other)
    return other->text ? NULL : "No such file or directory";
  if (stat(path, &status))
    return strerror(errno);
  return S_ISREG(status.st_mode) ? NULL : arena_printf(arena, "'%s' is not a regular file", path);
}

/* Where an -include finds its file: beside the command first, then along the search path. */
static const char *find_forced(Arena *arena, const Tree *tree, const Job *job, const char *name) {
  const char *path = path_normal(arena, path_join(arena, job->directory, name));
  for (uint32_t i = 0; !tree_look(tree, path) && i < job->folders.count; i++) {
    const char *folder = path_join(arena, job->directory, job->folders.at[i]);
    path = path_normal(arena, path_join(arena, folder, name));
  }
  return tree_look(tree, path) ? path : NULL; // a missing one is an error of the source
}

static const char *why_refused(Arena *arena, const Tree *tree, const Job *job) {
  if (job->refused)
    return job->refused;
  if (!guard_on("regular"))
    return NULL;
  const char *reason = why_not_regular(arena, tree, job->source);
  for (uint32_t i = 0; !reason && i < job->forced.count; i++) {
    const char *path = find_forced(arena, tree, job, job->forced.at[i]);
    reason = path ? why_not_regular(arena, tree, path) : NULL;
  }
  return reason;
}

/* ---- did it change? */

typedef struct {
  struct timespec started;
  Hash source; // content before the parse
} Snapshot;

/* Zero when it cannot be read. */
static Hash hash_file(Arena *arena, const Tree *tree, const char *path) {
  FileText file = tree_read(arena, tree, path, (size_t)1 << 32);
  return file.text ? hash_bytes(file.text, file.size) : (Hash){0};
}

static Snapshot take_snapshot(Arena *arena, const Tree *tree, const Job *job) {
  Snapshot before = {.source = hash_file(arena, tree, job->source)};
  clock_gettime(CLOCK_REALTIME_COARSE, &before.started);
  return before;
}

/* The same second counts as later: file systems with coarse times must not hide a change. */
static bool is_recent(const struct stat *status, const Snapshot *before) {
  return status->st_mtim.tv_sec >= before->started.tv_sec ||
         status->st_ctim.tv_sec >= before->started.tv_sec;
}

/* The source is compared by content. So are headers that were written since the parse began, with
 * what libclang read of them; the others need a look at their times only. */
static bool has_changed(Arena *arena, const Reading *reading, const Job *job, const Unit *unit,
                        const Snapshot *before) {
  if (!guard_on("changed"))
    return false;
  if (!hash_equal(hash_file(arena, reading->tree, job->source), before->source))
    return true;
  for (uint32_t i = 0; i < unit->file_count; i++) {
    const char *path = roots_path(arena, reading->roots, unit->files[i].path);
    struct stat status;
    if (tree_find(reading->tree, path))
      continue; // it stands still
    if (stat(path, &status))
      return true;
    if (is_recent(&status, before) && !hash_is_zero(unit->files[i].content) &&
        !hash_equal(hash_file(arena, NULL, path), unit->files[i].content))
      return true;
  }
  return false;
}

/* ---- the work */

static bool is_asked(const char *hook, unsigned long number) {
  const char *asked = test_hook(hook);
  return asked && strtoul(asked, NULL, 10) == number;
}

static void fail_if_asked(const Reading *reading, uint32_t item, uint32_t attempt) {
  unsigned long number = reading->numbers[item];
  if (is_asked("OVERSTAY_TEST_CRASH_UNIT", number) ||
      (attempt == 1 && is_asked("OVERSTAY_TEST_CRASH_ONCE", number))) {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  }
  while (is_asked("OVERSTAY_TEST_STALL_UNIT", number))
    pause(); // until the deadline
}

enum { MOST_DOUBTS = 3 };

static Frontend *frontend_of(Frontend **frontend) {
  if (!*frontend)
    *frontend = frontend_new();
  return *frontend;
}

static Unit *parse(Reading *reading, const Job *job, const Prefix *prefix) {
  FrontendJob order = {
      .roots = reading->roots,
      .tree = reading->tree,
      .directory = job->directory,
      .source = job->source,
      .flags = job->flags.at,
      .flag_count = job->flags.count,
      .lock_types = reading->lock_types,
      .lock_type_count = reading->lock_type_count,
  };
  Unit *unit =
      frontend_parse_after(frontend_of(&reading->frontend), reading->arena, &order, prefix);
  if (!unit)
    return NULL;
  unit->source = job->shown;
  unit->command_hash = job->command_hash;
  unit->dropped_flags = job->dropped.at;
  unit->dropped_flag_count = job->dropped.count;
  if (!reading->lookups)
    reading->lookups = lookups_new();
  if (unit->status == UNIT_OK || unit->status == UNIT_PARSE_FAILED)
    lookups_of_unit(reading->lookups, reading->arena, job,
                    &(LookupPlace){reading->roots, reading->tree}, unit);
  return unit;
}

/* Something may have appeared where the prefix looked for its headers in vain: the unit would say
 * that it saw it. */
static bool has_folder_changed(const Unit *unit, const struct timespec *since) {
  int64_t begun = (int64_t)since->tv_sec * 1000000000 + since->tv_nsec;
  for (uint32_t i = 0; i < unit->folder_count && guard_on("prefix-folders"); i++)
    if (unit->folders[i].mtime_ns > begun)
      return true;
  return false;
}

static Unit *parse_after(Reading *reading, const Job *job, const Prefix *prefix) {
  if (!prefix || (reading->doubts >= MOST_DOUBTS && !reading->verify))
    return NULL;
  Unit *unit = parse(reading, job, prefix);
  return unit && !has_folder_changed(unit, &reading->prefixes_begun) ? unit : NULL;
}

/* Units that are parsed twice cost more than they save, so a worker that doubts again and again
 * gives up on prefixes. What a unit is does not depend on that. */
static UnitAnswer parse_twice(Reading *reading, const Job *job, const Prefix *prefix) {
  Unit *after = parse_after(reading, job, prefix);
  if (prefix)
    reading->doubts = after ? 0 : reading->doubts + 1;
  if (after && !reading->verify)
    return (UnitAnswer){READ_AFTER_PREFIX, "", after};
  Unit *plain = parse(reading, job, NULL);
  if (!after)
    return (UnitAnswer){prefix ? READ_AGAIN : READ_PLAIN, "", plain};
  const char *difference = unit_difference(reading->arena, plain, after);
  return (UnitAnswer){difference ? READ_DIFFERS : READ_EQUAL, difference, plain};
}

static void put_answer(ByteWriter *result, const UnitAnswer *answer) {
  bytes_put_u8(result, (uint8_t)answer->how);
  bytes_put_text(result, answer->difference);
  unit_write(result, answer->unit);
}

bool unit_answer_read(Arena *arena, const void *bytes, size_t count, UnitAnswer *answer) {
  ByteReader reader = bytes_reader(bytes, count);
  answer->how = (HowRead)bytes_get_u8(&reader);
  answer->difference = bytes_get_text(&reader, arena);
  answer->unit = reader.failed || answer->how > READ_DIFFERS
                     ? NULL
                     : unit_read(arena, reader.at, (size_t)(reader.end - reader.at));
  return answer->unit;
}

Answer read_unit(void *context, uint32_t item, uint32_t attempt, ByteWriter *result) {
  Reading *reading = context;
  const Job *job = reading->jobs[item];
  if (!reading->arena)
    reading->arena = arena_new();
  arena_reset(reading->arena);
  fail_if_asked(reading, item, attempt);
  const char *refused = why_refused(reading->arena, reading->tree, job);
  if (refused) {
    Unit *unit = unit_without_result(reading->arena, job, UNIT_UNREADABLE, refused);
    put_answer(result, &(UnitAnswer){READ_PLAIN, "", unit});
    return ANSWER_RESULT;
  }
  Snapshot before = take_snapshot(reading->arena, reading->tree, job);
  const Prefix *prefix = reading->prefixes && attempt == 1 ? reading->prefixes[item] : NULL;
  UnitAnswer answer = parse_twice(reading, job, prefix);
  if (prefix) // its headers were read before this unit was begun
    before.started = reading->prefixes_begun;
  if (has_changed(reading->arena, reading, job, answer.unit, &before))
    return ANSWER_CHANGED;
  put_answer(result, &answer);
  return ANSWER_RESULT;
}

/* ---- prefixes */

/* Where its headers were looked for in vain: also those that it names itself, which stand in no
 * file. Who uses it later has to look there again. */
static void note_lookups(Precompiling *work, const Job *job, const Prefix *prefix, Unit *unit) {
  if (!work->lookups)
    work->lookups = lookups_new();
  Tree *tree = tree_new();
  tree_put(tree, (TreeFile){prefix->name, prefix->text, prefix->size});
  UnitFile *files = arena_new_array(work->arena, UnitFile, unit->file_count + 1);
  if (unit->file_count)
    memcpy(files, unit->files, unit->file_count * sizeof *files);
  files[unit->file_count] = (UnitFile){.path = roots_name(work->arena, work->roots, prefix->name),
                                       .content = hash_bytes(prefix->text, prefix->size)};
  Unit whole = {.files = files, .file_count = unit->file_count + 1};
  lookups_of_unit(work->lookups, work->arena, job, &(LookupPlace){work->roots, tree}, &whole);
  unit->folders = whole.folders;
  unit->folder_count = whole.folder_count;
  tree_free(tree);
}

Answer precompile_prefix(void *context, uint32_t item, uint32_t attempt, ByteWriter *result) {
  (void)attempt;
  Precompiling *work = context;
  if (!work->arena)
    work->arena = arena_new();
  arena_reset(work->arena);
  const Job *job = work->jobs[item];
  const Prefix *prefix = work->prefixes[item];
  FrontendJob order = {.roots = work->roots,
                       .directory = job->directory,
                       .flags = job->flags.at,
                       .flag_count = job->flags.count};
  Unit *unit = frontend_precompile(frontend_of(&work->frontend), work->arena, &order, prefix,
                                   work->least_bytes[item]);
  if (unit->status == UNIT_OK)
    note_lookups(work, job, prefix, unit);
  unit_write(result, unit);
  return ANSWER_RESULT;
}
