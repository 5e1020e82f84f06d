/* lock-order: a condition is waited for with a second lock held, which all who signal it need; and
 * the lock of the condition, which is taken again after the wait. */
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER, sql_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t work_lock = PTHREAD_MUTEX_INITIALIZER, log_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static bool is_filled, is_ready;

static void *fill(void *unused) {
  pthread_mutex_lock(&sql_lock);
  pthread_mutex_lock(&queue_lock);
  is_filled = true;
  pthread_cond_signal(&filled); // note: "wakes them up while it holds 'sql_lock'"
  pthread_mutex_unlock(&queue_lock);
  pthread_mutex_unlock(&sql_lock);
  return unused;
}

static void drain(void) {
  pthread_mutex_lock(&sql_lock); // note: "'drain' takes 'sql_lock'"
  pthread_mutex_lock(&queue_lock);
  while (!is_filled)
    pthread_cond_wait(&filled, &queue_lock); // expect: lock-order@likely "'filled' is waited for here while 'sql_lock' is held, and who signals it needs that lock first"
  pthread_mutex_unlock(&queue_lock);
  pthread_mutex_unlock(&sql_lock);
}

/* Who signals this one holds its own lock only. */
static void *prepare(void *unused) {
  pthread_mutex_lock(&work_lock);
  is_ready = true;
  pthread_cond_signal(&ready);
  pthread_mutex_unlock(&work_lock);
  return unused;
}

static void use(void) {
  pthread_mutex_lock(&log_lock);
  pthread_mutex_lock(&work_lock);
  while (!is_ready)
    pthread_cond_wait(&ready, &work_lock);
  pthread_mutex_unlock(&work_lock);
  pthread_mutex_unlock(&log_lock);
}

int main(void) {
  pthread_t filler, preparer;
  if (pthread_create(&filler, NULL, fill, NULL))
    return 1;
  if (pthread_create(&preparer, NULL, prepare, NULL))
    return 1;
  drain();
  use();
  pthread_join(filler, NULL);
  pthread_join(preparer, NULL);
  return 0;
}
