/* stats.h - --stats: where the time went, for people who wonder. */
#ifndef STATS_H
#define STATS_H

#include <stdio.h>

#include "report/report.h"

typedef struct {
  uint32_t functions, analysed;      // of how many the results did not hold any more
  double link_seconds, rule_seconds; // CPU; zero when the last run was still good
} RunStats;

void stats_print(FILE *, const Report *, const RunStats *);

#endif
