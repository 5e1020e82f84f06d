/* unchecked.c - what was not looked at, so that no finding is never taken for nothing wrong. */
#include "html/page.h"

enum { MOST = 1000 };

static void put_failure(Html *h, const ReportFailure *failure) {
  put(h, "<li><code>");
  put_text(h, failure->unit->key.source);
  put_format(h, "</code>: %s, ", unit_status_word(failure->unit->status));
  put_text(h, failure->unit->reason);
  for (uint32_t i = 0; i < failure->diagnostic_count; i++) {
    const Diagnostic *diagnostic = &failure->diagnostics[i];
    put(h, "<br><small>");
    put_place(h, diagnostic->path, diagnostic->line);
    put(h, ": ");
    put_text(h, diagnostic->text);
    put(h, "</small>");
  }
  put(h, "</li>\n");
}

static void put_gaps(Html *h, GapKind kind, const char *title, const char *meaning) {
  const Report *report = h->report;
  size_t count = 0;
  if (!report->gap_counts[kind])
    return;
  put_format(h,
             "<section class=\"card\"><h2>%s</h2><p class=\"lead\">%s</p><ul class=\"evidence\">\n",
             title, meaning);
  for (size_t i = 0; i < report->gap_count; i++) {
    const ReportGap *gap = &report->gaps[i];
    if (gap->kind != kind || count++ >= MOST)
      continue;
    put(h, "<li><code>");
    put_text(h, gap->function);
    put(h, "</code> in <code>");
    put_text(h, gap->path);
    put(h, "</code>: ");
    put_text(h, gap->reason);
    put(h, "</li>\n");
  }
  if (count > MOST)
    put_format(h, "<li>and %zu more</li>\n", count - MOST);
  put(h, "</ul></section>\n");
}

void unchecked_write(Html *h) {
  const Report *report = h->report;
  page_open(h, &(Page){.name = "unchecked.html", .title = "Not checked", .crumb = "not checked"});
  put(h, "<h1>What was not checked</h1>\n");
  if (!report->failed_count && !report->gap_count)
    put(h, "<p class=\"lead\">All units have a result, and all functions were looked at.</p>\n");
  if (report->failed_count) {
    put(h, "<section class=\"card\"><h2>Units without a result</h2><ul class=\"evidence\">\n");
    for (size_t i = 0; i < report->failed_count; i++)
      put_failure(h, &report->failures[i]);
    put(h, "</ul></section>\n");
  }
  put_gaps(h, GAP_TAINTED, "Functions with errors in their code", "Nothing is reported of them.");
  put_gaps(h, GAP_INCOMPLETE, "Functions of which a part is hidden",
           "The parser does not show what stands there.");
  put_gaps(h, GAP_DEGRADED, "Functions that are not fully analysed",
           "They reached a limit of the analysis.");
  page_close(h);
}
