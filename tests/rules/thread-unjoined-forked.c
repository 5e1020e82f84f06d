/* A thread of a process that was made for it is there once, and ends with the process. */
// mechanism: once-guards
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_t watcher;

static void *watch(void *argument) {
  for (;;)
    sleep(1);
  return argument;
}

static void worker_main(void) {
  if (pthread_create(&watcher, NULL, watch, NULL) != 0)
    abort();
  for (;;)
    pause();
}

static void start_worker(void) {
  pid_t pid = fork();
  if (pid == 0) {
    worker_main();
    exit(0);
  }
}

static void *help(void *argument) { return argument; }

/* The parent starts one for each child. */
static void start_helper(void) {
  pthread_t helper;
  if (pthread_create(&helper, NULL, help, NULL) != 0) // expect: thread-unjoined "neither joins"
    abort();
}

int main(void) {
  for (;;) {
    start_worker();
    start_helper();
    wait(NULL);
  }
}
