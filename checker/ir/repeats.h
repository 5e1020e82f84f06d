/* repeats.h - how often an instruction runs within one run of its function, as its loops tell.
 *
 * Four answers are enough: what a rule asks is whether there is a limit, and who knows it. A loop
 * is bounded when the program's text says how often it goes round, counted when that is known as
 * it begins (`i < n`, a walk over a list), and anything else goes round any number of times.
 */
#ifndef IR_REPEATS_H
#define IR_REPEATS_H

#include "ir/cfg.h"

typedef enum {
  REPEATS_ONCE,
  REPEATS_BOUNDED, // by a constant, the length of an array, or the arguments of the program
  REPEATS_COUNTED, // by what is there when the loop begins
  REPEATS_ANY,
} Repeats;

typedef struct {
  Repeats repeats;
  bool serves; // without a way out, or until a variable says stop: a loop that others live by
} LoopKind;

typedef struct {
  const Function *function;
  const Cfg *cfg;    // NULL: no loop
  LoopKind *loops;   // per loop of the graph
  Repeats *blocks;   // per block
  bool *walks;       // per block: its test ends a loop once it has come to the end of something
  NodeId *loads;     // per temp: the place that an INST_LOAD read, else 0
  Index *definition; // per temp: the instruction that defines it
} Repetition;

/* `cfg` may be NULL when the function has no loop. */
Repetition *repetition_new(Arena *, const Function *, const Cfg *);
bool function_has_loop(const Function *);

/* The innermost loop around a block that has the answer of the block; NO_LOOP when none has. */
Index repetition_cause(const Repetition *, Index block);
bool repetition_serves(const Repetition *, Index block); // stands in such a loop

#endif
