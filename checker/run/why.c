/* why.c - see why.h. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash_map.h"
#include "base/path.h"
#include "rule/registry.h"
#include "run/why_inside.h"

/* A trial costs as much as a run with nothing to parse. */
enum { MOST_FINDINGS = 64, MOST_CHANGES = 32, MOST_TRIALS = 4 };
enum { FAR = 0xffff, BEHIND = 0x8000, LONGEST_SOURCE = 1 << 28 };

static const char kept_key[] = "reasons";

typedef struct {
  size_t finding;
  uint16_t *distance; // by function: calls away from where the finding stands
  uint32_t best;      // rank of the change that made it
  const char *words;
  Position at;
} Asked;

/* As store_functions() has it now. */
typedef struct {
  const char *key;
  Hash body;
} Known;

struct Why {
  Run *run;
  Arena *arena;
  const Tree *now;
  Outcome outcome;
  Asked *asked;
  size_t asked_count;
  Known *functions;
  size_t function_count;
  ARRAY(uint32_t) near; // functions that changed, in the order in which they are asked
  ARRAY(Changed) changed;
};

/* ---- what is near to a finding */

/* Ways over calls, whoever calls whom. */
static void measure(const Program *program, uint16_t *distance, uint32_t *queue, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const ProgramFunction *here = &program->functions[queue[i]];
    const uint32_t *lists[] = {here->callees, here->callers};
    uint32_t counts[] = {here->callee_count, here->caller_count};
    for (size_t k = 0; k < 2; k++)
      for (uint32_t n = 0; n < counts[k]; n++) {
        uint32_t next = lists[k][n];
        if (distance[next] != FAR)
          continue;
        distance[next] = (uint16_t)(distance[queue[i]] + (distance[queue[i]] + 1 < BEHIND));
        queue[count++] = next;
      }
  }
}

static void add_start(const Why *why, const Position *at, uint16_t distance, Asked *asked,
                      uint32_t *queue, size_t *count) {
  ptrdiff_t index = at->function ? store_find_body(why->run->store, at->function, at->body) : -1;
  if (index < 0 || asked->distance[index] != FAR)
    return;
  asked->distance[index] = distance;
  queue[(*count)++] = (uint32_t)index;
}

static void measure_all(Why *why) {
  Run *run = why->run;
  Program *program = analyse_link(why->arena, run->store, &run->project, run->models, run->symbols);
  uint32_t *queue = arena_new_array(why->arena, uint32_t, program->function_count);
  for (size_t i = 0; i < why->asked_count; i++) {
    Asked *asked = &why->asked[i];
    const Finding *finding = &why->outcome.findings[asked->finding];
    size_t count = 0;
    asked->distance = arena_new_array(why->arena, uint16_t, program->function_count);
    memset(asked->distance, 0xff, sizeof *asked->distance * program->function_count);
    add_start(why, &finding->at, 0, asked, queue, &count);
    for (uint32_t k = 0; k < finding->step_count; k++)
      add_start(why, &finding->steps[k].at, 1, asked, queue, &count);
    measure(program, asked->distance, queue, count);
  }
  program_free(program);
}

Why *why_begin(Run *run, const Tree *now, const Outcome *outcome, const bool *is_new) {
  Why *why = arena_new_one(run->arena, Why);
  *why = (Why){.run = run, .arena = arena_new(), .now = now, .outcome = *outcome};
  why->asked = arena_new_array(why->arena, Asked, MOST_FINDINGS);
  for (size_t i = 0; i < outcome->count && why->asked_count < MOST_FINDINGS; i++)
    if (is_new[i])
      why->asked[why->asked_count++] = (Asked){.finding = i};
  if (!why->asked_count) {
    arena_free(why->arena);
    return NULL;
  }
  const StoredFunction *functions = store_functions(run->store, &why->function_count);
  why->functions = arena_new_array(why->arena, Known, why->function_count);
  for (size_t i = 0; i < why->function_count; i++)
    why->functions[i] = (Known){arena_text(why->arena, functions[i].key), functions[i].body};
  measure_all(why);
  return why;
}

/* ---- what changed */

static Lines lines_of(Run *run, Arena *arena, const Tree *tree, const Function *f) {
  const char *path = roots_path(arena, run->project.database->roots, f->source);
  FileText file = tree_read(arena, tree, path, LONGEST_SOURCE);
  const char *at = file.text, *end = file.text ? file.text + file.size : NULL;
  for (uint32_t line = 1; at && line < f->line; line++)
    at = (at = memchr(at, '\n', (size_t)(end - at))) ? at + 1 : NULL;
  const char *stop = at;
  for (uint32_t line = f->line; stop && stop < end && line <= f->end_line; line++) {
    const char *newline = memchr(stop, '\n', (size_t)(end - stop));
    stop = newline ? newline + 1 : end;
  }
  return (Lines){at, at ? (size_t)(stop - at) : 0};
}

