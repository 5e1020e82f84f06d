/* explain.c - `overstay explain`: the page of a rule, one finding of the last run with all that is
 * known of it, or how often a function runs and why. Findings and functions come from the database;
 * nothing is analysed.
 */
#include <string.h>

#include "base/embedded.h"
#include "base/message.h"
#include "base/path.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/dump_runs.h"
#include "report/words.h"
#include "cli/outputs.h"
#include "cli/values.h"
#include "run/project.h"
#include "rule/registry.h"
#include "run/selection.h"
#include "run/why.h"

enum { LEAST_DIGITS = 4, DIGITS = 32 };

static const char place_marks[] = ":./"; // neither fingerprints nor names have them

typedef struct {
  Arena *arena;
  const Options *options;
  const char *what; // as it was asked for
  Project project;
  Store *store;
  TextPool *symbols;
  RunsDump *runs; // NULL until asked for
} Explain;

/* ---- a rule */

static bool explain_rule(const char *id) {
  for (size_t i = 0; i < embedded_rule_page_count; i++) {
    if (strcmp(embedded_rule_pages[i].name, id))
      continue;
    fputs(embedded_rule_pages[i].text, stdout);
    return true;
  }
  for (size_t i = 0; i < HOUSEKEEPING_RULES; i++)
    if (!strcmp(housekeeping_rules[i].id, id)) {
      printf("%s: a note: %s\n", id, housekeeping_rules[i].summary);
      return true;
    }
  return false;
}

static RunsDump *runs_of(Explain *e) {
  if (!e->runs)
    e->runs = runs_dump_new(e->arena, e->store, &e->project, e->symbols);
  return e->runs;
}

/* ---- a finding */

/* What is asked for as the text report has it: "src/pool.c:88", "src/pool.c:88:5"; or the file. */
static bool is_place(const Explain *e, const ReportPlace *place) {
  const char *path = path_seen_from(e->arena, path_current(e->arena),
                                    roots_path(e->arena, e->project.database->roots, place->path));
  const char *line = arena_printf(e->arena, "%s:%u", path, place->line);
  return !strcmp(e->what, path) || !strcmp(e->what, line) ||
         !strcmp(e->what, arena_printf(e->arena, "%s:%u", line, place->column));
}

static bool is_meant(const void *context, const ReportFinding *finding) {
  const Explain *e = context;
  char hex[DIGITS + 1];
  if (strpbrk(e->what, place_marks))
    return is_place(e, &finding->place);
  hash_hex(finding->stored->finding.fingerprint, hex);
  return !strncmp(hex, e->what, strlen(e->what));
}

static bool is_fingerprint(const char *text) {
  size_t length = strlen(text);
  return length >= LEAST_DIGITS && length <= DIGITS && strspn(text, "0123456789abcdef") == length;
}

static const RuleInfo *all_on(Arena *arena, const Options *options) {
  RuleInfo *rules =
      arena_copy(arena, selection_rules(arena, options), sizeof(RuleInfo) * selection_rule_count());
  for (size_t i = 0; i < selection_rule_count(); i++)
    rules[i].is_on = true;
  return rules;
}

static void print_runs(Explain *e, const Position *at) {
  ptrdiff_t function = at->function ? store_find_body(e->store, at->function, at->body) : -1;
  if (function < 0)
    return;
  putchar('\n');
  runs_dump_explain(runs_of(e), e->arena, (uint32_t)function,
                    at->terminator ? NO_RUNS_INSTRUCTION : at->index);
}

/* One shown or accepted finding as text, whatever its confidence. */
static void print_finding(Explain *e, const Report *report, const ReportFinding *finding) {
  Report one = *report;
  one.findings = finding;
  one.finding_count = 1;
  reporter_find("text")->write(stdout, &one);
  putchar('\n');
  report_facts(stdout, report, finding);
  const char *why = why_recall(e->store, e->arena, finding->stored->finding.fingerprint);
  if (why)
    printf("  why          %s\n", visible(e->arena, why));
  printf("  rule         overstay explain %s\n", finding->stored->finding.rule);
  print_runs(e, &finding->stored->finding.at);
}

