/* lock-order, L-F22: whoever takes the two locks holds a third one, so no two threads are there at
 * the same time. */
// mechanism: order-gates
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void right_in(void) {
  pthread_mutex_lock(&right);
  value++;
  pthread_mutex_unlock(&right);
}

static void *worker(void *unused) {
  pthread_mutex_lock(&gate);
  pthread_mutex_lock(&left);
  right_in();
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&gate);
  return unused;
}

/* Its callers hold the gate. */
static void under_gate(void) {
  pthread_mutex_lock(&right);
  pthread_mutex_lock(&left);
  value--;
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&right);
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, worker, NULL))
    return 1;
  pthread_mutex_lock(&gate);
  under_gate();
  pthread_mutex_unlock(&gate);
  pthread_join(thread, NULL);
  return 0;
}
