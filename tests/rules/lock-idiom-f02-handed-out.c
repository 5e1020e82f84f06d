/* L-F1, L-F2: the locked object itself is handed out, as the result or in memory of the caller, and
 * the lock with it. Which variable it came from differs from one way out to the other. */
// mechanism: handed
#include <pthread.h>
#include <stddef.h>

struct handle {
  pthread_mutex_t mutex;
  struct handle *next;
  int key, thread, pruned;
};

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static struct handle *pool;
struct handle *handle_new(int key);

/* Two loops, two ways to find one; nobody in this program calls it. */
struct handle *pool_get(int key, int thread) {
  struct handle *handle, *found = NULL;
  pthread_mutex_lock(&pool_lock);
  for (handle = pool; handle; handle = handle->next)
    if (handle->thread == thread && handle->key == key && !handle->pruned &&
        pthread_mutex_trylock(&handle->mutex) == 0) {
      found = handle;
      break;
    }
  if (!found)
    for (handle = pool; handle; handle = handle->next)
      if (handle->key == key && pthread_mutex_trylock(&handle->mutex) == 0) {
        found = handle;
        break;
      }
  pthread_mutex_unlock(&pool_lock);
  return found;
}

/* Through memory of the caller, next to a result that says how it went. */
int pool_partner(struct handle *handle, struct handle **partner) {
  if (handle->next) {
    *partner = handle->next;
    pthread_mutex_lock(&(*partner)->mutex);
    return 0;
  }
  *partner = NULL;
  return -1;
}

/* Always one of them is locked: the one that was there, or else the new one. */
static struct handle *pool_insert(struct handle *fresh) {
  pthread_mutex_lock(&pool_lock);
  for (struct handle *handle = pool; handle; handle = handle->next)
    if (handle->key == fresh->key) {
      pthread_mutex_lock(&handle->mutex);
      if (!handle->pruned) {
        pthread_mutex_unlock(&pool_lock);
        return handle;
      }
      pthread_mutex_unlock(&handle->mutex);
    }
  pthread_mutex_lock(&fresh->mutex);
  fresh->next = pool;
  pool = fresh;
  pthread_mutex_unlock(&pool_lock);
  return NULL;
}

struct handle *pool_add(int key) {
  struct handle *fresh = handle_new(key);
  struct handle *other = pool_insert(fresh);
  return other ? other : fresh;
}

/* The twins: another object than the locked one is handed out. */
struct handle *pool_next_of(struct handle *handle) {
  pthread_mutex_lock(&handle->mutex);
  if (!handle->next)
    return NULL; // expect: lock-leak "'handle->mutex' is still held"
  struct handle *next = handle->next;
  pthread_mutex_unlock(&handle->mutex);
  return next;
}

int pool_first(struct handle **first) {
  pthread_mutex_lock(&pool_lock);
  *first = pool;
  if (!*first)
    return -1; // expect: lock-leak "'pool_lock' is still held"
  pthread_mutex_unlock(&pool_lock);
  return 0;
}
