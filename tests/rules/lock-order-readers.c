/* lock-order: readers do not wait for readers. */
// mechanism: order-readers
#include <pthread.h>

static pthread_rwlock_t left = PTHREAD_RWLOCK_INITIALIZER, right = PTHREAD_RWLOCK_INITIALIZER;
static int value, seen;

static void *worker(void *unused) {
  pthread_rwlock_rdlock(&left);
  pthread_rwlock_rdlock(&right);
  seen = value;
  pthread_rwlock_unlock(&right);
  pthread_rwlock_unlock(&left);
  return unused;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, worker, NULL))
    return 1;
  pthread_rwlock_rdlock(&right);
  pthread_rwlock_rdlock(&left);
  seen = value;
  pthread_rwlock_unlock(&left);
  pthread_rwlock_unlock(&right);
  pthread_join(thread, NULL);
  return 0;
}
