/* L-F17: taken in one callback, released in another (redis gives modules its global lock around
 * the sleep of the event loop); a semaphore that one thread posts for another.
 */
// mechanism: handoff
#include "loop.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>

static pthread_mutex_t module_gil = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t work_ready;
static bool stopping;
static long sleeps, wakeups;

/* The loop runs with the lock; while it sleeps, module threads may have it. */
static void before_sleep(void) {
  sleeps++;
  pthread_mutex_unlock(&module_gil);
}

static void after_sleep(void) {
  pthread_mutex_lock(&module_gil);
  wakeups++;
}

/* A signal between threads, not a lock: the waiter never posts. */
static void *worker(void *argument) {
  (void)argument;
  while (!stopping) {
    sem_wait(&work_ready);
    pthread_mutex_lock(&stats_lock);
    wakeups++;
    pthread_mutex_unlock(&stats_lock);
  }
  return NULL;
}

void request_arrived(void) { sem_post(&work_ready); }

/* The same shape on a lock for which there is no other half. */
static void on_timer(void) {
  pthread_mutex_lock(&stats_lock);
  if (sleeps > wakeups)
    return; // expect: lock-leak "stats_lock"
  sleeps = wakeups;
  pthread_mutex_unlock(&stats_lock);
}

int main(void) {
  pthread_t thread;
  sem_init(&work_ready, 0, 0);
  if (pthread_create(&thread, NULL, worker, NULL) != 0)
    exit(1);
  pthread_mutex_lock(&module_gil);
  loop_set_before_sleep(before_sleep);
  loop_set_after_sleep(after_sleep);
  loop_set_timer(on_timer);
  loop_run();
  stopping = true;
  request_arrived();
  pthread_join(thread, NULL);
  exit(0);
}
