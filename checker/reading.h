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

typedef struct {
  Roots roots;
  const JobList *jobs;
  const char *const *lock_types; // of the models: units say whether they declare one
  size_t lock_type_count;
  void (*take)(void *context, const Unit *); // instead of the store, of which nothing is asked then
  void *context;
} ReadingInput;

/* Asks the store which units are fresh, has workers read the others, stores them in the order of
 * the jobs, and drops units that are no longer in the list. */
ReadingResult read_units(Arena *, Store *, const ReadingInput *, const Options *);

/* All that decides what a parse gives besides sources and flags. */
Hash reading_version(Arena *);

#endif
