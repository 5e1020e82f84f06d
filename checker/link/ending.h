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

/* Loads code; of the whole program when a variable has to be looked for. */
Ending ending_of(Program *, uint32_t function);

#endif
