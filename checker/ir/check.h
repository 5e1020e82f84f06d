/* check.h - is a function's IR well formed? Every index in range, nodes before their users, the
 * right kinds in the right places. ir/serial.h asks it about all that comes from outside, unit
 * tests and dev builds about all that lowering makes. */
#ifndef IR_CHECK_H
#define IR_CHECK_H

#include "ir/ir.h"

/* NULL when sound, else what is wrong: a constant string. */
const char *function_check(const Function *);

bool node_is_place(const Function *, NodeId);

#endif
