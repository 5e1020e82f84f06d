/* What is declared as atomic needs no lock, with or without the names of <stdatomic.h>; what is
 * declared as volatile does. */
#include <pthread.h>

typedef _Atomic unsigned counter_t;

struct meter {
  pthread_mutex_t lock;
  _Atomic long hits, by_size[8];
  counter_t misses;
  volatile long resets;
};

static struct meter meter = {.lock = PTHREAD_MUTEX_INITIALIZER};
static _Atomic int level;
static counter_t steps[4];
static volatile int turns;

static void locked_steps(void) {
  pthread_mutex_lock(&meter.lock);
  level++;
  steps[1] += 2;
  turns++;
  meter.hits++;
  meter.by_size[2]++;
  meter.misses--;
  meter.resets++;
  pthread_mutex_unlock(&meter.lock);
}

static void bare_steps(unsigned n) {
  level--;
  steps[n & 3] += n;
  turns++; // expect: lock-race@certain "'turns' is changed here by several threads at once"
  meter.hits += n;
  meter.by_size[n & 7]--;
  meter.misses++;
  meter.resets++; // expect: lock-race@certain "'meter.resets' is written here without 'struct meter.lock'"
}

static void *work(void *arg) {
  locked_steps();
  bare_steps(7);
  return arg;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  return level + (int)meter.hits;
}
