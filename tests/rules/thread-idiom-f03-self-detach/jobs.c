/* T-F3, IDIOMS B21: what the thread runs detaches it, by itself or by a function that it calls. */
#include "jobs.h"
#include <pthread.h>
#include <stdio.h>

void leave_me(const char *name) {
  printf("%s begins\n", name);
  pthread_detach(pthread_self());
}

void *short_job(void *given) {
  pthread_detach(pthread_self());
  return given;
}

void *long_job(void *given) {
  leave_me("long");
  for (int i = 0; i < 10; i++)
    puts("still here");
  return given;
}

void *waited_for(void *given) {
  puts("begins");
  return given;
}
