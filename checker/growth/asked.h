/* asked.h - whom it concerns what a function does to what it is given. What it does to a parameter
 * is handed on only where that parameter may be something that others know: most texts and lists
 * that a program handles are its callers' variables, and nobody asks about those.
 */
#ifndef GROWTH_ASKED_H
#define GROWTH_ASKED_H

#include "growth/facts.h"

/* What may be called, by function and number of the call. */
typedef struct {
  const GrowthFacts *const *facts; // by function id; NULL: none
  Targets *const *targets;         // likewise
} GrowthCalls;

/* Sets of parameters, by function id: is_asked() reads them. */
uint32_t *parameters_asked(Arena *, const Program *, const PathTable *, const GrowthCalls *);
bool is_asked(uint32_t parameters, uint32_t number);
/* By a function that it does not call itself, by whatever way. */
bool is_called_elsewhere(const Program *, const ProgramFunction *);

#endif
