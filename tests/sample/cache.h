/* cache.h - answers by key: a striped hash table for hits, a list for known misses. */
#ifndef CACHE_H
#define CACHE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct cache_entry {
  struct cache_entry *next;
  time_t used;
  char *value;
  char key[];
};

bool cache_init(size_t entry_limit);
void cache_destroy(void);

/* A copy that the caller frees; NULL when there is none. */
char *cache_get(const char *key);
int cache_put(const char *key, const char *value);
int cache_replace(const char *key, const char *value);

/* The entry with the lock of its stripe held; NULL without any lock. */
struct cache_entry *cache_lock_entry(const char *key);
void cache_unlock_entry(const char *key);

void cache_note_miss(const char *key);
bool cache_is_known_miss(const char *key);
size_t cache_expire(time_t before);
size_t cache_count(void);

#endif
