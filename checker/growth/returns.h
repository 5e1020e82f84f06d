/* returns.h - what a function returns, as far as its callers may know it: a place in what it was
 * given, or something new (the inside of facts.c). */
#ifndef GROWTH_RETURNS_H
#define GROWTH_RETURNS_H

#include "growth/conditions.h"

/* When all stores are there. */
void keep_returns(Facting *);

#endif
