/* Those who call pool.c: the first three do it right. */
#include "pool.h"

bool release_connection(struct pool *pool, int id) {
  struct connection *this = pool_find(pool, id);
  if (!this)
    return false;
  this->used = false;
  pthread_mutex_unlock(&pool->mutex);
  return true;
}

int first_id(struct pool *pool) {
  struct connection *first = pool_first(pool);
  int id = first ? first->id : -1;
  pthread_mutex_unlock(&pool->mutex);
  return id;
}

void *cached_data(struct lruhash *table, unsigned hash) {
  void *data = NULL;
  struct entry *entry = lruhash_lookup(table, hash, false);
  if (entry) {
    data = entry->data;
    pthread_rwlock_unlock(&entry->lock);
  }
  return data;
}

/* The early return forgets that the lookup came back with a lock. */
int replace_data_leaks(struct lruhash *table, unsigned hash, void *data) {
  struct entry *entry = lruhash_lookup(table, hash, true);
  if (!entry)
    return -1;
  if (entry->data == data)
    return -2; // expect: lock-leak "entry->lock"
  entry->data = data;
  pthread_rwlock_unlock(&entry->lock);
  return 0;
}

/* All others release; this one does not on any path. */
int second_id_never_releases(struct pool *pool) {
  struct connection *first = pool_first(pool);
  return first && first->next ? first->next->id : -1; // expect-miss: lock-leak "pool->mutex"
}

int third_id(struct pool *pool) {
  struct connection *first = pool_first(pool);
  int id = first && first->next && first->next->next ? first->next->next->id : -1;
  pthread_mutex_unlock(&pool->mutex);
  return id;
}

/* Nothing was found, so nothing is held. */
bool is_unknown_releases_nothing(struct pool *pool, int id) {
  struct connection *this = pool_find(pool, id);
  if (this) {
    pthread_mutex_unlock(&pool->mutex);
    return false;
  }
  pthread_mutex_unlock(&pool->mutex); // expect: lock-unheld "pool->mutex"
  return true;
}
