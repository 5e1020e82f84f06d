/* reuse.h - pools: an element is only made when none of those that are there is free, so there are
 * as many as were in use at one time (the inside of facts.c).
 */
#ifndef GROWTH_REUSE_H
#define GROWTH_REUSE_H

#include "growth/conditions.h"

/* What is put in there is new because a walk of the container found none that is free.
 * Imprecise: walks by a helper are not looked into. */
bool is_reusing(const Facting *, Index block, PathId container);

#endif
