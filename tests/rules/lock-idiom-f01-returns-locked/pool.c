/* Functions that return with a lock held on purpose, and callers in another file that release. */
// mechanism: cases
#include "pool.h"

struct connection *pool_find(struct pool *pool, int id) {
  pthread_mutex_lock(&pool->mutex);
  for (struct connection *this = pool->head; this; this = this->next) {
    if (this->id == id && this->used)
      return this;
  }
  pthread_mutex_unlock(&pool->mutex);
  return NULL;
}

struct connection *pool_first(struct pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  return pool->head;
}

struct entry *lruhash_lookup(struct lruhash *table, unsigned hash, bool for_writing) {
  struct entry *entry;
  pthread_mutex_lock(&table->quick_lock);
  for (entry = table->bins[hash % 64]; entry; entry = entry->overflow) {
    if (entry->hash == hash)
      break;
  }
  if (entry) {
    if (for_writing)
      pthread_rwlock_wrlock(&entry->lock);
    else
      pthread_rwlock_rdlock(&entry->lock);
  }
  pthread_mutex_unlock(&table->quick_lock);
  return entry;
}

void pool_reserve(struct pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  if (pool->head)
    pool->head->used = true;
} // expect: lock-leak "pool->mutex"
