/* counted.h - which records are counted, and which functions run when a count has come to zero.
 *
 * A record is counted when a number in it goes up somewhere, or begins with one, and goes down
 * elsewhere, and where it goes down, behind a test, the record's memory is given back, by whatever
 * callees. Those functions are its destructors, as long as only they call each other.
 */
#ifndef REFS_COUNTED_H
#define REFS_COUNTED_H

#include "base/hash_map.h"
#include "refs/effects.h"

typedef struct {
  uint32_t function;
  uint32_t self;   // its parameters that are the object, or a part of it, as bits
  bool is_exposed; // others call it, too, while the object is in use
} Destructor;

typedef struct {
  TextId record;
  TextId member; // symbol of the member that is, or has, the number; 0: a library counts
  bool is_counted;
  bool goes_up, goes_down;
  ARRAY(Destructor) destructors;
} Counted;

typedef struct {
  Referring r;
  ARRAY(Counted) all;
  HashMap by_function; // destructors: of (number of `all`, function)
} CountedRecords;

/* Reads what has to do with records that are counted. Rows in the order of their functions. */
void counted_find(CountedRecords *, Program *, const ReferBytes *, size_t count);
void counted_free(CountedRecords *);

const Counted *counted_record(const CountedRecords *, TextId record); // NULL: it is not
/* Runs only when the object's count has come to zero. */
bool is_in_destructor(const CountedRecords *, const Counted *, const ReferEffect *);

#endif
