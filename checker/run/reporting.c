/* reporting.c - the end of a run: what it says, in which forms, and with which exit code. */
#include <string.h>
#include <time.h>

#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "cli/outputs.h"
#include "cli/rescue.h"
#include "report/words.h"
#include "rule/registry.h"
#include "run/baseline.h"
#include "run/phase.h"
#include "run/run.h"
#include "run/selection.h"

enum { FAILURES_SHOWN = 10 };

double run_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* With a baseline only what it does not list decides. */
static bool is_failure(const Options *options, const Report *report) {
  if (options->fail_on == FAIL_ON_NEVER)
    return false;
  for (size_t i = 0; i < report->finding_count; i++) {
    const StoredFinding *stored = report->findings[i].stored;
    if ((int)stored->finding.severity >= options->fail_on &&
        (!report->options->has_baseline || stored->state == FINDING_NEW))
      return true;
  }
  return false;
}

static int exit_code(const Options *options, const Report *report) {
  if (rescue_is_on())
    return EXIT_INTERNAL; // nothing of it is kept
  if (is_failure(options, report))
    return EXIT_FINDINGS;
  if (report->failed_count == report->unit_count && guard_on("zero-units"))
    return EXIT_INCOMPLETE; // no unit has a result: never a pass
  return report->failed_count && !options->allow_partial ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

static void tell_notes(const Report *report) {
  for (size_t i = 0; i < report->remark_count; i++)
    if (!strcmp(report->remarks[i].kind, REMARK_COMPILED_AWAY))
      inform("note: %s [%s]", report->remarks[i].text, REMARK_COMPILED_AWAY);
}

/* Each unit without a result, even with --quiet: it is what nobody looked at. */
static void warn_of_failures(const Report *report) {
  for (size_t i = 0; i < report->failed_count && i < FAILURES_SHOWN; i++) {
    const StoredUnit *unit = report->failures[i].unit;
    warn("%s was not analysed: %s", visible(report->arena, unit->key.source),
         visible(report->arena, unit->reason));
  }
  if (report->failed_count > FAILURES_SHOWN)
    warn("%zu more units were not analysed; --stats lists them",
         report->failed_count - FAILURES_SHOWN);
}

static ReportOptions report_options(Run *run) {
  const Options *options = run->options;
  PathSelection *paths = selection_paths(run->arena, options, run->project.database->roots,
                                         run->project.jobs, run->store);
  return (ReportOptions){
      .rules = selection_rules(run->arena, options),
      .rule_count = selection_rule_count(),
      .roots = run->project.database->roots,
      .current = path_current(run->arena),
      .min_confidence = (Confidence)options->min_confidence,
      .min_severity = (Severity)options->min_severity,
      .wanted = selection_wants,
      .context = paths,
      .only_new = run->only_new,
      .has_baseline = run->baseline != NULL,
      .chosen = run->chosen,
      .chosen_context = run->chosen_context,
      .tree = run->tree,
      .confine = options->confine,
      .reproducible = options->reproducible,
      .category = options->sarif_category,
      .azure = options->sarif_profile == SARIF_AZURE,
      .started = run->wall_time,
      .unchanged = run->reading.unchanged,
      .left = run->keeps_old ? run->reading.left : 0,
  };
}

/* What goes to stderr after the report. */
static void tell_end(Run *run, ReportOptions *how, const Report *result) {
  const Options *options = run->options;
  warn_of_failures(result);
  tell_notes(result);
  if (run->baseline)
    baseline_tell_gone(run->baseline, result, run->baseline_path);
  how->seconds = run_clock() - run->started;
  if (!options->quiet) {
    report_closing(stderr, result);
    report_gaps(stderr, result, options->stats);
    report_hint(stderr, result);
  }
  if (options->stats)
    stats_print(stderr, result, &run->stats);
}

int run_report(Run *run) {
  phase_begin("report");
  rescue_no_more();
  ReportOptions how = report_options(run);
  const Report *result = report_new(run->arena, run->store, &how);
  how.exit_code = exit_code(run->options, result);
  how.seconds = run_clock() - run->started;
  Pictures pictures = {0};
  if (outputs_want_pictures(run->options))
    pictures = run_pictures(run, &(PicturesWanted){true, true, true, true, true});
  outputs_write(run->options, &how, result, &pictures);
  tell_end(run, &how, result);
  return how.exit_code;
}

int run_write_baseline(Run *run) {
  phase_begin("report");
  rescue_no_more();
  ReportOptions how = report_options(run);
  Options never = *run->options;
  never.fail_on = FAIL_ON_NEVER; // to be there is what a baseline allows them
  const Report *result = report_new(run->arena, run->store, &how);
  tell_end(run, &how, result);
  baseline_write(run->baseline_path, result);
  return exit_code(&never, result);
}
