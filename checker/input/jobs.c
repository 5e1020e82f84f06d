/* jobs.c - see jobs.h. Jobs are sorted by name, not by their place in the file: parallel builds
 * write the file in another order each time. */
#include "input/jobs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "base/text.h"

enum { NAMES_SHOWN = 12 };

/* ---- notes: how often each flag was left out */

typedef struct {
  const char *name;
  uint32_t units;
} FlagCount;

typedef struct {
  Arena *arena;
  FlagCount *at;
  size_t count, capacity;
} FlagCounts;

static void count_flag(FlagCounts *counts, const char *name) {
  for (size_t i = 0; i < counts->count; i++)
    if (!strcmp(counts->at[i].name, name)) {
      counts->at[i].units++;
      return;
    }
  counts->at = arena_grow(counts->arena, counts->at, sizeof *counts->at, counts->count,
                          &counts->capacity, counts->count + 1);
  counts->at[counts->count++] = (FlagCount){name, 1};
}

static void count_flags(FlagCounts *counts, const TextList *names) {
  for (uint32_t i = 0; i < names->count; i++) {
    bool seen = false;
    for (uint32_t j = 0; j < i && !seen; j++)
      seen = !strcmp(names->at[i], names->at[j]);
    if (!seen)
      count_flag(counts, names->at[i]);
  }
}

static int by_units(const void *a, const void *b) {
  const FlagCount *x = a, *y = b;
  if (x->units != y->units)
    return x->units < y->units ? 1 : -1;
  return strcmp(x->name, y->name);
}

static void note_unknown_flags(FlagCounts *counts) {
  if (!counts->count)
    return;
  qsort(counts->at, counts->count, sizeof *counts->at, by_units);
  const char *names = "";
  size_t shown = counts->count < NAMES_SHOWN ? counts->count : NAMES_SHOWN;
  for (size_t i = 0; i < shown; i++)
    names = arena_printf(counts->arena, "%s%s%s (%u)", names, i ? ", " : "", counts->at[i].name,
                         counts->at[i].units);
  const char *more = counts->count > shown
                         ? arena_printf(counts->arena, " and %zu more", counts->count - shown)
                         : "";
  inform("note: flags that are unknown or unsafe were left out (commands): %s%s", names, more);
}

static void note_skipped(Arena *arena, const JobList *list) {
  const struct {
    uint32_t count;
    const char *what;
  } kinds[] = {{list->cxx, "C++"}, {list->assembler, "assembler"}, {list->other, "other language"}};
  const char *text = "";
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (kinds[i].count)
      text =
          arena_printf(arena, "%s%s%u %s", text, *text ? ", " : "", kinds[i].count, kinds[i].what);
  if (*text)
    inform("note: entries that are not C were skipped: %s", text);
}

/* ---- jobs */

/* Wherever the tree lies. CPATH and the like are flags that are not written down. */
static Hash hash_command(Arena *arena, Roots roots, const Flags *flags, const char *directory) {
  ByteWriter all = {0};
  bytes_put_text(&all, roots_name(arena, roots, directory));
  for (uint32_t i = 0; i < flags->kept.count; i++)
    bytes_put_text(&all, roots_hide(arena, roots, flags->kept.at[i]));
  bytes_put_text(&all, flags->error ? roots_hide(arena, roots, flags->error) : NULL);
  static const char *const variables[] = {"CPATH", "C_INCLUDE_PATH"};
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
    if (getenv(variables[i]))
      bytes_put_text(&all, roots_hide(arena, roots, getenv(variables[i])));
  Hash hash = hash_bytes(all.at, all.count);
  bytes_free(&all);
  return hash;
}

static TextList both(Arena *arena, const TextList *a, const TextList *b) {
  TextList all = {arena_new_array(arena, const char *, a->count + b->count), a->count + b->count};
  for (uint32_t i = 0; i < all.count; i++)
    all.at[i] = i < a->count ? a->at[i] : b->at[i - a->count];
  return all;
}

static Job make_job(Arena *arena, const CompileDatabase *database, const CompileCommand *entry,
                    const Flags *flags) {
  return (Job){
      .source = entry->file,
      .shown = roots_name(arena, database->roots, entry->file),
      .directory = entry->directory,
      .flags = flags->kept,
      .forced = flags->forced,
      .folders = flags->folders,
      .dropped = both(arena, &flags->unsafe, &flags->unknown),
      .command_hash = hash_command(arena, database->roots, flags, entry->directory),
      .refused = flags->error,
  };
}

static bool is_c(JobList *list, Language language) {
  list->cxx += language == LANGUAGE_CXX;
  list->assembler += language == LANGUAGE_ASSEMBLER;
  list->other += language == LANGUAGE_OTHER;
  return language == LANGUAGE_C;
}

static int by_name(const void *a, const void *b) {
  const Job *x = a, *y = b;
  int order = strcmp(x->shown, y->shown);
  if (order)
    return order;
  Hash h = x->command_hash, g = y->command_hash;
  if (h.high != g.high)
    return h.high < g.high ? -1 : 1;
  return h.low < g.low ? -1 : h.low > g.low;
}

/* Other flags for the same file are another unit. */
static bool is_same(const Job *a, const Job *b) {
  return guard_on("distinct") ? !by_name(a, b) : !strcmp(a->shown, b->shown);
}

static void sort_and_join(JobList *list) {
  qsort(list->jobs, list->count, sizeof *list->jobs, by_name);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < list->count; i++)
    if (!kept || !is_same(&list->jobs[kept - 1], &list->jobs[i]))
      list->jobs[kept++] = list->jobs[i];
  list->duplicates = list->count - kept;
  list->count = kept;
}

JobList *jobs_make(Arena *arena, const CompileDatabase *database) {
  JobList *list = arena_new_one(arena, JobList);
  list->jobs = arena_new_array(arena, Job, database->command_count);
  list->entries = database->command_count;
  FlagCounts counts = {.arena = arena};
  for (uint32_t i = 0; i < database->command_count; i++) {
    const CompileCommand *entry = &database->commands[i];
    const Flags *flags = flags_filter(arena, entry);
    if (!is_c(list, flags->language))
      continue;
    list->jobs[list->count++] = make_job(arena, database, entry, flags);
    count_flags(&counts, &flags->unknown);
  }
  sort_and_join(list);
  note_unknown_flags(&counts);
  note_skipped(arena, list);
  return list;
}
