/* run.h - a run under way: what pipeline.c and views.c share of it. */
#ifndef RUN_H
#define RUN_H

#include "run/analyse.h"
#include "cli/options.h"
#include "run/project.h"
#include "run/reading.h"
#include "report/report.h"
#include "picture/pictures.h"
#include "run/stacks.h"
#include "run/stats.h"

/* What an analysis gave, as it is stored after a run. */
typedef struct {
  Hash key; // zero: of nothing that is stored
  bool complete;
  const Finding *findings;
  size_t count;
  const Remark *remarks;
  size_t remark_count;
} Outcome;

#define REMARK_COMPILED_AWAY "locks-compiled-away"

typedef struct {
  Arena *arena;
  const Options *options;
  double started;    // by the clock
  int64_t wall_time; // seconds since 1970
  Project project;
  Store *store;
  TextPool *symbols;
  ModelSet *models;
  const StackOptions *stack;
  Hash settings; // of all that an analysis depends on besides what was read
  ReadingResult reading;
  double until; // ReadingInput.until
  bool keeps_old;
  HashMap left; // of the views: ReadingInput.left_before
  RunStats stats;
  const Tree *tree; // what the report shows lines of; NULL: the disk
  bool only_new;
  const char *baseline_path;
  const Outcome *baseline; // what the project knows and lives with; NULL: there is none
  bool (*chosen)(const void *context, const ReportFinding *); // NULL: all
  const void *chosen_context;
} Run;

void run_load_models(Run *); // and what else is given to the analysis
/* Reads the units of these jobs that are not fresh in the current view of the store. */
void run_read(Run *, const JobList *, const Tree *);
/* Of the current view. When it was analysed last, it is taken from the store. */
Outcome run_analyse(Run *);
bool run_was_last(Run *);        // the stored findings are those of the current view
Outcome run_last_outcome(Run *); // what the last run stored
int run_report(Run *);           // the exit code
int run_write_baseline(Run *);   // the same, but leaves the findings in the baseline
double run_clock(void);          // seconds, for differences

/* What is asked for of the whole program, recalled from the current view of the store, which is
 * left as it is. */
RuleRun run_recall(Run *, const AnalyseOptions *asked);
/* What there is to draw of it. */
typedef struct {
  bool lives, chains, cycles, contents, locks; // of threads, on stacks, of calls, of containers
} PicturesWanted;
Pictures run_pictures(Run *, const PicturesWanted *);

#endif
