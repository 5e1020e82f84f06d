/* frame.h - how many bytes of stack one run of a function takes, as far as its code tells.
 *
 * How it was compiled is not known, so the answer is an interval. Its low end is the best
 * optimisation: only what has to have an address stays in memory, and what does not live at the
 * same time shares it. Its high end is none: every variable and every temporary has a place of
 * its own. Callees that a compiler puts into their callers are left to rule/stacks/frames.c, which
 * knows them.
 */
#ifndef ANALYSIS_FRAME_H
#define ANALYSIS_FRAME_H

#include "ir/cfg.h"

enum { RETURN_ADDRESS = 8 }; // Imprecise: on 32 bits it is half of that

typedef struct {
  uint64_t low, high; // with the return address
  uint32_t weight;    // instructions and tests: what makes a compiler leave it where it is
  bool grows;         // by variable-length arrays, or alloca
} OwnFrame;

/* `cfg` is the function's. The arena is for what is needed meanwhile. */
OwnFrame frame_measure(Arena *, const Function *, const Cfg *cfg);

bool frame_is_alloca(const Function *, const Instruction *); // a call of it

/* The bytes that an alloca or the declaration of a variable-length array takes, at most: by
 * constants, and tests that every way to it passes. 0: any number. */
uint64_t frame_most(const Function *, const Cfg *, uint32_t instruction);

/* How many levels there can be above a call of the function itself: an argument counts them up, and
 * every way to the call passes a test that it is not yet a constant. 0: nothing of the kind.
 * Imprecise: the first level has the number 0. */
uint64_t frame_levels(const Function *, const Cfg *, uint32_t instruction);

#endif
