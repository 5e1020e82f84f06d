/* L-F23: functions that are called with the lock held, say so by their name or a comment, and
 * release or wait on what they did not take.
 */
#include "store.h"

int store_add(struct store *store, int value) {
  pthread_mutex_lock(&store->lock);
  while (store_is_full_locked(store))
    store_wait_locked(store);
  int slot = store_add_locked(store, value);
  pthread_mutex_unlock(&store->lock);
  return slot;
}

int store_replace(struct store *store, int from, int to) {
  pthread_mutex_lock(&store->lock);
  int slot = store_find_locked(store, from);
  if (slot < 0) {
    store_abandon_locked(store);
    return -1;
  }
  store->values[slot] = to;
  pthread_mutex_unlock(&store->lock);
  return slot;
}

/* Calls the releasing function after it has released by itself. */
int store_add_after_release(struct store *store, int value) {
  pthread_mutex_lock(&store->lock);
  bool full = store_is_full_locked(store);
  pthread_mutex_unlock(&store->lock);
  if (full)
    store_abandon_locked(store); // expect: lock-unheld "store->lock"
  return full ? -1 : value;
}

/* Forgets that the callee has released already. */
int store_replace_releases_twice(struct store *store, int from, int to) {
  int slot;
  pthread_mutex_lock(&store->lock);
  slot = store_find_locked(store, from);
  if (slot < 0)
    store_abandon_locked(store);
  else
    store->values[slot] = to;
  pthread_mutex_unlock(&store->lock); // expect: lock-unheld "store->lock"
  return slot;
}

/* Believes that the callee releases; it does not. */
int store_find_leaks(struct store *store, int value) {
  pthread_mutex_lock(&store->lock);
  int slot = store_find_locked(store, value);
  if (slot < 0)
    return -1; // expect: lock-leak "store->lock"
  store->values[slot]++;
  pthread_mutex_unlock(&store->lock);
  return slot;
}
