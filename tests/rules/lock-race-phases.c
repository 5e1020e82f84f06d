/* What main does while nobody else is there needs no lock: before the threads are created, after they
 * are joined. Between the two it does. */
// mechanism: race-sequence
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int level, limit, total;

static void raise_level(int by) {
  pthread_mutex_lock(&lock);
  level += by;
  if (level > limit)
    level = limit;
  total += by;
  pthread_mutex_unlock(&lock);
}

static void lower_level(int by) {
  pthread_mutex_lock(&lock);
  level -= by;
  limit--;
  limit++;
  total++;
  total += level > limit;
  pthread_mutex_unlock(&lock);
}

static void *work(void *arg) {
  raise_level(*(int *)arg);
  lower_level(1);
  return NULL;
}

static void set_up(int most) { // nobody is there yet
  level = 1;
  limit = most;
  total = 0;
}

static void tear_down(pthread_t *threads, int count) {
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL);
  level = 0;
  limit = 0;
}

int main(int argc, char **argv) {
  pthread_t threads[2];
  static int steps[2] = {1, 2};
  (void)argv;
  set_up(argc);
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, work, &steps[i]);
  total -= argc; // expect: lock-race "'total' is changed here by several threads"
  tear_down(threads, 2);
  level++; // they are gone
  return level;
}
