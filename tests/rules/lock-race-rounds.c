/* Threads that a function of the program's own creates and another one joins, round after round:
 * those of one round are gone when the next one begins. */
// mechanism: race-given-entry
// mechanism: chosen-element
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 16 };
static pthread_t threads[MOST];
static int thread_count;
static long writes, reads;
static volatile int stop;
int next_round(void);

static void start(void *(*run)(void *)) {
  if (thread_count == MOST || pthread_create(&threads[thread_count], NULL, run, NULL))
    abort();
  thread_count++;
}

static void wait_for_all(void) {
  for (int i = 0; i < thread_count; i++)
    pthread_join(threads[i], NULL);
  thread_count = 0;
}

static void *writer(void *unused) { // one in a round
  while (!stop)
    writes++;
  return unused;
}

static void *reader(void *unused) { // several
  while (!stop)
    reads++; // expect: lock-race "'reads' is changed here by several threads at once"
  return unused;
}

static void go_round(int readers) {
  for (int i = 0; i < readers; i++)
    start(reader);
  start(writer);
  stop = getchar();
  wait_for_all();
  printf("%ld %ld\n", writes, reads);
}

int main(void) {
  int readers;
  while ((readers = next_round()) > 0)
    go_round(readers);
}
