/* Under another lock than the others use: told below the default, for it may be the outer one. */
// run: --min-confidence info
#include <pthread.h>

static pthread_mutex_t gauge_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int gauge;

static void gauge_up(void) {
  pthread_mutex_lock(&gauge_lock);
  gauge++;
  pthread_mutex_unlock(&gauge_lock);
}

static void gauge_down(void) {
  pthread_mutex_lock(&gauge_lock);
  gauge--;
  if (gauge < 0)
    gauge = 0;
  pthread_mutex_unlock(&gauge_lock);
}

static void gauge_log(void) {
  pthread_mutex_lock(&log_lock);
  gauge -= 2; // expect: lock-race@info "'gauge' is written here without 'gauge_lock'"
  pthread_mutex_unlock(&log_lock);
}

static void *work(void *arg) {
  gauge_up();
  gauge_down();
  gauge_log();
  return arg;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