static void list_findings(const Report *report) {
  const ReportFinding *lists[] = {report->findings, report->allowed};
  size_t counts[] = {report->finding_count, report->allowed_count};
  for (size_t k = 0; k < 2; k++)
    for (size_t i = 0; i < counts[k]; i++) {
      char hex[DIGITS + 1];
      hash_hex(lists[k][i].stored->finding.fingerprint, hex);
      inform("  %s %s:%u: %s", hex, visible(report->arena, lists[k][i].place.path),
             lists[k][i].place.line, lists[k][i].stored->finding.rule);
    }
}

static bool explain_finding(Explain *e) {
  if (!is_fingerprint(e->what) && !strpbrk(e->what, place_marks))
    return false;
  ReportOptions how = {
      .rules = all_on(e->arena, e->options),
      .rule_count = selection_rule_count(),
      .roots = e->project.database->roots,
      .current = path_current(e->arena),
      .confine = e->options->confine,
      .chosen = is_meant,
      .chosen_context = e,
  };
  outputs_dress(e->options, &how);
  const Report *report = report_new(e->arena, e->store, &how);
  if (report->finding_count + report->allowed_count > 1) {
    list_findings(report);
    die(EXIT_USAGE, "several findings are meant by '%s': name one of these", e->what);
  }
  if (report->finding_count)
    print_finding(e, report, &report->findings[0]);
  else if (report->allowed_count)
    print_finding(e, report, &report->allowed[0]);
  return report->finding_count + report->allowed_count > 0;
}

/* ---- a function */

static bool explain_functions(Explain *e) {
  size_t count, printed = 0;
  const StoredFunction *functions = store_functions(e->store, &count);
  for (size_t i = 0; i < count; i++)
    if (!strcmp(functions[i].name, e->what) || !strcmp(functions[i].key, e->what)) {
      if (printed++)
        putchar('\n');
      runs_dump_explain(runs_of(e), e->arena, (uint32_t)i, NO_RUNS_INSTRUCTION);
    }
  return printed > 0;
}

/* Functions have no hyphen, places and files have more than that. */
static void must_be_no_rule(Arena *arena, const Options *options, const char *what) {
  if (!strchr(what, '-') || strpbrk(what, "/:."))
    return;
  const RuleInfo *rules = selection_rules(arena, options);
  Nearest nearest = {.to = what};
  for (size_t i = 0; i < selection_rule_count(); i++)
    value_nearest(&nearest, rules[i].id);
  die(EXIT_USAGE, "there is no rule '%s'%s\n  overstay rules lists them", what,
      value_guess(arena, &nearest));
}

int command_explain(const Options *options) {
  Explain e = {.options = options, .what = options->arguments.at[0]};
  if (explain_rule(e.what)) {
    outputs_finish_stdout();
    return EXIT_CLEAN;
  }
  e.arena = arena_new();
  must_be_no_rule(e.arena, options, e.what);
  e.project = project_find(e.arena, options);
  e.symbols = text_pool_new();
  e.store = project_store(e.arena, options, &e.project, STORE_READ);
  if (!explain_finding(&e) && !explain_functions(&e))
    die(EXIT_USAGE,
        "there is no rule, no finding and no function '%s'\n"
        "  overstay rules lists the rules; a finding is told by FILE, FILE:LINE or fingerprint, "
        "and it\n"
        "  is one of the last run: what --staged has found is there after 'overstay check'",
        e.what);
  outputs_finish_stdout();
  runs_dump_free(e.runs);
  store_close(e.store);
  text_pool_free(e.symbols);
  arena_free(e.arena);
  return EXIT_CLEAN;
}
