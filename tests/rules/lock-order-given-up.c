/* lock-order: the callee gives the first lock back while it takes the second, and takes nothing that
 * its caller has already. */
// mechanism: order-given-up
#include <pthread.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static int value;

/* Called with left held. */
static void refill(void) {
  pthread_mutex_unlock(&left);
  pthread_mutex_lock(&right);
  value++;
  pthread_mutex_unlock(&right);
  pthread_mutex_lock(&left);
}

static void *worker(void *unused) {
  pthread_mutex_lock(&left);
  if (!value)
    refill();
  pthread_mutex_unlock(&left);
  return unused;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, worker, NULL))
    return 1;
  pthread_mutex_lock(&right);
  pthread_mutex_lock(&left);
  value--;
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&right);
  pthread_join(thread, NULL);
  return 0;
}
