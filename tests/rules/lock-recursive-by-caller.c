/* L-F16: who made the mutex recursive is not seen from where it is taken twice: neither the second
 * acquire nor the second release is more than possible. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

static int value;

static void *worker(void *argument) {
  pthread_mutex_t *mutex = argument;
  pthread_mutex_lock(mutex);
  pthread_mutex_lock(mutex);
  value++;
  pthread_mutex_unlock(mutex);
  pthread_mutex_unlock(mutex);
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_mutexattr_t attributes;
  if (pthread_mutexattr_init(&attributes))
    return 1;
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
  if (pthread_create(&thread, NULL, worker, &mutex))
    return 1;
  pthread_mutex_lock(&mutex);
  pthread_mutex_lock(&mutex);
  value--;
  pthread_mutex_unlock(&mutex);
  pthread_mutex_unlock(&mutex);
  return pthread_join(thread, NULL);
}
