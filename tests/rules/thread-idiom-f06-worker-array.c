/* T-F6: workers in arrays, made in one loop and joined in another, here or in another function. */
#include <pthread.h>
#include <stdlib.h>

enum { WORKERS = 6 };

struct pool {
  pthread_t *threads;
  int count;
};
struct crowd {
  pthread_t *threads;
  int count;
};

static pthread_t fixed[WORKERS];

static void *work(void *given) { return given; }

void fixed_start(void) {
  for (int i = 0; i < WORKERS; i++)
    if (pthread_create(&fixed[i], NULL, work, NULL))
      abort();
}

void fixed_stop(void) {
  for (int i = 0; i < WORKERS; i++)
    pthread_join(fixed[i], NULL);
}

int pool_start(struct pool *pool, int count) {
  pool->threads = calloc((size_t)count, sizeof *pool->threads);
  if (!pool->threads)
    return -1;
  for (pool->count = 0; pool->count < count; pool->count++)
    if (pthread_create(&pool->threads[pool->count], NULL, work, pool))
      break;
  return pool->count;
}

void pool_stop(struct pool *pool) {
  for (int i = 0; i < pool->count; i++)
    pthread_join(pool->threads[i], NULL);
  free(pool->threads);
}

int crowd_start(struct crowd *crowd, int count) {
  crowd->threads = calloc((size_t)count, sizeof *crowd->threads);
  if (!crowd->threads)
    return -1;
  for (crowd->count = 0; crowd->count < count; crowd->count++)
    if (pthread_create(&crowd->threads[crowd->count], NULL, work, crowd)) // expect: thread-unjoined "nobody joins"
      break;
  return crowd->count;
}

void crowd_stop(struct crowd *crowd) { free(crowd->threads); }

int here(int count) {
  pthread_t *threads = calloc((size_t)count, sizeof *threads);
  if (!threads)
    return -1;
  for (int i = 0; i < count; i++)
    if (pthread_create(threads + i, NULL, work, NULL))
      abort();
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL);
  free(threads);
  return 0;
}

int backwards(void) {
  pthread_t threads[WORKERS];
  for (int i = 0; i < WORKERS; i++)
    if (pthread_create(&threads[i], NULL, work, NULL))
      abort();
  for (int i = WORKERS; i-- > 0;)
    pthread_join(threads[i], NULL);
  return 0;
}

int by_pointer(void) {
  pthread_t threads[WORKERS];
  for (pthread_t *thread = threads; thread < threads + WORKERS; thread++)
    if (pthread_create(thread, NULL, work, NULL))
      abort();
  for (pthread_t *thread = threads; thread < threads + WORKERS; thread++)
    pthread_join(*thread, NULL);
  return 0;
}

int nobody_waits(int count) {
  pthread_t *threads = calloc((size_t)count, sizeof *threads);
  if (!threads)
    return -1;
  for (int i = 0; i < count; i++)
    if (pthread_create(&threads[i], NULL, work, NULL)) // expect: thread-unjoined
      abort();
  free(threads);
  return 0;
}
