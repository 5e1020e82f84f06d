/* words.c - the names of things in reports, and text that is safe to show. */
#include <time.h>

#include "report/inside.h"

#include "base/guard.h"

enum { TAB = 8 };

const char *severity_word(Severity severity) {
  static const char *const words[] = {"note", "warning", "error"};
  return words[severity];
}

const char *confidence_word(Confidence confidence) {
  static const char *const words[] = {"info", "possible", "likely", "certain"};
  return words[confidence];
}

const char *step_word(StepKind kind) {
  static const char *const words[] = {"event",    "branch",   "call",  "break",
                                      "contrast", "evidence", "spawn", "reason"};
  return words[kind];
}

const char *unit_status_word(UnitStatus status) {
  static const char *const words[] = {"ok",      "parse-failed", "crashed",
                                      "timeout", "memory",       "unreadable"};
  return words[status];
}

const char *gap_word(GapKind kind) {
  static const char *const words[] = {"tainted", "incomplete", "degraded"};
  return words[kind];
}

const char *state_word(FindingState state) {
  static const char *const words[] = {"new", "known", "gone", "moved"};
  return words[state];
}

const ReportStep *reason_of(const ReportFinding *finding) {
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (finding->steps[i].kind == STEP_REASON)
      return &finding->steps[i];
  return NULL;
}

const char *utc_time(Arena *arena, int64_t seconds) {
  time_t time = (time_t)seconds;
  struct tm parts;
  char text[32] = "";
  if (gmtime_r(&time, &parts))
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return arena_text(arena, text);
}

size_t visible_put(ByteWriter *out, const char *text, size_t length, size_t column) {
  const char *at = text, *end = at + length;
  while (at < end) {
    uint32_t point;
    size_t size = text_decode(at, (size_t)(end - at), &point);
    if (*at == '\t') {
      size_t next = (column / TAB + 1) * TAB;
      for (; column < next; column++)
        bytes_put_u8(out, ' ');
      size = 1;
    } else if (!size) {
      bytes_put_raw(out, "\xef\xbf\xbd", 3);
      column++;
      size = 1;
    } else if (text_is_hidden(point) && guard_on("visible")) {
      char escaped[16];
      int count = snprintf(escaped, sizeof escaped, "<U+%04X>", point);
      bytes_put_raw(out, escaped, (size_t)count);
      column += (size_t)count;
    } else {
      bytes_put_raw(out, at, size); // Imprecise: wide characters count as one column
      column++;
    }
    at += size;
  }
  return column;
}

const char *visible(Arena *arena, const char *text) {
  ByteWriter out = {0};
  if (!*text)
    return "";
  visible_put(&out, text, strlen(text), 0);
  const char *copy = arena_text_n(arena, (const char *)out.at, out.count);
  bytes_free(&out);
  return copy;
}
