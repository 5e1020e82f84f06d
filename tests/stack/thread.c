// A thread whose frames fit or not, as .su files say (tests/frames_suite.py).
#include <pthread.h>

void use(void *);

static __attribute__((noinline)) void fill(int n) {
  char buffer[1000];
  buffer[0] = (char)n;
  use(buffer);
}

static void *work(void *argument) {
  fill(1);
  return argument;
}

int start(pthread_t *thread) { return pthread_create(thread, 0, work, 0); }
