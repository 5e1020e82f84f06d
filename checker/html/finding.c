/* finding.c - a page a finding: what is wrong, the picture, the way there through the source, what
 * speaks for it, and why it matters. */
#include "html/page.h"

#include "base/text.h"

static void put_chips(Html *h, const Entry *entry) {
  const ReportFinding *finding = entry->finding;
  const Finding *stored = &finding->stored->finding;
  const char *word = severity_word(stored->severity);
  put_format(h, "<div class=\"chips\"><span class=\"chip %s\">%s</span>", word, word);
  if (finding->rule)
    put_format(h, "<a class=\"chip\" href=\"../rule/%s.html\">%s</a>", stored->rule, stored->rule);
  put_format(h, "<span class=\"chip\">%s</span>", confidence_word(stored->confidence));
  if (finding->allow)
    put(h, "<span class=\"chip accepted\">accepted</span>");
  if (!h->report->options->reproducible && finding->stored->state == FINDING_NEW)
    put(h, "<span class=\"chip new\">new</span>");
  put(h, "</div>\n");
}

static void put_head(Html *h, const Entry *entry) {
  const ReportFinding *finding = entry->finding;
  put_chips(h, entry);
  put(h, "<h1>");
  put_sentence(h, finding->message);
  put(h, "</h1>\n<p class=\"lead\"><code>");
  put_place(h, finding->place.path, finding->place.line);
  put_format(h, ":%u</code>", finding->place.column);
  if (*finding->place.function) {
    put(h, " in <code>");
    put_text(h, finding->place.function);
    put(h, "</code>");
  }
  if (*finding->place.macro) {
    put(h, ", in an expansion of <code>");
    put_text(h, finding->place.macro);
    put(h, "</code>");
  }
  put(h, "</p>\n");
}

static void put_accepted(Html *h, const ReportFinding *finding) {
  if (!finding->allow)
    return;
  put_format(h, "<section class=\"card accepted-by\"><h2>Accepted by the comment in line %u</h2>\n",
             finding->allow->line);
  put_text(h, *finding->allow->reason ? finding->allow->reason : "No reason is given.");
  put(h, "</section>\n");
}

/* ---- beside the source */

static void put_step(Html *h, const ReportFinding *finding, const ReportStep *step) {
  put(h, "<li>");
  if (step->has_place && step->number)
    put_format(h, "<a href=\"#s%u\">", step->number);
  put_ball(h, finding, step);
  put_words(h, step->text);
  if (step->has_place) {
    put(h, "<small>");
    if (strcmp(step->place.path, finding->place.path))
      put_place(h, step->place.path, step->place.line);
    else
      put_format(h, "line %u", step->place.line);
    put(h, "</small>");
  }
  put(h, step->has_place && step->number ? "</a></li>\n" : "</li>\n");
  if (!*step->thread)
    return;
  put(h, "<li class=\"lane\">in the thread that runs <code>");
  put_text(h, step->thread);
  put(h, "</code></li>\n");
}

static void put_path(Html *h, const ReportFinding *finding) {
  bool any = false;
  for (uint32_t i = 0; i < finding->step_count; i++)
    any |= finding->steps[i].kind != STEP_EVIDENCE && finding->steps[i].kind != STEP_REASON;
  if (!any)
    return;
  put(h, "<section class=\"card\"><h2>The way there</h2>\n<ol class=\"path\">\n");
  bool is_said = false;
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (finding->steps[i].number) {
      put_step(h, finding, &finding->steps[i]);
      is_said |= is_said_by(finding, &finding->steps[i]);
    }
  if (!is_said) {
    put(h, "<li><a href=\"#here\">");
    put_ball(h, finding, NULL);
    put_format(h, "the finding<small>line %u</small></a></li>\n", finding->place.line);
  }
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (finding->steps[i].kind == STEP_CONTRAST)
      put_step(h, finding, &finding->steps[i]);
  put(h, "</ol></section>\n");
}

static void put_fact(Html *h, const char *name, const char *text) {
  put_format(h, "<dt>%s</dt><dd>", name);
  put_text(h, text);
  put(h, "</dd>");
}

static void put_why(Html *h, const ReportStep *reason) {
  put(h, "<dt>why it is new</dt><dd>");
  put_words(h, reason->text);
  if (reason->has_place) {
    put(h, "<small>");
    put_place(h, reason->place.path, reason->place.line);
    put(h, "</small>");
  }
  put(h, "</dd>");
}

static void put_facts(Html *h, const ReportFinding *finding) {
  const StoredFinding *stored = finding->stored;
  char hex[33];
  hash_hex(stored->finding.fingerprint, hex);
  put(h, "<section class=\"card\"><h2>What is known</h2>\n<dl class=\"facts\">");
  if (*stored->finding.object) {
    put(h, "<dt>about</dt><dd><code>");
    put_text(h, stored->finding.object);
    put(h, "</code></dd>");
  }
  put_fact(h, "confidence", confidence_word(stored->finding.confidence));
  if (!h->report->options->reproducible) {
    put_fact(h, "state", state_word(stored->state));
    put(h, "<dt>first seen</dt><dd>");
    put_time(h, stored->first_seen);
    put(h, "</dd>");
  }
  if (reason_of(finding))
    put_why(h, reason_of(finding));
  put_format(h, "<dt>fingerprint</dt><dd><code>%s</code></dd></dl></section>\n", hex);
}

/* ---- below it */

static void put_evidence(Html *h, const ReportFinding *finding) {
  bool begun = false;
  for (uint32_t i = 0; i < finding->step_count; i++) {
    if (finding->steps[i].kind != STEP_EVIDENCE)
      continue;
    if (!begun)
      put(h, "<section class=\"card\"><h2>What speaks for it</h2><ul class=\"evidence\">\n");
    begun = true;
    put(h, "<li>");
    put_words(h, finding->steps[i].text);
    put(h, "</li>\n");
  }
  if (begun)
    put(h, "</ul></section>\n");
}

static void put_reason(Html *h, const ReportFinding *finding) {
  if (!finding->rule || !finding->rule->help)
    return;
  put(h, "<section class=\"card page\"><h2>Why it matters</h2>\n");
  put_markdown(h, finding->rule->help, "Why it matters");
  put_format(h, "<p><a href=\"../rule/%s.html\">All about %s</a></p></section>\n",
             finding->rule->id, finding->rule->id);
}

static void write_finding(Html *h, size_t i) {
  const Entry *entry = &h->entries[i];
  const ReportFinding *finding = entry->finding;
  const char *rule = finding->stored->finding.rule;
  page_open(
      h, &(Page){.name = arena_printf(h->arena, "finding/%s.html", entry->name),
                 .title = finding->message,
                 .parent = finding->rule ? rule : NULL,
                 .parent_name = arena_printf(h->arena, "rule/%s.html", rule),
                 .crumb = arena_printf(h->arena, "%s:%u", finding->place.path, finding->place.line),
                 .before = i ? &h->entries[i - 1] : NULL,
                 .after = i + 1 < h->entry_count ? &h->entries[i + 1] : NULL});
  put_head(h, entry);
  put_accepted(h, finding);
  put_figure(h, finding);
  put(h, "<div class=\"finding\">\n<div>\n");
  put_code(h, finding);
  put_evidence(h, finding);
  put_reason(h, finding);
  put(h, "</div>\n<aside aria-label=\"the steps, and what is known\">\n");
  put_path(h, finding);
  put_facts(h, finding);
  put(h, "</aside>\n</div>\n");
  page_close(h);
}

void findings_write(Html *h) {
  for (size_t i = 0; i < h->entry_count; i++)
    write_finding(h, i);
}
