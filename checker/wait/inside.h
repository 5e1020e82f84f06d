/* inside.h - what the files of wait/ share; nobody else includes it. */
#ifndef WAIT_INSIDE_H
#define WAIT_INSIDE_H

#include "wait/waits.h"

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
  uint32_t words;      // of 64 items
  uint64_t *may;       // per component of calls: `words` of them; NULL before somebody asks
  EntryLocks *entries; // by function id; NULL before somebody asks
};

#endif
