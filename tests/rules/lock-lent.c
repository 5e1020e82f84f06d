/* A mutex on the stack whose address a thread is given is a mutex all the same. */
// mechanism: lent-locks
#include <pthread.h>

static int value;

static void *add(void *arg) {
  pthread_mutex_t *mutex = arg;
  pthread_mutex_lock(mutex);
  value++;
  pthread_mutex_unlock(mutex);
  return NULL;
}

int with_local_mutex(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_t thread;
  if (pthread_create(&thread, NULL, add, &mutex))
    return -1;
  pthread_mutex_lock(&mutex);
  value--;
  pthread_mutex_unlock(&mutex);
  return pthread_join(thread, NULL);
}

int locked_twice(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_t thread;
  if (pthread_create(&thread, NULL, add, &mutex))
    return -1;
  pthread_mutex_lock(&mutex);
  value--;
  pthread_mutex_lock(&mutex); // expect: lock-double "'mutex'"
  pthread_mutex_unlock(&mutex);
  return pthread_join(thread, NULL);
}
