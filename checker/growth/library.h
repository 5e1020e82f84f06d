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

/* The program-wide id of what is called by name or through a field or global; 0: something else. */
TextId called_by(const ProgramFunction *, uint32_t instruction, bool *by_pointer);

#endif
