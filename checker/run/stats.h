/* stats.h - --stats: where the time went, for people who wonder. */
#ifndef STATS_H
#define STATS_H

#include <stdio.h>

#include "run/reading.h"
#include "report/report.h"

/* The remarks of a run that it counts. */
#define REMARK_LOCK_FUNCTIONS "lock-functions"               // with lock events: how many
#define REMARK_DIRECT_LOCK_FUNCTIONS "direct-lock-functions" // that call lock functions themselves
#define REMARK_MIXED_EXITS "mixed-exits" // a function whose ways out disagree about a lock
#define MIXED_DIRECTLY "calls lock functions itself"

typedef struct {
  bool stored;                       // of a run that is over: of itself it has left nothing
  uint32_t functions, analysed;      // of how many the results did not hold any more
  const ReadingResult *reading;      // NULL: nothing was read
  double link_seconds, rule_seconds; // CPU; zero when the last run was still good
} RunStats;

void stats_print(FILE *, const Report *, const RunStats *);

#endif
