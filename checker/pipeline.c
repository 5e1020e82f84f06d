/* pipeline.c - a run, arrow by arrow (docs/architecture.md): read the list of commands, read the
 * units that changed, analyse what is in the store, report what the store says.
 *
 * The rules that are switched off are analysed, too: which findings are shown is decided when the
 * report is made, so options about that never cost an analysis, and the history stays whole. */
#include "pipeline.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "cli/outputs.h"
#include "run/phase.h"
#include "cli/rescue.h"
#include "run/baseline.h"
#include "run/given.h"
#include "rule/registry.h"
#include "run/run.h"
#include "run/selection.h"
#include "run/shard.h"
#include "run/views.h"

enum { LARGEST_PROGRAM = 256 << 20 };

/* The program itself: two builds of one version must not share what they derived. */
static Hash build_hash(void) {
  Arena *arena = arena_new();
  FileText program = file_read(arena, "/proc/self/exe", LARGEST_PROGRAM);
  Hash hash = program.text ? hash_bytes(program.text, program.size) : (Hash){0};
  arena_free(arena);
  return hash;
}

static Hash settings_of(const Run *run) {
  Hash hash = reading_version(run->arena);
  if (guard_on("models-key"))
    hash = hash_pair(hash, models_hash(run->models));
  hash = hash_pair(hash, build_hash());
  const char *without = test_hook("OVERSTAY_WITHOUT");
  return hash_pair(hash, hash_text(without ? without : ""));
}

void run_load_models(Run *run) {
  run->symbols = text_pool_new();
  run->models = project_models(run->arena, &run->project, run->symbols);
  run->stack = stack_options(run->arena, run->options);
  given_check(&run->project);
  run->settings = settings_of(run);
}

/* ---- map */

/* What was read stays stored: the next run goes on from there. */
static noreturn void end_by_signal(Run *run, int number) {
  store_close(run->store);
  signal(number, SIG_DFL);
  raise(number);
  _exit(128 + number);
}

static ReadingInput all_units(Run *run) {
  ReadingInput input = {.roots = run->project.database->roots,
                        .jobs = run->project.jobs,
                        .place = project_run_place(run->arena, run->options, &run->project)};
  input.lock_types = models_lock_types(run->models, run->arena, &input.lock_type_count);
  return input;
}

void run_read(Run *run, const JobList *jobs, const Tree *tree) {
  phase_begin("read");
  ReadingInput input = all_units(run);
  input.jobs = jobs;
  input.tree = tree;
  input.until = run->until;
  input.keeps_old = run->keeps_old;
  input.left_before = run->keeps_old ? &run->left : NULL;
  run->reading = read_units(run->arena, run->store, &input, run->options);
  run->stats.reading = &run->reading;
  if (run->reading.signal)
    end_by_signal(run, run->reading.signal);
}

/* ---- reduce */

/* What is known of a function does not hang on stacks, but what is found does. */
static Hash run_key(const Run *run) {
  return store_run_key(
      run->store, hash_pair(hash_pair(run->settings, run->stack->hash), given_hash(&run->project)));
}

static bool is_complete(Run *run) {
  size_t count;
  const StoredUnit *units = store_units(run->store, &count);
  for (size_t i = 0; i < count; i++)
    if (units[i].status != UNIT_OK && guard_on("complete"))
      return false;
  return true;
}

/* A build that turns its locks into nothing must not look clean. */
static bool are_locks_compiled_away(Run *run, const AnalyseResult *result) {
  size_t count;
  store_units(run->store, &count);
  Arena *scratch = arena_new();
  bool declared = false;
  for (size_t i = 0; i < count && !result->rules.lock_functions && !declared; i++) {
    declared = store_unit(run->store, scratch, i)->declares_locks;
    arena_reset(scratch);
  }
  arena_free(scratch);
  return declared && guard_on("compiled-away");
}

static double percent(uint32_t part, uint32_t other) {
  return part + other ? 100.0 * part / (part + other) : 0;
}

static const char *describe_calls(Arena *arena, const AnalyseResult *result) {
  const CallCounts *calls = &result->calls;
  return arena_printf(
      arena,
      "by name: %u to one body, %u to several, %u to none; by pointer in a field or "
      "global: %u to one, %u to several, %u to these or others, %u to none; "
      "functions that call other pointers: %u; linked programs: %u; with a body: %.1f %% by name, "
      "%.1f %% by pointer",
      calls->one, calls->several, calls->none, calls->slot_one, calls->slot_several,
      calls->slot_open, calls->slot_none, calls->other, result->linked_programs,
      percent(calls->one + calls->several, calls->none),
      percent(calls->slot_one + calls->slot_several, calls->slot_open + calls->slot_none));
}

