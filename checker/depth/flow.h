/* flow.h - the values of locals and cells at every point of a function: a forward data-flow
 * analysis over the lattice of value.h. */
#ifndef DEPTH_FLOW_H
#define DEPTH_FLOW_H

#include "depth/facts.h"
#include "ir/cfg.h"

typedef struct {
  Arena *arena;
  Helpers *helpers;
  Program *program;
  const ProgramFunction *function;
  Function *f; // a copy: blocks end at calls that do not return
  Cfg *cfg;
  CellTable *cells;
  Value **entry; // per block: locals, then CELL_LIMIT cells; NULL when not reached
  Value *now;    // likewise, where the analysis stands
  Value *temps;
  uint32_t *visits; // per block
  bool supposes;    // something of what it is given: ways that it rules out are left out
} Flow;

bool is_text(const Function *, Index type); // a pointer to characters
uint64_t flow_size(const Function *);       // values that are kept
/* given: per parameter, what is known of it when it is_known(); NULL: nothing. */
Flow *flow_new(Arena *, Helpers *, Program *, const ProgramFunction *, CellTable *,
               const Value *given);

/* The value of a node where the analysis stands. */
Value flow_value(Flow *, NodeId);
Value flow_cell(const Flow *, Token); // of a cell there
/* Does the call at this instruction come back? */
bool flow_returns(const Flow *, uint32_t instruction);
/* From the entry of a block: flow_enter, then flow_step for each instruction, in order. */
void flow_enter(Flow *, Index block);
void flow_step(Flow *, uint32_t instruction);

#endif
