/* A global that is reached through a pointer is the same as by its name. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long sum, sums[8];
static struct {
  long low, high;
} range;

static void add_locked(int slot, long n) {
  long *into = &sum, *part = &sums[slot];
  pthread_mutex_lock(&lock);
  *into += n;
  *part += n;
  range.low += n;
  range.high -= n;
  pthread_mutex_unlock(&lock);
}

static void add_bare(int slot, long n) {
  long *into = &sum, *high = &range.high;
  sums[slot] += n; // each slot may be another one
  *into += n; // expect: lock-race@certain "'*into' is changed here by several threads at once"
  *high += n; // expect: lock-race@certain "'*high' is changed here by several threads at once"
}

static void *work(void *arg) {
  int *slot = arg;
  for (int i = 0; i < 100; i++) {
    add_locked(*slot, i);
    add_bare(*slot, i);
  }
  return NULL;
}

int main(void) {
  static int slots[4] = {0, 1, 2, 3};
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) {
    int *slot = &slots[i];
    pthread_create(&threads[i], NULL, work, slot);
  }
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  return sum != 0;
}
