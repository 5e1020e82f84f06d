/* L-F14: the lock macro looks at the return code and aborts (nfs-ganesha's PTHREAD_MUTEX_lock,
 * DAOS): the branch on which "locking failed" goes nowhere.
 */
// mechanism: noreturn
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export {
  pthread_mutex_t mutex;
  pthread_rwlock_t lock;
  int references;
};

__attribute__((noinline)) static void fatal(const char *what, int error) {
  fprintf(stderr, "%s: %s\n", what, strerror(error));
  abort();
}

#define MUTEX_lock(mutex)                                                                          \
  do {                                                                                             \
    int rc_ = pthread_mutex_lock(mutex);                                                           \
    if (rc_ != 0) {                                                                                \
      fprintf(stderr, "%s: lock of %s failed\n", __func__, #mutex);                                \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)
#define MUTEX_unlock(mutex)                                                                        \
  do {                                                                                             \
    int rc_ = pthread_mutex_unlock(mutex);                                                         \
    if (rc_ != 0)                                                                                  \
      fatal(#mutex, rc_);                                                                          \
  } while (0)

int export_get(struct export *export) {
  MUTEX_lock(&export->mutex);
  int references = ++export->references;
  MUTEX_unlock(&export->mutex);
  return references;
}

int export_count(struct export *export) {
  int rc = pthread_rwlock_rdlock(&export->lock);
  assert(rc == 0);
  int references = rc == 0 ? export->references : 0;
  rc = pthread_rwlock_unlock(&export->lock);
  assert(rc == 0);
  return references;
}

/* An assertion while the lock is held. */
void export_put(struct export *export) {
  MUTEX_lock(&export->mutex);
  assert(export->references > 0);
  export->references--;
  if (export->references < 0)
    fatal("references", ERANGE);
  MUTEX_unlock(&export->mutex);
}

/* Compilers want a return statement after it. */
int export_take(struct export *export) {
  MUTEX_lock(&export->mutex);
  if (export->references < 0) {
    fatal("references", ERANGE);
    return -1;
  }
  int references = export->references;
  MUTEX_unlock(&export->mutex);
  return references;
}

/* The result of the lock call is handed on: failure means not held. */
int export_enter(struct export *export) {
  int error = pthread_mutex_lock(&export->mutex);
  if (error)
    return -error;
  export->references++;
  pthread_mutex_unlock(&export->mutex);
  return 0;
}

/* The check only prints. */
__attribute__((noinline)) static void complain(const char *what) { fprintf(stderr, "%s\n", what); }

int export_put_leaks(struct export *export) {
  MUTEX_lock(&export->mutex);
  if (export->references <= 0) {
    complain("no reference left");
    return -EINVAL; // expect: lock-leak "export->mutex"
  }
  export->references--;
  MUTEX_unlock(&export->mutex);
  return 0;
}

void export_set_locks_twice(struct export *export, int references) {
  MUTEX_lock(&export->mutex);
  if (references < 0)
    complain("negative");
  MUTEX_lock(&export->mutex); // expect: lock-double "export->mutex"
  export->references = references;
  MUTEX_unlock(&export->mutex);
}