static bool is_only_one(const Why *why, size_t i) {
  const Known *here = &why->functions[i];
  return (!i || strcmp(here[-1].key, here->key) != 0) &&
         (i + 1 == why->function_count || strcmp(here[1].key, here->key) != 0);
}

/* Functions with one body in either view, and not the same. */
static uint32_t *changed_functions(Why *why, uint32_t *count) {
  size_t old_count;
  const StoredFunction *old = store_functions(why->run->store, &old_count);
  uint32_t *changed = arena_new_array(why->arena, uint32_t, why->function_count);
  *count = 0;
  for (size_t i = 0; i < why->function_count; i++) {
    size_t first;
    if (is_only_one(why, i) && store_find(why->run->store, why->functions[i].key, &first) == 1 &&
        !hash_equal(old[first].body, why->functions[i].body))
      changed[(*count)++] = (uint32_t)i;
  }
  return changed;
}

static bool is_near(const Why *why, uint32_t function) {
  for (size_t i = 0; i < why->near.count; i++)
    if (why->near.at[i] == function)
      return true;
  return false;
}

/* The nearest that is not yet among them; ties by the order of the functions. */
static bool add_nearest(Why *why, const Asked *asked, const uint32_t *changed, uint32_t count) {
  uint32_t best = MAP_ABSENT;
  for (uint32_t i = 0; i < count; i++)
    if (!is_near(why, changed[i]) &&
        (best == MAP_ABSENT || asked->distance[changed[i]] < asked->distance[best]))
      best = changed[i];
  if (best != MAP_ABSENT)
    array_push(&why->near, best);
  return best != MAP_ABSENT;
}

/* In turn for each finding. */
static void choose(Why *why, const uint32_t *changed, uint32_t count) {
  bool any = true;
  while (any && why->near.count < MOST_CHANGES) {
    any = false;
    for (size_t i = 0; i < why->asked_count && why->near.count < MOST_CHANGES; i++)
      any |= add_nearest(why, &why->asked[i], changed, count);
  }
}

static Changed take_old(Why *why, uint32_t function, const Tree *before) {
  Run *run = why->run;
  size_t count, index;
  const Known *known = &why->functions[function];
  store_find(run->store, known->key, &index);
  Changed changed = {
      .old = {.function = function, .otherwise = store_functions(run->store, &count)[index]},
      .key = known->key,
      .body = known->body};
  changed.old.otherwise.incomplete = arena_text(why->arena, changed.old.otherwise.incomplete);
  changed.old.code = store_function(run->store, why->arena, index);
  changed.old.links = store_links(run->store, why->arena, run->symbols, index);
  changed.lines = lines_of(run, why->arena, before, changed.old.code);
  return changed;
}

void why_before(Why *why, const Tree *before) {
  uint32_t count;
  const uint32_t *changed = changed_functions(why, &count);
  choose(why, changed, count);
  for (size_t i = 0; i < why->near.count; i++)
    array_push(&why->changed, take_old(why, why->near.at[i], before));
}

/* ---- trials */

static bool is_shown(const Run *run, const Finding *finding) {
  return (int)finding->confidence >= run->options->min_confidence &&
         (int)finding->severity >= run->options->min_severity;
}

static bool same_subject(const Finding *a, const Finding *b) {
  return !strcmp(a->rule, b->rule) && !strcmp(a->at.function, b->at.function) &&
         !strcmp(a->object, b->object);
}

static size_t count_like(const Run *run, const Finding *findings, size_t count,
                         const Finding *finding) {
  size_t same = 0;
  for (size_t i = 0; i < count; i++)
    same += is_shown(run, &findings[i]) && same_subject(&findings[i], finding);
  return same;
}

/* Fewer of its like are there, and it is none of them. */
static bool is_lacking(const Why *why, const RuleRun *trial, const Finding *finding) {
  for (uint32_t i = 0; i < trial->count; i++)
    if (hash_equal(trial->findings[i].fingerprint, finding->fingerprint) &&
        is_shown(why->run, &trial->findings[i]))
      return false;
  return count_like(why->run, trial->findings, trial->count, finding) <
         count_like(why->run, why->outcome.findings, why->outcome.count, finding);
}

/* What was written otherwise comes before what only a macro, or its line, makes another. */
static uint32_t rank_of(const Asked *asked, const Change *change) {
  return asked->distance[change->changed->old.function] +
         (change_is_written(change) ? 0u : (uint32_t)BEHIND);
}

/* Something could be said of one that no nearer one explains. */
static const char *words_for(const Why *why, const Asked *asked, const Change *change) {
  return asked->words && asked->best <= rank_of(asked, change)
             ? NULL
             : change_words(change, &why->outcome.findings[asked->finding]);
}

