/* owner.h - who may hold a value, and what becomes of it: shared by the summaries of parameters and
 * the search for leaks. Only for analysis/. */
#ifndef ANALYSIS_OWNER_H
#define ANALYSIS_OWNER_H

#include "analysis/engine.h"

/* Of a local. */
typedef struct {
  Index local;     // that it points to, when it is a pointer and nothing else is known; or NO_BLOCK
  bool is_exposed; // its own address is kept in memory
} Target;

enum { LAST_BIT = 31 };

/* A bit for each value that is followed, at most 32. */
typedef struct Holders {
  Engine *e;
  uint32_t *masks;       // per slot of a local or temp: what it, or a part of it, may hold
  uint32_t pointers;     // the values that are pointers: part of them counts as well
  uint32_t records;      // those that are structs by value: each of their members is the value
  uint32_t again;        // values of which one bit may stand for two
  uint32_t variadic;     // the arguments behind the last parameter
  const Target *targets; // per local; NULL: not known
  bool adds;             // what a variable held before stays, too
  bool is_deep;          // what is read through a value counts as the value
  /* Memory that was allocated here: what is stored in it, and its own address in it. */
  uint32_t objects;  // values that are such; 0: what is stored anywhere is kept there
  uint32_t contents; // slot of what is in the first of them
  uint32_t itself;
  uint32_t inside; // values that are stored in one, somewhere
} Holders;

/* What an instruction did to values. */
typedef struct {
  uint32_t closed, kept;
  uint32_t overwritten;  // in one of the variables that hold them
  uint32_t stored, into; // of those kept: only in what these parameters point to
} Happened;

typedef enum { FATES_SURE, FATES_POSSIBLE } Certainty;

uint32_t holders_carried(const Holders *, NodeId value);
uint32_t holders_reached(const Holders *, NodeId place); // through which values, when it is deep
/* The variable or temp whose value it is, or points into. */
NodeId holders_base(const Function *, NodeId value);
/* The local of which it is the address, or of a part of it; NO_BLOCK: it is none. */
Index holders_addressed(const Holders *, NodeId value);
void holders_find_targets(Holders *); // once a function
/* With a state behind it, only those outcomes of a call count that are possible there. */
Happened holders_step(Holders *, const Instruction *, State *after, Certainty);

/* What becomes of its arguments, in the outcomes that are possible in a state. */
Fates owner_fates(Engine *, const Instruction *call, State *after, Certainty);
/* What the call keeps in some outcome. */
uint32_t holders_may_keep(const Holders *, const Instruction *call);

/* Is what the caller gave for this parameter null whenever the block is come by? */
bool owner_is_null(Engine *, Index block, uint32_t parameter);

/* ---- placed.c: what is stored only in what others gave a pointer to */

/* Of a call's arguments those that stay with this function, or behind its parameters `into`. */
typedef struct {
  uint32_t arguments, into;
} Placed;

Placed placed_arguments(const Holders *, const Instruction *call, const Fates *);
/* The locals whose addresses it was given hold the values. */
void placed_hold(Holders *, const Instruction *call, const Fates *, uint32_t values);
Index placed_behind(const Holders *, NodeId place); // of which parameter; NO_BLOCK: of none

/* ---- variadic.c: arguments behind the last parameter */
uint32_t variadic_taken(const Holders *, const Instruction *); // what the result may be of them
void variadic_begin(Holders *, const Instruction *);           // a local `va_list` holds them
bool variadic_only_read(const Holders *, Index local, uint32_t argument, const Fates *);

uint32_t shown_values(const Holders *); // shown.c

Fates owner_of_parameters(Engine *); // fates.c: what becomes of them, on all ways together

/* Of a call whose function is known by its name, or by the only value of a local, and whose effects
 * are known; NULL for others. */
const Summary *owner_callee(Engine *, const Instruction *);
bool owner_is_possible(Engine *, State *, const Summary *, const Case *, TermId result);

#endif
