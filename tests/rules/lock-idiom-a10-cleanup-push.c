/* IDIOMS A10: pthread_cleanup_push registers the release, and popping with 1 is the release
 * (multipath-tools' log queue).
 */
// mechanism: cleanup
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static pthread_mutex_t logq_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t logq_filled = PTHREAD_COND_INITIALIZER;
static unsigned pending, written;

static void cleanup_mutex(void *mutex) { pthread_mutex_unlock(mutex); }

void log_enqueue(void) {
  pthread_mutex_lock(&logq_lock);
  pthread_cleanup_push(cleanup_mutex, &logq_lock);
  pending++;
  pthread_cond_signal(&logq_filled);
  pthread_cleanup_pop(1);
}

unsigned log_wait(void) {
  unsigned taken = 0;
  pthread_mutex_lock(&logq_lock);
  pthread_cleanup_push(cleanup_mutex, &logq_lock);
  while (pending == 0)
    pthread_cond_wait(&logq_filled, &logq_lock);
  taken = pending;
  pending = 0;
  pthread_cleanup_pop(1);
  return taken;
}

/* Popped without running it: the release is by hand. */
void log_flush(FILE *file) {
  pthread_mutex_lock(&logq_lock);
  pthread_cleanup_push(cleanup_mutex, &logq_lock);
  written += pending;
  fflush(file);
  pthread_cleanup_pop(0);
  pthread_mutex_unlock(&logq_lock);
}

/* Ends the thread inside the region: the handler runs. */
void *log_thread(void *argument) {
  const bool *stop = argument;
  for (;;) {
    pthread_mutex_lock(&logq_lock);
    pthread_cleanup_push(cleanup_mutex, &logq_lock);
    if (*stop)
      pthread_exit(NULL);
    written += pending;
    pending = 0;
    pthread_cleanup_pop(1);
  }
  return NULL;
}

/* Popped without running it, and nobody releases. */
unsigned log_count_leaks(void) {
  unsigned count;
  pthread_mutex_lock(&logq_lock);
  pthread_cleanup_push(cleanup_mutex, &logq_lock);
  count = pending;
  pthread_cleanup_pop(0);
  if (count == 0) {
    pthread_mutex_unlock(&logq_lock);
    return 0;
  }
  written += count;
  return 0; // expect: lock-leak "logq_lock"
}

/* Popped with 1 and released by hand. */
void log_flush_releases_twice(FILE *file) {
  pthread_mutex_lock(&logq_lock);
  pthread_cleanup_push(cleanup_mutex, &logq_lock);
  fflush(file);
  pthread_cleanup_pop(1);
  pthread_mutex_unlock(&logq_lock); // expect: lock-unheld "logq_lock"
}
