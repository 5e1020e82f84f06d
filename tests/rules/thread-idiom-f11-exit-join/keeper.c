/* T-F11: joined when the process ends or the module is unloaded: by a function that atexit calls, or
 * a destructor. `writer` is only told to stop there. */
#include "keeper.h"
#include <stdlib.h>

pthread_t keeper, watcher, writer;
volatile int stop;

void *work(void *given) { return given; }

static void at_exit(void) {
  stop = 1;
  pthread_join(keeper, NULL);
}

__attribute__((destructor)) static void unloaded(void) { pthread_join(watcher, NULL); }

static void tell(void) { stop = 1; }

int start_all(void) {
  if (pthread_create(&keeper, NULL, work, NULL))
    return -1;
  atexit(at_exit);
  if (pthread_create(&watcher, NULL, work, NULL))
    return -1;
  if (pthread_create(&writer, NULL, work, NULL)) // expect: thread-unjoined "'writer'"
    return -1;
  return atexit(tell);
}
