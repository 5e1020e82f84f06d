/* inside.h - what the files of wait/ share; nobody else includes it. */
#ifndef WAIT_INSIDE_H
#define WAIT_INSIDE_H

#include "wait/waits.h"

/* Who calls it ends the process: nobody is left who could wait for it. */
bool waits_end_in(const Waits *, uint32_t function);
/* What the function may do: a bit for each of waits_items(), which were asked for. */
const uint64_t *waits_bits(const Waits *, uint32_t function);

typedef struct {
  const EntryLock *locks;
  uint32_t count;
  bool is_known; // before, any lock may be among them
} EntryLocks;

struct Waits {
  Arena *arena;
  Program *program;
  const WaitRow *rows;
  uint32_t row_count;
  uint32_t *starts;    // by function id, into rows; one more at the end
  WaitItem *items;     // made with `may`
  uint32_t item_count; // likewise
  size_t texts;        // there were, when the items were numbered
  uint32_t *numbers;   // by kind and text: of the item, plus 1
  uint32_t words;      // of 64 items
  uint64_t *kinds;     // per kind: the items of it
  uint64_t *may;       // per component of calls: `words` of them; NULL before somebody asks
  EntryLocks *entries; // by function id; NULL before somebody asks
};

#endif
