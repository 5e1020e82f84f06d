/* lock-order: who only tries to take the second lock waits for nobody. */
// mechanism: order-tries
#include <pthread.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void *worker(void *unused) {
  pthread_mutex_lock(&left);
  pthread_mutex_lock(&right);
  value++;
  pthread_mutex_unlock(&right);
  pthread_mutex_unlock(&left);
  return unused;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, worker, NULL))
    return 1;
  pthread_mutex_lock(&right);
  if (!pthread_mutex_trylock(&left)) {
    value--;
    pthread_mutex_unlock(&left);
  }
  pthread_mutex_unlock(&right);
  pthread_join(thread, NULL);
  return 0;
}
