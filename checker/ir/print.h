/* print.h - IR as text: for `overstay dump ir`, for fixtures, and for messages. */
#ifndef IR_PRINT_H
#define IR_PRINT_H

#include <stdio.h>

#include "ir/ir.h"

/* The whole function, one line an instruction; with `lines`, each is followed by its source line.
 */
void function_print(FILE *, const Function *, bool lines);

/* Only what can be seen from outside, easy to parse: per function a line `function NAME LINE
 * END SOURCE flags...`, then per block `block N`, its calls as `call LINE CALLEE FILE flags...`
 * ("*" when indirect) and its terminator as `jump|branch|switch|return|goto|unreachable` with the
 * numbers of the blocks that follow; a branch ends in its sense, + - or ? (print_calls.c).
 * tests/cfg_differential.py compares it with gcc's graph. */
void function_print_calls(FILE *, const Function *);

/* A node as C, the way the programmer wrote it as far as that is known: `pool->free`,
 * `!ready`, `item_locks[hv & mask]`. A temp is shown as the expression that it was loaded from,
 * or as a call: `get(x)`. At most ~120 characters; longer ones end in "...". */
void node_print(FILE *, const Function *, NodeId);
const char *node_text(Arena *, const Function *, NodeId);

#endif
