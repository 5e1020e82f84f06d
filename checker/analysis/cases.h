/* cases.h - ways out of a function that are one case of its summary: what summarise.c groups, and
 * conditions.c tells apart. */
#ifndef ANALYSIS_CASES_H
#define ANALYSIS_CASES_H

#include "analysis/engine.h"

typedef struct {
  State *state; // joined facts of all members
  LockEntry *locks;
  uint32_t lock_count; // places as the caller sees them
  uint32_t gone;       // of the parameters
  TermId result;
  int64_t low, high;
  bool no_zero, result_varies;
} Group;

static inline bool creates_for_caller(const LockEntry *lock) {
  return lock->resource == RESOURCE_THREAD && lock->now == LOCK_HELD && lock->pre == LOCK_RELEASED;
}

/* In `*out`: what is opened for the caller. */
static inline bool is_left_open(const LockEntry *lock) {
  return lock->resource == RESOURCE_FILE || lock->resource == RESOURCE_MEMORY;
}

bool facts_contradict(const Fact *, const Fact *);
/* Sets the conditions of a case, which `groups[self]` of the `count` groups becomes. */
void case_conditions(Engine *, Case *, const Group *groups, uint32_t count, uint32_t self);

#endif
