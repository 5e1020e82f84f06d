/* relevance.h - what is said of a program's containers concerns one that something is put in, only
 * sometimes: nine in ten stores of a null pointer, and calls of free, do not. Names and types tell
 * most of them apart before anything is handed from callee to caller.
 */
#ifndef GROWTH_RELEVANCE_H
#define GROWTH_RELEVANCE_H

#include "growth/touch.h"

typedef struct Relevance Relevance;

Relevance *relevance_new(Arena *, const Program *, PathTable *);
/* An insertion, if it is into something global; others are left alone. */
void relevance_add(Relevance *, PathTable *, const Touch *);
/* Could it concern something that grows? NULL: that is not known yet, and insertions do. */
bool is_relevant(const Relevance *, PathTable *, const Touch *);

#endif
