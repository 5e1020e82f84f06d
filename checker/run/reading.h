/* reading.h - the map half of a run: which units changed, and reading those into the store. */
#ifndef READING_H
#define READING_H

#include "base/hash_map.h"
#include "base/tree.h"
#include "input/jobs.h"
#include "cli/options.h"
#include "store/store.h"

typedef struct {
  uint32_t read, unchanged; // units
  uint32_t left;            // the time was up before they were read
  int signal;               // that ended it early; 0: none
  struct {
    uint32_t made, planned;
    uint32_t after;            // units that were read after one
    uint32_t again;            // that were read after one, not believed, and read without
    uint32_t equal, different; // with --verify-pch
    uint32_t kept;             // units that begin with one of an earlier run
    double seconds;            // CPU, for making them
  } prefixes;
} ReadingResult;

typedef struct {
  Roots roots;
  const Tree *tree; // where they are read from; NULL: the disk
  const JobList *jobs;
  const char *const *lock_types; // of the models: units say whether they declare one
  size_t lock_type_count;
  void (*take)(void *context, const Unit *); // instead of the store, of which nothing is asked then
  void *context;
  const char *place; // for files that last as long as the run; NULL: none
  double until;   // by the clock that only goes on: what is not read by then is left; 0: no limit
  bool keeps_old; // a unit that is left stays as the store has it, else it has no result
  HashMap *left_before; // NULL, or gets those that are left, and they are left the next time, too
} ReadingInput;

/* Asks the store which units are fresh, has workers read the others in the order of the jobs,
 * stores them in that order, and drops units that are no longer in the list. With --verify-pch all
 * are read.
 */
ReadingResult read_units(Arena *, Store *, const ReadingInput *, const Options *);

/* All that decides what a parse gives besides sources and flags. */
Hash reading_version(Arena *);

#endif
