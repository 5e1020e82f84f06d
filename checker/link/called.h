/* called.h - what a call names: its symbol is known to link/, who is meant by it to
 * program_resolve() and program_slot_targets(). */
#ifndef LINK_CALLED_H
#define LINK_CALLED_H

#include "link/program.h"

/* The program-wide id of what is called by name or through a field or global; 0: something else.
 * The code is loaded. */
TextId called_symbol(const ProgramFunction *, uint32_t instruction, bool *by_pointer);
TextId called_by_name(const ProgramFunction *, uint32_t instruction); // 0: not by name

#endif
