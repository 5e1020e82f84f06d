/* cache.c - see cache.h. Each stripe has a lock of its own; a count over all takes them in order. */
#include "cache.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { STRIPES = 16 };

struct stripe {
  pthread_rwlock_t lock;
  struct cache_entry *entries;
  size_t count;
};

struct miss {
  struct miss *next;
  char key[];
};

static struct stripe stripes[STRIPES];
static size_t stripe_limit;

static pthread_mutex_t misses_lock = PTHREAD_MUTEX_INITIALIZER;
static struct miss *misses;

bool cache_init(size_t entry_limit) {
  stripe_limit = entry_limit / STRIPES + 1;
  for (int i = 0; i < STRIPES; i++) {
    if (pthread_rwlock_init(&stripes[i].lock, NULL) != 0)
      return false;
  }
  return true;
}

static struct stripe *stripe_of(const char *key) {
  uint32_t hash = 2166136261u;
  for (const char *c = key; *c; c++)
    hash = (hash ^ (unsigned char)*c) * 16777619u;
  return &stripes[hash % STRIPES];
}

static struct cache_entry **find_locked(struct stripe *stripe, const char *key) {
  struct cache_entry **link = &stripe->entries;
  while (*link && strcmp((*link)->key, key) != 0)
    link = &(*link)->next;
  return link;
}

static void drop_locked(struct stripe *stripe, struct cache_entry **link) {
  struct cache_entry *entry = *link;
  *link = entry->next;
  stripe->count--;
  free(entry->value);
  free(entry);
}

char *cache_get(const char *key) {
  char *copy = NULL;
  struct stripe *stripe = stripe_of(key);
  pthread_rwlock_rdlock(&stripe->lock);
  struct cache_entry *entry = *find_locked(stripe, key);
  if (entry)
    copy = strdup(entry->value);
  pthread_rwlock_unlock(&stripe->lock);
  return copy;
}

int cache_put(const char *key, const char *value) {
  int error = 0;
  size_t size = strlen(key) + 1;
  struct stripe *stripe = stripe_of(key);
  pthread_rwlock_wrlock(&stripe->lock);
  struct cache_entry **link = find_locked(stripe, key);
  if (*link) {
    error = -EEXIST;
    goto out;
  }
  if (stripe->count >= stripe_limit)
    drop_locked(stripe, &stripe->entries);
  struct cache_entry *entry = malloc(sizeof *entry + size);
  if (!entry) {
    error = -ENOMEM;
    goto out;
  }
  memcpy(entry->key, key, size);
  entry->used = time(NULL);
  entry->value = strdup(value);
  entry->next = stripe->entries;
  stripe->entries = entry;
  stripe->count++;
out:
  pthread_rwlock_unlock(&stripe->lock);
  return error;
}

/* Planted: the allocation failure leaves with the stripe locked. */
int cache_replace(const char *key, const char *value) {
  struct stripe *stripe = stripe_of(key);
  pthread_rwlock_wrlock(&stripe->lock);
  struct cache_entry *entry = *find_locked(stripe, key);
  if (!entry) {
    pthread_rwlock_unlock(&stripe->lock);
    return -ENOENT;
  }
  char *copy = strdup(value);
  if (!copy)
    return -ENOMEM;
  free(entry->value);
  entry->value = copy;
  entry->used = time(NULL);
  pthread_rwlock_unlock(&stripe->lock);
  return 0;
}

/* Returns with the lock held on purpose: no leak, the callers give it back. */
struct cache_entry *cache_lock_entry(const char *key) {
  struct stripe *stripe = stripe_of(key);
  pthread_rwlock_wrlock(&stripe->lock);
  struct cache_entry *entry = *find_locked(stripe, key);
  if (!entry)
    pthread_rwlock_unlock(&stripe->lock);
  return entry;
}

void cache_unlock_entry(const char *key) { pthread_rwlock_unlock(&stripe_of(key)->lock); }

/* Nothing ever leaves this list. */
void cache_note_miss(const char *key) {
  size_t size = strlen(key) + 1;
  struct miss *miss = malloc(sizeof *miss + size);
  if (!miss)
    return;
  memcpy(miss->key, key, size);
  pthread_mutex_lock(&misses_lock);
  miss->next = misses;
  misses = miss;
  pthread_mutex_unlock(&misses_lock);
}

bool cache_is_known_miss(const char *key) {
  bool known = false;
  pthread_mutex_lock(&misses_lock);
  for (struct miss *miss = misses; miss; miss = miss->next) {
    if (strcmp(miss->key, key) == 0) {
      known = true;
      break;
    }
  }
  pthread_mutex_unlock(&misses_lock);
  return known;
}

/* The twin of the misses: entries that were not used for a while go away. */
size_t cache_expire(time_t before) {
  size_t dropped = 0;
  for (int i = 0; i < STRIPES; i++) {
    struct stripe *stripe = &stripes[i];
    pthread_rwlock_wrlock(&stripe->lock);
    for (struct cache_entry **link = &stripe->entries; *link;) {
      if ((*link)->used < before) {
        drop_locked(stripe, link);
        dropped++;
      } else {
        link = &(*link)->next;
      }
    }
    pthread_rwlock_unlock(&stripe->lock);
  }
  return dropped;
}

/* All stripes at once, so that the sum is true at one moment. */
size_t cache_count(void) {
  size_t count = 0;
  for (int i = 0; i < STRIPES; i++)
    pthread_rwlock_rdlock(&stripes[i].lock);
  for (int i = 0; i < STRIPES; i++)
    count += stripes[i].count;
  for (int i = 0; i < STRIPES; i++)
    pthread_rwlock_unlock(&stripes[i].lock);
  return count;
}

void cache_destroy(void) {
  for (int i = 0; i < STRIPES; i++) {
    while (stripes[i].entries)
      drop_locked(&stripes[i], &stripes[i].entries);
    pthread_rwlock_destroy(&stripes[i].lock);
  }
}
