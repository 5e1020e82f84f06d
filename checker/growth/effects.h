/* effects.h - what functions do to containers, with what their callees do to what they are given: a
 * wrapper's insertion is its caller's, in the caller's words. Callees first, so that each function
 * is looked at once.
 */
#ifndef GROWTH_EFFECTS_H
#define GROWTH_EFFECTS_H

#include "growth/facts.h"

enum { NO_EFFECT = 0xffffffffu, GUARDS = 4 };

typedef struct {
  Touch touch; // in terms of this function; its repeats are those of the whole way down
  uint32_t function;
  uint32_t inner;     // the callee's effect that it is, or NO_EFFECT
  uint32_t depth;     // calls to where it happens
  uint32_t parameter; // that its path begins with, plus 1; 0: with something else
  PathId guards[GUARDS];
} GrowthEffect;

typedef struct {
  GrowthEffect *at; // those of a function are together; some belong to none, and are only a part of
                    // how others came about
  uint32_t count;
  uint32_t *first, *last;        // by function id
  uint32_t *frees, *free_starts; // those of this kind, by the record that is freed, and one more
  uint32_t record_count;         // texts that may name one
  uint32_t *given, given_count;  // those of kind TOUCH_GIVES_AWAY
} GrowthEffects;

/* `facts` are in any order, one a function at most. The lists are of the arena, `at` is not. */
GrowthEffects growth_effects(Arena *, const Program *, PathTable *, const GrowthFacts *facts,
                             uint32_t count);
void growth_effects_free(GrowthEffects *);

#endif
