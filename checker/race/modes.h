/* modes.h - threads that are never there together, whoever runs beside them: a program that
 * measures or stresses, and ends; rounds that end when all their threads are joined.
 */
#ifndef RACE_MODES_H
#define RACE_MODES_H

#include "race/sequence.h"

/* Fills `apart`. */
void find_apart(Program *, Concurrency *, const Sequence *);

#endif
