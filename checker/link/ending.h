/* ending.h - can a function come to an end? For threads that somebody waits for (ANALYSIS A.1, T7).
 * Asked when all functions have summaries. */
#ifndef LINK_ENDING_H
#define LINK_ENDING_H

#include "link/program.h"

typedef enum {
  ENDS,        // as far as is seen
  ENDS_NEVER,  // a loop has no way out
  ENDS_UNTOLD, // a loop ends only when a variable says so, and nobody makes it say so
} EndingKind;

typedef struct {
  EndingKind kind;
  const ProgramFunction *function; // that has the loop: the one asked for, or one that it calls
  Index block;      // whose terminator goes back to the loop's begin, or tests the variable
  const char *flag; // ENDS_UNTOLD: name of the field or global
  uint32_t stores;  // ENDS_UNTOLD: places that store something else in it
} Ending;

/* Of each of these functions, which are distinct. Loads code; of the whole program, once, when
 * variables have to be looked for. */
const Ending *endings_of(Program *, Arena *, const uint32_t *functions, uint32_t count);

#endif
