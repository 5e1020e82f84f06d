/* The place that takes the lock. */
#include "counter.h"

struct totals totals;
pthread_mutex_t totals_lock = PTHREAD_MUTEX_INITIALIZER;

void count_request(void) {
  pthread_mutex_lock(&totals_lock);
  totals.requests++; // note: "changed here as well"
  pthread_mutex_unlock(&totals_lock);
}

void count_failure(struct totals *into) { // whoever calls it holds the lock
  into->failures++;
}
