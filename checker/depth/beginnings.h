/* beginnings.h - what the calls from outside of a cycle give its arguments. */
#ifndef DEPTH_BEGINNINGS_H
#define DEPTH_BEGINNINGS_H

#include "depth/value.h"
#include "link/program.h"

typedef struct Beginnings Beginnings;
Beginnings *beginnings_new(Arena *, Program *);
/* The functions whose callers were looked at since this was last called; valid as long as nothing
 * else is asked. */
const uint32_t *beginnings_asked(Beginnings *, uint32_t *count);
/* A hash of all that such answers hang on, of one of those functions. */
Hash beginnings_state(const Program *, uint32_t function);

typedef struct {
  bool numbers; // every call gives a number, or what its caller was given, a little more or less
  Value number; // VALUE_CONSTANT: they all give this one
} Beginning;
Beginning beginnings_number(Beginnings *, const ProgramFunction *, Token parameter);

/* How long the texts are that all the calls give, at most, their ends included; 0: not known, or
 * somebody can make them longer. *fixed: they stand in the program. */
uint32_t beginnings_text(Beginnings *, const ProgramFunction *, Token parameter, bool *fixed);

#endif
