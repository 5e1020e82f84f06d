/* atomics.h - stores by atomic operations, which are calls in the code: a list that is changed
 * without locks gets its elements by them (the inside of facts.c). */
#ifndef GROWTH_ATOMICS_H
#define GROWTH_ATOMICS_H

#include "growth/conditions.h"

/* Of a pointer, if the call is one. */
void note_atomic(Facting *, uint32_t instruction);

#endif
