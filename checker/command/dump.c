/* dump.c - `overstay dump`: what the checker made of a file, for people who doubt it.
 *
 * IR and graphs are of the source as it is now: its units are read for the purpose, by a worker,
 * into a store that is thrown away. Headers, summaries and the rest of the program come from the
 * database. */
#include <inttypes.h>
#include <string.h>

#include "base/message.h"
#include "base/path.h"
#include "command/commands.h"
#include "command/dump_runs.h"
#include "ir/print.h"
#include "model/effect.h"
#include "cli/outputs.h"
#include "report/words.h"
#include "run/project.h"
#include "run/reading.h"
#include "rule/registry.h"
#include "run/run.h"

typedef enum {
  DUMP_IR,
  DUMP_CFG,
  DUMP_SUMMARY,
  DUMP_RUNS,
  DUMP_FRAMES,
  DUMP_WAITS,
  DUMP_KINDS
} DumpKind;

typedef struct {
  Arena *arena;
  const Options *options;
  Project project;
  DumpKind kind;
  const char *path;     // canonical
  const char *shown;    // as the store names it
  const char *function; // NULL: all
  Store *store;
  TextPool *symbols;
  RunsDump *runs;      // DUMP_RUNS
  const Frame *frames; // DUMP_FRAMES: by index into store_functions()
  const char **waits;  // DUMP_WAITS: likewise
} Dump;

static DumpKind find_kind(const char *name) {
  static const char *const names[] = {"ir", "cfg", "summary", "runs", "frames", "waits"};
  for (DumpKind i = DUMP_IR; i < DUMP_KINDS; i++)
    if (!strcmp(names[i], name))
      return i;
  die(EXIT_USAGE, "dump: '%s' is not known; there are: ir, cfg, summary, runs, frames, waits",
      name);
}

/* FILE:FUNCTION, unless there is a file with the whole name. */
static void split_target(Dump *dump, const char *target) {
  const char *colon = strrchr(target, ':');
  if (colon && !path_exists(target)) {
    dump->function = colon + 1;
    target = arena_text_n(dump->arena, target, (size_t)(colon - target));
  }
  dump->path = path_canonical(dump->arena, target);
  dump->shown = roots_name(dump->arena, dump->project.database->roots, dump->path);
}

/* The units of one source only. */
static JobList jobs_of(Arena *arena, const JobList *all, const char *path) {
  JobList list = {.jobs = arena_new_array(arena, Job, all->count)};
  for (uint32_t i = 0; i < all->count; i++)
    if (!strcmp(all->jobs[i].source, path))
      list.jobs[list.count++] = all->jobs[i];
  return list;
}

static void must_have_been_read(Store *store) {
  size_t count;
  const StoredUnit *units = store_units(store, &count);
  for (size_t i = 0; i < count; i++)
    if (units[i].status != UNIT_OK)
      die(EXIT_INCOMPLETE, "%s: %s", units[i].key.source, units[i].reason);
}

static void open_fresh(Dump *dump, const JobList *list) {
  Options options = *dump->options;
  options.no_cache = true;
  options.workers = 1;
  options.progress = WHEN_NEVER;
  options.unit_seconds = 60;
  options.unit_bytes = (uint64_t)2 << 30;
  dump->store = project_store(dump->arena, &options, &dump->project, STORE_MEMORY);
  ReadingInput input = {.roots = dump->project.database->roots, .jobs = list};
  ReadingResult result = read_units(dump->arena, dump->store, &input, &options);
  if (result.signal)
    die(EXIT_INTERNAL, "ended by a signal");
  must_have_been_read(dump->store);
}

static void recall(Dump *dump) {
  Run run = {.arena = dump->arena,
             .options = dump->options,
             .project = dump->project,
             .symbols = dump->symbols,
             .store = dump->store};
  run.models = project_models(run.arena, &run.project, run.symbols);
  run.stack = stack_options(run.arena, run.options);
  RuleRun known = run_recall(&run, &(AnalyseOptions){.frames = dump->kind == DUMP_FRAMES,
                                                     .waits = dump->kind == DUMP_WAITS});
  dump->frames = known.frames;
  dump->waits = known.waits;
  models_free(run.models);
}

static void open_sources(Dump *dump) {
  JobList list = jobs_of(dump->arena, dump->project.jobs, dump->path);
  if (list.count && (dump->kind == DUMP_IR || dump->kind == DUMP_CFG))
    open_fresh(dump, &list);
  else
    dump->store = project_store(dump->arena, dump->options, &dump->project, STORE_READ);
  if (dump->kind == DUMP_RUNS)
    dump->runs = runs_dump_new(dump->arena, dump->store, &dump->project, dump->symbols);
  if (dump->kind == DUMP_FRAMES || dump->kind == DUMP_WAITS)
    recall(dump);
}

