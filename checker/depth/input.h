/* input.h - what comes into a function from outside of the program, and how long it can be. */
#ifndef DEPTH_INPUT_H
#define DEPTH_INPUT_H

#include "link/program.h"

enum { INPUT_BYTES = 1, INPUT_FOLDER = 2, INPUT_BEYOND_PATHS = 4 };

uint8_t input_of_name(const char *function); // INPUT_*: what a function of a library reads
uint8_t input_of(const Function *); // INPUT_*: what it reads itself, by the names of what it calls
/* INPUT_FOLDER: a function that it calls does. */
uint8_t input_of_callees(const Program *, const ProgramFunction *);
/* INPUT_BYTES, by itself or in what it calls, so many calls deep. */
bool input_is_read(const Program *, uint32_t function, uint32_t far);
/* INPUT_BYTES, by itself or in what it calls, so many calls deep. */
bool input_is_read(const Program *, uint32_t function, uint32_t far);
/* Bytes of an array of characters, in the frame or global, that an argument is: a text as long as
 * that at most. 0: none. */
uint32_t input_buffer(const Function *, NodeId argument);

#endif
