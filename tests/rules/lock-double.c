/* lock-double: a lock that this thread holds already is taken again. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

struct cache {
  pthread_mutex_t lock;
  pthread_rwlock_t index_lock;
  pthread_spinlock_t hits_lock;
  mtx_t names_lock;
  unsigned long hits;
  size_t used;
  char *entries[128];
  struct cache *parent;
};

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static struct cache *registry;

/* None of these is recursive: the analysis sees it here. */
int cache_init(struct cache *cache) {
  memset(cache, 0, sizeof *cache);
  if (pthread_mutex_init(&cache->lock, NULL) != 0 || mtx_init(&cache->names_lock, mtx_plain))
    return -1;
  pthread_rwlock_init(&cache->index_lock, NULL);
  return pthread_spin_init(&cache->hits_lock, PTHREAD_PROCESS_PRIVATE);
}

/* Twice in a row, most often after a block was copied. */
void clear_twice(struct cache *cache) {
  pthread_mutex_lock(&cache->lock); // note: ""
  memset(cache->entries, 0, sizeof cache->entries);
  pthread_mutex_lock(&cache->lock); // expect: lock-double "cache->lock"
  cache->used = 0;
  pthread_mutex_unlock(&cache->lock);
}

void clear_once(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  memset(cache->entries, 0, sizeof cache->entries);
  pthread_mutex_unlock(&cache->lock);
  pthread_mutex_lock(&cache->lock);
  cache->used = 0;
  pthread_mutex_unlock(&cache->lock);
}

/* Meant to be the release. */
size_t used_takes_for_release(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  size_t used = cache->used;
  pthread_mutex_lock(&cache->lock); // expect: lock-double "cache->lock"
  return used;
}

/* Through a callee. */
static size_t cache_used(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  size_t used = cache->used;
  pthread_mutex_unlock(&cache->lock);
  return used;
}

bool is_full_calls_locking_getter(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  bool full = cache_used(cache) == 128; // expect: lock-double "cache->lock"
  pthread_mutex_unlock(&cache->lock);
  return full;
}

bool is_full(struct cache *cache) { return cache_used(cache) == 128; }

/* Through a callee's callee, and only on one path of it. */
static void registry_drop(struct cache *cache) {
  pthread_mutex_lock(&registry_lock);
  if (registry == cache)
    registry = cache->parent;
  pthread_mutex_unlock(&registry_lock);
}

static void cache_free(struct cache *cache, bool registered) {
  if (registered)
    registry_drop(cache);
  free(cache);
}

void drop_all_locks_two_levels_down(void) {
  pthread_mutex_lock(&registry_lock);
  struct cache *first = registry;
  if (first)
    cache_free(first, true); // expect: lock-double "registry_lock"
  pthread_mutex_unlock(&registry_lock);
}

void drop_unregistered(struct cache *cache) {
  pthread_mutex_lock(&registry_lock);
  bool registered = registry == cache;
  if (!registered)
    cache_free(cache, false);
  pthread_mutex_unlock(&registry_lock);
}

/* A loop that comes back with the lock still held. */
void refill_retries_locked(struct cache *cache, char *(*make)(void)) {
  for (int attempt = 0; attempt < 3; attempt++) {
    pthread_mutex_lock(&cache->lock); // expect: lock-double "cache->lock"
    char *entry = make();
    if (!entry)
      continue;
    cache->entries[cache->used++ % 128] = entry;
    pthread_mutex_unlock(&cache->lock);
  }
}

void refill_retries(struct cache *cache, char *(*make)(void)) {
  for (int attempt = 0; attempt < 3; attempt++) {
    pthread_mutex_lock(&cache->lock);
    char *entry = make();
    if (!entry) {
      pthread_mutex_unlock(&cache->lock);
      continue;
    }
    cache->entries[cache->used++ % 128] = entry;
    pthread_mutex_unlock(&cache->lock);
  }
}

/* Read-write locks: writing after reading cannot be granted to the same thread. */
int upgrade_while_reading(struct cache *cache) {
  pthread_rwlock_rdlock(&cache->index_lock);
  if (cache->used == 0) {
    pthread_rwlock_wrlock(&cache->index_lock); // expect: lock-double "cache->index_lock"
    cache->used = 1;
    pthread_rwlock_unlock(&cache->index_lock);
    return 1;
  }
  pthread_rwlock_unlock(&cache->index_lock);
  return 0;
}

int upgrade_after_release(struct cache *cache) {
  pthread_rwlock_rdlock(&cache->index_lock);
  bool empty = cache->used == 0;
  pthread_rwlock_unlock(&cache->index_lock);
  if (!empty)
    return 0;
  pthread_rwlock_wrlock(&cache->index_lock);
  cache->used = 1;
  pthread_rwlock_unlock(&cache->index_lock);
  return 1;
}

