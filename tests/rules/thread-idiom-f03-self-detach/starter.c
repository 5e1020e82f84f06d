#include "jobs.h"
#include <pthread.h>

struct starter {
  pthread_t last;
};

int start_short(void) {
  pthread_t thread;
  return pthread_create(&thread, NULL, short_job, NULL);
}

int start_long(struct starter *starter) {
  return pthread_create(&starter->last, NULL, long_job, NULL);
}

int start_other(void) {
  pthread_t thread;
  return pthread_create(&thread, NULL, waited_for, NULL); // expect: thread-unjoined "'thread'"
}
