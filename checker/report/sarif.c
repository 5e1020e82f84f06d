/* sarif.c - SARIF 2.1.0 (errata 01): one run, worst results first, the full rule table. */
#include "report/sarif.h"

static const char schema[] =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

static void choose_results(Sarif *sarif) {
  const Report *report = sarif->report;
  size_t count = report->finding_count + report->allowed_count;
  sarif->results = report_worst_first(report);
  sarif->result_count = count < SARIF_RESULTS ? count : SARIF_RESULTS;
  sarif->left_out = count - sarif->result_count;
}

/* Several logs of one commit are told apart by their category. */
static json_t *automation_details(const Sarif *sarif) {
  const ReportOptions *options = sarif->report->options;
  json_t *details = json_object();
  if (options->azure && !options->reproducible && sarif_put_pipeline(sarif, details))
    return details;
  const char *category = options->category ? options->category : options->azure ? "overstay" : NULL;
  if (category) {
    jsonic_put_text(sarif->arena, details, "id", arena_printf(sarif->arena, "%s/", category));
    return details;
  }
  json_decref(details);
  return NULL;
}

static json_t *base_ids(Arena *arena) {
  json_t *bases = json_object(), *root = json_object();
  jsonic_put(root, "description", sarif_message(arena, "The root of the analysed sources."));
  jsonic_put(bases, "%SRCROOT%", root);
  return bases;
}

static json_t *run_of(const Sarif *sarif) {
  json_t *run = json_object(), *tool = json_object(), *results = json_array();
  json_t *invocations = json_array();
  jsonic_put(tool, "driver", sarif_driver(sarif));
  jsonic_put(run, "tool", tool);
  json_t *details = automation_details(sarif);
  if (details)
    jsonic_put(run, "automationDetails", details);
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
  if (sarif->report->options->azure)
    sarif_put_absent(sarif, results);
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
