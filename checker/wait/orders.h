/* orders.h - in which order locks are taken: `to` while `from` is held, in the same function or in
 * what it calls. Every order is told with the way to it.
 */
#ifndef WAIT_ORDERS_H
#define WAIT_ORDERS_H

#include "wait/waits.h"

typedef struct {
  TextId from, to;
  TextId from_object, to_object; // see HeldLock.object
  uint32_t from_number,
      to_number;          // of the classes, below LockOrders.classes, in every run the same
  uint32_t acquired;      // of `from`: instruction of the row's function
  const WaitRow *held;    // where `from` is held: a call, or the acquire of `to`
  const WaitRow *taken;   // that acquire, or the wait after which `to` is taken again
  const uint32_t *calls;  // functions by id, from the row's one to that of `taken`
  uint32_t call_count;    // 1: the same function
  uint8_t from_flags;     // LOCK_READ, LOCK_TRY
  uint8_t to_flags;       // likewise
  bool by_pointer;        // one of them is called through a field or global that may mean others
  uint8_t guesses;        // how many are, that may be others just as well
  const EntryLock *gates; // what else is held when `to` is taken
  uint32_t gate_count;
} LockOrder;

typedef struct {
  const LockOrder *at; // those of one pair of classes stand together
  uint32_t count;
  uint32_t classes;
  uint32_t pairs;    // of classes, before anybody looked for ways
  uint32_t given_up; // ways on which `from` is given back before `to` is taken
} LockOrders;

/* All of them, or those only that may be part of a circle, or are declared to be the other way
 * round. */
LockOrders lock_orders(Waits *, Arena *, bool only_circles);

#endif
