/* L-F8: all elements of a table are locked in one loop and given back in another, each by a pointer
 * that the round sets anew: what a round has locked is one of them in the next, whoever points to
 * it. */
// mechanism: elements-of-rounds
#include <pthread.h>
#include <stddef.h>

struct bucket {
  pthread_mutex_t lock;
  int used;
};

struct map {
  struct bucket *buckets;
  size_t count;
};

static void lock_buckets(struct map *map) {
  for (size_t i = 0; i < map->count; i++) {
    struct bucket *bucket = &map->buckets[i];
    pthread_mutex_lock(&bucket->lock);
  }
}

static void unlock_buckets(struct map *map) {
  for (size_t i = 0; i < map->count; i++) {
    struct bucket *bucket = &map->buckets[i];
    pthread_mutex_unlock(&bucket->lock);
  }
}

void reset(struct map *map) {
  lock_buckets(map);
  map->buckets[0].used = 0;
  unlock_buckets(map);
}

/* Declared outside, and used again behind the loop. */
void reset_all(struct bucket *buckets, int count) {
  struct bucket *bucket;
  int i;
  for (i = 0; i < count; i++) {
    bucket = buckets + i;
    pthread_mutex_lock(&bucket->lock);
    bucket->used = 0;
  }
  for (i = 0; i < count; i++) {
    bucket = buckets + i;
    pthread_mutex_unlock(&bucket->lock);
  }
}

/* The twins: one element is forgotten in its round. */
int sum(struct map *map) {
  int sum = 0;
  for (size_t i = 0; i < map->count; i++) {
    struct bucket *bucket = &map->buckets[i];
    pthread_mutex_lock(&bucket->lock); // note: "acquired here"
    if (bucket->used < 0)
      return -1; // expect: lock-leak "'bucket->lock' is still held when 'sum' returns here"
    sum += bucket->used;
    pthread_mutex_unlock(&bucket->lock);
  }
  return sum;
}

int count_used(struct map *map) {
  int count = 0;
  for (size_t i = 0; i < map->count; i++) {
    struct bucket *bucket = &map->buckets[i];
    pthread_mutex_lock(&bucket->lock);
    if (!bucket->used)
      continue; // expect: lock-leak "'bucket->lock' is still held"
    count++;
    pthread_mutex_unlock(&bucket->lock);
  }
  return count;
}

/* Hand over hand, and the last one is kept. */
void shift(struct bucket *buckets, int count) {
  struct bucket *before = NULL;
  for (int i = 0; i < count; i++) {
    struct bucket *bucket = &buckets[i];
    pthread_mutex_lock(&bucket->lock);
    if (before) {
      before->used = bucket->used;
      pthread_mutex_unlock(&before->lock);
    }
    before = bucket;
  }
  if (before)
    pthread_mutex_unlock(&before->lock);
}
