/* borrow.h - the code of functions that was asked for last stays at hand: one question about a
 * function is followed by others about the same one (the inside of program.c).
 */
#ifndef LINK_BORROW_H
#define LINK_BORROW_H

#include "link/program.h"

typedef struct KeptCodes KeptCodes;

KeptCodes *kept_codes_new(Arena *);
void kept_codes_free(KeptCodes *); // what is beside the arena

#endif
