/* Handles in an array that functions of its own fill and empty: which element a thread is in, only
 * they know, by what they count. */
// mechanism: chosen-element
#include <pthread.h>
#include <stdlib.h>

enum { MOST = 16 };
static pthread_t threads[MOST], only[1];
static int thread_count;
void *work(void *unused);
int next_round(void);

static void start(void) {
  if (thread_count == MOST || pthread_create(&threads[thread_count], NULL, work, NULL))
    abort();
  thread_count++;
}

static void wait_for_all(void) {
  for (int i = 0; i < thread_count; i++)
    pthread_join(threads[i], NULL);
  thread_count = 0;
}

static void go_round(int count) {
  for (int i = 0; i < count; i++)
    start();
  start();
  wait_for_all();
}

/* Here it is known which one it is. */
static void restart(int times) {
  for (int i = 0; i < times; i++)
    if (pthread_create(&only[0], NULL, work, NULL)) // expect: thread-overwritten "'only[0]' is overwritten here"
      abort();
  pthread_join(only[0], NULL);
}

int main(void) {
  int count;
  while ((count = next_round()) > 0) {
    go_round(count);
    restart(count);
  }
}
