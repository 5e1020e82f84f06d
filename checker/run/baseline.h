/* baseline.h - findings that a project knows and lives with: one sorted JSON object a line, so that
 * the file merges as text does.
 *
 * A line has no line numbers. It holds what one run tells the next about a finding (store/match.c),
 * so code can be edited, moved and renamed, and its findings stay known. */
#ifndef BASELINE_H
#define BASELINE_H

#include "run/run.h"

/* --baseline, or its usual place at the root of the project. */
const char *baseline_path(Arena *, const Options *, Roots);

/* As an outcome that a run can be compared with. Ends the process (2) with file and line for what
 * cannot be read. */
Outcome baseline_read(Arena *, const char *path);

/* All that the report shows, except for notes about comments. */
void baseline_write(const char *path, const Report *);

/* Says which lines of the baseline nothing in the report is like. */
void baseline_tell_gone(const Outcome *baseline, const Report *, const char *path);

#endif
