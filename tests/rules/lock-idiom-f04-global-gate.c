/* L-F4: locks are taken only when threads run at all; the gate is a global that nothing changes
 * in between (git's index-pack and grep, object store).
 */
// mechanism: cases
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static int threads_active;
static bool obj_read_use_lock;
static pthread_mutex_t read_mutex;
static pthread_mutex_t work_mutex;
static pthread_mutex_t obj_read_mutex = PTHREAD_MUTEX_INITIALIZER;
static int next_item, item_count;

static inline void lock_mutex(pthread_mutex_t *mutex) {
  if (threads_active)
    pthread_mutex_lock(mutex);
}

static inline void unlock_mutex(pthread_mutex_t *mutex) {
  if (threads_active)
    pthread_mutex_unlock(mutex);
}

#define read_lock() lock_mutex(&read_mutex)
#define read_unlock() unlock_mutex(&read_mutex)
#define work_lock() lock_mutex(&work_mutex)
#define work_unlock() unlock_mutex(&work_mutex)

void obj_read_lock(void) {
  if (obj_read_use_lock)
    pthread_mutex_lock(&obj_read_mutex);
}

void obj_read_unlock(void) {
  if (obj_read_use_lock)
    pthread_mutex_unlock(&obj_read_mutex);
}

int take_item(void) {
  int item = -1;
  work_lock();
  if (next_item < item_count)
    item = next_item++;
  work_unlock();
  return item;
}

int read_item(int item, int (*read)(int)) {
  read_lock();
  int result = read(item);
  if (result < 0) {
    read_unlock();
    return -1;
  }
  read_unlock();
  return result;
}

char *read_object(char *(*load)(void)) {
  obj_read_lock();
  char *data = load();
  if (data && !*data) {
    free(data);
    data = NULL;
  }
  obj_read_unlock();
  return data;
}

/* Both sides by hand, without wrappers. */
void report(int done) {
  if (threads_active)
    pthread_mutex_lock(&work_mutex);
  item_count -= done;
  if (threads_active)
    pthread_mutex_unlock(&work_mutex);
}

/* The error return between the two. */
int read_item_leaks(int item, int (*read)(int)) {
  read_lock();
  int result = read(item);
  if (result < 0)
    return -1; // expect: lock-leak "read_mutex"
  read_unlock();
  return result;
}

char *read_object_leaks(char *(*load)(void)) {
  char *data;
  obj_read_lock();
  data = load();
  if (!data)
    return NULL; // expect: lock-leak "obj_read_mutex"
  obj_read_unlock();
  return data;
}

/* The gate is shut while the lock is held, so that the release does nothing. */
void finish_shuts_gate_too_early(void) {
  work_lock();
  next_item = item_count;
  threads_active = 0;
  work_unlock();
} // expect: lock-leak "work_mutex"
