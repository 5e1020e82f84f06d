#include "stop.h"
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static sigset_t set;

static void serve(void) {
  while (!told_by_waiter)
    pause();
}

static int stop_one(pthread_t thread, const char *name) {
  printf("waiting for %s\n", name);
  return pthread_join(thread, NULL);
}

int main(void) {
  pthread_t signals, first, second, third;
  signal(SIGINT, on_term);
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (pthread_create(&signals, NULL, waits_for_signals, &set))
    return 1;
  if (pthread_create(&first, NULL, until_handler, NULL))
    return 1;
  if (pthread_create(&second, NULL, until_waiter, NULL))
    return 1;
  if (pthread_create(&third, NULL, until_nobody, NULL))
    return 1;
  serve();
  pthread_join(signals, NULL);
  stop_one(first, "the first");
  pthread_join(second, NULL);
  pthread_join(third, NULL); // expect: thread-no-exit
  return 0;
}
