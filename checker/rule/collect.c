/* collect.c - from what the rules have said to what a run tells: the enabled rules' findings in
 * order, one slip once, and each with its fingerprint. */
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "base/hash_map.h"
#include "link/linkage.h"
#include "rule/pass.h"

static bool is_enabled(const bool *enabled, const char *id) {
  for (size_t i = 0; i < rule_count; i++)
    if (!strcmp(all_rules[i]->id, id))
      return enabled[i];
  return false;
}

/* ANALYSIS C.4: rule, object, function, and the kinds of the steps. */
static void set_fingerprints(Finding *finding) {
  Hash loose = hash_pair(hash_text(finding->rule),
                         hash_pair(hash_text(finding->object ? finding->object : ""),
                                   hash_text(finding->at.function)));
  Hash full = hash_pair(loose, hash_text(finding->message));
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const Step *step = &finding->steps[i];
    if (step->kind == STEP_EVIDENCE)
      continue; // what is counted in the whole program changes with all of it
    uint8_t shape[2] = {(uint8_t)step->kind, step->if_true};
    full = hash_pair(full, hash_pair(hash_bytes(shape, sizeof shape), hash_text(step->text)));
  }
  finding->loose = loose;
  finding->fingerprint = full;
}

static int compare_findings(const void *a, const void *b) {
  const Finding *x = a, *y = b;
  int order = strcmp(x->at.function, y->at.function);
  if (!order)
    order = memcmp(&x->at.body, &y->at.body, sizeof x->at.body);
  if (!order && x->at.terminator != y->at.terminator)
    order = x->at.terminator ? 1 : -1;
  if (!order && x->at.index != y->at.index)
    order = x->at.index < y->at.index ? -1 : 1;
  if (!order)
    order = strcmp(x->rule, y->rule);
  return order ? order : strcmp(x->message, y->message);
}

/* One slip once, however many states, rounds and names lead there: the same place and rule, and
 * the same beginning of the story. */
static bool same_finding(const Finding *a, const Finding *b) {
  bool same_place = a->at.index == b->at.index && a->at.terminator == b->at.terminator &&
                    !strcmp(a->at.function, b->at.function) && hash_equal(a->at.body, b->at.body) &&
                    !strcmp(a->rule, b->rule);
  if (!same_place || !a->step_count || !b->step_count)
    return same_place && !strcmp(a->message, b->message);
  return a->steps[0].kind == b->steps[0].kind && a->steps[0].at.index == b->steps[0].at.index &&
         a->steps[0].at.terminator == b->steps[0].at.terminator &&
         (a->steps[0].kind != STEP_BRANCH || !strcmp(a->message, b->message));
}

/* Equal ones of one function are told apart by their order: mending one leaves the others. */
static void number_equals(const Finding *before, Finding *finding) {
  Hash plain = finding->fingerprint;
  uint32_t number = 0;
  for (const Finding *other = finding; other-- > before && guard_on("twins");) {
    if (strcmp(other->at.function, finding->at.function))
      return;
    if (!hash_equal(other->fingerprint, finding->fingerprint))
      continue;
    number++;
    finding->fingerprint = hash_pair(plain, hash_bytes(&number, sizeof number));
    other = finding; // which another may have, too
  }
}

/* ---- one source that is compiled twice, with other macros */

typedef struct {
  HashMap last;     // by what is said: the last finding that says it
  uint32_t *before; // per finding: the one before that says the same, + 1
} Sayings;

/* Rule, object and message, whatever the function is called in this compile, and whatever its
 * records hold: the mark that tells records of one name apart says that. */
static Hash saying(const Finding *finding) {
  const char *colon = strrchr(finding->at.function, ':');
  const char *name = colon ? colon + 1 : finding->at.function;
  const char *message = finding->message, *named = strstr(message, name);
  size_t length = named ? (size_t)(named - message) : strlen(message);
  Hash said = hash_pair(hash_bytes(message, length), hash_text(named ? named + strlen(name) : ""));
  const char *object = finding->object ? finding->object : "", *mark = strchr(object, '#');
  size_t before = mark ? (size_t)(mark - object) : strlen(object);
  Hash about =
      hash_pair(hash_bytes(object, before), hash_text(mark ? mark + strcspn(mark, ".") : ""));
  return hash_pair(hash_text(finding->rule), hash_pair(said, about));
}

