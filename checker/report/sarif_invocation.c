/* sarif_invocation.c - how the run went: its exit code, and a notification for all that was not
 * checked, so that "no results" is never taken for "nothing wrong".
 */
#include "report/sarif.h"

#include "base/message.h"

typedef struct {
  const char *id, *name, *text;
} Descriptor;

enum { UNIT_FAILED, FUNCTION_GAP, LEFT_OUT = FUNCTION_GAP + GAP_DEGRADED + 1, DESCRIPTORS };

static const Descriptor descriptors[DESCRIPTORS] = {
    {"unit-failed", "UnitFailed", "A source file could not be analysed."},
    {"function-tainted", "FunctionTainted", "A function with errors in its code was not checked."},
    {"function-incomplete", "FunctionIncomplete",
     "A part of a function is hidden from the analysis."},
    {"function-degraded", "FunctionDegraded", "The analysis of a function hit a limit."},
    {"results-left-out", "ResultsLeftOut", "There were more results than are shown."},
};

json_t *sarif_notification_rules(Arena *arena) {
  json_t *list = json_array();
  for (size_t i = 0; i < DESCRIPTORS; i++) {
    json_t *value = json_object();
    jsonic_put_text(arena, value, "id", descriptors[i].id);
    jsonic_put_text(arena, value, "name", descriptors[i].name);
    jsonic_put(value, "shortDescription", sarif_message(arena, descriptors[i].text));
    jsonic_put(value, "fullDescription", sarif_message(arena, descriptors[i].text));
    jsonic_put(value, "help", sarif_message(arena, "'overstay check --stats' lists them all."));
    jsonic_add(list, value);
  }
  return list;
}

static json_t *notification(const Sarif *sarif, size_t descriptor, const char *level,
                            const char *text) {
  json_t *value = json_object(), *reference = json_object();
  jsonic_put_text(sarif->arena, reference, "id", descriptors[descriptor].id);
  jsonic_put_number(reference, "index", descriptor);
  jsonic_put(value, "descriptor", reference);
  jsonic_put_text(sarif->arena, value, "level", level);
  jsonic_put(value, "message", sarif_message(sarif->arena, text));
  return value;
}

static void add_location(const Sarif *sarif, json_t *value, const char *path) {
  json_t *location = json_object(), *list = json_array();
  jsonic_put(location, "physicalLocation", sarif_file_only(sarif, path));
  jsonic_add(list, location);
  jsonic_put(value, "locations", list);
}

static json_t *failure(const Sarif *sarif, const ReportFailure *failed) {
  const char *text =
      arena_printf(sarif->arena, "'%s' was not analysed (%s): %s.", failed->unit->key.source,
                   unit_status_word(failed->unit->status), failed->unit->reason);
  if (failed->diagnostic_count)
    text = arena_printf(sarif->arena, "%s First error: %s:%u:%u: %s.", text,
                        failed->diagnostics[0].path, failed->diagnostics[0].line,
                        failed->diagnostics[0].column, failed->diagnostics[0].text);
  json_t *value = notification(sarif, UNIT_FAILED, "error", text);
  add_location(sarif, value, failed->unit->key.source);
  return value;
}

static json_t *gap(const Sarif *sarif, const ReportGap *of) {
  const char *text =
      arena_printf(sarif->arena, "'%s' is %s: %s.", of->function, gap_word(of->kind), of->reason);
  json_t *value = notification(sarif, (size_t)FUNCTION_GAP + of->kind, "note", text);
  add_location(sarif, value, of->path);
  return value;
}

static json_t *notifications(const Sarif *sarif) {
  const Report *report = sarif->report;
  json_t *list = json_array();
  for (size_t i = 0; i < report->failed_count; i++)
    jsonic_add(list, failure(sarif, &report->failures[i]));
  for (size_t i = 0; i < report->gap_count; i++)
    jsonic_add(list, gap(sarif, &report->gaps[i]));
  if (sarif->left_out)
    jsonic_add(list, notification(sarif, LEFT_OUT, "warning",
                                  arena_printf(sarif->arena,
                                               "%zu more results are not in this log; it holds "
                                               "the %zu worst.",
                                               sarif->left_out, sarif->result_count)));
  return list;
}

static const char *exit_text(int code) {
  switch (code) {
  case EXIT_CLEAN:
    return "nothing at or above the limit";
  case EXIT_FINDINGS:
    return "findings at or above the limit";
  case EXIT_USAGE:
    return "wrong usage, configuration or input";
  case EXIT_INCOMPLETE:
    return "nothing found, but not everything was analysed";
  default:
    return "internal error";
  }
}

json_t *sarif_invocation(const Sarif *sarif) {
  const ReportOptions *options = sarif->report->options;
  json_t *value = json_object();
  int code = options->exit_code;
  jsonic_put(value, "executionSuccessful",
             json_boolean(code <= EXIT_FINDINGS || code == EXIT_INCOMPLETE));
  jsonic_put_number(value, "exitCode", (uint64_t)code);
  jsonic_put_text(sarif->arena, value, "exitCodeDescription", exit_text(code));
  if (!options->reproducible) {
    int64_t end = options->started + (int64_t)options->seconds;
    jsonic_put_text(sarif->arena, value, "startTimeUtc", utc_time(sarif->arena, options->started));
    jsonic_put_text(sarif->arena, value, "endTimeUtc", utc_time(sarif->arena, end));
  }
  jsonic_put(value, "toolExecutionNotifications", notifications(sarif));
  return value;
}
