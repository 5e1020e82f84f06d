/* stats.c - see stats.h. */
#include "stats.h"

#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t counters_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long counters[COUNTERS];
static const char *const names[COUNTERS] = {"requests", "hits", "misses", "errors"};

void stats_lock(void) { pthread_mutex_lock(&counters_lock); }

void stats_unlock(void) { pthread_mutex_unlock(&counters_lock); }

void stats_add(enum counter counter, unsigned long by) {
  stats_lock();
  counters[counter] += by;
  stats_unlock();
}

unsigned long stats_get_locked(enum counter counter) { return counters[counter]; }

unsigned long stats_get(enum counter counter) {
  stats_lock();
  unsigned long value = stats_get_locked(counter);
  stats_unlock();
  return value;
}

unsigned long stats_total(void) {
  unsigned long total = 0;
  stats_lock();
  for (int i = 0; i < COUNTERS; i++)
    total += counters[i];
  stats_unlock();
  return total;
}

/* Correct: what is called under the lock does not take it. */
size_t stats_format(char *text, size_t size) {
  size_t used = 0;
  stats_lock();
  for (int i = 0; i < COUNTERS && used < size; i++) {
    int more = snprintf(text + used, size - used, "%s %lu\n", names[i],
                        stats_get_locked((enum counter)i));
    if (more < 0)
      break;
    used += (size_t)more;
  }
  stats_unlock();
  return used < size ? used : size;
}
