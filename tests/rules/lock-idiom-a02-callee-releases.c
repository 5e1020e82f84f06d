/* IDIOMS A2: the callee gives back what its caller took (janet's channel_push_with_lock,
 * nfs-ganesha's fridgethr_spawn, glib's g_datalist_unlock_and_set, zfs' dbuf_read_impl).
 */
// mechanism: cases canonical
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct channel {
  pthread_mutex_t lock;
  int *items;
  unsigned count, limit;
  bool closed;
};

struct dbuf {
  pthread_mutex_t mutex;
  pthread_rwlock_t *parent_lock;
  void *data;
};

/* Entered with the lock, left without on every path. */
static bool channel_push_with_lock(struct channel *channel, int item) {
  if (channel->closed) {
    pthread_mutex_unlock(&channel->lock);
    return false;
  }
  if (channel->count == channel->limit) {
    int *grown = realloc(channel->items, 2 * channel->limit * sizeof *grown);
    if (!grown) {
      pthread_mutex_unlock(&channel->lock);
      return false;
    }
    channel->items = grown;
    channel->limit *= 2;
  }
  channel->items[channel->count++] = item;
  pthread_mutex_unlock(&channel->lock);
  return true;
}

bool channel_push(struct channel *channel, int item) {
  pthread_mutex_lock(&channel->lock);
  return channel_push_with_lock(channel, item);
}

bool channel_push_twice(struct channel *channel, int item) {
  pthread_mutex_lock(&channel->lock);
  if (!channel_push_with_lock(channel, item))
    return false;
  pthread_mutex_lock(&channel->lock);
  return channel_push_with_lock(channel, item);
}

/* Unlocks and stores in one: the "lock" of the callee's name is the caller's. */
static void unlock_and_set(struct channel *channel, int *items) {
  channel->items = items;
  pthread_mutex_unlock(&channel->lock);
}

int *channel_steal(struct channel *channel) {
  pthread_mutex_lock(&channel->lock);
  int *items = channel->items;
  unlock_and_set(channel, NULL);
  return items;
}

/* Drops its own mutex and, if there is one, the parent's lock. */
static int dbuf_read_impl(struct dbuf *dbuf, bool parent_is_locked) {
  int error = dbuf->data ? 0 : -EIO;
  pthread_mutex_unlock(&dbuf->mutex);
  if (parent_is_locked)
    pthread_rwlock_unlock(dbuf->parent_lock);
  return error;
}

int dbuf_read(struct dbuf *dbuf) {
  pthread_rwlock_rdlock(dbuf->parent_lock);
  pthread_mutex_lock(&dbuf->mutex);
  return dbuf_read_impl(dbuf, true);
}

int dbuf_read_root(struct dbuf *dbuf) {
  pthread_mutex_lock(&dbuf->mutex);
  return dbuf_read_impl(dbuf, false);
}

/* Releases what the callee has released. */
bool channel_push_releases_again(struct channel *channel, int item) {
  pthread_mutex_lock(&channel->lock);
  bool pushed = channel_push_with_lock(channel, item);
  if (!pushed)
    pthread_mutex_unlock(&channel->lock); // expect: lock-unheld "channel->lock"
  return pushed;
}

/* Gives the lock back when it returns true. The caller below believes that it always does. */
static bool channel_close_with_lock(struct channel *channel) {
  if (channel->closed)
    return false;
  channel->closed = true;
  if (channel->count > 0) {
    pthread_mutex_unlock(&channel->lock);
    return true;
  }
  free(channel->items);
  channel->items = NULL;
  pthread_mutex_unlock(&channel->lock);
  return true;
}

bool channel_close(struct channel *channel) {
  pthread_mutex_lock(&channel->lock);
  return channel_close_with_lock(channel); // expect: lock-leak "channel->lock"
}

/* Says that the parent is not locked, though it is. */
int dbuf_read_forgets_parent(struct dbuf *dbuf) {
  pthread_rwlock_rdlock(dbuf->parent_lock);
  pthread_mutex_lock(&dbuf->mutex);
  if (dbuf->data) {
    pthread_mutex_unlock(&dbuf->mutex);
    pthread_rwlock_unlock(dbuf->parent_lock);
    return 0;
  }
  return dbuf_read_impl(dbuf, false); // expect: lock-leak "dbuf->parent_lock"
}
