/* report.h - the last run as text, SARIF or JSON, from what the store holds.
 *
 * report_new() looks up what the findings leave out - lines, names, conditions - in the IR of the
 * functions they stand in, and sorts by file, line and rule. The formats only write: each is one
 * `const Reporter`, in the list of reporters.c. Nothing here analyses anything.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdio.h>

#include "base/tree.h"
#include "store/store.h"

struct ReportFinding;

/* What a report says of a rule; filled by whoever knows the rules. */
typedef struct {
  const char *id;         // "lock-leak"
  const char *name;       // "LockLeak"
  const char *summary;    // one line, lower case, no full stop
  const char *references; // "CWE-667 MISRA C:2012 22.16"; CWE numbers are read from it
  const char *help;       // the rule's page, Markdown; NULL when there is none
  const char *security;   // GitHub's security-severity, "7.5"; NULL for most
  Severity severity;
  bool is_on; // its findings are reported
} RuleInfo;

typedef struct {
  const RuleInfo *rules;
  size_t rule_count; // all there are, sorted by id
  Roots roots;
  const char *current; // absolute; what paths are shown relative to
  Confidence min_confidence;
  Severity min_severity;
  bool (*wanted)(const void *context, const char *path); // PATH arguments; NULL: all
  const void *context;
  bool only_new;     // leave out what is known
  bool has_baseline; // what is known is listed there: text leaves it out, others mark it
  bool (*chosen)(const void *context, const struct ReportFinding *); // of these only; NULL: all
  const void *chosen_context;
  const Tree *tree;     // where lines of sources are shown from; NULL: the disk
  bool confine;         // no lines of files outside of the roots
  bool reproducible;    // no times, no absolute paths: same input, same bytes
  bool color;           // of the text format, and so are these:
  bool links;           // paths lead to the files: the terminal knows what OSC 8 is
  size_t width;         // columns of the terminal; 0: as wide as it takes
  const char *category; // --sarif-category, or NULL
  bool azure;           // --sarif-profile
  int64_t started;      // seconds since 1970
  double seconds;       // wall clock
  int exit_code;        // what the run will end with
  size_t unchanged;     // units that were fresh
  size_t left;          // units that changed and stand for what they were before
} ReportOptions;

typedef struct {
  const char *path;                     // root-relative, or absolute when outside of the root
  uint32_t line, column;                // from 1; columns count bytes
  uint32_t end_line, end_column;        // one past the end
  const char *macro;                    // outermost macro that the code came from, ""
  const char *function;                 // name
  uint32_t function_line, function_end; // where it stands in that file; 0: not there
} ReportPlace;

typedef struct {
  StepKind kind;
  uint32_t number; // from 1 for steps on the path; 0 for contrast and evidence
  bool has_place;
  ReportPlace place;
  const char *text;   // filled in, no full stop
  const char *thread; // of STEP_SPAWN: what it runs; else ""
} ReportStep;

typedef struct ReportFinding {
  const StoredFinding *stored;
  const RuleInfo *rule; // NULL when there is no such rule (any more)
  ReportPlace place;
  const char *message;
  const ReportStep *steps;
  uint32_t step_count;
  const Allow *allow; // the comment that accepts it, NULL for what is shown
} ReportFinding;

/* "What was not checked": a result like the findings. */
typedef enum { GAP_TAINTED, GAP_INCOMPLETE, GAP_DEGRADED } GapKind;
typedef struct {
  GapKind kind;
  const char *function, *path; // name; root-relative
  const char *reason;
} ReportGap;

typedef struct {
  const StoredUnit *unit;
  const Diagnostic *diagnostics;
  uint32_t diagnostic_count;
} ReportFailure;

typedef struct Report {
  const ReportOptions *options;
  Arena *arena;
  Store *store;
  const ReportFinding *findings;
  size_t finding_count;         // shown ones
  size_t known;                 // left out for that, with `only_new`
  size_t hidden;                // below the limits, or outside of the PATHs
  size_t unsure;                // of these: because they are not sure enough
  const ReportFinding *allowed; // accepted by a comment; not among `findings`
  size_t allowed_count;
  size_t counts[SEVERITY_ERROR + 1];
  size_t new_count, moved_count, function_count; // functions with findings
  const GoneFinding *gone; // of the run before and not of this one, as far as it was shown
  size_t gone_count;
  size_t unit_count, failed_count;
  const ReportFailure *failures; // failed_count
  const ReportGap *gaps;
  size_t gap_count;
  size_t gap_counts[GAP_DEGRADED + 1];
  const Remark *remarks;
  size_t remark_count;         // the other remarks of the run
  struct ReportInside *inside; // caches of report/
} Report;

/* What is said about comments that accept findings: chosen like rules, and made by the report. */
extern const RuleInfo housekeeping_rules[];
enum { HOUSEKEEPING_RULES = 2 };

const Report *report_new(Arena *, Store *, const ReportOptions *);

/* By severity and confidence; the accepted ones are the last of theirs. All there are, shown and
 * accepted. */
const ReportFinding **report_worst_first(const Report *);

typedef struct {
  const char *name;                      // of -f
  const char *summary;                   // for --help
  void (*write)(FILE *, const Report *); // errors of the stream are the caller's to see
} Reporter;

extern const Reporter *const all_reporters[];
extern const size_t reporter_count;
const Reporter *reporter_find(const char *name); // NULL when there is none

/* Lines about one finding besides its path, for `overstay explain`. */
void report_facts(FILE *, const Report *, const ReportFinding *);

/* The closing line, "2 errors, 1 warning in 3 functions (214 units: ...)", and one about what was
 * not checked when there is something; `list` tells it in full. For stderr. */
void report_closing(FILE *, const Report *);
void report_gaps(FILE *, const Report *, bool list);
void report_hint(FILE *, const Report *); // how to see what is not shown, when nothing is

#endif
