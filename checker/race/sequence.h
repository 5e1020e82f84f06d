/* sequence.h - which threads there can be when the main thread comes by a place: those that it has
 * created before, and not joined since (ANALYSIS A.0, concurrency).
 */
#ifndef RACE_SEQUENCE_H
#define RACE_SEQUENCE_H

#include "race/concurrency.h"

typedef struct {
  uint32_t function, instruction;
  RootSet roots; // all of whose threads are joined there
  RootSet one;   // of the thread that is
} JoinSite;

typedef struct Sequence Sequence;

/* Loads the code of functions that create or join threads, or call others that do. */
Sequence *sequence_new(Arena *, Program *, const Concurrency *, const JoinSite *, uint32_t count);
RootSet threads_there(const Sequence *, uint32_t function, uint32_t instruction);
/* Of which the function has joined one before, maybe not the last one. */
RootSet threads_joined(const Sequence *, uint32_t function, uint32_t instruction);
RootSet threads_joined_before(const Sequence *, uint32_t function); // by all who call it
RootSet threads_at_call(const Sequence *, const RunsEdge *);
/* Of each root, can several of its threads run at a time? As far as those are seen that create
 * them: one that was joined before the next was created makes no two. */
void threads_beside_themselves(const Sequence *, Concurrency *);
/* Threads that the function creates, itself or in what it calls, from there on. */
RootSet threads_to_come(const Sequence *, uint32_t function, uint32_t instruction);
/* The function, which no other thread surely runs, joins all such threads that it creates. */
bool ends_with_threads(const Sequence *, uint32_t function, uint32_t root);

#endif
