/* prefixes.h - the beginnings that the sources of a run share, parsed before them, or by an earlier
 * run (DESIGN 13). */
#ifndef PREFIXES_H
#define PREFIXES_H

#include <time.h>

#include "frontend/prefix.h"
#include "input/jobs.h"
#include "cli/options.h"
#include "revision/run_folder.h"
#include "run/kept_prefixes.h"

typedef struct {
  Roots roots;
  const Tree *tree; // that the jobs are read from
  const Job *const *jobs;
  uint32_t count;
  const char *place; // beside which the folder for them is made; NULL: they are off
  bool makes;        // else only those of earlier runs are used
  bool keeps;        // later runs may use them, and this one those of earlier ones
  Hash version;      // of what reads
  uint32_t workers;
} PrefixOrder;

typedef struct {
  const Prefix *const *of_job; // for each job what it begins with, or NULL; NULL: none has one
  struct timespec begun;
  RunFolder folder;
  KeptPrefixes *kept;        // NULL: nothing is kept
  const MadePrefix *of_plan; // those that were made, bases first
  uint32_t planned, made;
  uint32_t kept_users; // jobs that begin with one of an earlier run
  double seconds;      // CPU
  int signal;          // that ended it early; 0: none
} Prefixes;

Prefixes prefixes_make(Arena *, const PrefixOrder *, const Options *);
/* `keep`: for later runs, as far as there is room. */
void prefixes_end(Prefixes *, bool keep);

#endif
