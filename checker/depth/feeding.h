/* feeding.h - is a list as long as what is read? */
#ifndef DEPTH_FEEDING_H
#define DEPTH_FEEDING_H

#include "link/program.h"

/* Somebody in the file of the function sets the field in a loop that goes round as often as there
 * is something to read. */
bool list_is_fed(Program *, const ProgramFunction *, const char *field);

#endif
