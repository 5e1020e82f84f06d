/* gitlab.c - GitLab's Code Quality report: a list, of which it knows the place, how bad it is and,
 * by the fingerprint, what was there before. What a comment accepts is not in it. */
#include "report/jsonic.h"

static const char *gitlab_severity(const Finding *finding) {
  static const char *const words[] = {"info", "major", "critical"};
  return words[finding->severity];
}

/* It leaves out what has the same fingerprint as another one. */
static const char *fingerprint_of(const Report *report, size_t i) {
  const Hash *own = &report->findings[i].stored->finding.fingerprint;
  char hex[33];
  size_t same = 0; // sorted by place: equal ones are of one function, so they are near
  for (size_t k = i;
       k-- > 0 && !strcmp(report->findings[k].place.path, report->findings[i].place.path);)
    same += hash_equal(*own, report->findings[k].stored->finding.fingerprint);
  hash_hex(*own, hex);
  return same ? arena_printf(report->arena, "%s-%zu", hex, same + 1)
              : arena_text(report->arena, hex);
}

/* All that is shown is one text. */
static const char *description_of(Arena *arena, const ReportFinding *finding) {
  const ReportStep *reason = reason_of(finding);
  const char *message = visible(arena, finding->message);
  return reason ? arena_printf(arena, "%s; %s", message, visible(arena, reason->text)) : message;
}

static json_t *finding_value(const Report *report, size_t i) {
  const ReportFinding *finding = &report->findings[i];
  Arena *arena = report->arena;
  json_t *value = json_object(), *location = json_object(), *lines = json_object();
  jsonic_put_text(arena, value, "description", description_of(arena, finding));
  jsonic_put_text(arena, value, "check_name", finding->stored->finding.rule);
  jsonic_put_text(arena, value, "fingerprint", fingerprint_of(report, i));
  jsonic_put_text(arena, value, "severity", gitlab_severity(&finding->stored->finding));
  jsonic_put_text(arena, location, "path",
                  *finding->place.path == '$'
                      ? roots_path(arena, report->options->roots, finding->place.path)
                      : finding->place.path);
  jsonic_put_number(lines, "begin", finding->place.line);
  jsonic_put_number(lines, "end", finding->place.end_line);
  jsonic_put(location, "lines", lines);
  jsonic_put(value, "location", location);
  return value;
}

static void write_gitlab(FILE *out, const Report *report) {
  json_t *list = json_array();
  for (size_t i = 0; i < report->finding_count; i++)
    jsonic_add(list, finding_value(report, i));
  jsonic_write(out, list, JSON_INDENT(1));
}

const Reporter gitlab_reporter = {
    .name = "gitlab",
    .summary = "Code Quality, for merge requests of GitLab",
    .write = write_gitlab,
};
