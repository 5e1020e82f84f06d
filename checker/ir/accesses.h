/* accesses.h - which memory an instruction reads or writes: plain accesses, and atomic ones, which
 * lowering leaves as calls.
 */
#ifndef IR_ACCESSES_H
#define IR_ACCESSES_H

#include "ir/ir.h"

typedef enum { ATOMIC_NONE, ATOMIC_READ, ATOMIC_WRITE, ATOMIC_EXCHANGE, ATOMIC_COMPARE } Atomic;

Atomic atomic_kind(const Function *, const Instruction *);

/* The place whose value is its result; 0: none. */
NodeId place_read(const Function *, const Instruction *);
/* The place that it writes, and the value; 0: none. An exchange is no such write. */
NodeId place_written(const Function *, const Instruction *, NodeId *value);

#endif
