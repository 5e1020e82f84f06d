/* Five threads count, with the lock in one place and without it here. */
#include "counter.h"

static void *serve(void *arg) {
  for (int i = 0; i < 100000; i++) {
    count_request();
    if (i % 1000 == 0)
      totals.requests++; // expect: lock-race@certain "'totals.requests' is changed here by several threads"
    pthread_mutex_lock(&totals_lock);
    count_failure(&totals);
    pthread_mutex_unlock(&totals_lock);
  }
  return arg;
}

int main(void) {
  pthread_t threads[5];
  for (int i = 0; i < 5; i++)
    pthread_create(&threads[i], NULL, serve, NULL);
  for (int i = 0; i < 5; i++)
    pthread_join(threads[i], NULL);
  return totals.requests != 5 * 100100;
}
