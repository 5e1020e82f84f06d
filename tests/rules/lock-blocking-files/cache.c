#include "cache.h"

#include <pthread.h>

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static int length, hits;

void cache_refresh(const char *host) {
  pthread_mutex_lock(&cache_lock); // note: "'cache_lock' is acquired here"
  length = fetch_length(host);     // expect: lock-blocking@likely "'cache_lock' is held while this waits for the network"
  pthread_mutex_unlock(&cache_lock);
}

/* Fetched first, kept then. */
void cache_refresh_outside(const char *host) {
  int fetched = fetch_length(host);
  pthread_mutex_lock(&cache_lock);
  length = fetched;
  pthread_mutex_unlock(&cache_lock);
}

int cache_hits(void) {
  pthread_mutex_lock(&cache_lock);
  int sum = hits++ + length;
  pthread_mutex_unlock(&cache_lock);
  return sum;
}
