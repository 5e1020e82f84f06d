/* kinds.h - which classes of locks are recursive: set by an attribute when a lock of that class is
 * initialised, anywhere in the program, or by its static initialiser (L-F16). */
#ifndef LINK_KINDS_H
#define LINK_KINDS_H

#include "link/program.h"

typedef enum {
  KIND_PLAIN,     // every initialisation that was seen is plain
  KIND_RECURSIVE, // one of them is recursive
  KIND_UNKNOWN,   // initialised where it is not seen, in a program that has recursive locks
} LockKind;

typedef struct LockKinds LockKinds;

LockKinds *kinds_new(Program *);
void kinds_free(LockKinds *);
/* `class_symbol` is the last field or global of the lock's place; 0 is a lock without a name. */
LockKind kinds_of(const LockKinds *, TextId class_symbol);

#endif
