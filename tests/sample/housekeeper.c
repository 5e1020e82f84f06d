/* housekeeper.c - see housekeeper.h. */
#include "housekeeper.h"

#include "cache.h"
#include "log.h"
#include "stats.h"

#include <pthread.h>
#include <time.h>

enum { PERIOD = 30, MAX_AGE = 600 };

static pthread_mutex_t stop_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stop_changed = PTHREAD_COND_INITIALIZER;
static bool stopping;
static pthread_t sweeper;

/* Correct: the lock is not held while the cache is swept, and it is on both ways out. */
static void *sweep(void *unused) {
  (void)unused;
  pthread_mutex_lock(&stop_lock);
  while (!stopping) {
    struct timespec until = {.tv_sec = time(NULL) + PERIOD};
    pthread_cond_timedwait(&stop_changed, &stop_lock, &until);
    if (stopping)
      break;
    pthread_mutex_unlock(&stop_lock);
    cache_expire(time(NULL) - MAX_AGE);
    pthread_mutex_lock(&stop_lock);
  }
  pthread_mutex_unlock(&stop_lock);
  return NULL;
}

/* Correct: joined in housekeeper_stop. */
bool housekeeper_start(void) { return pthread_create(&sweeper, NULL, sweep, NULL) == 0; }

void housekeeper_stop(void) {
  pthread_mutex_lock(&stop_lock);
  stopping = true;
  pthread_cond_signal(&stop_changed);
  pthread_mutex_unlock(&stop_lock);
  pthread_join(sweeper, NULL);
}

/* Planted: stats_total, in another file, takes the lock that is held here. */
void housekeeper_report(void) {
  stats_lock();
  unsigned long hits = stats_get_locked(COUNT_HITS);
  unsigned long total = stats_total();
  stats_unlock();
  log_info("%lu hits of %lu events, %zu entries", hits, total, cache_count());
}

/* Its correct twin. */
void housekeeper_summary(void) {
  stats_lock();
  unsigned long hits = stats_get_locked(COUNT_HITS);
  unsigned long misses = stats_get_locked(COUNT_MISSES);
  stats_unlock();
  log_info("%lu hits, %lu misses, %lu events", hits, misses, stats_total());
}

static void *report(void *unused) {
  (void)unused;
  housekeeper_report();
  return NULL;
}

/* Planted: a thread a request, and nobody joins or detaches it. */
bool housekeeper_report_later(void) {
  pthread_t reporter;
  return pthread_create(&reporter, NULL, report, NULL) == 0;
}
