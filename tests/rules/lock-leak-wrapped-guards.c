/* Locks that are taken and given back under two conditions, which stand in a callee: the wrapper
 * has no branch of its own, and its caller has to know which of the ways through it go together. */
// mechanism: case-pins
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t *gate;
static int is_threaded;
static int ready, count;

void begin(pthread_mutex_t *given, int threaded) {
  gate = given;
  is_threaded = threaded;
  ready = 1;
}

static void unlock_if(pthread_mutex_t *lock) {
  if (!lock)
    return;
  if (is_threaded)
    pthread_mutex_unlock(lock);
}

static int lock_gate(void) {
  if (!ready)
    return -1;
  if (!gate)
    return 0;
  if (is_threaded)
    pthread_mutex_lock(gate);
  return 0;
}

static void unlock_gate(void) { unlock_if(gate); }

int next(void) {
  if (lock_gate() != 0)
    return -1;
  int next = ++count;
  unlock_gate();
  return next;
}

int next_but_one(void) {
  int first = next();
  return first < 0 ? first : next();
}

int next_below(int limit) {
  if (lock_gate() != 0) // note: "acquired by 'lock_gate'"
    return -1;
  if (count >= limit)
    return -1; // expect: lock-leak "'gate' is still held when 'next_below' returns here"
  int next = ++count;
  unlock_gate();
  return next;
}
