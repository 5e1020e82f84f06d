/* L-F10: the same global or field is read again for the release; nothing wrote it in between
 * (the shared-memory structures of a database server).
 */
// mechanism: canonical
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct control {
  pthread_mutex_t lock;
  int free_slots;
  bool stopping;
  struct control *child;
};

struct shared {
  struct control *control;
  int generation;
};

static struct shared *shmem;
static struct control *procarray;

int slot_count(void) {
  pthread_mutex_lock(&procarray->lock);
  int count = procarray->free_slots;
  pthread_mutex_unlock(&procarray->lock);
  return count;
}

int slot_take(void) {
  pthread_mutex_lock(&shmem->control->lock);
  if (shmem->control->free_slots == 0) {
    pthread_mutex_unlock(&shmem->control->lock);
    return -1;
  }
  shmem->control->free_slots--;
  shmem->generation++;
  pthread_mutex_unlock(&shmem->control->lock);
  return 0;
}

/* Half of the path in a local. */
void slot_give(struct shared *shared) {
  struct control *control = shared->control;
  pthread_mutex_lock(&shared->control->lock);
  control->free_slots++;
  pthread_mutex_unlock(&control->lock);
}

/* Writes to other fields are no writes to this one. */
void stop(struct shared *shared) {
  pthread_mutex_lock(&shared->control->child->lock);
  shared->generation = 0;
  shared->control->stopping = true;
  __atomic_store_n(&shared->control->child->free_slots, 0, __ATOMIC_RELEASE);
  pthread_mutex_unlock(&shared->control->child->lock);
}

/* A call in between that does not touch the path. */
static int twice(int value) { return value * 2; }

int slot_double(void) {
  pthread_mutex_lock(&shmem->control->lock);
  int count = twice(shmem->control->free_slots);
  pthread_mutex_unlock(&shmem->control->lock);
  return count;
}

/* The path is written in between: the release is of the new object's lock. */
void switch_control_releases_new(struct shared *shared, struct control *next) {
  pthread_mutex_lock(&shared->control->lock);
  next->free_slots = shared->control->free_slots;
  shared->control = next;
  pthread_mutex_unlock(&shared->control->lock); // expect-miss: lock-unheld "shared->control->lock"
}

void switch_control(struct shared *shared, struct control *next) {
  struct control *old = shared->control;
  pthread_mutex_lock(&old->lock);
  next->free_slots = old->free_slots;
  shared->control = next;
  pthread_mutex_unlock(&old->lock);
}

int slot_take_leaks(void) {
  pthread_mutex_lock(&shmem->control->lock);
  if (shmem->control->stopping)
    return -1; // expect: lock-leak "shmem->control->lock"
  shmem->control->free_slots--;
  pthread_mutex_unlock(&shmem->control->lock);
  return 0;
}
