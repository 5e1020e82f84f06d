/* locks.h - the orders of locks as a picture: DOT, SVG, or JSON for others. */
#ifndef PICTURE_LOCKS_H
#define PICTURE_LOCKS_H

#include <stdio.h>

#include "store/lock_graph.h"

void locks_dot(FILE *, const LockGraph *);
void locks_svg(FILE *, const LockGraph *);
void locks_json(FILE *, const LockGraph *);

#endif
