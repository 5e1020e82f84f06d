/* rows.h - what a function does while it holds locks, and what it does that others have to wait
 * for: rows that stand beside its other results (rule/locks/waits.c makes them).
 *
 * Locks and conditions go by their class: the field or global that the object is, or that points
 * to it (then with a star in front). 0 is an object that only this function, or its caller, knows.
 */
#ifndef WAIT_ROWS_H
#define WAIT_ROWS_H

#include "link/program.h"

typedef enum {
  WAIT_CALL,      // calls the function, or what the field or global points to, of this symbol
  WAIT_ACQUIRE,   // takes a lock of this class, itself or by a callee that has no class for it
  WAIT_CONDITION, // waits on a condition variable of this class
  WAIT_SIGNAL,    // wakes who waits on it
  WAIT_JOIN,      // of a thread whose handle is of this class; the ThreadRow of the same
                  // instruction says more
  WAIT_SPAWN,     // likewise
  WAIT_BLOCK,     // `symbol` is the word for it: thread, network, requests, sleep, disk, events
  WAIT_TRY,       // no row: what an acquire that does not wait is among waits_items()
  WAIT_KINDS
} WaitKind;

enum {              // besides the LOCK_* flags of an acquire
  WAIT_TIMED = 64,  // of a WAIT_CONDITION
  WAIT_ELEMENT = 1, // of a WAIT_SPAWN or WAIT_JOIN: the handle is one of an array
};

enum { HELD_SINCE_ENTRY = 0xffffffffu, NO_ARGUMENT = 255 };
enum {                  // HeldLock.flags, beyond those of effect.h
  HELD_FROM_ROUND = 32, // taken in an earlier round of a loop, by the code
  HELD_SPINNING = 64,   // who wants it spins until he has it
};

typedef struct {
  TextId class_symbol;
  TextId object;     // the global that the lock is a member of; 0: another one, or none
  uint32_t acquired; // instruction, or HELD_SINCE_ENTRY
  uint8_t flags;     // LOCK_READ, LOCK_TRY, LOCK_RECURSIVE, LOCK_COUNTING, HELD_*
  uint8_t argument;  // of the call: points to the object that the lock is a member of; of a
                     // WAIT_JOIN 0 when the handle is one of the same object
  bool is_given_up;  // not held: if the function was called with it, it has given it back, or may
                     // have
} HeldLock;

typedef struct {
  const ProgramFunction *function;
  WaitKind kind;
  TextId symbol;        // see above
  TextId object;        // WAIT_ACQUIRE: as of a HeldLock
  TextId mutex;         // WAIT_CONDITION: class of the one that is given up meanwhile
  TextId through;       // the callee that does it for this function; 0: what a model describes
  uint8_t flags;        // LOCK_* of an acquire; WAIT_TIMED
  uint32_t instruction; // the call
  const HeldLock *held; // here, as far as the function knows; of a WAIT_CONDITION without `mutex`
  uint32_t held_count;
} WaitRow;

/* The class of a lock or condition, as a text of the pool; 0 when it has none. */
TextId wait_class(TextPool *, const TermTable *, TermId place);

/* The global that the place is a member of, and no element of; 0: none. */
TextId wait_object(const TermTable *, TermId place);

/* One row for each set of locks that the function is seen to hold there. Of those that say the same
 * of the same locks only the first one is kept, and of a call that no lock is held at only one, if
 * the callee is called with a lock elsewhere. Symbols are distinct texts of the pool. */
bool same_wait(const WaitRow *, const WaitRow *);

void wait_write(ByteWriter *, const WaitRow *, const TextPool *);
WaitRow wait_read(Arena *, ByteReader *, const ProgramFunction *, TextPool *);

#endif
