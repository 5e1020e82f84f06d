/* A connection pool in the manner of a RADIUS server: the find functions return with the lock. */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct connection {
  int id;
  bool used;
  struct connection *next;
};

struct pool {
  pthread_mutex_t mutex;
  struct connection *head;
};

struct entry {
  pthread_rwlock_t lock;
  unsigned hash;
  void *data;
  struct entry *overflow;
};

struct lruhash {
  pthread_mutex_t quick_lock;
  struct entry *bins[64];
};

/* With pool->mutex held when it finds something, not held when it returns NULL. */
struct connection *pool_find(struct pool *pool, int id);
/* With pool->mutex held, always. */
struct connection *pool_first(struct pool *pool);
/* With the entry's lock held (for writing if asked so), NULL without any lock. */
struct entry *lruhash_lookup(struct lruhash *table, unsigned hash, bool for_writing);
/* Takes the mutex for a caller who is expected to give it back. No caller does. */
void pool_reserve(struct pool *pool);
