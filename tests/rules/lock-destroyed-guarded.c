/* Who destroys what there is, and nothing when there is nothing, destroys it for his caller. */
// mechanism: gone-without
#include <pthread.h>
#include <stdlib.h>

struct lock {
  pthread_mutex_t mutex;
  long value;
};
struct pool {
  struct lock *have;
  int made;
};

static void free_lock(struct lock *lock) {
  if (lock == NULL)
    return;
  if (pthread_mutex_destroy(&lock->mutex))
    abort();
  free(lock);
}

static void free_some(struct lock *lock) {
  if (lock->value > 0)
    return;
  pthread_mutex_destroy(&lock->mutex);
}

int empties(struct pool *pool) {
  pthread_mutex_lock(&pool->have->mutex); // note: "acquired here"
  int made = pool->made;
  pool->made = 0;
  free_lock(pool->have); // expect: lock-destroyed "'pool->have->mutex' is destroyed while it is held"
  return made;
}

int empties_unlocked(struct pool *pool) {
  pthread_mutex_lock(&pool->have->mutex);
  int made = pool->made;
  pool->made = 0;
  pthread_mutex_unlock(&pool->have->mutex);
  free_lock(pool->have);
  return made;
}

int empties_some(struct pool *pool) {
  pthread_mutex_lock(&pool->have->mutex);
  int made = pool->made;
  pthread_mutex_unlock(&pool->have->mutex);
  free_some(pool->have);
  pthread_mutex_lock(&pool->have->mutex);
  pool->made = 0;
  pthread_mutex_unlock(&pool->have->mutex);
  return made;
}

void empties_both(struct pool *first, struct pool *second) {
  free_lock(first->have);
  free_lock(second->have);
  first->have = NULL;
  free_lock(first->have);
}