static const char *describe_recursion(Arena *arena, const Recursions *recursions) {
  const uint32_t *bounded = recursions->bounded;
  uint32_t kinds[DEPTH_UNKNOWN + 1] = {0};
  for (uint32_t i = 0; i < recursions->count; i++)
    kinds[recursions->cycles[i].kind]++;
  return arena_printf(
      arena,
      "%u functions on cycles of calls; calls and cycles that are bounded: %u by the stack, %u by "
      "a limit, %u by halving, %u by a condition that holds once, %u by what stands in the "
      "program; "
      "others, by function: %u lists, %u "
      "trees, %u arguments, %u input, %u folders, %u answers, %u not understood; components with "
      "more cycles than were looked at: %u; functions too large: %u",
      recursions->functions, bounded[DEPTH_STACK], bounded[DEPTH_LIMIT], bounded[DEPTH_LOGARITHM],
      bounded[DEPTH_ONCE], bounded[DEPTH_FIXED], kinds[DEPTH_LIST], kinds[DEPTH_TREE],
      kinds[DEPTH_COUNTED], kinds[DEPTH_INPUT], kinds[DEPTH_FOLDER], kinds[DEPTH_ANSWER],
      kinds[DEPTH_UNKNOWN], recursions->too_many, recursions->too_large);
}

static const char *describe_locks(Arena *arena, const LockCounts *locks) {
  return arena_printf(
      arena,
      "of %u classes, %u ordered pairs; on circles: %u ways to them, %u with the first lock given "
      "back in between; %u circles of up to 4 locks, of which %u are none because of a try, %u "
      "because of readers, %u because of a gate, %u because the threads do not meet, %u because "
      "one is never released; %u are told as others",
      locks->classes, locks->pairs, locks->orders, locks->given_up, locks->circles, locks->tries,
      locks->reads, locks->gates, locks->threads, locks->unreleased, locks->told);
}

static const char *describe_annotations(Arena *arena, DeclaredCounts declared) {
  return arena_printf(arena,
                      "of declarations: %u functions that say what they do to locks, %u guards and "
                      "orders of locks, %u not understood",
                      declared.functions, declared.data, declared.not_understood);
}

/* What the analysis has to say besides findings, kept for runs that have nothing to analyse. */
static const Remark *remarks_of(Run *run, const AnalyseResult *result, size_t *remark_count) {
  size_t function_count, count = 0;
  const StoredFunction *functions = store_functions(run->store, &function_count);
  Remark *remarks =
      arena_new_array(run->arena, Remark, result->degraded_count + result->rules.mixed_count + 7);
  for (size_t i = 0; i < function_count; i++)
    if (result->rules.degraded[i])
      remarks[count++] = (Remark){"degraded", functions[i].key, result->rules.degraded[i]};
  for (uint32_t i = 0; i < result->rules.mixed_count; i++)
    remarks[count++] =
        (Remark){REMARK_MIXED_EXITS, result->rules.mixed[i].key,
                 result->rules.mixed[i].direct ? MIXED_DIRECTLY : "through its callees"};
  remarks[count++] = (Remark){REMARK_LOCK_FUNCTIONS, "",
                              arena_printf(run->arena, "%u", result->rules.lock_functions)};
  remarks[count++] = (Remark){REMARK_DIRECT_LOCK_FUNCTIONS, "",
                              arena_printf(run->arena, "%u", result->rules.direct_lock_functions)};
  remarks[count++] = (Remark){"calls", "", describe_calls(run->arena, result)};
  remarks[count++] =
      (Remark){"recursion", "", describe_recursion(run->arena, result->rules.recursions)};
  remarks[count++] = (Remark){"locks", "", describe_locks(run->arena, &result->rules.locks)};
  DeclaredCounts declared = models_declared_counts(run->models);
  if (declared.functions || declared.not_understood)
    remarks[count++] = (Remark){"annotations", "", describe_annotations(run->arena, declared)};
  if (are_locks_compiled_away(run, result))
    remarks[count++] = (Remark){REMARK_COMPILED_AWAY, "",
                                "lock types are declared, but no lock is ever taken in this build"};
  *remark_count = count;
  return remarks;
}

