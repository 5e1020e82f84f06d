/* lock_graph.h - in which order the locks of a program are taken, and the circles in it. For
 * pictures of the whole program: made by rule/locks/picture.c, written by picture/; it is not
 * stored.
 */
#ifndef STORE_LOCK_GRAPH_H
#define STORE_LOCK_GRAPH_H

#include "store/finding.h"

typedef struct {
  const char *name, *key;
  uint32_t position; // in the order that is proposed for all, from 0
} GraphLock;

typedef struct {
  const char *function, *path; // name of who does it; as the store names the file
  uint32_t line;
} LockStep;

/* `to` is taken while `from` is held. */
typedef struct {
  uint32_t from, to; // into locks
  uint32_t ways;     // that are known; the steps are those of the shortest
  LockStep *steps;   // where `from` is taken, the calls, where `to` is taken
  uint32_t step_count;
  const char *thread; // that does it, in words; "" when nobody asked
  bool by_pointer, is_try, is_read;
  bool on_circle; // of a circle that was found
  bool against;   // the proposed order
} LockArrow;

/* Each takes what the one after it holds. */
typedef struct {
  LockArrow *arrows;
  uint32_t count;
  Confidence confidence;
} LockRing;

typedef struct {
  GraphLock *locks; // in the proposed order
  uint32_t lock_count;
  LockArrow *arrows;
  uint32_t arrow_count;
  LockRing *rings; // the surest first
  uint32_t ring_count;
  uint32_t against; // arrows
} LockGraph;

#endif
