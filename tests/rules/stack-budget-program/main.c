// run: --stack main=1M --stack small=64K,large=1M --platform musl
#include "parts.h"

#include <pthread.h>
#include <stdlib.h>

static void *small(void *argument) {
  fill(argument);
  return argument;
}
static void *large(void *argument) {
  fill(argument);
  return argument;
}
static void *usual(void *argument) {
  fill(argument);
  return argument;
}

/* Its own stack is not that of who creates it. */
static void *sorts(void *argument) {
  qsort(argument, 10, sizeof(int), compare); // note: "'sorts' calls 'compare' here"
  return argument;
}

static void begin(void *(*run)(void *), void *argument) {
  pthread_t thread;
  if (!pthread_create(&thread, NULL, run, argument))
    pthread_join(thread, NULL);
}

int main(void) {
  pthread_t threads[4];
  if (pthread_create(&threads[0], NULL, small, NULL) || // expect: stack-budget "in 'small', and has 65,536"
      pthread_create(&threads[1], NULL, large, NULL) ||
      pthread_create(&threads[2], NULL, usual, NULL) || // expect: stack-budget "in 'usual', and has 131,072"
      pthread_create(&threads[3], NULL, sorts, NULL))   // expect: stack-budget "in 'sorts', and has 131,072"
    return 1;
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  begin(small, NULL);
  whole_file(); // expect: stack-budget "'main' and what it calls need"
  return 0;
}
