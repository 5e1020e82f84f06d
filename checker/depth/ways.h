/* ways.h - which blocks of a function lead where. */
#ifndef DEPTH_WAYS_H
#define DEPTH_WAYS_H

#include "ir/cfg.h"

typedef struct {
  const Function *f;
  bool *seen; // per block, for one search at a time
  Index *stack;
} Ways;

Ways ways_new(Arena *, const Function *);
/* Does a way from `from` lead to `to` that does not come back to `past`? */
bool ways_lead(const Ways *, Index from, Index to, Index past);
/* Is there a way to an end of the function, or of the program, past all these blocks? */
bool ways_end_without(const Ways *, const Index *blocks, uint32_t count);
/* Per block: a way to a return. */
bool *ways_returning(Arena *, const Function *, const Cfg *);

#endif
