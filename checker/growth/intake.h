/* intake.h - what gets longer with what others send: something that a function fills in a loop
 * which goes round as long as there is something to receive, where nothing on the way round says
 * how much that may be.
 *
 * Such a container need not live long. Who sends decides how large it gets, within one connection,
 * so it is found by the loop alone, and not by how long the process goes on.
 */
#ifndef GROWTH_INTAKE_H
#define GROWTH_INTAKE_H

#include "growth/facts.h"

typedef struct {
  uint32_t function; // id
  uint32_t puts_in;  // instruction
  uint32_t receives; // likewise
  const char *name;  // of what gets longer, as the function calls it
} Intake;

/* `facts` are in any order, one a function at most. Loads code of the few functions that may
 * receive something in a loop. */
Intake *intakes_find(Arena *, Program *, const PathTable *, const GrowthFacts *facts,
                     uint32_t fact_count, uint32_t *count);

#endif
