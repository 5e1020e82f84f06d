/* accesses.h - which memory an instruction reads or writes, whether it is a plain access or an
 * atomic one, as models tell of those. For questions about the whole program, without the engine.
 */
#ifndef LINK_ACCESSES_H
#define LINK_ACCESSES_H

#include "link/program.h"

/* The instruction whose result the temp is; NULL: none. */
const Instruction *access_definition(const Function *, uint32_t temp);
/* The place whose value is its result; 0: none. */
NodeId access_read(const Program *, const Function *, const Instruction *);
/* The place that it writes, and the value; 0: none. */
NodeId access_written(const Program *, const Function *, const Instruction *, NodeId *value);

#endif
