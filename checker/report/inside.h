/* inside.h - what the files of report/ share; nobody else includes it. */
#ifndef REPORT_INSIDE_H
#define REPORT_INSIDE_H

#include "base/bytes.h"
#include "report/report.h"
#include "report/source.h"

typedef struct ReportInside {
  Source *sources;
  const Function **functions; // decoded, by index into store_functions()
} ReportInside;

extern const Reporter text_reporter, sarif_reporter, json_reporter;

/* ---- allow.c */
typedef struct Allows Allows;
Allows *allows_new(const Report *);
/* The comment that accepts a finding, NULL when none does. */
const Allow *allows_find(const Allows *, const ReportFinding *);
/* After all findings were looked up: what there is to say about the comments. */
ReportFinding *allows_notes(const Allows *, size_t *count);

/* ---- words.c */
const char *severity_word(Severity);     // "error"
const char *confidence_word(Confidence); // "likely"
const char *step_word(StepKind);         // "branch"
const char *unit_status_word(UnitStatus);
const char *gap_word(GapKind);
const char *state_word(FindingState);
const char *utc_time(Arena *, int64_t seconds); // "2026-11-21T05:00:00Z"

/* Appends text so that a terminal shows it and does nothing else: control and direction characters
 * as <U+001B>, tabs as blanks. Returns the column after it, from 0. */
size_t visible_put(ByteWriter *, const char *text, size_t length, size_t column);
const char *visible(Arena *, const char *text);

#endif
