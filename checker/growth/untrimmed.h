/* untrimmed.h - buffers of one object, of which one is made to fit what is in it now and then, and
 * another one, that gets longer in the same way, never is: whatever it once had room for, it keeps.
 *
 * A function that is given a buffer only, and gives another block for it, can make it no longer
 * than what is in it; one that is given more can.
 */
#ifndef GROWTH_UNTRIMMED_H
#define GROWTH_UNTRIMMED_H

#include "growth/facts.h"

typedef struct {
  uint32_t trimmer, trims; // function id and instruction: one of them is made to fit
  uint32_t grower, grows;  // likewise: the other one gets longer
  const char *name;        // of the other one
  const char *trimmed, *record;
} Untrimmed;

/* `facts` are in any order, one a function at most. Loads code of functions that move buffers. */
Untrimmed *untrimmed_find(Arena *, Program *, const PathTable *, const GrowthFacts *facts,
                          uint32_t fact_count, uint32_t *count);

#endif
