/* The caller's lock, if there is an object that has one. */
// run: --min-confidence info
// mechanism: no-object
#include <pthread.h>
#include <stddef.h>

struct zone {
  pthread_mutex_t lock;
  int users;
};

int find_locked(struct zone **out);

int use(void) {
  struct zone *zone = NULL;
  int result = find_locked(&zone);
  if (zone)
    pthread_mutex_unlock(&zone->lock);
  return result;
}

int use_some(void) {
  struct zone *zone = NULL;
  int result = find_locked(&zone);
  if (zone && zone->users)
    pthread_mutex_unlock(&zone->lock);
  return result; // expect: lock-leak "held by the caller, is not released"
}
