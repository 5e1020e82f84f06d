/* analyse.c - see analyse.h. */
#include "run/analyse.h"

#include <time.h>

#include "base/bytes.h"
#include "base/guard.h"
#include "base/message.h"
#include "link/linkage.h"
#include "run/given.h"
#include "run/phase.h"
#include "rule/registry.h"

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* What OVERSTAY_WITHOUT leaves out in development builds. */
static uint32_t switched_off(void) {
  static const struct {
    const char *name;
    uint32_t flag;
  } mechanisms[] = {
      {"facts", WITHOUT_FACTS},         {"pins", WITHOUT_PINS},
      {"canonical", WITHOUT_CANONICAL}, {"pure", WITHOUT_PURE},
      {"families", WITHOUT_FAMILIES},   {"cases", WITHOUT_CASES},
      {"rounds", WITHOUT_ROUNDS},       {"relations", WITHOUT_RELATIONS},
      {"replay", WITHOUT_REPLAY},       {"getters", WITHOUT_GETTERS},
      {"slots", WITHOUT_SLOTS},         {"cleanup", WITHOUT_CLEANUP},
      {"noreturn", WITHOUT_NORETURN},   {"handoff", WITHOUT_HANDOFF},
      {"kinds", WITHOUT_KINDS},         {"entry", WITHOUT_ENTRY},
      {"nesting", WITHOUT_NESTING},     {"ignored", WITHOUT_IGNORED},
      {"errno", WITHOUT_ERRNO},
  };
  uint32_t flags = 0;
  for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
    if (!guard_on(mechanisms[i].name))
      flags |= mechanisms[i].flag;
  return flags;
}

/* ---- the program, and what is known of its functions from earlier runs */

typedef struct {
  Store *store;
  const StoredFunction *functions; // by id in the program
  TextPool *symbols;
  Arena *arena;  // of the summary being read
  Hash settings; // program, models and mechanisms
  bool stores_nothing;
  const Instead *instead;
  ByteWriter bytes;
} Past;

static bool is_other(const Past *past, uint32_t id) {
  return past->instead && past->instead->function == id;
}

static const Function *load_code(void *context, Arena *arena, uint32_t id) {
  const Past *past = context;
  return is_other(past, id) ? past->instead->code : store_function(past->store, arena, id);
}

static ByteReader load_bytes(const Past *past, Arena *arena, uint32_t id) {
  StoredSummary stored;
  if (!store_get_summary(past->store, arena, past->functions[id].id, SUMMARY_WHOLE, &stored))
    die(EXIT_INTERNAL, "cannot read the summary of '%s'", // its seal was good a moment ago
        past->functions[id].key);
  return bytes_reader(stored.bytes, stored.count);
}

static const Summary *load_summary(void *context, Arena *arena, uint32_t id) {
  Past *past = context;
  arena_reset(past->arena);
  ByteReader in = load_bytes(past, past->arena, id);
  const Summary *summary = summary_read(arena, &in, past->symbols);
  if (!summary)
    die(EXIT_INTERNAL, "cannot read the summary of '%s'", past->functions[id].key);
  return summary;
}

static ByteReader load_summaries(void *context, Arena *arena, const ProgramFunction *function) {
  return load_bytes(context, arena, function->id);
}

static bool recall(void *context, Arena *arena, const ProgramFunction *function,
                   Remembered *remembered) {
  Past *past = context;
  StoredSummary stored;
  if (!store_get_summary(past->store, arena, past->functions[function->id].id, SUMMARY_RESULT,
                         &stored) ||
      !hash_equal(stored.maker, past->settings))
    return false;
  *remembered = (Remembered){.answers = stored.in_hash,
                             .summary_hash = stored.sem_hash,
                             .bytes = stored.result,
                             .count = stored.result_count};
  return true;
}

static void keep(void *context, const ProgramFunction *function, const Remembered *remembered) {
  Past *past = context;
  if (past->stores_nothing)
    return;
  past->bytes.count = 0;
  summary_write(&past->bytes, function->summary, past->symbols);
  bytes_put_raw(&past->bytes, remembered->summaries, remembered->summaries_count);
  StoredSummary summary = {.maker = past->settings,
                           .in_hash = remembered->answers,
                           .sem_hash = remembered->summary_hash,
                           .result = remembered->bytes,
                           .result_count = remembered->count,
                           .bytes = past->bytes.at,
                           .count = past->bytes.count};
  store_put_summary(past->store, past->functions[function->id].id, &summary);
}

static const ProgramUnit *program_units(Arena *arena, Store *store, const Project *project,
                                        size_t *count) {
  const StoredUnit *stored = store_units(store, count);
  ProgramUnit *units = arena_new_array(arena, ProgramUnit, *count);
  for (size_t i = 0; i < *count; i++)
    units[i] = (ProgramUnit){
        stored[i].key.source, stored[i].functions, stored[i].function_count,
        given_programs(project->options, project->database->roots, stored[i].key.source)};
  return units;
}

