/* sarif.c - SARIF 2.1.0 (errata 01): one run, worst results first, the full rule table. */
#include "report/sarif.h"

static const char schema[] =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

static int compare_worst(const void *left, const void *right) {
  const ReportFinding *a = *(const ReportFinding *const *)left;
  const ReportFinding *b = *(const ReportFinding *const *)right;
  const Finding *x = &a->stored->finding, *y = &b->stored->finding;
  if (x->severity != y->severity)
    return x->severity > y->severity ? -1 : 1;
  if (x->confidence != y->confidence)
    return x->confidence > y->confidence ? -1 : 1;
  if (!a->allow != !b->allow)
    return a->allow ? 1 : -1;
  return a < b ? -1 : a > b; // the report's own order
}

static void choose_results(Sarif *sarif) {
  const Report *report = sarif->report;
  size_t count = report->finding_count + report->allowed_count;
  sarif->results = arena_new_array(sarif->arena, const ReportFinding *, count);
  for (size_t i = 0; i < count; i++)
    sarif->results[i] = i < report->finding_count ? &report->findings[i]
                                                  : &report->allowed[i - report->finding_count];
  if (count)
    qsort(sarif->results, count, sizeof *sarif->results, compare_worst);
  sarif->result_count = count < SARIF_RESULTS ? count : SARIF_RESULTS;
  sarif->left_out = count - sarif->result_count;
}

static json_t *base_ids(Arena *arena) {
  json_t *bases = json_object(), *root = json_object();
  jsonic_put(root, "description", sarif_message(arena, "The root of the analysed sources."));
  jsonic_put(bases, "%SRCROOT%", root);
  return bases;
}

static json_t *run_of(const Sarif *sarif) {
  const ReportOptions *options = sarif->report->options;
  json_t *run = json_object(), *tool = json_object(), *results = json_array();
  json_t *invocations = json_array();
  jsonic_put(tool, "driver", sarif_driver(sarif));
  jsonic_put(run, "tool", tool);
  if (options->category) {
    json_t *details = json_object();
    const char *id = arena_printf(sarif->arena, "%s/", options->category);
    jsonic_put_text(sarif->arena, details, "id", id);
    jsonic_put(run, "automationDetails", details);
  }
  jsonic_add(invocations, sarif_invocation(sarif));
  jsonic_put(run, "invocations", invocations);
  json_t *version_control = sarif_version_control(sarif);
  if (version_control)
    jsonic_put(run, "versionControlProvenance", version_control);
  jsonic_put(run, "originalUriBaseIds", base_ids(sarif->arena));
  jsonic_put_text(sarif->arena, run, "columnKind", "utf16CodeUnits");
  jsonic_put_text(sarif->arena, run, "language", "en-US");
  jsonic_put(run, "artifacts", sarif_artifacts(sarif));
  for (size_t i = 0; i < sarif->result_count; i++)
    jsonic_add(results, sarif_result(sarif, sarif->results[i]));
  jsonic_put(run, "results", results);
  jsonic_put(run, "taxonomies", sarif_taxonomies(sarif));
  return run;
}

static void write_sarif(FILE *out, const Report *report) {
  Sarif sarif = {.report = report, .arena = report->arena};
  choose_results(&sarif);
  sarif_collect_files(&sarif);
  json_t *log = json_object(), *runs = json_array();
  jsonic_put_text(sarif.arena, log, "$schema", schema);
  jsonic_put_text(sarif.arena, log, "version", "2.1.0");
  jsonic_add(runs, run_of(&sarif));
  jsonic_put(log, "runs", runs);
  jsonic_write(out, log, JSON_COMPACT);
}

const Reporter sarif_reporter = {
    .name = "sarif",
    .summary = "SARIF 2.1.0, for code scanning services and editors",
    .write = write_sarif,
};
