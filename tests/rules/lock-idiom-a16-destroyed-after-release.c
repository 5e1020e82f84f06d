/* IDIOMS A16: released, then destroyed and freed at once (nfs-ganesha's unload_fsal). */
// mechanism: lifetimes
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct fsal {
  pthread_rwlock_t lock;
  pthread_mutex_t mutex;
  int references;
  struct fsal *next;
};

static pthread_mutex_t fsal_lock = PTHREAD_MUTEX_INITIALIZER;
static struct fsal *fsal_list;

int unload(struct fsal *fsal) {
  int result = EBUSY;
  pthread_mutex_lock(&fsal_lock);
  pthread_rwlock_wrlock(&fsal->lock);
  if (fsal->references != 0) {
    pthread_rwlock_unlock(&fsal->lock);
    goto out;
  }
  fsal_list = fsal->next;
  pthread_rwlock_unlock(&fsal->lock);
  pthread_rwlock_destroy(&fsal->lock);
  free(fsal);
  result = 0;
out:
  pthread_mutex_unlock(&fsal_lock);
  return result;
}

/* The last reference frees, others only release. */
void put(struct fsal *fsal) {
  pthread_mutex_lock(&fsal->mutex);
  if (--fsal->references > 0) {
    pthread_mutex_unlock(&fsal->mutex);
    return;
  }
  pthread_mutex_unlock(&fsal->mutex);
  pthread_mutex_destroy(&fsal->mutex);
  free(fsal);
}

/* A fresh object in the place of the old one is another lock. */
void replace(struct fsal **slot) {
  struct fsal *old = *slot;
  struct fsal *fresh = calloc(1, sizeof *fresh);
  if (!fresh)
    return;
  pthread_mutex_init(&fresh->mutex, NULL);
  pthread_mutex_lock(&old->mutex);
  pthread_mutex_lock(&fresh->mutex);
  fresh->references = old->references;
  *slot = fresh;
  pthread_mutex_unlock(&fresh->mutex);
  pthread_mutex_unlock(&old->mutex);
  free(old);
}

/* The child of a fork has nobody left who could release it: it makes the lock anew. */
pid_t restart(struct fsal *fsal) {
  pthread_mutex_lock(&fsal->mutex);
  pid_t child = fork();
  if (child == 0) {
    pthread_mutex_init(&fsal->mutex, NULL);
    fsal->references = 1;
    return 0;
  }
  pthread_mutex_unlock(&fsal->mutex);
  return child;
}

pid_t restart_leaks(struct fsal *fsal) {
  pthread_mutex_lock(&fsal->mutex);
  pid_t child = fork();
  if (child < 0)
    return -1; // expect: lock-leak "fsal->mutex"
  if (child == 0)
    pthread_mutex_init(&fsal->mutex, NULL);
  else
    pthread_mutex_unlock(&fsal->mutex);
  return child;
}

/* The outer lock is forgotten where the inner one is not. */
int unload_leaks_outer(struct fsal *fsal) {
  pthread_mutex_lock(&fsal_lock);
  pthread_rwlock_wrlock(&fsal->lock);
  if (fsal->references != 0) {
    pthread_rwlock_unlock(&fsal->lock);
    return EBUSY; // expect: lock-leak "fsal_lock"
  }
  fsal_list = fsal->next;
  pthread_rwlock_unlock(&fsal->lock);
  pthread_rwlock_destroy(&fsal->lock);
  free(fsal);
  pthread_mutex_unlock(&fsal_lock);
  return 0;
}

/* Released on both sides of the test. */
void put_releases_twice(struct fsal *fsal) {
  pthread_mutex_lock(&fsal->mutex);
  int left = --fsal->references;
  pthread_mutex_unlock(&fsal->mutex);
  if (left > 0) {
    pthread_mutex_unlock(&fsal->mutex); // expect: lock-unheld "fsal->mutex"
    return;
  }
  pthread_mutex_destroy(&fsal->mutex);
  free(fsal);
}
