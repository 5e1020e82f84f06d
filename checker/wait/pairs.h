/* pairs.h - two locks of one class that a function holds at once (two accounts, two inodes): whose
 * they are, and what it knows of their order (rule/locks/pair_rows.c makes these rows,
 * rule/locks/pairs.c puts them together).
 *
 * Only where the order may be another one at another time: no row for a child of what is locked, or
 * for what nobody else knows yet.
 */
#ifndef WAIT_PAIRS_H
#define WAIT_PAIRS_H

#include "link/program.h"

typedef enum { OWNER_OTHER, OWNER_PARAMETER, OWNER_GLOBAL, OWNER_MEMBER } OwnerKind;
typedef struct {
  OwnerKind kind;
  uint8_t parameter; // points to the object that the lock is a member of, or is its index; of
                     // OWNER_MEMBER points to what points to it
  TextId symbol;     // of the global that is that object, or of the field that points to it
} PairOwner;

/* By addresses, indices, or numbers that the objects carry. Or the one is next to the other, in a
 * ring. */
typedef enum { PAIR_UNORDERED, PAIR_RISING, PAIR_FALLING, PAIR_ONWARD, PAIR_BACKWARD } PairOrder;

typedef struct {
  const ProgramFunction *function;
  TextId class_symbol;
  PairOwner first, second;
  PairOrder order;
  uint32_t acquired;    // the first, at this instruction
  uint32_t instruction; // that takes the second, or calls who does
} PairRow;

#endif
