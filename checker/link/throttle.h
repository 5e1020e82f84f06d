/* throttle.h - what keeps something that is done any number of times from being done too often at
 * once: threads that are created and end by themselves (ANALYSIS A.1, T5; T-F13).
 *
 * Two things can. A test on the way whose outcome hangs on memory that doing it, or the thread that
 * is created, changes: a counter of threads, a flag that says that one runs, a list of free slots.
 * Or waiting on the way for other threads: a semaphore, a condition variable, a join.
 */
#ifndef LINK_THROTTLE_H
#define LINK_THROTTLE_H

#include "link/multiplicity.h"

typedef struct {
  const RunsStep *steps; // multiplicity_reason() of the creation
  uint32_t step_count;
  uint32_t function, instruction; // of the creation
  Targets entries;                // functions that the threads run; may be empty
} ThrottleQuestion;

/* Loads code of the functions on the way. */
bool is_throttled(Program *, const ThrottleQuestion *);

#endif
