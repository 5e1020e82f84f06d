/* print.h - IR as text: for `overstay dump ir`, for fixtures, and for messages. */
#ifndef IR_PRINT_H
#define IR_PRINT_H

#include <stdio.h>

#include "ir/ir.h"

/* The whole function, one line an instruction; with `lines`, each is followed by its source line. */
void function_print(FILE *, const Function *, bool lines);

/* A node as C, the way the programmer wrote it as far as that is known: `pool->free`,
 * `!ready`, `item_locks[hv & mask]`. A temp is shown as the expression that it was loaded from,
 * or as a call: `get(x)`. At most ~120 characters; longer ones end in "...". */
void node_print(FILE *, const Function *, NodeId);
const char *node_text(Arena *, const Function *, NodeId);

#endif
