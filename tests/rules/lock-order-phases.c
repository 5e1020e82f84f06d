/* lock-order: main takes the locks the other way round before there is a thread, and after all were
 * joined. */
// mechanism: order-phases
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

static void other_way_round(void) {
  pthread_mutex_lock(&right);
  pthread_mutex_lock(&left);
  value--;
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&right);
}

static void prepare(void) { other_way_round(); }

static int begin(pthread_t *thread) { return pthread_create(thread, NULL, worker, NULL); }

static void finish(void) {
  pthread_mutex_lock(&right);
  pthread_mutex_lock(&left);
  value = 0;
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&right);
}

int main(void) {
  pthread_t thread;
  prepare();
  if (begin(&thread))
    return 1;
  pthread_join(thread, NULL);
  finish();
  return 0;
}
