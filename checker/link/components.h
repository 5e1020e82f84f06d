/* components.h - strongly connected components of a graph, callees first. */
#ifndef LINK_COMPONENTS_H
#define LINK_COMPONENTS_H

#include "link/program.h"

typedef struct {
  uint32_t *order;     // nodes, successors first, members of a component by number
  uint32_t *starts;    // of the components, into order; one more at the end
  uint32_t *component; // per node
  uint32_t count;
} Components;

/* The successors of node n are targets[starts[n]] up to targets[starts[n + 1]]. */
Components components_find(Arena *, uint32_t nodes, const uint32_t *starts,
                           const uint32_t *targets);

/* Of the call graph. Fills order, component_starts, component_count, and each function's component
 * and recursive. */
void components_order(Program *);

#endif
