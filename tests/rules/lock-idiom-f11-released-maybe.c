/* L-F11: a callee may or may not give the lock of its caller back, and the caller cannot tell. It
 * may, so a caller that took the lock and releases it does so twice. A slip that the callee makes
 * by itself is told once, in the function that makes it. */
#include <pthread.h>
#include <stddef.h>

struct cache {
  pthread_mutex_t lock;
  int size, limit;
};
int flush_some(void);

static void cache_trim(struct cache *cache) {
  if (flush_some() > 3)
    pthread_mutex_unlock(&cache->lock);
}

void cache_trim_twice(struct cache *cache) {
  cache_trim(cache);
  cache_trim(cache);
}

void cache_shrink(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  cache_trim(cache);
  cache->size--;
  pthread_mutex_unlock(&cache->lock); // expect: lock-unheld "'cache->lock' is released here"
}

/* Here the slip is plain, and it is told here only. */
static int cache_grow(struct cache *cache, int *sizes) {
  if (sizes[0] > 9)
    pthread_mutex_lock(&cache->lock);
  cache->size++;
  if (flush_some())
    pthread_mutex_unlock(&cache->lock); // expect: lock-unheld "'cache->lock' is released here"
  else if (sizes[0] > 9)
    pthread_mutex_unlock(&cache->lock);
  return cache->size;
}

int cache_grow_twice(struct cache *cache, int *sizes) {
  cache_grow(cache, sizes);
  return cache_grow(cache, sizes);
}

/* The twin: told apart by the result, and still released twice. */
static int cache_drain(struct cache *cache) {
  if (cache->size > cache->limit) {
    pthread_mutex_unlock(&cache->lock);
    return -1;
  }
  cache->size = 0;
  return 0;
}

int cache_clear(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  int error = cache_drain(cache);
  pthread_mutex_unlock(&cache->lock); // expect: lock-unheld "'cache->lock' is released here"
  return error;
}
