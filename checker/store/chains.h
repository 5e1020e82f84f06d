/* chains.h - the deepest chain of calls on each stack of a program. For pictures of the whole
 * program: made by rule/stacks/picture.c, written by report/; it is not stored.
 */
#ifndef STORE_CHAINS_H
#define STORE_CHAINS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  const char *function, *path; // name; as the store names it
  uint64_t low, high;          // bytes
  bool grows, exact;
} StackFrame;

typedef struct {
  const char *key;     // of the root's function
  const char *root;    // "main", "thread", or "other": nobody is seen to call it
  const char *created; // of a thread: function that creates it, as far as it is seen; else ""
  uint64_t budget;     // bytes of the stack
  const char *words;   // "main has 8 MiB, as is usual with glibc"
  uint64_t low, high;  // bytes of all frames
  StackFrame *frames;  // the root's first
  uint32_t frame_count;
} StackChain;

#endif
