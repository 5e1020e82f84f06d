/* fault.h - deliberate mistakes in the graph, to see that a test would notice them. */
#ifndef IR_FAULT_H
#define IR_FAULT_H

#include "ir/ir.h"

/* In builds for development, makes the mistake that the environment variable OVERSTAY_FAULT names
 * wherever the function gives occasion; in others, and without the variable, does nothing. */
void function_inject_fault(Function *);

#endif
