/* bound.h - what bounds one cycle. */
#ifndef DEPTH_BOUND_H
#define DEPTH_BOUND_H

#include "depth/depth.h"
#include "depth/facts.h"

/* A call on a cycle. */
typedef struct {
  Facts *facts;
  const Site *site;
} Turn;

typedef struct {
  DepthKind kind;
  const char *measure, *limit;
} Verdict;

/* turns[i] calls the function of turns[i + 1], the last one that of the first. */
Verdict bound_of(Arena *, Program *, const Turn *turns, uint32_t count);

/* Is the call bounded whatever way leads back to it? By the stack, or by a counter in memory that
 * is changed and tested here. */
bool is_bounded_here(const Turn *, DepthKind *);

#endif
