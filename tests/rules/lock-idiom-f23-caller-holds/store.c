/* The functions that rely on their callers. */
// mechanism: entry
#include "store.h"

bool store_is_full_locked(const struct store *store) {
  return store->used == sizeof store->values / sizeof *store->values;
}

int store_add_locked(struct store *store, int value) {
  store->values[store->used] = value;
  return store->used++;
}

int store_find_locked(struct store *store, int value) {
  for (int i = 0; i < store->used; i++) {
    if (store->values[i] == value)
      return i;
  }
  return -1;
}

void store_wait_locked(struct store *store) {
  pthread_cond_wait(&store->room, &store->lock);
}

void store_abandon_locked(struct store *store) {
  store->used = 0;
  pthread_cond_broadcast(&store->room);
  pthread_mutex_unlock(&store->lock);
}
