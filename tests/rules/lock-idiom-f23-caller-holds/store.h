#include <pthread.h>
#include <stdbool.h>

struct store {
  pthread_mutex_t lock;
  pthread_cond_t room;
  int values[32];
  int used;
};

/* All of these are called with store->lock held. */
bool store_is_full_locked(const struct store *store);
int store_add_locked(struct store *store, int value);
int store_find_locked(struct store *store, int value);
void store_wait_locked(struct store *store);
/* Releases store->lock. */
void store_abandon_locked(struct store *store);
