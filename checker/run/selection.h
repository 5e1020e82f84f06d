/* selection.h - which rules and which files a report is about. */
#ifndef SELECTION_H
#define SELECTION_H

#include "input/jobs.h"
#include "cli/options.h"
#include "report/report.h"

/* All rules and what housekeeping there is, by id, with what --enable, --disable, --only and
 * --all-rules make of `is_on`. Ends the process (2) for a rule that there is not. */
const RuleInfo *selection_rules(Arena *, const Options *);
size_t selection_rule_count(void);

typedef struct {
  Arena *arena;
  Roots roots;
  const char **paths; // canonical, absolute
  size_t count;
} PathSelection;

/* The PATH arguments. Ends the process (2) for one that is in no unit: neither a source of the
 * jobs (NULL: not known), nor a folder above one, nor a file that a unit of the store read. */
PathSelection *selection_paths(Arena *, const Options *, Roots roots, const JobList *, Store *);

/* The same question early, as far as it can be told without a store. */
void selection_paths_exist(Arena *, const Options *);

bool selection_wants(const void *path_selection, const char *path); // ReportOptions.wanted

#endif
