/* A program that makes its threads once: those that nobody waits for work until it is ended. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void *work(void *argument) {
  for (;;)
    pause();
  return argument;
}
static void *end(void *argument) { return argument; }

static void load(int count) {
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, NULL))
      abort();
  }
  work(NULL);
}

/* Waits for the last of them only. */
static void finish(int count) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, end, NULL))
    abort();
  for (int i = 1; i < count; i++)
    if (pthread_create(&thread, NULL, end, NULL)) // expect: thread-overwritten "'thread'"
      abort();
  pthread_join(thread, NULL);
}

int main(int argc, char **argv) {
  finish(argc);
  load(argv[0] ? argc : 2);
  return 0;
}
