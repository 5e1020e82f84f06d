/* reading.h - the map half of a run: which units changed, and reading those into the store. */
#ifndef READING_H
#define READING_H

#include "input/jobs.h"
#include "options.h"
#include "store/store.h"

typedef struct {
  uint32_t read, unchanged; // units
  int signal;               // that ended it early; 0: none
} ReadingResult;

/* Asks the store which units are fresh, has workers read the others, stores them in the order of
 * the jobs, and drops units that are no longer in the list. */
ReadingResult read_units(Arena *, Store *, const char *root, const JobList *, const Options *);

/* All that decides what a parse gives besides sources and flags. */
Hash reading_version(Arena *);

#endif
