/* The context macros of sparse: empty here, so only the text of the declaration is left. */
#include "ring.h"

int pushes(struct ring *r, int full) {
  ring_lock_it(r); // note: "acquired here"
  if (full)
    return -1; // expect: lock-leak "'r->lock' is still held"
  ring_push(r, 1);
  ring_unlock_it(r);
  return 0;
}

int tries_ring(struct ring *r) {
  if (!ring_try(r))
    return 0;
  ring_push(r, 2);
  ring_unlock_it(r);
  return 1;
}

int tries_and_forgets(struct ring *r, int full) {
  if (!ring_try(r))
    return 0;
  if (full)
    return 0; // expect: lock-leak "'r->lock' is still held"
  ring_unlock_it(r);
  return 0;
}

void pushes_late(struct ring *r) {
  ring_lock_it(r);
  ring_push(r, 3);
  ring_unlock_it(r); // note: "released"
  ring_push(r, 4);   // expect: lock-unheld "'r->lock' is not held here"
}
