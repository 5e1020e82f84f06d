/* What a global points to that is set once is one object for all threads; what each thread's own
 * variable points to is not.
 */
// run: --min-confidence possible
#include <pthread.h>
#include <stdlib.h>

struct stats {
  pthread_mutex_t lock;
  long hits, misses;
};
struct own {
  long rounds;
};
static struct stats *stats;
static _Thread_local struct own *own;

static void hit(void) {
  pthread_mutex_lock(&stats->lock);
  stats->hits++;
  pthread_mutex_unlock(&stats->lock);
  own->rounds++;
}

static void miss(void) {
  stats->misses++; // expect: lock-race "'stats->misses' is changed here by several threads at once"
}

static long sum(void) {
  pthread_mutex_lock(&stats->lock);
  long all = stats->hits + stats->misses;
  pthread_mutex_unlock(&stats->lock);
  return all;
}

static void *work(void *argument) {
  struct own mine = {0};
  own = &mine;
  for (int i = 0; i < 1000; i++) {
    if (i % 3)
      hit();
    else
      miss();
  }
  return own->rounds ? argument : NULL;
}

int main(void) {
  pthread_t threads[2];
  stats = calloc(1, sizeof *stats);
  if (!stats)
    return 1;
  pthread_mutex_init(&stats->lock, NULL);
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  long all = sum();
  pthread_mutex_destroy(&stats->lock);
  free(stats);
  return all != 2000;
}
