/* intake_loop.h - ways round a loop on which no test of an amount decides (the inside of
 * intake.c). */
#ifndef GROWTH_INTAKE_LOOP_H
#define GROWTH_INTAKE_LOOP_H

#include "growth/values.h"
#include "ir/repeats.h"

typedef struct {
  Arena *arena;
  const Function *f;
  const Cfg *cfg;
  Values *values;
  const Repetition *repetition;
  Index loop;
  bool *moves;     // per local: it is counted, or made of what is
  bool *fed;       // per local: it holds what was received, or what is made of that
  bool *fed_temps; // likewise, per temp

  NodeId *moved; // places in memory that are counted
  uint32_t moved_count;
  PathId *loaded;     // per temp: the path of what was loaded
  uint32_t *given_by; // per temp: the call whose result it is, plus 1
} FedLoop;

/* What gets longer, and where. */
typedef struct {
  uint32_t instruction;
  PathId object; // what the place is that a callee puts something in; 0: see `place`
  NodeId place;  // that gets a larger block each time
  uint32_t made; // the call that gives it
  bool *stops;   // per block: it is emptied there, or another one from there on
} Filling;

/* `receiving`: calls that receive something, per instruction. */
FedLoop fed_loop(Arena *, Values *, const Repetition *, Index loop, const bool *receiving);
/* The value hangs on what was received. */
bool fed_loop_is_fed(const FedLoop *, NodeId value);
/* It is a number that goes on with each round, or made of one. */
bool fed_loop_counts(const FedLoop *, NodeId value);

/* Calls that are given the object, per instruction; their answers may be how much there is. */
bool fed_loop_is_unlimited(const FedLoop *, const Filling *, const bool *is_given, Index receiving);

#endif
