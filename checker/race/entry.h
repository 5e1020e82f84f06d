/* entry.h - which locks are held whenever a function is called while other threads are there.
 *
 * Of memory that a parameter points to, only the callers count that hand over what others may know:
 * a helper can be called without the lock for an object that is being made.
 */
#ifndef RACE_ENTRY_H
#define RACE_ENTRY_H

#include "race/sequence.h"
#include "race/sharing.h"

enum { NO_PARAMETER = 0xffffffffu };

typedef struct {
  const Held *at;
  uint32_t count;
  bool is_never; // nobody calls it that way
} EntryHeld;

typedef struct Entries Entries;

Entries *entries_new(Arena *, const Program *, const Concurrency *, Sharing *);
/* Is there a short way to the function from a call that is made with a lock held? */
bool is_called_with_lock(const Entries *, uint32_t function);
/* Before the first question about what is held. */
void entries_follow(Entries *, const Sequence *);
void entries_free(Entries *);
/* `rivals`: the threads that matter. A call that is made while none of them is there does not. */
const EntryHeld *held_on_entry(Entries *, uint32_t function, uint32_t parameter, RootSet rivals);
/* By who creates the threads, while it does: they may wait for that lock before they begin, or be
 * joined before it is given back. */
const EntryHeld *held_at_creation(Entries *, const ThreadRoot *);
/* What a function has taken, and what it came with and has not given up. */
const EntryHeld *held_with(Arena *, const HeldSet *own, const EntryHeld *entry);

#endif
