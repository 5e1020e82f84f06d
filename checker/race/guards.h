/* guards.h - which lock guards a datum, by what its uses hold (ANALYSIS A.2 L9), and by what those
 * of its neighbours hold.
 */
#ifndef RACE_GUARDS_H
#define RACE_GUARDS_H

#include "race/races.h"

/* In the order of races_find(). */
void guards_find(Program *, Datum *data, uint32_t count);
/* Its guard is a member of the same record, or both are globals of one file, or of the program. */
bool guards_its_own(const Program *, const Datum *);

#endif
