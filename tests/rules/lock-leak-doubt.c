// A lock whose state is in doubt, because a call that nobody knows got the object it lies in. The
// doubt ends with the next operation on that very lock; and it lasts on the ways it is on only.
// run: --min-confidence possible
#include <pthread.h>

struct box {
  pthread_mutex_t lock;
  int count;
  void (*changed)(struct box *);
};

int calls_out_then_leaks(struct box *b, int step) {
  pthread_mutex_lock(&b->lock);
  if (b->changed)
    b->changed(b);
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_lock(&b->lock);
  b->count += step;
  if (b->count < 0)
    return -1; // expect: lock-leak "'b->lock' is still held"
  pthread_mutex_unlock(&b->lock);
  return 0;
}

int calls_out_twice(struct box *b, int step) {
  pthread_mutex_lock(&b->lock);
  if (b->changed)
    b->changed(b);
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_lock(&b->lock);
  b->count += step;
  pthread_mutex_unlock(&b->lock);
  return 0;
}

int releases_twice_after_the_call(struct box *b) {
  pthread_mutex_lock(&b->lock);
  b->changed(b);
  pthread_mutex_unlock(&b->lock);
  b->count++;
  pthread_mutex_unlock(&b->lock); // expect: lock-unheld "'b->lock' is released here"
  return 0;
}

// On the way through the call nothing is known; the other two contradict each other.
int leaks_beside_the_call(struct box *b, int kind) {
  pthread_mutex_lock(&b->lock);
  if (b->count == 3)
    return 0; // expect: lock-leak "'b->lock' is still held"
  if (b->count == 4) {
    b->changed(b);
    return 0;
  }
  b->count += kind;
  pthread_mutex_unlock(&b->lock);
  return 0;
}

// The callback gives the lock back: nothing here says that it does not.
int hands_over_to_the_call(struct box *b, int kind) {
  pthread_mutex_lock(&b->lock);
  if (b->count == 4) {
    b->changed(b);
    return 0;
  }
  b->count += kind;
  pthread_mutex_unlock(&b->lock);
  return 0;
}
