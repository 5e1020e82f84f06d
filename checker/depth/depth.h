/* depth.h - how deep calls can nest: the cycles of the call graph, and what bounds each.
 *
 * A cycle is a list of calls. It is bounded when a measure goes one way on every trip around it and
 * is tested on the way: a size-change graph with a limit (value.h). Cycles are judged one by one,
 * since in one strongly connected component some are bounded and others are not.
 */
#ifndef DEPTH_DEPTH_H
#define DEPTH_DEPTH_H

#include "link/program.h"

typedef enum {
  /* bounded */
  DEPTH_STACK,     // the stack itself is measured
  DEPTH_LIMIT,     // counted up to a limit, or down from one
  DEPTH_LOGARITHM, // what is left is halved
  DEPTH_ONCE,      // what the call is made under does not hold the second time
  DEPTH_FIXED,     // what is walked stands in the program
  /* not bounded by the code; what the depth is then */
  DEPTH_LIST,    // the length of a list
  DEPTH_TREE,    // the height of a tree, or the longest way through a graph
  DEPTH_COUNTED, // an argument
  DEPTH_INPUT,   // nesting of what is read
  DEPTH_FOLDER,  // nesting of folders
  DEPTH_ANSWER,  // what calls answer, about something that is handed on as it is
  DEPTH_UNKNOWN, // nothing that moves was seen
} DepthKind;

typedef struct {
  uint32_t function;    // id
  uint32_t instruction; // the call
} CycleCall;

typedef struct {
  CycleCall *calls; // the first function is the one that others call
  uint32_t count;
  DepthKind kind;
  const char *measure; // what was seen to move, as the program calls it; ""
  const char *field;   // DEPTH_LIST: the key of the one that links it; ""
  bool fed;            // DEPTH_LIST: somebody is seen to make it as long as what is read
  bool tail;           // built with optimisation it is a loop
  bool by_pointer;
  uint32_t buffer;   // bytes of an array of characters that is handed on; 0: none
  uint64_t levels;   // Recursions.limited: rounds at most
  uint32_t text;     // DEPTH_INPUT: bytes of the longest text that callers give; 0: not known
  bool beyond_paths; // DEPTH_FOLDER: folders are opened from where one is, not by their paths
  bool endless;      // every way through each of its functions calls on
  CycleCall *others; // calls that close further such cycles through its first function
  uint32_t other_count;
} Cycle;

typedef struct {
  Cycle *cycles; // those that nothing bounds
  uint32_t count;
  Cycle *limited; // those that are counted up to a number
  uint32_t limited_count;
  uint32_t *askers; // functions on cycles that ask how much of the stack is used
  uint32_t asker_count;
  uint32_t functions;                  // that stand on cycles
  uint32_t bounded[DEPTH_UNKNOWN + 1]; // calls or cycles by what bounds them
  uint32_t too_large;                  // functions that were not looked into
  uint32_t too_many;                   // components with more cycles than were looked at
  const void *bytes;                   // for the next run (recall.h)
  size_t byte_count;
} Recursions;

typedef struct {
  const uint8_t *traits; // traits.h, by function id
  const void *past;      // Recursions.bytes of an earlier run with the same settings, or NULL
  size_t past_count;
} DepthInput;

/* When all functions have summaries. Loads code of recursive functions, and of what they call as
 * far as its traits make it worth it; none where the past knows. */
Recursions *recursions_find(Arena *, Program *, const DepthInput *);

static inline bool is_bounded(DepthKind kind) { return kind <= DEPTH_FIXED; }

#endif
