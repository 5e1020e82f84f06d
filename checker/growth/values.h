/* values.h - what values may be at every point of a function, as far as access paths say it: a
 * forward data-flow analysis over small sets.
 */
#ifndef GROWTH_VALUES_H
#define GROWTH_VALUES_H

#include "growth/place.h"
#include "ir/cfg.h"
#include "link/program.h"

typedef enum {
  MEANS_NOTHING,
  MEANS_CONTENT, // what was in that place when it was read
  MEANS_INSIDE,  // a pointer to some element of the array that the pointer there points to
  MEANS_ADDRESS, // of that place
  MEANS_ZERO,
  MEANS_CONSTANT, // another one
  MEANS_OTHER,
} MeaningKind;

typedef struct {
  uint8_t kind; // MeaningKind
  int8_t moved; // of a number: -1 it became less since, 1 it became more
  PathId path;
} Meaning;

enum { MEANING_LIMIT = 4 };
typedef struct {
  uint32_t count; // 0: not reached
  Meaning at[MEANING_LIMIT];
} Meanings;

typedef struct {
  PathId at[MEANING_LIMIT];
  uint32_t count;
} Places;

typedef struct {
  Arena *arena;
  const Function *f;
  const TextId *symbols; // program-wide, of the body's
  const Cfg *cfg;
  PathTable *paths;
  TextPool *texts;
  TextId *pointees; // per type
  uint16_t *temp_types;
  Meanings **entry; // per block: locals; NULL when not reached
  Meanings *now;    // where the analysis stands
  Meanings *temps;
} Values;

/* NULL when the function is too large. */
Values *values_new(Arena *, const Program *, const ProgramFunction *, const Cfg *, PathTable *);
/* Where the analysis stands. */
Meanings values_of(Values *, NodeId value);
Places values_places(Values *, NodeId place);
/* From the entry of a block: values_enter, then values_step for each instruction, in order. */
void values_enter(Values *, Index block);
void values_step(Values *, uint32_t instruction);

bool means(const Meanings *, MeaningKind, PathId);
/* The place that a pointer leads to. */
PathId meaning_target(PathTable *, const Meaning *);

#endif
