/* words.h - the names of things in reports, and text that is safe to show. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "base/bytes.h"
#include "report/report.h"

const char *severity_word(Severity);     // "error"
const char *confidence_word(Confidence); // "likely"
const char *step_word(StepKind);         // "branch"
const char *unit_status_word(UnitStatus);
const char *gap_word(GapKind);
const char *state_word(FindingState);
const ReportStep *reason_of(const ReportFinding *); // why it is new; NULL: nobody knows
const char *utc_time(Arena *, int64_t seconds);     // "2026-11-21T05:00:00Z"

/* Appends text so that a terminal shows it and does nothing else: control and direction characters
 * as <U+001B>, tabs as blanks. Returns the column after it, from 0. */
size_t visible_put(ByteWriter *, const char *text, size_t length, size_t column);
const char *visible(Arena *, const char *text);

#endif
