/* lock-destroyed: a loop goes through all threads before the lock is destroyed, and joins those that
 * there are. */
// mechanism: joined-in-rounds
#include <pthread.h>
#include <stdlib.h>

struct pool {
  pthread_t *workers;
  int count, done;
  pthread_mutex_t lock;
};

static void *work(void *arg) {
  struct pool *pool = arg;
  pthread_mutex_lock(&pool->lock);
  pool->done++;
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

int pool_open(struct pool *pool, int count) {
  int i;
  pool->workers = calloc(count, sizeof *pool->workers);
  if (!pool->workers)
    return -1;
  pthread_mutex_init(&pool->lock, NULL);
  for (i = 0; i < count; i++)
    if (pthread_create(&pool->workers[i], NULL, work, pool))
      goto fail;
  pool->count = count;
  return 0;
fail:
  for (; i > 0; i--)
    if (pool->workers[i - 1]) {
      pthread_cancel(pool->workers[i - 1]);
      pthread_join(pool->workers[i - 1], NULL);
    }
  pthread_mutex_destroy(&pool->lock);
  free(pool->workers);
  return -1;
}

void pool_close(struct pool *pool) {
  for (int i = 0; i < pool->count; i++)
    pthread_join(pool->workers[i], NULL);
  pthread_mutex_destroy(&pool->lock);
  free(pool->workers);
}

/* The twin: the way that fails leaves them out. */
int pool_run(struct pool *pool, int count) {
  int i;
  pool->workers = calloc(count, sizeof *pool->workers);
  if (!pool->workers)
    return -1;
  pthread_mutex_init(&pool->lock, NULL);
  for (i = 0; i < count; i++)
    if (pthread_create(&pool->workers[i], NULL, work, pool)) // note: a thread that runs 'work' is created here
      goto out;
  for (i = 0; i < count; i++)
    pthread_join(pool->workers[i], NULL);
out:
  pthread_mutex_destroy(&pool->lock); // expect: lock-destroyed "'pool->lock' is destroyed while the thread of 'work'"
  free(pool->workers);
  return 0;
}
