/* L-F8: a callee locks all elements of a table that may be replaced meanwhile. It takes as many as
 * there are, none maybe, and the next call goes through another table. */
// mechanism: any-element
// mechanism: callees-rounds
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

struct table {
  struct map *map;
  pthread_mutex_t lock;
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

static int is_stale(const struct table *table, const struct map *map) { return table->map != map; }

static void lock_fresh(struct table *table, struct map **out) {
  struct map *map;
  __atomic_load(&table->map, &map, __ATOMIC_RELAXED);
  lock_buckets(map);
  if (!is_stale(table, map)) {
    *out = map;
    return;
  }
  unlock_buckets(map);
  pthread_mutex_lock(&table->lock);
  map = table->map;
  lock_buckets(map);
  pthread_mutex_unlock(&table->lock);
  *out = map;
}

void reset(struct table *table) {
  struct map *map;
  lock_fresh(table, &map);
  for (size_t i = 0; i < map->count; i++)
    map->buckets[i].used = 0;
  unlock_buckets(map);
}

/* The twin: nothing is replaced here. */
int sum(struct map *map, int most) {
  int sum = 0;
  lock_buckets(map); // note: "acquired by 'lock_buckets', called here"
  for (size_t i = 0; i < map->count; i++)
    sum += map->buckets[i].used;
  if (sum == most)
    return 0; // expect: lock-leak@likely "is still held when 'sum' returns here"
  unlock_buckets(map);
  return 0;
}