/* With the other code of one of them. */
static const StoredFunction *all_functions(Arena *arena, const Past *past, size_t *count) {
  const StoredFunction *stored = store_functions(past->store, count);
  if (!past->instead)
    return stored;
  StoredFunction *functions = arena_copy(arena, stored, sizeof *stored * *count);
  StoredFunction *other = &functions[past->instead->function];
  const StoredFunction *otherwise = &past->instead->otherwise;
  other->id = otherwise->id;
  other->body = otherwise->body;
  other->names = otherwise->names;
  other->flags = otherwise->flags;
  other->incomplete = otherwise->incomplete;
  return functions;
}

/* Sources of units without a result. */
static const char *const *missing_units(Arena *arena, Store *store, uint32_t *missing_count) {
  size_t count;
  const StoredUnit *units = store_units(store, &count);
  const char **missing = arena_new_array(arena, const char *, count);
  for (size_t i = 0; i < count; i++)
    if (units[i].status != UNIT_OK)
      missing[(*missing_count)++] = units[i].key.source;
  return missing;
}

/* What the program's own declarations say about locks: models like any other. */
static void declare(Arena *arena, Store *store, ModelSet *models) {
  size_t count, found = 0;
  const StoredUnit *units = store_units(store, &count);
  const char **texts = arena_new_array(arena, const char *, count);
  for (size_t i = 0; i < count && guard_on("annotations"); i++)
    if (*units[i].annotations)
      texts[found++] = units[i].annotations;
  models_declare(models, texts, found);
}

static Program *link_program(Arena *arena, Past *past, const Project *project, ModelSet *models) {
  size_t count, unit_count;
  declare(arena, past->store, models);
  past->functions = all_functions(arena, past, &count);
  FunctionSource source = {.code = load_code, .summary = load_summary, .context = past};
  Program *program = program_new(arena, past->symbols, models, source);
  const ProgramUnit *units = program_units(arena, past->store, project, &unit_count);
  program_set_units(program, units, (uint32_t)unit_count);
  for (size_t i = 0; i < count; i++) {
    const StoredFunction *function = &past->functions[i];
    const FunctionLinks *links = is_other(past, (uint32_t)i)
                                     ? past->instead->links
                                     : store_links(past->store, arena, past->symbols, i);
    program_add(program, &(Declaration){.key = function->key,
                                        .name = function->name,
                                        .source = function->source,
                                        .flags = function->flags,
                                        .body_hash = function->body,
                                        .names_hash = function->names,
                                        .links = links,
                                        .units = function->units,
                                        .unit_count = function->unit_count});
  }
  program_link(program);
  return program;
}

Program *analyse_link(Arena *arena, Store *store, const Project *project, ModelSet *models,
                      TextPool *symbols) {
  Past *past = arena_new_one(arena, Past);
  *past = (Past){.store = store, .symbols = symbols};
  return link_program(arena, past, project, models);
}

AnalyseResult analyse_program(Arena *arena, Store *store, ModelSet *models, TextPool *symbols,
                              const AnalyseOptions *options) {
  double start = cpu_seconds();
  phase_begin("link");
  Past past = {.store = store,
               .symbols = symbols,
               .arena = arena_new(),
               .settings = options->settings,
               .instead = options->instead,
               .stores_nothing = options->stores_nothing};
  Program *program = link_program(arena, &past, options->project, models);
  double linked = cpu_seconds();
  phase_begin("analysis");
  Memory memory = {.recall = recall, .keep = keep, .summaries = load_summaries, .context = &past};
  if (!options->stores_nothing)
    store_begin(store);
  RuleOptions rules = {.enabled = options->enabled,
                       .memory = &memory,
                       .without = switched_off(),
                       .stack = options->stack,
                       .lives = options->lives,
                       .chains = options->chains,
                       .cycles = options->cycles,
                       .lock_graph = options->lock_graph,
                       .contents = options->contents,
                       .content_deeds = options->content_deeds,
                       .guards = options->guards,
                       .frames = options->frames,
                       .needs = options->needs,
                       .waits = options->waits};
  rules.recursions =
      store_get_kept(store, arena, "recursions", options->settings, &rules.recursion_bytes);
  rules.missing = missing_units(arena, store, &rules.missing_count);
  RuleRun run = rules_run(arena, program, &rules);
  if (!options->stores_nothing) {
    store_keep(store, "recursions", options->settings, run.recursions->bytes,
               run.recursions->byte_count);
    store_commit(store);
  }
  AnalyseResult result = {.rules = run,
                          .function_count = program->function_count,
                          .calls = program->calls,
                          .linked_programs = linkage_count(program),
                          .link_seconds = linked - start,
                          .rule_seconds = cpu_seconds() - linked};
  for (uint32_t i = 0; i < program->function_count; i++)
    result.degraded_count += run.degraded[i] != NULL;
  program_free(program);
  arena_free(past.arena);
  bytes_free(&past.bytes);
  return result;
}