static bool is_worth_it(const Why *why, const Change *change) {
  for (size_t i = 0; i < why->asked_count; i++)
    if (words_for(why, &why->asked[i], change))
      return true;
  return false;
}

static void try_without(Why *why, const Change *change) {
  Run *run = why->run;
  Arena *scratch = arena_new();
  bool *enabled = arena_new_array(scratch, bool, rule_count);
  memset(enabled, true, rule_count);
  RuleRun trial = analyse_program(scratch, run->store, run->models, run->symbols,
                                  &(AnalyseOptions){.instead = &change->changed->old,
                                                    .enabled = enabled,
                                                    .settings = run->settings,
                                                    .project = &run->project,
                                                    .stack = run->stack,
                                                    .stores_nothing = true})
                      .rules;
  for (size_t i = 0; i < why->asked_count; i++) {
    Asked *asked = &why->asked[i];
    const char *words = words_for(why, asked, change);
    if (!words || !is_lacking(why, &trial, &why->outcome.findings[asked->finding]))
      continue;
    asked->best = rank_of(asked, change);
    asked->words = arena_printf(run->arena, "new because %s", words);
    asked->at = change_position(change);
  }
  arena_free(scratch);
}

/* False: it is not as it was looked at before, or cannot be put in the place of what is now. */
static bool make_change(Why *why, const Changed *changed, Change *change) {
  Run *run = why->run;
  size_t count;
  ptrdiff_t index = store_find_body(run->store, changed->key, changed->body);
  if (index < 0 || (uint32_t)index != changed->old.function)
    return false;
  *change = (Change){.arena = why->arena,
                     .store = run->store,
                     .symbols = run->symbols,
                     .changed = changed,
                     .now = store_function(run->store, why->arena, (size_t)index),
                     .id = store_functions(run->store, &count)[index].id};
  change->lines = lines_of(run, why->arena, why->now, change->now);
  return change_is_comparable(change);
}

static void try_all(Why *why) {
  uint32_t count = 0, trials = 0;
  Change *changes = arena_new_array(why->arena, Change, why->changed.count);
  for (size_t i = 0; i < why->changed.count; i++)
    count += make_change(why, &why->changed.at[i], &changes[count]);
  for (int behind = 0; behind < 2; behind++)
    for (uint32_t i = 0; i < count && trials < MOST_TRIALS; i++)
      if (change_is_written(&changes[i]) == !behind && is_worth_it(why, &changes[i])) {
        try_without(why, &changes[i]);
        trials++;
      }
}

/* ---- what is said */

static Finding with_reason(const Why *why, const Asked *asked) {
  Arena *arena = why->run->arena;
  Finding finding = why->outcome.findings[asked->finding];
  Step *steps = arena_new_array(arena, Step, finding.step_count + 1);
  memcpy(steps, finding.steps, sizeof *steps * finding.step_count);
  steps[finding.step_count++] = (Step){.kind = STEP_REASON, .at = asked->at, .text = asked->words};
  steps[finding.step_count - 1].at.function = arena_text(arena, asked->at.function);
  finding.steps = steps;
  return finding;
}

Outcome why_tell(Why *why) {
  try_all(why);
  Outcome told = why->outcome;
  Finding *findings =
      arena_copy(why->run->arena, told.findings, sizeof *told.findings * told.count);
  for (size_t i = 0; i < why->asked_count; i++)
    if (why->asked[i].words)
      findings[why->asked[i].finding] = with_reason(why, &why->asked[i]);
  told.findings = findings;
  return told;
}

void why_keep(const Why *why, const char *since) {
  ByteWriter kept = {0};
  for (size_t i = 0; i < why->asked_count; i++) {
    const Asked *asked = &why->asked[i];
    if (!asked->words)
      continue;
    const Finding *finding = &why->outcome.findings[asked->finding];
    bytes_put_raw(&kept, &finding->fingerprint, sizeof finding->fingerprint);
    bytes_put_text(&kept, arena_printf(why->arena, "%s, compared with %.12s", asked->words, since));
  }
  store_keep(why->run->store, kept_key, hash_text(kept_key), kept.at, kept.count);
  bytes_free(&kept);
}

void why_free(Why *why) {
  array_free(&why->near);
  array_free(&why->changed);
  arena_free(why->arena);
}

const char *why_recall(Store *store, Arena *arena, Hash fingerprint) {
  size_t count;
  const void *kept = store_get_kept(store, arena, kept_key, hash_text(kept_key), &count);
  if (!kept)
    return NULL;
  for (ByteReader r = bytes_reader(kept, count); r.at < r.end;) {
    Hash of = bytes_get_hash(&r);
    const char *words = bytes_get_text(&r, arena);
    if (r.failed)
      return NULL;
    if (hash_equal(of, fingerprint))
      return words;
  }
  return NULL;
}