static Location location_at(const Function *f, const Position *at) {
  Index number =
      at->terminator ? f->blocks[at->index].location : f->instruction_locations[at->index];
  Location location = number < f->location_count ? f->locations[number] : (Location){0};
  location.line += (int32_t)f->line;
  return location;
}

/* Does the same place of the same file stand there? A macro's functions all stand where it is used:
 * they differ in where the macro has them. */
static bool same_text(Pass *pass, const Position *a, const Position *b) {
  const ProgramFunction *one = function_of_position(pass, a);
  const ProgramFunction *other = function_of_position(pass, b);
  if (!one || !other || strcmp(one->declared.source, other->declared.source) != 0 ||
      linkage_same_unit(one, other))
    return false;
  BorrowedCode of_a = program_borrow(pass->program, one->id);
  Location x = location_at(of_a.function->body, a);
  program_return(&of_a);
  BorrowedCode of_b = program_borrow(pass->program, other->id);
  Location y = location_at(of_b.function->body, b);
  program_return(&of_b);
  return x.line == y.line && x.column == y.column && x.file == y.file &&
         x.spelling_line == y.spelling_line && x.spelling_file == y.spelling_file;
}

static bool is_other_compile(Pass *pass, const Finding *a, const Finding *b) {
  bool same_body = hash_equal(a->at.body, b->at.body) && !strcmp(a->at.function, b->at.function);
  if (same_body || !same_text(pass, &a->at, &b->at))
    return false;
  return !a->step_count || !b->step_count || !a->steps[0].at.function || !b->steps[0].at.function ||
         same_text(pass, &a->steps[0].at, &b->steps[0].at);
}

/* Of both, that of which we are more sure is told. */
static void compare_with_others(Pass *pass, Finding *all, uint32_t i, const Sayings *sayings,
                                bool *is_told) {
  for (uint32_t k = sayings->before[i]; k && is_told[i]; k = sayings->before[k - 1]) {
    if (!is_told[k - 1] || !is_other_compile(pass, &all[i], &all[k - 1]))
      continue;
    is_told[all[i].confidence > all[k - 1].confidence ? k - 1 : i] = false;
  }
}

/* Mended in the source, it is gone from both. */
static uint32_t without_other_compiles(Pass *pass, Finding *all, uint32_t count) {
  Arena *scratch = arena_new();
  bool *is_told = arena_new_array(scratch, bool, count + 1u);
  Sayings sayings = {.before = arena_new_array(scratch, uint32_t, count + 1u)};
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    Hash said = saying(&all[i]);
    uint32_t last = hash_map_get(&sayings.last, said);
    sayings.before[i] = last == MAP_ABSENT ? 0 : last + 1;
    hash_map_put(&sayings.last, said, i);
    is_told[i] = true;
    compare_with_others(pass, all, i, &sayings, is_told);
  }
  for (uint32_t i = 0; i < count; i++)
    if (is_told[i] || !guard_on("other-compiles"))
      all[kept++] = all[i];
  hash_map_free(&sayings.last);
  arena_free(scratch);
  return kept;
}

/* ---- all */

static uint32_t without_unreached(Pass *pass, Finding *all, uint32_t count) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++)
    if (!is_unreached(pass, &all[i]))
      all[kept++] = all[i];
  return kept;
}

static uint32_t without_equals(Finding *all, uint32_t count) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++)
    if (!kept || !same_finding(&all[i], &all[kept - 1]))
      all[kept++] = all[i];
  return kept;
}

void collect_findings(Pass *pass, RuleRun *run) {
  Finding *all = arena_new_array(pass->arena, Finding, pass->findings.count);
  uint32_t count = 0;
  for (size_t i = 0; i < pass->findings.count; i++)
    if (pass->findings.at[i] && is_enabled(pass->enabled, pass->findings.at[i]->rule))
      all[count++] = *pass->findings.at[i];
  if (count)
    qsort(all, count, sizeof *all, compare_findings);
  run->findings = all;
  count = without_equals(all, without_unreached(pass, all, count));
  run->count = without_other_compiles(pass, all, count);
  for (uint32_t i = 0; i < run->count; i++) {
    tell_insides(pass, &all[i]);
    set_fingerprints(&all[i]);
    number_equals(all, &all[i]);
    doubt_missing(pass, &all[i]); // no part of the fingerprint: it may be back soon
  }
}
