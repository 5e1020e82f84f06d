/* life.h - which part of a program's life a call belongs to: before the loop that the program lives
 * by, in it, or after it. Only the functions between main and that loop (the spine) have calls of
 * several parts; what they call belongs to the part of the call.
 */
#ifndef LINK_LIFE_H
#define LINK_LIFE_H

#include "link/multiplicity.h"
#include "link/runs_graph.h"

typedef struct Life Life;

/* `mains` are functions by id. Loads the code of the spine. */
Life *life_new(Arena *, Program *, const RunsGraph *, const uint32_t *mains, uint32_t count);

/* It has a loop that waits for requests or for events. */
bool life_serves(Life *, uint32_t function);

/* The part in which main begins: LIFE_RUN when it has no loop to wait for. */
uint32_t life_begins(const Life *, uint32_t main);
/* The part of an edge whose `from` runs in the parts `life`. */
uint32_t life_of_edge(const Life *, const RunsEdge *, uint32_t life);
/* All parts in which the function runs that is begun in the parts `life`. */
uint32_t life_of_function(const Life *, uint32_t function, uint32_t life);
uint32_t life_of_instruction(const Life *, uint32_t function, uint32_t instruction, uint32_t life);

#endif
