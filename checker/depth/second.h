/* second.h - what is different from the second round of a cycle on. */
#ifndef DEPTH_SECOND_H
#define DEPTH_SECOND_H

#include "depth/bound.h"

/* Functions as they are when some of their parameters are known, for one component. */
typedef struct Seconds Seconds;
Seconds *seconds_new(Arena *, Program *, Helpers *, Beginnings *, Wanted);

/* The same calls from the second round on, where those before hand on numbers or bits that
 * branches hang on, or all callers from outside give one number that stays. False: one of them is
 * not come to again, and *kind says why. */
bool seconds_turn(Seconds *, Turn *turns, uint32_t count, DepthKind *kind);

#endif
