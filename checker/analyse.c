/* analyse.c - see analyse.h. */
#include "analyse.h"

#include <time.h>

#include "base/guard.h"
#include "link/program.h"
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
      {"relations", WITHOUT_RELATIONS}, {"replay", WITHOUT_REPLAY},
      {"getters", WITHOUT_GETTERS},     {"slots", WITHOUT_SLOTS},
      {"cleanup", WITHOUT_CLEANUP},     {"noreturn", WITHOUT_NORETURN},
      {"handoff", WITHOUT_HANDOFF},     {"kinds", WITHOUT_KINDS},
  };
  uint32_t flags = 0;
  for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
    if (!guard_on(mechanisms[i].name))
      flags |= mechanisms[i].flag;
  return flags;
}

static const Function *load_code(void *store, Arena *arena, uint32_t id) {
  return store_function(store, arena, id);
}

static const ProgramUnit *program_units(Arena *arena, Store *store, size_t *count) {
  const StoredUnit *stored = store_units(store, count);
  ProgramUnit *units = arena_new_array(arena, ProgramUnit, *count);
  for (size_t i = 0; i < *count; i++)
    units[i] = (ProgramUnit){stored[i].key.source, stored[i].functions, stored[i].function_count};
  return units;
}

static Program *link_program(Arena *arena, Store *store, const ModelSet *models,
                             TextPool *symbols) {
  size_t count, unit_count;
  const StoredFunction *stored = store_functions(store, &count);
  Program *program = program_new(arena, symbols, models, (CodeSource){load_code, store});
  const ProgramUnit *units = program_units(arena, store, &unit_count);
  program_set_units(program, units, (uint32_t)unit_count);
  for (size_t i = 0; i < count; i++)
    program_add(program, &(Declaration){.key = stored[i].key,
                                        .name = stored[i].name,
                                        .source = stored[i].source,
                                        .flags = stored[i].flags,
                                        .body_hash = stored[i].body,
                                        .links = store_links(store, arena, i),
                                        .units = stored[i].units,
                                        .unit_count = stored[i].unit_count});
  program_link(program);
  return program;
}

/* Of all that a summary was computed from: the body, the models, and what the callees say. */
static Hash input_hash(const Program *program, const ProgramFunction *function) {
  Hash hash = hash_pair(function->declared.body_hash, models_hash(program->models));
  for (uint32_t i = 0; i < function->callee_count; i++) {
    const Summary *summary = program->functions[function->callees[i]].summary;
    if (summary && !function->recursive)
      hash = hash_pair(hash, summary->hash);
  }
  return hash;
}

static void store_summaries(Store *store, const Program *program) {
  size_t count;
  const StoredFunction *stored = store_functions(store, &count);
  ByteWriter bytes = {0};
  store_begin(store);
  for (size_t i = 0; i < count; i++) {
    const ProgramFunction *function = &program->functions[i];
    if (!function->summary)
      continue;
    bytes.count = 0;
    summary_write(&bytes, function->summary, program->symbols);
    StoredSummary summary = {.in_hash = input_hash(program, function),
                             .sem_hash = function->summary->hash,
                             .flags = function->summary->flags,
                             .bytes = bytes.at,
                             .count = bytes.count};
    store_put_summary(store, stored[i].id, &summary);
  }
  store_commit(store);
  bytes_free(&bytes);
}

AnalyseResult analyse_program(Arena *arena, Store *store, const ModelSet *models, TextPool *symbols,
                              const AnalyseOptions *options) {
  double start = cpu_seconds();
  Program *program = link_program(arena, store, models, symbols);
  double linked = cpu_seconds();
  RuleRun run = rules_run(arena, program, options->enabled, switched_off());
  store_summaries(store, program);
  AnalyseResult result = {.findings = run.findings,
                          .finding_count = run.count,
                          .function_count = program->function_count,
                          .lock_functions = run.lock_functions,
                          .mixed = run.mixed_names,
                          .mixed_count = run.mixed,
                          .degraded = run.degraded,
                          .link_seconds = linked - start,
                          .rule_seconds = cpu_seconds() - linked};
  for (uint32_t i = 0; i < program->function_count; i++)
    result.degraded_count += run.degraded[i] != NULL;
  program_free(program);
  return result;
}
