/* ending.h - what counted.c, destructors.c and owning.c share. */
#ifndef REFS_ENDING_H
#define REFS_ENDING_H

#include "refs/counted.h"

typedef struct {
  CountedRecords *c;
  const ReferBytes *rows;
  ReferHeader *headers;
  size_t count;
  uint8_t *wanted;  // by refer_number
  bool *is_read;    // by row
  uint32_t *row_of; // by function id: row, plus 1
  TextPool *texts;
} ReferReading;

typedef struct {
  CountedRecords *c;
  Counted *counted;
  ReferReading *reading;
  uint32_t number; // of it
  bool is_freed;
} Ending;

/* Read when it is first asked for; NULL: there are none. */
const ReferFacts *read_facts(ReferReading *, uint32_t function);
TextId member_symbol(const PathTable *, PathId member);

/* ---- destructors.c */
void find_destructors(Ending *); // and whether the record is counted at all
void find_exposed(Ending *);
/* It hangs on this function, or on one that it calls then, what becomes of the object: the number
 * is its own, or a callee leaves that to it, to which it was a part of something else. */
bool is_introduced(const CountedRecords *, const Counted *, const ReferEffect *);

/* ---- owning.c */
void drop_unowned(CountedRecords *); // records that cannot be in a circle

#endif
