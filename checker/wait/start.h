/* start.h - threads whose creator waits until they say that they have begun: what they do before
 * that is over when it goes on. */
#ifndef WAIT_START_H
#define WAIT_START_H

#include "wait/waits.h"

typedef struct {
  uint32_t entry;             // the function that the thread runs
  uint32_t creator, creation; // function, instruction
} ThreadStart;

typedef struct {
  TextId lock;       // is taken; 0: the place is reached
  const bool *leads; // by function: calls, by way of others, that of the place
  uint32_t function, instruction;
} StartDeed;

/* The thread does it only before it wakes its creator, who waits for that. `later`: what the
 * creator does is later; NULL: nothing is asked of it. */
bool is_done_at_start(Waits *, const ThreadStart *, const StartDeed *, const StartDeed *later);

/* The thread does it only after it has joined another one. */
bool is_done_after_join(Waits *, uint32_t entry, const StartDeed *);

#endif