Outcome run_last_outcome(Run *run) {
  Outcome outcome = {.complete = is_complete(run)};
  const StoredFinding *stored = store_findings(run->store, run->arena, &outcome.count);
  Finding *findings = arena_new_array(run->arena, Finding, outcome.count);
  for (size_t i = 0; i < outcome.count; i++)
    findings[i] = stored[i].finding;
  outcome.findings = findings;
  outcome.remarks = store_remarks(run->store, run->arena, &outcome.remark_count);
  return outcome;
}

bool run_was_last(Run *run) { return store_findings_are_of(run->store, run_key(run)); }

Outcome run_analyse(Run *run) {
  Hash key = run_key(run);
  if (store_run_is_current(run->store, key))
    return run_last_outcome(run);
  bool *enabled = arena_new_array(run->arena, bool, rule_count);
  memset(enabled, true, rule_count);
  AnalyseResult result = analyse_program(run->arena, run->store, run->models, run->symbols,
                                         &(AnalyseOptions){.enabled = enabled,
                                                           .settings = run->settings,
                                                           .project = &run->project,
                                                           .stack = run->stack});
  Outcome outcome = {.key = key,
                     .complete = is_complete(run),
                     .findings = result.rules.findings,
                     .count = result.rules.count};
  outcome.remarks = remarks_of(run, &result, &outcome.remark_count);
  run->stats.functions += result.function_count;
  run->stats.analysed += result.rules.analysed;
  run->stats.link_seconds += result.link_seconds;
  run->stats.rule_seconds += result.rule_seconds;
  return outcome;
}

static void analyse(Run *run) {
  Hash key = run_key(run);
  if (store_run_is_current(run->store, key)) {
    phase_begin("store");
    store_repeat_findings(run->store, run->wall_time);
    return;
  }
  Outcome outcome = run_analyse(run);
  phase_begin("store");
  store_put_findings(run->store, outcome.key, run->wall_time, outcome.complete, outcome.findings,
                     outcome.count);
  store_put_remarks(run->store, outcome.remarks, outcome.remark_count);
}

/* ---- a whole run */

/* A unit that is not the same after a prefix is a fault of ours, whatever else was found. */
static int verified(const Run *run, int code) {
  const ReadingResult *reading = &run->reading;
  if (!run->options->verify_pch)
    return code;
  inform("precompiled prefixes: %u made; %u units are the same after one, %u are not, %u were in "
         "doubt, %u begin with none",
         reading->prefixes.made, reading->prefixes.equal, reading->prefixes.different,
         reading->prefixes.again,
         reading->read - reading->prefixes.equal - reading->prefixes.different -
             reading->prefixes.again);
  return reading->prefixes.different ? EXIT_INTERNAL : code;
}

static Run begin(const Options *options) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  Run run = {
      .arena = arena_new(), .options = options, .started = run_clock(), .wall_time = t.tv_sec};
  run.until = options->seconds > 0 ? run.started + options->seconds : 0;
  selection_rules(run.arena, options); // a misspelt rule is an error before the work, not after
  selection_paths_exist(run.arena, options);
  outputs_check(options);
  return run;
}

static void end(Run *run) {
  store_close(run->store);
  if (run->models)
    models_free(run->models);
  text_pool_free(run->symbols);
  hash_map_free(&run->left);
  arena_free(run->arena);
}

/* A baseline that cannot be read is told before the work. */
static void find_project(Run *run) {
  const Options *options = run->options;
  run->project = project_find(run->arena, options);
  if (!options->baseline && options->command != COMMAND_BASELINE)
    return;
  run->baseline_path = baseline_path(run->arena, options, run->project.database->roots);
  Outcome baseline = baseline_read(run->arena, run->baseline_path);
  run->baseline = arena_copy(run->arena, &baseline, sizeof baseline);
}

static void read_and_analyse(Run *run) {
  run_load_models(run);
  run->store = project_store(run->arena, run->options, &run->project, STORE_WRITE);
  run_read(run, run->project.jobs, NULL);
  analyse(run);
}

int pipeline_check(const Options *options) {
  Run run = begin(options);
  find_project(&run);
  int code;
  if (options->staged) {
    run_load_models(&run);
    code = views_check_staged(&run);
  } else {
    read_and_analyse(&run);
    code = verified(&run, views_report(&run));
  }
  end(&run);
  return code;
}

