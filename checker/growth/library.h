/* library.h - what a call of a library does to containers, as its model has it. */
#ifndef GROWTH_LIBRARY_H
#define GROWTH_LIBRARY_H

#include "growth/facts.h"

typedef struct {
  Arena *arena;
  PathTable *paths; // of the arguments and of what is found
  const Function *f;
  const Instruction *inst;
  const GrowthCall *call;
} LibraryCall;

Touches library_touches(const LibraryCall *, const Summary *model);

#endif
