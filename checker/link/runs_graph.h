/* runs_graph.h - who makes whom run: the call graph with all that becomes of function pointers,
 * and how often. Slots are nodes of their own, so that a table of a thousand commands costs a
 * thousand edges. */
#ifndef LINK_RUNS_GRAPH_H
#define LINK_RUNS_GRAPH_H

#include "link/program.h"

typedef enum {
  RUNS_CALL,  // as often as the caller says
  RUNS_SPAWN, // the same, in a thread of its own
  RUNS_LATER, // any number of times
  RUNS_EXIT,  // at the end of the process
} RunsKind;

typedef enum { ENTRY_CALL, ENTRY_SLOT, ENTRY_FLOW, ENTRY_MEMBER } RunsEntry;

typedef struct {
  uint32_t from, to; // functions by id, then slots
  RunsKind kind;
  RunsEntry entry; // what it is in the links of `from`; ENTRY_MEMBER: stored in the slot `from`
  uint32_t number; // in that list
  Repeats repeats;
  bool is_once;      // in a process, however often `from` runs
  bool is_call_once; // by pthread_once and its like: several of these are one
} RunsEdge;

typedef struct RunsGraph {
  uint32_t node_count;
  TextId *slots; // of the nodes from function_count on
  RunsEdge *edges;
  uint32_t edge_count;
  uint32_t *out_starts; // into edges, which are ordered by `from`; one more at the end
  uint32_t *in_starts;  // into in_edges; one more at the end
  uint32_t *in_edges;   // numbers of edges, in their order
  bool *cleared;        // by text, up to text_count: a global that some function may clear
  size_t text_count;
} RunsGraph;

RunsGraph *runs_graph_new(Arena *, Program *);

/* Is this global a once-guard that nobody in the program takes away? */
bool runs_guard_holds(const RunsGraph *, TextId global);

/* The functions and the model behind the name of a callee, as the engine sees them. */
const Summary *runs_model(const Program *, const ProgramFunction *caller, TextId symbol, Targets *);

#endif
