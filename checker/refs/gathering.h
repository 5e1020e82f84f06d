/* gathering.h - a function's facts while they are made (the inside of facts.c). */
#ifndef REFS_GATHERING_H
#define REFS_GATHERING_H

#include "base/array.h"
#include "refs/facts.h"

enum { REFER_VALUES = 2 }; // of what a pointer may be, so many are followed

typedef struct {
  Arena *arena;
  const Program *program;
  const ProgramFunction *function;
  const Function *f;
  Values *values;
  PathTable *paths;
  ARRAY(ReferEvent) events;
  ARRAY(Index) blocks; // of the events
  Places answers;      // numbers that the function returns, or compares for its answer
} Gathering;

void refer_add(Gathering *, Index block, ReferEvent);
bool refer_is_told(const Meaning *);
PathKind refer_root(const Gathering *, PathId);
PathId refer_result(const Gathering *, uint32_t instruction); // what a call gave, or 0
/* The places that an argument points to. */
Places refer_pointed_to(Gathering *, const Instruction *, uint32_t arg);

/* ---- numbers.c */
void refer_number_store(Gathering *, Index block, uint32_t instruction);
bool refer_atomic(Gathering *, Index block, uint32_t instruction); // a call that compilers provide
void refer_test(Gathering *, Index block);
void refer_drop_tests(Gathering *); // but those of what goes down in the function
void refer_answer(Gathering *, NodeId value);
uint8_t refer_ends(const Gathering *, const ReferFacts *, uint32_t down); // ENDS_*

#endif
