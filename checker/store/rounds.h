/* rounds.h - the cycles of calls of a program that nothing bounds, and how often each goes round
 * before its stack is full. For pictures of the whole program: made by rule/stacks/cycle_picture.c,
 * written by report/; it is not stored.
 */
#ifndef STORE_ROUNDS_H
#define STORE_ROUNDS_H

#include "store/finding.h"

typedef struct {
  const char *function, *path; // name of who calls; as the store names it
  uint32_t line;               // of the call
} RoundCall;

typedef struct {
  const char *object; // key of the first function: what the finding is about
  RoundCall *calls;   // each of the next one's function, the last of the first one's
  uint32_t count;
  RoundCall *others; // that close further cycles through the first function
  uint32_t other_count;
  uint64_t low, high;  // bytes a round
  const char *root;    // "main", "thread", or "other": nobody is seen to call it
  const char *begins;  // name of the function that the root begins with
  uint64_t budget;     // bytes of its stack
  uint64_t rounds[2];  // that fit, at least and at most
  const char *words;   // "main has 8 MiB, as is usual with glibc, full at a depth of 500 to 900"
  const char *depth;   // "the depth is the length of the list"
  const char *measure; // what moves, as the program calls it; ""
  bool by_pointer, tail, endless;
  Confidence confidence;
} CallRounds;

/* All of a program. */
typedef struct {
  CallRounds *cycles; // the surest first
  uint32_t count;
  uint32_t recursive;           // functions that stand on cycles, bounded or not
  uint32_t too_large, too_many; // functions, and components, that were not looked at in full
} CallCycles;

#endif
