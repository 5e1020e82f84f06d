/* runs_inside.h - what multiplicity.c and reasons.c share; nobody else includes it. */
#ifndef LINK_RUNS_INSIDE_H
#define LINK_RUNS_INSIDE_H

#include "ir/guards.h"
#include "link/components.h"
#include "link/life.h"
#include "link/runs_graph.h"

enum { NO_EDGE = 0xffffffffu };

typedef struct {
  uint8_t runs, life, assumed;
  RunsCause root;  // when no edge is the reason
  uint32_t reason; // edge, or NO_EDGE
} NodeRuns;

/* What is known of a function's inside once its code was looked at, by instruction and one more,
 * for what is none. */
typedef struct {
  uint32_t count;
  uint8_t *repeats; // Repeats
  bool *is_guarded; // a variable lets it run so often in a process
} InsideRuns;

/* How a node is reached, once it was asked for. */
typedef struct {
  RunsStep step;
  uint32_t before; // the node before it; NO_EDGE at a root
} KnownStep;

struct Multiplicities {
  Arena *arena;
  Program *program;
  RunsGraph *graph;
  Components order;
  Life *life;
  NodeRuns *nodes;     // the largest over the programs
  InsideRuns **inside; // by function; NULL: nobody asked
  KnownStep **steps;   // by node, likewise
};

/* A function's code, for as long as it is looked at. */
typedef struct {
  BorrowedCode borrowed;
  const ProgramFunction *function;
  const Repetition *repetition;
  const Guards *guards;
} OpenedCode;

bool runs_is_function(const Multiplicities *, uint32_t node);
/* Does the count of the edge hang on how often its caller runs? */
bool runs_is_dependent(const RunsEdge *);
bool runs_is_recursion(const Multiplicities *, const RunsEdge *);

OpenedCode runs_open_code(Multiplicities *, uint32_t function);
void runs_close_code(OpenedCode *);
/* Does a variable let the block run once? */
bool runs_is_guarded(const Multiplicities *, const OpenedCode *, Index block);

#endif