static int write_baseline(const Options *options) {
  if (options->arguments.count)
    die(EXIT_USAGE, "baseline write: it keeps what is found in the whole program; '%s' is too much",
        options->arguments.at[0]);
  Run run = begin(options);
  run.project = project_find(run.arena, options);
  run.baseline_path = baseline_path(run.arena, options, run.project.database->roots);
  read_and_analyse(&run);
  int code = run_write_baseline(&run);
  end(&run);
  return code;
}

int pipeline_baseline(const Options *options) {
  const char *action = options->arguments.at[0];
  Options own = *options;
  own.arguments.at++;
  own.arguments.count--;
  if (!strcmp(action, "write"))
    return write_baseline(&own);
  if (strcmp(action, "check"))
    die(EXIT_USAGE, "baseline: '%s' is neither write nor check", action);
  return pipeline_check(&own);
}

int pipeline_report(const Options *options) {
  Run run = begin(options);
  find_project(&run);
  run.store = project_store(run.arena, options, &run.project, STORE_READ);
  run.reading.unchanged = run.project.jobs->count;
  run.stats.stored = true;
  int code = views_report(&run);
  end(&run);
  return code;
}

/* ---- in pieces */

/* What a parse depends on besides sources and flags, the models' lock types included. */
static ShardHead shard_head(Run *run, const ReadingInput *input, ShardPlace place) {
  Hash version = reading_version(run->arena);
  for (size_t i = 0; i < input->lock_type_count; i++)
    version = hash_pair(version, hash_text(input->lock_types[i]));
  return (ShardHead){version, shard_program(run->project.jobs), place};
}

typedef struct {
  ShardWriter writer;
  uint32_t failed;
} Piece;

static void take_unit(void *context, const Unit *unit) {
  Piece *piece = context;
  shard_add(&piece->writer, unit);
  piece->failed += unit->status != UNIT_OK;
}

int pipeline_tu(const Options *options) {
  if (!options->output)
    die(EXIT_USAGE, "tu: --output FILE is missing");
  ShardPlace place = shard_place(options->shard);
  Run run = begin(options);
  run.project = project_find(run.arena, options);
  run_load_models(&run);
  ReadingInput input = all_units(&run);
  Piece piece = {.writer = {.head = shard_head(&run, &input, place)}};
  JobList jobs = shard_jobs(run.arena, run.project.jobs, place);
  input.jobs = &jobs;
  input.take = take_unit;
  input.context = &piece;
  run.reading = read_units(run.arena, NULL, &input, options);
  if (run.reading.signal)
    end_by_signal(&run, run.reading.signal);
  shard_write(&piece.writer, options->output);
  inform("shard %u/%u: %u unit%s, %u failed", place.number, place.count, jobs.count,
         jobs.count == 1 ? "" : "s", piece.failed);
  end(&run);
  return piece.failed && !options->allow_partial ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

static void store_shards(Run *run, Shard *shards, size_t count) {
  const JobList *jobs = run->project.jobs;
  UnitKey *keys = arena_new_array(run->arena, UnitKey, jobs->count);
  for (uint32_t i = 0; i < jobs->count; i++)
    keys[i] = (UnitKey){jobs->jobs[i].shown, jobs->jobs[i].command_hash};
  Arena *scratch = arena_new();
  store_begin(run->store);
  for (size_t i = 0; i < count; i++)
    for (Unit *unit; (unit = shard_next(&shards[i], scratch)); arena_reset(scratch)) {
      store_put_unit(run->store, unit);
      run->reading.read++;
    }
  store_keep_units(run->store, keys, jobs->count);
  store_commit(run->store);
  arena_free(scratch);
}

int pipeline_link(const Options *options) {
  Options plain = *options;
  plain.arguments = (Texts){0}; // the files are no PATHs
  Run run = begin(&plain);
  find_project(&run);
  run_load_models(&run);
  ReadingInput input = all_units(&run);
  ShardHead expected = shard_head(&run, &input, (ShardPlace){0, 0});
  Shard *shards =
      shards_read(run.arena, options->arguments.at, options->arguments.count, &expected);
  run.store = project_store(run.arena, options, &run.project, STORE_WRITE);
  store_shards(&run, shards, options->arguments.count);
  analyse(&run);
  int code = views_report(&run);
  end(&run);
  return code;
}
