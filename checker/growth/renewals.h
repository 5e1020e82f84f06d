/* renewals.h - memory that is a part of a pool or of another object, and goes with that: something
 * new is made there and put in the place of what was there before, which nobody gives back, and
 * nobody can any more. The object gets larger each time.
 *
 * It is told where the object was there before: it is reached from something global, or by a
 * pointer in what the function was given.
 */
#ifndef GROWTH_RENEWALS_H
#define GROWTH_RENEWALS_H

#include "growth/containers.h"

typedef struct {
  uint32_t function;  // id
  uint32_t stores;    // instruction that forgets the old one
  uint32_t made;      // likewise: the call that gives the new one
  const char *name;   // of the place
  const char *region; // what it is a part of
  bool is_global;     // and that lives as long as the process
  bool is_passing;    // a pointer on the way to it gets another value
} Renewal;

/* `facts` are in any order, one a function at most. Loads code of functions that make something in
 * a region, or call such. */
Renewal *renewals_find(Arena *, Program *, const PathTable *, const GrowthFacts *facts,
                       uint32_t fact_count, uint32_t *count);

#endif
