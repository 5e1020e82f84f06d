/* T-F13: a thread for each client, up to a number; the thread counts itself out in another file. A
 * count that nobody looks at limits nothing. */
#include "limits.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
int running, started;

void *counted(void *given) {
  pthread_mutex_lock(&mutex);
  running--;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  return given;
}

void *uncounted(void *given) { return given; }
