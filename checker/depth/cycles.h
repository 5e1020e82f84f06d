/* cycles.h - the cycles of one component of the call graph that nothing bounds. */
#ifndef DEPTH_CYCLES_H
#define DEPTH_CYCLES_H

#include "depth/beginnings.h"
#include "depth/facts.h"
#include "depth/recall.h"

typedef struct {
  Arena *component, *results; // what lasts as long as the search, and longer
  Program *program;
  Helpers *helpers;
  Beginnings *beginnings;
  uint32_t *number; // per function of the program, 0
} CycleSearch;

/* ids: the members, in the order of the component. */
PartResult cycles_of(const CycleSearch *, uint32_t *ids, uint32_t count);

#endif
