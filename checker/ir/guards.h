/* guards.h - code that runs once in a process because a variable says that it has run:
 * `if (done) return; done = 1;` and `if (!object) object = make();`; or because the process was
 * made for it (ir/forks.h), whose guard is the function that makes processes.
 *
 * Whether the variable is ever cleared is a question to the whole program, so a function says
 * which variables guard its blocks, and which ones it may clear (ir/links.h keeps both).
 */
#ifndef IR_GUARDS_H
#define IR_GUARDS_H

#include "ir/repeats.h"

typedef struct {
  Index *symbols;   // per block: the global or function that lets it run once, or NO_GUARD
  Repeats *repeats; // per block: how often, in that one run
  bool *clears;     // per symbol: a global that may be zero, or become anything, behind this
} Guards;

enum { NO_GUARD = 0xffffffffu };

/* Does the function read a global that it sets, or fork? Without, nothing guards. */
bool function_has_guard(Arena *, const Function *);

/* Repetition with or without a graph; without one, no block is guarded. */
Guards *guards_new(Arena *, const Repetition *);

#endif
