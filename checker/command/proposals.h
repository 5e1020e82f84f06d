/* proposals.h - pairs of library functions that nobody describes, and how often the second follows
 * the first: what `overstay models --propose` prints (ANALYSIS D.2). */
#ifndef PROPOSALS_H
#define PROPOSALS_H

#include "link/program.h"

typedef enum {
  ROLE_LOCK,     // of an argument, or of none
  ROLE_RESOURCE, // what the first one returns
  ROLE_UNKNOWN,  // a pair, but of nothing that is checked
} PairRole;

typedef struct {
  const char *first, *second; // names
  bool has_body;
  PairRole role;
  uint32_t calls, followed; // of the first one; how many the second follows on every way out
  uint32_t functions;       // that call the first one
  uint32_t first_arity, second_arity;
  int32_t first_argument, second_argument; // which are the same; -1: none, or the result
  uint32_t tested[2]; // of `followed`: only where the result is 0, only where it is not
  double score;       // how much more often than in four of five cases, in standard deviations
} Proposal;

/* The surest first. Everything is allocated in `arena`. `plain` tells of each function whether its
 * body does nothing to locks: one that is called like a lock's and has a body may still be one,
 * made of atomic operations. */
Proposal *proposals_find(Arena *arena, Program *, const bool *plain, uint32_t *count);
/* Often enough, and nearly always. */
bool proposal_is_sure(const Proposal *);

#endif
