/* stack.h - what is known of stacks from outside of the program: how large they are, and what a
 * compiler said of frames. */
#ifndef RULE_STACK_H
#define RULE_STACK_H

#include "base/hash.h"

typedef struct {
  const char *root; // "main", or the name of a function that threads run
  uint64_t bytes;
} StackGiven;

/* A line of a .su file. */
typedef struct {
  const char *name; // of the function, without what a compiler adds for its copies
  const char *file; // as the compiler was given it, without . and ..
  uint64_t bytes;   // with the return address
  bool is_part;     // of the function, split off: takes this besides
  bool grows;
} StackUsage;

typedef struct {
  const char *platform;
  uint64_t main_bytes, thread_bytes; // when nobody says otherwise
  const StackGiven *given;
  uint32_t given_count;
  const StackUsage *usages; // by name, then file
  uint32_t usage_count;
  Hash hash; // of all this
} StackOptions;

#endif
