#include "nested.h"
#include "pool.h"
#include <stdlib.h>

void *work(void *given) { return given; }

void *leaves(void *given) {
  pthread_detach(pthread_self());
  drop_links(given);
  return NULL;
}

int launch(pthread_t *thread, void *(*entry)(void *), void *given) {
  return pthread_create(thread, NULL, entry, given);
}

void pool_start(struct pool *pool) {
  for (int i = 0; i < 4; i++)
    if (pthread_create(&pool->workers[i], NULL, work, pool))
      abort();
  pool->count = 4;
}

void pool_stop(struct pool *pool) {
  while (pool->count > 0)
    pthread_join(pool->workers[--pool->count], NULL);
}
