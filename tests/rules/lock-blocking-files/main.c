/* lock-blocking over several files: the lock is taken in one, the wait is in another. */
// run: --only lock-blocking
#include "cache.h"

#include <pthread.h>
#include <stddef.h>

static void *refresher(void *host) {
  for (;;) {
    cache_refresh(host);
    cache_refresh_outside(host);
  }
  return NULL;
}

static void *reader(void *sum) {
  for (;;)
    *(int *)sum += cache_hits();
  return NULL;
}

int main(int count, char **arguments) {
  static int sum;
  pthread_t one, two;
  if (count < 2 || pthread_create(&one, NULL, refresher, arguments[1]))
    return 1;
  if (pthread_create(&two, NULL, reader, &sum))
    return 1;
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
