/* IDIOMS A8: lock wrappers that are macros or inline functions, with logging, token pasting, a brace
 * in between, statement expressions, extra arguments (janus, glib's G_LOCK, gluster's LOCK,
 * varnish's Lck_Lock, asterisk's ao2_lock, haproxy's HA_SPIN_LOCK).
 */
// mechanism: summaries
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* janus: a debug branch with a second expansion of the call. */
static int lock_debug;
#define janus_mutex_lock_nodebug(mutex) pthread_mutex_lock(mutex)
#define janus_mutex_lock_debug(mutex)                                                              \
  {                                                                                                \
    fprintf(stderr, "[%s:%s:%d:lock] %p\n", __FILE__, __func__, __LINE__, (void *)(mutex));        \
    pthread_mutex_lock(mutex);                                                                     \
  }
#define janus_mutex_lock(mutex)                                                                    \
  {                                                                                                \
    if (!lock_debug) {                                                                             \
      janus_mutex_lock_nodebug(mutex);                                                             \
    } else {                                                                                       \
      janus_mutex_lock_debug(mutex);                                                               \
    }                                                                                              \
  }
#define janus_mutex_unlock(mutex)                                                                  \
  {                                                                                                \
    if (lock_debug)                                                                                \
      fprintf(stderr, "[%s:%d:unlock]\n", __FILE__, __LINE__);                                     \
    pthread_mutex_unlock(mutex);                                                                   \
  }

/* glib: the lock's name is pasted. */
#define G_LOCK_NAME(name) g__##name##_lock
#define G_LOCK_DEFINE_STATIC(name)                                                                 \
  static pthread_mutex_t G_LOCK_NAME(name) = PTHREAD_MUTEX_INITIALIZER
#define G_LOCK(name) pthread_mutex_lock(&G_LOCK_NAME(name))
#define G_UNLOCK(name) pthread_mutex_unlock(&G_LOCK_NAME(name))

/* varnish: a struct of its own behind a pointer, with the caller's name and line. */
struct ilck {
  pthread_mutex_t mtx;
  bool held;
  const char *where;
};
struct lock {
  void *priv;
};

void Lck__Lock(struct lock *lck, const char *function, int line);
void Lck__Unlock(struct lock *lck, const char *function, int line);
#define Lck_Lock(lck) Lck__Lock(lck, __func__, __LINE__)
#define Lck_Unlock(lck) Lck__Unlock(lck, __func__, __LINE__)

void Lck__Lock(struct lock *lck, const char *function, int line) {
  struct ilck *ilck = lck->priv;
  int error = pthread_mutex_trylock(&ilck->mtx);
  if (error) {
    fprintf(stderr, "contention at %s:%d\n", function, line);
    if (pthread_mutex_lock(&ilck->mtx))
      abort();
  }
  ilck->held = true;
  ilck->where = function;
}

void Lck__Unlock(struct lock *lck, const char *function, int line) {
  struct ilck *ilck = lck->priv;
  if (!ilck->held) {
    fprintf(stderr, "not held at %s:%d\n", function, line);
    abort();
  }
  ilck->held = false;
  if (pthread_mutex_unlock(&ilck->mtx))
    abort();
}

/* asterisk: through an object header in front of the pointer. */
struct ao2_object {
  pthread_mutex_t lock;
  int refcount;
  char user_data[];
};
#define INTERNAL_OBJ(user) ((struct ao2_object *)((char *)(user) - sizeof(struct ao2_object)))
static int ao2_lock(void *user) { return pthread_mutex_lock(&INTERNAL_OBJ(user)->lock); }
static int ao2_unlock(void *user) { return pthread_mutex_unlock(&INTERNAL_OBJ(user)->lock); }

/* A statement expression that gives the result of the call. */
#define MUST_LOCK(mutex)                                                                           \
  ({                                                                                               \
    int rc_ = pthread_mutex_lock(mutex);                                                           \
    if (rc_)                                                                                       \
      abort();                                                                                     \
    rc_;                                                                                           \
  })

struct room {
  pthread_mutex_t mutex;
  struct lock mtx;
  int participants;
  bool destroyed;
};

G_LOCK_DEFINE_STATIC(rooms);
static int room_count;

int room_join(struct room *room) {
  janus_mutex_lock(&room->mutex);
  if (room->destroyed) {
    janus_mutex_unlock(&room->mutex);
    return -1;
  }
  int count = ++room->participants;
  janus_mutex_unlock(&room->mutex);
  return count;
}

int rooms_add(void) {
  G_LOCK(rooms);
  int count = ++room_count;
  G_UNLOCK(rooms);
  return count;
}

int room_leave(struct room *room) {
  Lck_Lock(&room->mtx);
  int left = --room->participants;
  Lck_Unlock(&room->mtx);
  return left;
}

int object_count(void *object, int *counter) {
  ao2_lock(object);
  int count = ++*counter;
  ao2_unlock(object);
  return count;
}

int room_destroy(struct room *room) {
  MUST_LOCK(&room->mutex);
  room->destroyed = true;
  pthread_mutex_unlock(&room->mutex);
  return 0;
}

int room_join_leaks(struct room *room) {
  janus_mutex_lock(&room->mutex);
  if (room->destroyed)
    return -1; // expect: lock-leak "room->mutex"
  int count = ++room->participants;
  janus_mutex_unlock(&room->mutex);
  return count;
}

int rooms_add_leaks(int limit) {
  G_LOCK(rooms);
  if (room_count >= limit)
    return -1; // expect: lock-leak "rooms"
  int count = ++room_count;
  G_UNLOCK(rooms);
  return count;
}

int room_leave_leaks(struct room *room) {
  Lck_Lock(&room->mtx);
  if (room->participants == 0)
    return -1; // expect: lock-leak "mtx"
  int left = --room->participants;
  Lck_Unlock(&room->mtx);
  return left;
}

int object_count_leaks(void *object, int *counter) {
  ao2_lock(object);
  if (*counter < 0)
    return -1; // expect: lock-leak
  int count = ++*counter;
  ao2_unlock(object);
  return count;
}

int room_destroy_twice(struct room *room) {
  MUST_LOCK(&room->mutex);
  room->destroyed = true;
  MUST_LOCK(&room->mutex); // expect: lock-double "room->mutex"
  room->participants = 0;
  pthread_mutex_unlock(&room->mutex);
  return 0;
}
