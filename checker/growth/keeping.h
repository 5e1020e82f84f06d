/* keeping.h - pointers to containers that are stored in another place, too: who takes something out
 * of what he got from there may mean one of them (the inside of facts.c).
 */
#ifndef GROWTH_KEEPING_H
#define GROWTH_KEEPING_H

#include "growth/conditions.h"

/* When all stores and calls are there; among what is read. */
void note_kept(Facting *);
/* A library's call that hands on what it is given, to a thread or a callback. */
void note_kept_by(Facting *, const GrowthCall *, const Summary *model);

#endif
