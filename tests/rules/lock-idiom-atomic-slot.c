/* A lock function that is called through a pointer, and the pointer is read atomically (QEMU's
 * profiler replaces qemu_mutex_lock_func while threads run). Where the pointer is read, it is one
 * of those that are stored there; what is released directly was taken through it.
 */
// mechanism: slots
#include <pthread.h>

typedef struct Guarded {
  pthread_mutex_t lock;
  int count, limit;
} Guarded;

typedef void LockFunction(pthread_mutex_t *);

static void plain_lock(pthread_mutex_t *mutex) { pthread_mutex_lock(mutex); }

LockFunction *lock_function = plain_lock;

#define guarded_lock(guarded)                                                                      \
  do {                                                                                             \
    LockFunction *function = __atomic_load_n(&lock_function, __ATOMIC_RELAXED);                    \
    function(&(guarded)->lock);                                                                    \
  } while (0)

int guarded_add(Guarded *guarded, int more) {
  guarded_lock(guarded);
  guarded->count += more;
  int count = guarded->count;
  pthread_mutex_unlock(&guarded->lock);
  return count;
}

/* Taken again after it was given back. */
int guarded_add_twice(Guarded *guarded) {
  guarded_lock(guarded);
  guarded->count++;
  pthread_mutex_unlock(&guarded->lock);
  guarded_lock(guarded);
  int count = ++guarded->count;
  pthread_mutex_unlock(&guarded->lock);
  return count;
}

/* The twin. */
int guarded_take(Guarded *guarded, int less) {
  guarded_lock(guarded);
  if (guarded->count < less)
    return -1; // expect: lock-leak "guarded->lock"
  guarded->count -= less;
  pthread_mutex_unlock(&guarded->lock);
  return 0;
}
