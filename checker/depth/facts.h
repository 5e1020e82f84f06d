/* facts.h - what a function hands on at its calls, in terms of what it was given (value.h), and
 * what it has tested by then.
 *
 * One function at a time, by its code and by what small callees do to counters; nothing here knows
 * of cycles. */
#ifndef DEPTH_FACTS_H
#define DEPTH_FACTS_H

#include "depth/input.h"
#include "depth/value.h"
#include "link/called.h"

/* Holds wherever the call is reached. Operator: EQ, NE, LT or GE. */
typedef struct {
  uint8_t operator;
  bool compares; // two values; else one with zero
  bool is_case;  // of a switch: left.token is what it is about, if its kind is VALUE_ANY
  bool signless; // ordered as numbers without a sign
  bool halves;   // which of two parts of a range is the smaller one
  bool leaves;   // Site.earlier: one way from it does not lead to the site
  Value left, right;
} Test;

/* A cell that is not as it was at entry. */
typedef struct {
  Token token;
  Value value;
} Change;

typedef struct {
  uint32_t instruction;
  Value *args;
  uint32_t arg_count;
  Change *changes;
  uint32_t change_count;
  Test *tests;
  uint32_t test_count;
  Test *earlier; // those that some ways to it pass
  uint32_t earlier_count;
  Token *asked; // what a callee has compared with something on the way
  uint32_t asked_count;
  bool stack_asked; // how much of the stack is used was tested on the way
  bool bounded;     // whatever way leads back to it that sets no counter
  bool dies;        // no way from here returns: then nothing else is kept of it
  bool tail;
  uint32_t buffer; // bytes of the largest array of characters of its own that it hands on; 0: none
} Site;

typedef struct {
  const ProgramFunction *function;
  uint64_t pointers, texts; // bits of the first parameters
  uint64_t deciding;        // likewise: those that a branch compares with a number
  bool too_large;           // for this analysis: nothing is known of its sites
  CellTable cells;
  Site *sites; // the calls that were asked for, in order
  uint32_t site_count;
  /* of the function as a callee */
  Change *counts; // at all its returns together
  uint32_t count_count;
  Token *asked; // what it compares with something
  uint32_t asked_count;
  bool stack_asked;
  bool asked_dies;          // who is told so does not hear it by the result alone
  bool gives_stack_address; // as its result, as a number
  bool ends_without;        // on some way none of the sites is reached
  uint8_t input;            // INPUT_*: what it reads, or a callee of its
  uint8_t own_input;        // what it reads itself
} Facts;

/* By the stack, or by a counter in memory that is changed and tested on the way, and that is none
 * of these. */
typedef struct {
  TextId *symbols;
  uint32_t count;
} Resets;
bool site_is_bounded(const Facts *, const Site *, const Resets *);
/* Its levels by a counter that is none of these (test_levels()). */
uint64_t site_levels(const Facts *, const Site *, const Resets *);
/* What is set to a number when this is called: adds to them, as far as there is room. */
void site_add_resets(const Facts *, const Site *, Resets *, uint32_t room);
bool is_pointer_token(const Facts *, Token);
bool is_text_token(const Facts *, Token);

/* Callees that were looked into. */
typedef struct Helpers Helpers;
Helpers *helpers_new(Arena *, Program *, const uint8_t *traits); // by function id
/* Does a callee change what it reads, so that it could undo what the caller counts? */
bool helpers_count(const Helpers *, const ProgramFunction *caller);
/* NULL without helpers, when nothing is known, or when it has none of these traits, nor has what it
 * calls. 0: any.
 */
const Facts *helpers_find(Helpers *, const ProgramFunction *caller, TextId symbol, uint8_t traits);

typedef struct {
  /* Is the call at this instruction one of those? */
  bool (*wants)(const void *context, const ProgramFunction *, uint32_t instruction);
  const void *context;
  const Value *given; // per parameter: what it is, where that is_known(); NULL: nothing is
} Wanted;

/* The function's code is loaded. Bounded are calls by the stack, or by a counter in memory that is
 * changed and tested here. */
Facts *facts_new(Arena *, Helpers *, Program *, const ProgramFunction *, Wanted);

/* Does a branch, a store or another call use the result? */
bool uses_result(const Function *, const Instruction *call);

/* At a site: the caller's cell that a callee's cell is, or NO_TOKEN; and the value of what a
 * callee's token stands for. */
Token facts_place(CellTable *caller, const Site *, const CellTable *callee, Token cell);
Value facts_value(CellTable *caller, const Site *, const CellTable *callee, Token);

#endif
