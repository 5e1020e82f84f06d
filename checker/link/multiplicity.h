/* multiplicity.h - how often a function runs in one process, in which part of its life, and why
 * (ANALYSIS A.0). What threads that nobody joins, containers that grow and recursion have in
 * common is that it matters whether a thing is done once or for every request.
 *
 * Computed from the links alone, for each linked program; a function's answer is the largest over
 * the programs. Code is loaded for the few functions between main and its loop, and for those
 * that a rule asks about.
 */
#ifndef LINK_MULTIPLICITY_H
#define LINK_MULTIPLICITY_H

#include "link/program.h"

typedef enum {
  RUNS_NEVER, // as far as is seen, nobody calls it
  RUNS_ONCE,
  RUNS_BOUNDED, // by a constant, or called in several places
  RUNS_COUNTED, // by what is there when a loop begins: a setting, the length of a list
  RUNS_ANY,
} Runs;

enum { // parts of a process's life
  LIFE_INIT = 1,
  LIFE_RUN = 2, // the loop that the program lives by, every thread, every callback
  LIFE_TEARDOWN = 4,
};

typedef struct {
  Runs runs;
  uint32_t life; // LIFE_*: all parts in which it runs
  bool assumed;  // only because others may call what a library exports
} Multiplicity;

typedef enum {
  CAUSE_MAIN,        // it is main
  CAUSE_CONSTRUCTOR, // runs before main
  CAUSE_DESTRUCTOR,  // runs after main
  CAUSE_EXPORTED,    // nobody here calls it: whoever links it may
  CAUSE_OUTSIDE,     // stored in a slot that nobody here calls
  CAUSE_SIGNAL,      // it handles a signal
  CAUSE_CALLED,      // by the function of the step before
  CAUSE_SLOT,        // through a slot, by the function of the step before
  CAUSE_THREAD,      // it is what a thread runs
  CAUSE_CALLBACK,    // it is registered, to be called any number of times
  CAUSE_EXIT,        // it is registered for the end of the process
  CAUSE_ONCE,        // pthread_once and its like, or a variable that says that it has run
  CAUSE_CHILD,       // in a process that was made for it
  CAUSE_RECURSION,   // it calls itself, by way of others or not
  CAUSE_HERE,        // the function's own loop around the instruction that was asked about
} RunsCause;

enum { NO_RUNS_INSTRUCTION = 0xffffffffu, NO_RUNS_CALLER = 0xffffffffu };

/* One link of the chain from a root to a function. */
typedef struct {
  RunsCause cause;
  uint32_t function;     // id of the one that is called, by the function of the step before
  const char *slot;      // that it goes through, as a key; NULL when it is named
  const char *guard;     // CAUSE_ONCE: the variable, or NULL; CAUSE_CHILD: what made the process
  uint32_t caller;       // id, or NO_RUNS_CALLER
  Repeats repeats;       // how often within one run of the caller
  uint32_t instruction;  // of the call or registration in the caller, or NO_RUNS_INSTRUCTION
  uint32_t line;         // of it, in the caller's file
  uint32_t loop_line;    // of the loop that repeats it; 0: none
  Index loop;            // block whose terminator is the place of that loop, or NO_BLOCK
  const char *loop_text; // "while (!stop)", "" or NULL when its head does not say
} RunsStep;

typedef struct Multiplicities Multiplicities;

Multiplicities *multiplicities_new(Program *);
void multiplicities_free(Multiplicities *);

const struct RunsGraph *multiplicity_graph(const Multiplicities *); // runs_graph.h

Multiplicity multiplicity_of(const Multiplicities *, uint32_t function);
/* Has it a loop that waits for requests or for events? */
bool multiplicity_serves(Multiplicities *, uint32_t function);
/* Of one instruction of the function. Loads its code. */
Multiplicity multiplicity_at(Multiplicities *, uint32_t function, uint32_t instruction);
/* Root first; of one instruction, or of the function (NO_RUNS_INSTRUCTION). Loads code. */
const RunsStep *multiplicity_reason(Multiplicities *, Arena *, uint32_t function,
                                    uint32_t instruction, uint32_t *count);
/* "any number of times: inside while (accept(s, 0, 0) >= 0) of 'serve', reached from 'main'" */
const char *multiplicity_words(Multiplicities *, Arena *, uint32_t function, uint32_t instruction);

#endif
