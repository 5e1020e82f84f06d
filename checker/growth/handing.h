/* handing.h - what a callee does, as what its caller does there (the inside of effects.c). */
#ifndef GROWTH_HANDING_H
#define GROWTH_HANDING_H

#include "base/array.h"
#include "growth/effects.h"
#include "growth/relevance.h"
#include "growth/telling.h"

enum { SEEN_SLOTS = 1 << 14, EFFECT_LIMIT = 4096 };

/* Calls of a function that a test has let through which found something empty: one of its callers
 * after the other. */
typedef struct {
  PathId empty[GUARD_LIMIT];
  uint32_t callers, last; // that do so, and the id of the last one, plus 1
  bool refills;           // each of them when a list of free ones has nothing to give
} OnlyEmpty;

/* An effect of the function that was at hand when there were so many of them. */
typedef struct {
  uint32_t effect, start;
} Seen;

typedef struct {
  Arena *arena, *scratch;
  const Program *program;
  PathTable *paths;
  Telling telling;
  ARRAY(GrowthEffect) all;
  GrowthEffects *result;
  const GrowthFacts **facts;  // by function id
  Targets **targets;          // by function id and call
  const uint32_t *asked;      // see asked.h
  const Relevance *relevance; // NULL in the first pass, which is about insertions only
  OnlyEmpty *only;            // by function id
  const GrowthFacts *now;     // the function at hand
  uint32_t start;             // of its effects
  bool moves;                 // it does something else with what it empties
  Seen *seen;                 // SEEN_SLOTS
} Spreading;

/* The call of the function at hand whose result a path begins with, or NULL. */
const GrowthCall *call_that_gave(const Spreading *, PathId, Targets *);
/* The call stands where another one, that takes something out, had nothing to give. */
bool is_refilled(const Spreading *, const GrowthCall *);
/* One of the function at hand, if it is new and concerns what grows. */
void add_effect(Spreading *, const GrowthEffect *);
void add_guards(GrowthEffect *, const PathId *guards, uint32_t count);
/* All that the callee does to what it is given. */
void hand_up_all(Spreading *, const GrowthCall *, uint32_t callee);

#endif
