/* concurrency.h - which functions run in which threads of one linked program, and which threads can
 * be there meanwhile.
 *
 * A *root* is what a thread begins with: number 0 is the main thread, the others are functions that
 * threads run. Of each function the roots are known from which it is reached; `sure` leaves out the
 * ways through callbacks, and through pointers to several functions.
 */
#ifndef RACE_CONCURRENCY_H
#define RACE_CONCURRENCY_H

#include "link/multiplicity.h"
#include "link/runs_graph.h"

enum { ROOT_LIMIT = 64, NO_LINKED = 0xffffffffu };
typedef uint64_t RootSet; // a bit each

typedef struct {
  uint32_t function;  // the first of several when there is no room left
  bool may_be_many;   // of these threads at a time
  bool is_many;       // there are, for all that is seen
  bool is_made_often; // who creates them runs again and again
  uint32_t spawner;   // a function that creates such threads, or NO_RUNS_CALLER
} ThreadRoot;

typedef struct {
  const RunsGraph *graph;
  uint32_t linked; // or NO_LINKED
  ThreadRoot roots[ROOT_LIMIT];
  uint32_t root_count;
  bool has_main;             // else number 0 is whoever calls the library
  RootSet apart[ROOT_LIMIT]; // by root: those that are there in another mode or round only
  RootSet loops;             // threads that run a library's loop, which calls what is registered
  RootSet *may, *sure;       // per function, then per slot
} Concurrency;

/* False when there is no thread besides the main one. Memory of `arena`; `into` is filled anew. */
bool concurrency_find(Arena *, Program *, const Multiplicities *, uint32_t linked,
                      Concurrency *into);
/* Does anybody in the program at large create a thread? */
bool creates_threads(const RunsGraph *);

/* Threads that can run while one of `roots` is at work. */
RootSet roots_beside(const Concurrency *, RootSet roots, bool is_sure);

/* The functions on the shortest way from the root's to this one, this one first. */
uint32_t *way_from_root(Arena *, const Program *, const Concurrency *, uint32_t root,
                        uint32_t function, uint32_t *count);

#endif
