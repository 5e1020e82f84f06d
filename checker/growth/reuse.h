/* reuse.h - pools: an element is only made when none of those that are there is free, so there are
 * as many as were in use at one time (the inside of facts.c).
 */
#ifndef GROWTH_REUSE_H
#define GROWTH_REUSE_H

#include "growth/conditions.h"

/* What is put in there is new because a walk of the container found none that is free.
 * Imprecise: walks by a helper are not looked into. */
bool is_reusing(const Facting *, Index block, PathId container);

/* `item = take(&free); if (!item) { make_more(); item = take(&free); }`: the call that had nothing
 * to give on every way to the block, so that something else takes its place there; plus 1, 0: none.
 */
uint32_t refills(const Facting *, Index block);
/* The same with a list of free ones in this function: that loses one where there is one.
 * Unsound: that they are ever given back is not asked. */
bool is_refilling(const Facting *, const Touches *, const Touch *);

#endif
