/* conditions.h - what the branches on the way to a point of a function have tested (the inside of
 * facts.c). */
#ifndef GROWTH_CONDITIONS_H
#define GROWTH_CONDITIONS_H

#include "base/array.h"
#include "growth/facts.h"

enum { NULL_TESTS = 4 };

/* What a test of what is in memory is about: whether it is in some state, as numbers that are
 * written in the code tell, or which one it is, as its being equal to something else does. */
enum { ASKS_WHETHER = 1, ASKS_WHICH = 2 };

/* What the branch at the end of a block compares. */
typedef struct {
  NodeId asked;                // what is compared: with zero, or the left side of an equality
  PathId numbers[GUARD_LIMIT]; // with something other than zero, or by order
  PathId tested[NULL_TESTS];   // pointers that are compared with zero
  uint32_t number_count, tested_count;
  uint32_t null_edge; // the way on if they are
  uint8_t asks;       // ASKS_*; 0: of no memory
  bool is_one;        // all of them: one pointer that can be nothing else
  bool is_all;        // the pointer can be nothing else than one of them
  Demand demand;      // what holds on the way on by `equal_edge`; of a switch: of which parameter
  uint32_t equal_edge;
} BranchTest;

typedef struct {
  Arena *arena, *scratch;
  const Program *program;
  const ProgramFunction *function;
  const Function *f;
  const Cfg *cfg;
  Values *values;
  PathTable *own, *paths; // of the function, and of the result
  const Repetition *repetition;
  BranchTest *tests; // per block
  bool is_main;
  ARRAY(Write) writes;
  ARRAY(Touch) touches;
  ARRAY(Touch) reads;
  ARRAY(GrowthCall) calls;
  GrowthCall **by_instruction; // all calls with what they are given, kept or not
} Facting;

/* By the branches that every way to a block takes in one direction. */
typedef struct {
  PathId guards[GUARD_LIMIT];
  uint32_t guard_count;
  PathId tested[NULL_TESTS];
  uint32_t tested_count;
  PathId empty[NULL_TESTS]; // of these, those that are zero
  uint32_t empty_count;
  Demand demands[DEMANDS];
} Dominating;

bool is_pointer_type(const Function *, Index type);
bool is_number_type(const Function *, Index type);
void keep_touch(Facting *, Touch);
/* The parameter whose value that still is, plus 1; 0: none. */
uint16_t parameter_of(Facting *, NodeId);
/* At the end of the block, where the analysis stands. */
void note_test(Facting *, Index block);
void note_switch(Facting *, Index block);
/* Does every way to the block take one way on from that branch? `edge` is it. */
bool branch_decides(const Facting *, Index branch, Index block, uint32_t *edge);
Dominating tests_before(const Facting *, Index block);
/* Was something looked for, that is not what is put in? */
bool is_keyed(const Facting *, const Dominating *, PathId object);
/* The container of which nothing is left when the loop around the block ends, by whatever way; 0:
 * none. */
PathId drained_in(const Facting *, uint32_t instruction);

#endif
