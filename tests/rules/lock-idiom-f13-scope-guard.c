/* L-F13: the compiler releases at the end of the scope (QEMU_LOCK_GUARD, WITH_QEMU_LOCK_GUARD,
 * glib's g_autoptr(GMutexLocker), asterisk's SCOPED_MUTEX).
 */
// mechanism: cleanup
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct channel {
  pthread_mutex_t lock;
  pthread_rwlock_t members_lock;
  int depth;
  bool closed;
};

static inline pthread_mutex_t *guard_begin(pthread_mutex_t *mutex) {
  pthread_mutex_lock(mutex);
  return mutex;
}

static inline void guard_end(pthread_mutex_t **mutex) {
  if (*mutex)
    pthread_mutex_unlock(*mutex);
}

static inline void read_guard_end(pthread_rwlock_t **lock) { pthread_rwlock_unlock(*lock); }

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define LOCK_GUARD(mutex)                                                                          \
  __attribute__((cleanup(guard_end), unused)) pthread_mutex_t *JOIN(guard_, __LINE__) =            \
      guard_begin(mutex)
#define WITH_LOCK(mutex)                                                                           \
  for (__attribute__((cleanup(guard_end))) pthread_mutex_t *guard = guard_begin(mutex); guard;     \
       guard_end(&guard), guard = NULL)

int channel_depth(struct channel *channel) {
  LOCK_GUARD(&channel->lock);
  if (channel->closed)
    return -1;
  return channel->depth;
}

/* Only an inner scope is guarded, and left by every kind of jump. */
int channel_drain(struct channel *channel, int (*handle)(int)) {
  int handled = 0;
  for (;;) {
    int depth;
    {
      LOCK_GUARD(&channel->lock);
      if (channel->closed)
        break;
      if (channel->depth == 0)
        goto out;
      depth = channel->depth--;
      if (depth < 0)
        continue;
    }
    handled += handle(depth);
  }
out:
  return handled;
}

bool channel_close(struct channel *channel) {
  WITH_LOCK(&channel->lock) {
    if (channel->closed)
      return false;
    channel->closed = true;
  }
  return true;
}

/* A guard whose lock is taken by hand. */
int channel_members(struct channel *channel) {
  pthread_rwlock_rdlock(&channel->members_lock);
  __attribute__((cleanup(read_guard_end))) pthread_rwlock_t *held = &channel->members_lock;
  return held && channel->closed ? 0 : channel->depth;
}

/* Handed on: the guard is disarmed on success. */
struct channel *channel_enter(struct channel *channel) {
  __attribute__((cleanup(guard_end))) pthread_mutex_t *guard = guard_begin(&channel->lock);
  if (channel->closed)
    return NULL;
  guard = NULL;
  return channel;
}

void channel_leave(struct channel *channel) { pthread_mutex_unlock(&channel->lock); }

int channel_use(struct channel *channel) {
  if (!channel_enter(channel))
    return -1;
  int depth = ++channel->depth;
  channel_leave(channel);
  return depth;
}

/* Released by hand, and again by the guard at the end of the scope. */
int channel_depth_releases_twice(struct channel *channel) {
  LOCK_GUARD(&channel->lock);
  int depth = channel->depth;
  pthread_mutex_unlock(&channel->lock);
  return depth; // expect: lock-unheld "channel->lock"
}

/* Guarded already by the outer scope. */
int channel_close_locks_twice(struct channel *channel) {
  LOCK_GUARD(&channel->lock);
  if (channel->depth > 0)
    return -1;
  pthread_mutex_lock(&channel->lock); // expect: lock-double "channel->lock"
  channel->closed = true;
  return 0;
}

/* The plain lock beside the guard is forgotten. */
int channel_move_leaks(struct channel *from, struct channel *to) {
  LOCK_GUARD(&from->lock);
  pthread_mutex_lock(&to->lock);
  if (to->closed)
    return -1; // expect: lock-leak "to->lock"
  to->depth++;
  from->depth--;
  pthread_mutex_unlock(&to->lock);
  return 0;
}
