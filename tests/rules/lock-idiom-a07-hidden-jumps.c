/* IDIOMS A7: macros hide the jump to the common exit (rsyslog's CHKiRet and finalize_it, wiredtiger's
 * WT_ERR). Right when the label releases, wrong when it does not.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef enum { RS_OK = 0, RS_NO_MEMORY = -6, RS_BAD_NAME = -2046 } rsRetVal;

#define DEFiRet rsRetVal iRet = RS_OK
#define RETiRet return iRet
#define CHKiRet(code)                                                                              \
  if ((iRet = (code)) != RS_OK)                                                                    \
  goto finalize_it
#define CHKmalloc(operation)                                                                       \
  if ((operation) == NULL)                                                                         \
  ABORT_FINALIZE(RS_NO_MEMORY)
#define ABORT_FINALIZE(error)                                                                      \
  do {                                                                                             \
    iRet = error;                                                                                  \
    goto finalize_it;                                                                              \
  } while (0)

#define ERR(call)                                                                                  \
  do {                                                                                             \
    if ((result = (call)) != 0)                                                                    \
      goto err;                                                                                    \
  } while (0)

struct counters {
  pthread_mutex_t mutex;
  char *names[16];
  unsigned used;
};

static rsRetVal check_name(const char *name) { return name && *name ? RS_OK : RS_BAD_NAME; }

rsRetVal counter_add(struct counters *counters, const char *name) {
  DEFiRet;
  char *copy = NULL;
  pthread_mutex_lock(&counters->mutex);
  CHKiRet(check_name(name));
  CHKmalloc(copy = strdup(name));
  if (counters->used == 16)
    ABORT_FINALIZE(RS_NO_MEMORY);
  counters->names[counters->used++] = copy;
  copy = NULL;
finalize_it:
  pthread_mutex_unlock(&counters->mutex);
  free(copy);
  RETiRet;
}

/* Two labels: before the lock, and behind it. */
int counter_drop(struct counters *counters, const char *name) {
  int result;
  if (!name)
    return -1;
  pthread_mutex_lock(&counters->mutex);
  ERR(check_name(name));
  ERR(counters->used == 0);
  free(counters->names[--counters->used]);
err:
  pthread_mutex_unlock(&counters->mutex);
  return result;
}

/* The label is behind the release: the hidden jump leaves the lock. */
rsRetVal counter_add_leaks(struct counters *counters, const char *name) {
  DEFiRet;
  char *copy = NULL;
  pthread_mutex_lock(&counters->mutex);
  CHKmalloc(copy = strdup(name)); // expect: lock-leak "counters->mutex"
  counters->names[counters->used++ % 16] = copy;
  pthread_mutex_unlock(&counters->mutex);
finalize_it:
  RETiRet;
}

/* The hidden jump comes before the lock, the label releases. */
rsRetVal counter_reset_releases_unheld(struct counters *counters, const char *name) {
  DEFiRet;
  CHKiRet(check_name(name));
  pthread_mutex_lock(&counters->mutex);
  counters->used = 0;
finalize_it:
  pthread_mutex_unlock(&counters->mutex); // expect: lock-unheld "counters->mutex"
  RETiRet;
}
