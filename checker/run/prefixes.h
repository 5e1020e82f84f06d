/* prefixes.h - the beginnings that the sources of a run share, parsed before them (DESIGN 13). */
#ifndef PREFIXES_H
#define PREFIXES_H

#include <time.h>

#include "frontend/prefix.h"
#include "input/jobs.h"
#include "cli/options.h"
#include "revision/run_folder.h"

typedef struct {
  Roots roots;
  const Job *const *jobs;
  uint32_t count;
  const char *place; // beside which the folder for them is made; NULL: they are off
  uint32_t workers;
} PrefixOrder;

typedef struct {
  const Prefix *const *of_job; // for each job what it begins with, or NULL; NULL: none has one
  struct timespec begun;
  RunFolder folder;
  uint32_t planned, made;
  double seconds; // CPU
  int signal;     // that ended it early; 0: none
} Prefixes;

Prefixes prefixes_make(Arena *, const PrefixOrder *, const Options *);
void prefixes_remove(Prefixes *);

#endif
