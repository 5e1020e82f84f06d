/* waits.h - what all functions do while they hold locks, put together: what a function may do by
 * way of those it calls, and which locks are held whenever it is called.
 *
 * Each answer is made when somebody first asks for one of its kind, for the functions that it can
 * be other than nothing for.
 */
#ifndef WAIT_WAITS_H
#define WAIT_WAITS_H

#include "wait/rows.h"

typedef struct Waits Waits;

/* The rows of one function stand one after the other. They and the program outlive it. */
Waits *waits_new(Program *, const WaitRow *rows, uint32_t count);
void waits_free(Waits *); // NULL is fine

const WaitRow *waits_rows(const Waits *, uint32_t function, uint32_t *count);

/* ---- on entry */
typedef struct {
  TextId class_symbol;
  uint8_t flags;    // LOCK_READ, when it may be held in that mode only
  uint8_t argument; // it is a member of what this parameter points to, or NO_ARGUMENT
} EntryLock;

/* Held whenever somebody calls the function, as far as calls are seen: nothing for one that nobody
 * calls by its name, whose address is taken, or that a thread runs. Unsound: what others call from
 * outside of the program may come without. */
const EntryLock *waits_on_entry(Waits *, uint32_t function, uint32_t *count);
/* The locks of a row together with those of its function's entry that it has not given up. */
const EntryLock *waits_held(Waits *, Arena *, const WaitRow *, uint32_t *count);

/* ---- what a function may do, itself or in what it calls: WAIT_* but WAIT_CALL. Tries are no
 * acquires here; a condition wait is one of its mutex, too. `symbol` as in the rows; 0: whichever.
 */
typedef struct {
  WaitKind kind;
  TextId symbol;
} WaitItem;
const WaitItem *waits_items(Waits *, uint32_t *count); // all that some function does
bool waits_may(Waits *, uint32_t function, WaitKind, TextId symbol);

/* The way with the fewest calls to one that does it, those by name first. */
typedef struct {
  const uint32_t *functions; // by id, from the one that was asked about to the one of the row
  uint32_t count;
  bool by_pointer; // one of them is called through a field or global
  const WaitRow *row;
} WaitWay;
bool waits_way(Waits *, Arena *, uint32_t function, WaitKind, TextId symbol, WaitWay *);

#endif
