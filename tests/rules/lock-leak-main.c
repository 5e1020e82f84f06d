// The process ends where main returns, and takes its locks along. A thread that ends leaves them held.
// mechanism: main-ends
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *work(void *given) {
  pthread_mutex_lock(&lock);
  if (++count > 10)
    return NULL; // expect: lock-leak
  pthread_mutex_unlock(&lock);
  return given;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &count))
    return 1;
  pthread_join(thread, NULL);
  pthread_mutex_lock(&lock);
  if (count > 5)
    return 2;
  pthread_mutex_unlock(&lock);
  return 0;
}
