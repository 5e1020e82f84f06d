/* facts.h - what one function does to containers, and what it hands on to the functions it calls:
 * by its code alone, so that it is kept beside the function's other results.
 */
#ifndef GROWTH_FACTS_H
#define GROWTH_FACTS_H

#include "base/bytes.h"
#include "growth/touch.h"

/* In the name that something gets which main got from a call. */
#define RESULT_OF_MAIN "()#"

/* What an argument is: MEANS_CONTENT, MEANS_INSIDE or MEANS_ADDRESS. */
typedef struct {
  uint8_t kind;
  uint16_t number;
  PathId path;
} HandedOn;

/* A call that is given places, or what is in them. */
typedef struct {
  uint32_t instruction;
  TextId callee;   // program-wide; of the field or global that holds the pointer
  bool by_pointer; // through that
  Repeats repeats;
  bool guarded, keyed;
  bool makes;  // a library's: what it gives is memory that nobody else has
  bool untold; // something else is handed over, too
  PathId guards[GUARD_LIMIT];
  PathId empty[GUARD_LIMIT]; // containers in which a test on the way has found nothing
  uint32_t refills;          // the call that had nothing to give (growth/reuse.h), plus 1
  PathId drains;             // container that the loop around it empties, 0: none
  Demand demands[DEMANDS];
  GivenNumber *numbers;
  uint32_t number_count;
  HandedOn *args;
  uint32_t arg_count;
} GrowthCall;

typedef struct {
  const ProgramFunction *function;
  Touch *touches;
  uint32_t touch_count;
  GrowthCall *calls;
  uint32_t call_count;
  bool too_large; // nothing is known of it
} GrowthFacts;

/* The code is loaded; paths of the facts are made in `paths`. Values: NULL when it is too large. */
GrowthFacts facts_of_growth(Arena *, Arena *scratch, const Program *, const ProgramFunction *,
                            Values *, PathTable *paths);

const GrowthCall *growth_call_at(const GrowthFacts *, uint32_t instruction); // or NULL

void growth_facts_write(ByteWriter *, const GrowthFacts *, const PathTable *, const TextPool *);
GrowthFacts growth_facts_read(Arena *, ByteReader *, const ProgramFunction *, PathTable *,
                              TextPool *);

#endif
