#include "annotations.h"

typedef struct ring_lock ring_lock;
struct ring {
  ring_lock *lock;
  int head;
};

extern void ring_lock_it(struct ring *r) __acquires(r->lock); // the lock
extern void ring_unlock_it(struct ring *r) /* gives it back */
    __releases(r->lock);
extern int ring_try(struct ring *r) __cond_acquires(r->lock);
extern void ring_push(struct ring *r, int value) __must_hold(r->lock);