void write_while_writing(struct cache *cache) {
  pthread_rwlock_wrlock(&cache->index_lock);
  pthread_rwlock_wrlock(&cache->index_lock); // expect: lock-double "cache->index_lock"
  cache->used = 0;
  pthread_rwlock_unlock(&cache->index_lock);
}

/* Read locks may be taken twice. */
size_t read_while_reading(struct cache *cache) {
  pthread_rwlock_rdlock(&cache->index_lock);
  pthread_rwlock_rdlock(&cache->index_lock);
  size_t used = cache->used;
  pthread_rwlock_unlock(&cache->index_lock);
  pthread_rwlock_unlock(&cache->index_lock);
  return used;
}

/* Spin locks and C11 mutexes. */
void count_spins_on_itself(struct cache *cache) {
  pthread_spin_lock(&cache->hits_lock);
  cache->hits++;
  pthread_spin_lock(&cache->hits_lock); // expect: lock-double "cache->hits_lock"
  pthread_spin_unlock(&cache->hits_lock);
}

void name_locks_c11_twice(struct cache *cache, char *name) {
  mtx_lock(&cache->names_lock);
  if (cache->used < 128) {
    mtx_lock(&cache->names_lock); // expect: lock-double "cache->names_lock"
    cache->entries[cache->used++] = name;
  }
  mtx_unlock(&cache->names_lock);
}

/* A try does not wait for itself: it fails, which is how "is it held" is asked. */
bool try_while_held(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  bool taken = pthread_mutex_trylock(&cache->lock) == 0;
  if (taken)
    pthread_mutex_unlock(&cache->lock);
  pthread_mutex_unlock(&cache->lock);
  return taken;
}

/* Taken after a successful try. */
int lock_after_try(struct cache *cache) {
  if (pthread_mutex_trylock(&cache->lock) != 0)
    return -EBUSY;
  pthread_mutex_lock(&cache->lock); // expect: lock-double "cache->lock"
  cache->used = 0;
  pthread_mutex_unlock(&cache->lock);
  return 0;
}

void lock_after_failed_try(struct cache *cache) {
  if (pthread_mutex_trylock(&cache->lock) != 0) {
    cache->hits++;
    pthread_mutex_lock(&cache->lock);
  }
  cache->used = 0;
  pthread_mutex_unlock(&cache->lock);
}

/* Two names of one lock. */
void same_lock_by_another_name(struct cache *cache) {
  struct cache *alias = cache;
  pthread_mutex_t *mutex = &alias->lock;
  pthread_mutex_lock(&cache->lock);
  pthread_mutex_lock(mutex); // expect: lock-double "lock"
  cache->used = 0;
  pthread_mutex_unlock(mutex);
}

/* Two locks of one type. */
void child_then_parent(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  if (cache->parent && cache->parent != cache) {
    pthread_mutex_lock(&cache->parent->lock);
    cache->parent->used += cache->used;
    pthread_mutex_unlock(&cache->parent->lock);
  }
  pthread_mutex_unlock(&cache->lock);
}

/* A different instance: the pointer moved on. */
size_t walk_chain(struct cache *cache) {
  size_t sum = 0;
  while (cache) {
    struct cache *next;
    pthread_mutex_lock(&cache->lock);
    sum += cache->used;
    next = cache->parent;
    pthread_mutex_unlock(&cache->lock);
    cache = next;
  }
  return sum;
}

/* Recursive mutexes are made for this. */
static pthread_mutex_t output_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void output_line(void) {
  pthread_mutex_lock(&output_lock);
  pthread_mutex_unlock(&output_lock);
}

void output_page(void) {
  pthread_mutex_lock(&output_lock);
  output_line();
  output_line();
  pthread_mutex_unlock(&output_lock);
}

/* The callee says that the caller holds the lock, and takes it all the same on one path. */
static int evict_locked(struct cache *cache, bool force) {
  if (force) {
    pthread_mutex_lock(&cache->lock);
    cache->used = 0;
    pthread_mutex_unlock(&cache->lock);
    return 0;
  }
  if (cache->used > 0)
    cache->used--;
  return 0;
}

int evict_forced(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  int result = evict_locked(cache, true); // expect: lock-double "cache->lock"
  pthread_mutex_unlock(&cache->lock);
  return result;
}

int evict_one(struct cache *cache) {
  pthread_mutex_lock(&cache->lock);
  int result = evict_locked(cache, false);
  pthread_mutex_unlock(&cache->lock);
  return result;
}
