/* resolve.h - whom a name means where it has several definitions. */
#ifndef LINK_RESOLVE_H
#define LINK_RESOLVE_H

#include "link/program.h"

/* Fills `resolved`, after linkage_find: program_resolve() reads it. */
void resolve_all(Program *, ProgramFunction *);

#endif
