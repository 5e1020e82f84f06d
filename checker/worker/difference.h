/* difference.h - whether two readings of one source gave the same unit, byte for byte. */
#ifndef WORKER_DIFFERENCE_H
#define WORKER_DIFFERENCE_H

#include "ir/unit.h"

/* NULL when they are equal but for the time that it took; else what differs: "files", or
 * "function pool_get". */
const char *unit_difference(Arena *, const Unit *, const Unit *);

#endif
