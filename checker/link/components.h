/* components.h - strongly connected components of the call graph, callees first. */
#ifndef LINK_COMPONENTS_H
#define LINK_COMPONENTS_H

#include "link/program.h"

/* Fills order, component_starts, component_count, and each function's component and recursive. */
void components_order(Program *);

#endif
