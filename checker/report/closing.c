/* closing.c - the last lines of a run on stderr: what was found, and what was not looked at. */
#include "report/inside.h"

static void put_count(FILE *out, size_t count, const char *what, bool *begun) {
  if (!count)
    return;
  fprintf(out, "%s%zu %s%s", *begun ? ", " : "", count, what, count == 1 ? "" : "s");
  *begun = true;
}

static void put_findings(FILE *out, const Report *report) {
  bool begun = false;
  for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
    put_count(out, report->counts[severity], severity_word((Severity)severity), &begun);
  size_t known = report->finding_count - report->new_count + report->known;
  if (begun)
    fprintf(out, " in %zu function%s: %zu new, %zu %s", report->function_count,
            report->function_count == 1 ? "" : "s", report->new_count, known,
            report->options->has_baseline ? "in the baseline" : "known");
  else if (report->options->only_new)
    fprintf(out, "nothing new; %zu known", known);
  else
    fputs("no findings", out);
  if (report->moved_count)
    fprintf(out, ", %zu of them moved", report->moved_count);
  if (report->gone_count)
    fprintf(out, ", %zu gone", report->gone_count);
  if (report->allowed_count)
    fprintf(out, "; %zu suppressed", report->allowed_count);
  if (report->hidden)
    fprintf(out, "; %zu not shown", report->hidden);
}

void report_closing(FILE *out, const Report *report) {
  const ReportOptions *options = report->options;
  size_t analysed = report->unit_count - report->failed_count;
  size_t unchanged = options->unchanged < analysed ? options->unchanged : analysed;
  put_findings(out, report);
  size_t left = options->left < analysed - unchanged ? options->left : analysed - unchanged;
  fprintf(out, " (%zu unit%s: %zu analysed, %zu unchanged, %zu failed", report->unit_count,
          report->unit_count == 1 ? "" : "s", analysed - unchanged - left, unchanged,
          report->failed_count);
  if (left)
    fprintf(out, ", %zu not looked at", left);
  if (options->reproducible)
    fputs(")\n", out);
  else
    fprintf(out, "; %.2f s)\n", options->seconds);
}

/* Nothing is there to be seen, and something could be. */
void report_hint(FILE *out, const Report *report) {
  if (report->finding_count || !report->unsure)
    return;
  fprintf(out, "%zu %s less sure than '%s': overstay report --min-confidence info\n",
          report->unsure, report->unsure == 1 ? "finding is" : "findings are",
          confidence_word(report->options->min_confidence));
}

static void list_gaps(FILE *out, const Report *report) {
  Arena *arena = report->arena;
  for (size_t i = 0; i < report->failed_count; i++) {
    const ReportFailure *failure = &report->failures[i];
    fprintf(out, "  %s: %s: %s\n", visible(arena, failure->unit->key.source),
            unit_status_word(failure->unit->status), visible(arena, failure->unit->reason));
    for (uint32_t k = 0; k < failure->diagnostic_count; k++)
      fprintf(out, "    %s:%u:%u: %s\n", visible(arena, failure->diagnostics[k].path),
              failure->diagnostics[k].line, failure->diagnostics[k].column,
              visible(arena, failure->diagnostics[k].text));
  }
  for (size_t i = 0; i < report->gap_count; i++)
    fprintf(out, "  %s: '%s' is %s: %s\n", visible(arena, report->gaps[i].path),
            visible(arena, report->gaps[i].function), gap_word(report->gaps[i].kind),
            visible(arena, report->gaps[i].reason));
}

void report_gaps(FILE *out, const Report *report, bool list) {
  if (!report->failed_count && !report->gap_count)
    return;
  bool begun = false;
  fputs("not checked: ", out);
  put_count(out, report->failed_count, "failed unit", &begun);
  put_count(out, report->gap_counts[GAP_TAINTED], "tainted function", &begun);
  put_count(out, report->gap_counts[GAP_INCOMPLETE], "incomplete function", &begun);
  put_count(out, report->gap_counts[GAP_DEGRADED], "degraded function", &begun);
  fputs(list ? "\n" : " (--stats lists them)\n", out);
  if (list)
    list_gaps(out, report);
}
