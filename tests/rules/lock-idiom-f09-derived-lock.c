/* L-F9: which lock it is, is computed (memcached's item_locks, a getter for a bucket's lock). */
// mechanism: getters
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define hashsize(n) ((uint32_t)1 << (n))
#define hashmask(n) (hashsize(n) - 1)

struct item {
  struct item *next;
  uint32_t hash;
  int refcount;
};

struct shard {
  pthread_mutex_t lock;
  struct item *items;
};

struct store {
  struct shard *shards;
  size_t shard_count;
};

static pthread_mutex_t *item_locks;
static uint32_t item_lock_hashpower;

void item_lock(uint32_t hv) { pthread_mutex_lock(&item_locks[hv & hashmask(item_lock_hashpower)]); }

void item_unlock(uint32_t hv) {
  pthread_mutex_unlock(&item_locks[hv & hashmask(item_lock_hashpower)]);
}

/* The lock that was taken, or NULL. */
void *item_trylock(uint32_t hv) {
  pthread_mutex_t *lock = &item_locks[hv & hashmask(item_lock_hashpower)];
  if (pthread_mutex_trylock(lock) == 0)
    return lock;
  return NULL;
}

void item_trylock_unlock(void *lock) { pthread_mutex_unlock((pthread_mutex_t *)lock); }

int item_get(struct item *it) {
  item_lock(it->hash);
  int count = ++it->refcount;
  item_unlock(it->hash);
  return count;
}

int item_try_get(struct item *it) {
  void *hold_lock = item_trylock(it->hash);
  if (hold_lock == NULL)
    return 0;
  it->refcount++;
  item_trylock_unlock(hold_lock);
  return 1;
}

/* A getter for the object that holds the lock. */
static struct shard *shard_of(struct store *store, uint32_t hash) {
  return &store->shards[hash % store->shard_count];
}

static pthread_mutex_t *lock_of(struct shard *shard) { return &shard->lock; }

void store_insert(struct store *store, struct item *it) {
  struct shard *shard = shard_of(store, it->hash);
  pthread_mutex_lock(&shard->lock);
  it->next = shard->items;
  shard->items = it;
  pthread_mutex_unlock(&shard->lock);
}

struct item *store_find(struct store *store, uint32_t hash) {
  struct item *it;
  pthread_mutex_lock(lock_of(shard_of(store, hash)));
  for (it = shard_of(store, hash)->items; it && it->hash != hash; it = it->next)
    ;
  pthread_mutex_unlock(lock_of(shard_of(store, hash)));
  return it;
}

/* Another element of the array may be another lock. */
void move_between(uint32_t from, uint32_t to, struct item *it) {
  item_lock(from);
  if ((to & hashmask(item_lock_hashpower)) != (from & hashmask(item_lock_hashpower)))
    item_lock(to);
  it->hash = to;
  if ((to & hashmask(item_lock_hashpower)) != (from & hashmask(item_lock_hashpower)))
    item_unlock(to);
  item_unlock(from);
}

int item_get_leaks(struct item *it) {
  item_lock(it->hash);
  if (it->refcount == 0)
    return 0; // expect: lock-leak
  int count = ++it->refcount;
  item_unlock(it->hash);
  return count;
}

int item_try_get_leaks(struct item *it) {
  void *hold_lock = item_trylock(it->hash);
  if (!hold_lock)
    return 0;
  if (it->refcount == 0)
    return -1; // expect: lock-leak
  it->refcount++;
  item_trylock_unlock(hold_lock);
  return 1;
}

int store_count_leaks(struct store *store, uint32_t hash) {
  int count = 0;
  struct shard *shard = shard_of(store, hash);
  pthread_mutex_lock(lock_of(shard));
  for (struct item *it = shard->items; it; it = it->next) {
    if (it->refcount < 0)
      return -1; // expect: lock-leak "lock"
    count++;
  }
  pthread_mutex_unlock(&shard->lock);
  return count;
}

/* The key changes between the two calls: the release is of another lock. */
void rehash_releases_other(struct item *it, uint32_t hash) {
  item_lock(it->hash);
  it->hash = hash;
  item_unlock(it->hash); // expect-miss: lock-unheld
}
