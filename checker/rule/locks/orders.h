/* orders.h - circles in the orders of locks, and waits with a lock held that somebody else
 * needs first: a part of rule.h, which includes it. */
#ifndef RULE_LOCK_ORDERS_H
#define RULE_LOCK_ORDERS_H

#include "store/finding.h"
#include "wait/pairs.h"
#include "wait/orders.h"

typedef struct Pass Pass;

/* Locks that threads take in a circle: each edge takes a lock while it holds the one that the edge
 * before it takes. */
enum { CIRCLE_LENGTH = 4 };
typedef struct {
  const LockOrder *order;
  const char *thread; // that does it, in words; "": not known
} CircleEdge;
typedef struct {
  CircleEdge edges[CIRCLE_LENGTH];
  uint32_t count;
  Confidence confidence;
} LockCircle;

/* Somebody is waited for with a lock held that they need first: the thread that is joined, or all
 * who wake up those that wait for a condition. */
typedef struct {
  const WaitRow *held; // where the lock is held: the wait, or a call that leads to it
  TextId lock;
  uint32_t acquired;     // instruction of the row's function
  const WaitRow *wait;   // WAIT_JOIN or WAIT_CONDITION
  const uint32_t *calls; // functions by id, from the row's one to that of `wait`
  uint32_t call_count;   // 1: the same function
  const char *thread;    // of a join: what the thread runs
  WaitWay way;           // of a join: from there to where it takes the lock
  const WaitRow *signal; // of a condition: one who wakes them, with the lock held
  uint32_t signals;      // how many there are
  Confidence confidence;
} LockWait;

/* Two locks of one class that are taken in both orders, or in whichever order who calls says. */
typedef enum {
  PAIR_BOTH_WAYS,   // the same two, by two calls
  PAIR_BY_ARGUMENT, // of arguments that nothing is known of
  PAIR_DRAWN,       // of one array, by numbers that calls return
  PAIR_ROUND,       // an element of an array, and the one behind it, which is the first at the end
  PAIR_AGAINST,     // where they are compared, once the lower and once the higher comes first
} PairProblem;
typedef struct {
  PairProblem problem;
  const PairRow *row, *other;                   // PAIR_AGAINST, or two functions: other is not NULL
  const ProgramFunction *caller, *other_caller; // who says which two they are; may be NULL
  uint32_t call, other_call;
} LockPair;

const char *class_in_words(Pass *, TextId class_symbol); // "account.lock"
Position taken_at(const LockOrder *);
/* Where the first is taken, the calls, and where the second is. */
void note_order(Pass *, Finding *, const CircleEdge *);
/* Where the lock is taken, the calls, and the wait. */
void note_lock_wait(Pass *, Finding *, const LockWait *);
void note_gates(Pass *, Finding *, const LockCircle *); // what was looked at, as evidence

#endif