/* A folder stands for all files in it. */
static bool is_of_path(const Dump *dump, Arena *scratch, const StoredFunction *function) {
  return !strcmp(function->source, dump->shown) ||
         path_inside(dump->path,
                     roots_path(scratch, dump->project.database->roots, function->source));
}

static bool is_meant(const Dump *dump, Arena *scratch, const StoredFunction *function) {
  if (dump->function)
    return !strcmp(function->name, dump->function) || !strcmp(function->key, dump->function);
  return is_of_path(dump, scratch, function);
}

/* A name stands for the function in this file; when it has none, for that of a header. */
static bool is_here(const Dump *dump, Arena *scratch, const StoredFunction *function) {
  return is_meant(dump, scratch, function) && is_of_path(dump, scratch, function);
}

static void print_summary(Dump *dump, Arena *scratch, const StoredFunction *stored,
                          const Function *function) {
  StoredSummary summary;
  printf("%s\n", stored->key);
  if (!store_get_summary(dump->store, scratch, stored->id, SUMMARY_WHOLE, &summary)) {
    puts("  no summary");
    return;
  }
  ByteReader reader = bytes_reader(summary.bytes, summary.count);
  const Summary *decoded = summary_read(scratch, &reader, dump->symbols);
  const char **names = arena_new_array(scratch, const char *, function->parameter_count + 1);
  for (uint32_t i = 0; i < function->parameter_count; i++)
    names[i] = function->locals[i].name;
  if (decoded)
    summary_print(stdout, decoded, dump->symbols,
                  &(ParameterNames){names, function->parameter_count});
}

static void print_frame(const Frame *frame, const StoredFunction *stored) {
  if (stored->flags & FUNCTION_INITIALISER)
    return;
  printf("%s:%s: ", stored->source, stored->name);
  if (frame->exact)
    printf("%" PRIu64 " bytes", frame->low);
  else
    printf("%" PRIu64 " to %" PRIu64 " bytes", frame->low, frame->high);
  puts(frame->grows ? ", and grows" : "");
}

static void print_function(Dump *dump, Arena *scratch, size_t index, const StoredFunction *stored) {
  if (dump->kind == DUMP_RUNS) {
    runs_dump_print(dump->runs, scratch, (uint32_t)index);
    return;
  }
  if (dump->kind == DUMP_FRAMES) {
    print_frame(&dump->frames[index], stored);
    return;
  }
  if (dump->kind == DUMP_WAITS) {
    if (*dump->waits[index])
      printf("%s\n%s", visible(scratch, stored->key), dump->waits[index]);
    return;
  }
  const Function *function = store_function(dump->store, scratch, index);
  switch (dump->kind) {
  case DUMP_IR:
    function_print(stdout, function, true);
    break;
  case DUMP_CFG:
    function_print_calls(stdout, function);
    break;
  case DUMP_SUMMARY:
  case DUMP_RUNS:
  case DUMP_FRAMES:
  case DUMP_WAITS:
  case DUMP_KINDS:
    print_summary(dump, scratch, stored, function);
  }
}

static size_t print_all(Dump *dump) {
  size_t count, printed = 0;
  const StoredFunction *functions = store_functions(dump->store, &count);
  bool here = false;
  Arena *scratch = arena_new();
  for (size_t i = 0; i < count; i++)
    here = here || is_here(dump, scratch, &functions[i]);
  for (size_t i = 0; i < count; i++) {
    if (here ? !is_here(dump, scratch, &functions[i]) : !is_meant(dump, scratch, &functions[i]))
      continue;
    print_function(dump, scratch, i, &functions[i]);
    printed++;
    arena_reset(scratch);
  }
  arena_free(scratch);
  return printed;
}

int command_dump(const Options *options) {
  Arena *arena = arena_new();
  Dump dump = {.arena = arena, .options = options, .kind = find_kind(options->arguments.at[0])};
  dump.project = project_find(arena, options);
  dump.symbols = text_pool_new();
  split_target(&dump, options->arguments.at[1]);
  open_sources(&dump);
  size_t printed = print_all(&dump);
  outputs_finish_stdout();
  runs_dump_free(dump.runs);
  store_close(dump.store);
  text_pool_free(dump.symbols);
  if (!printed && dump.function)
    die(EXIT_USAGE, "no function '%s' in '%s'", dump.function, dump.shown);
  if (!printed && !path_exists(dump.path))
    die(EXIT_USAGE, "'%s' does not exist", dump.shown);
  arena_free(arena);
  return EXIT_CLEAN;
}
