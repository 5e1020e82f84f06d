/* A handle that is used again while its thread lives. */
#include <pthread.h>
#include <stdlib.h>

static void *work(void *argument) { return argument; }

void hundred(void) {
  pthread_t thread;
  for (int i = 0; i < 100; i++)
    pthread_create(&thread, NULL, work, NULL); // expect: thread-overwritten "'thread' is overwritten"
}

int two_in_one(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL)) // note: "created here"
    return -1;
  if (pthread_create(&thread, NULL, work, NULL)) // expect: thread-overwritten
    return -1;
  pthread_join(thread, NULL);
  return 0;
}

int one_after_the_other(void) {
  pthread_t thread;
  for (int i = 0; i < 100; i++) {
    if (pthread_create(&thread, NULL, work, NULL))
      return -1;
    pthread_join(thread, NULL);
  }
  return 0;
}

struct worker {
  pthread_t thread;
  int running;
};

int restart(struct worker *worker) {
  if (worker->running)
    pthread_join(worker->thread, NULL);
  worker->running = pthread_create(&worker->thread, NULL, work, worker) == 0;
  return worker->running;
}

int restart_in_place(struct worker *worker) {
  if (pthread_create(&worker->thread, NULL, work, worker)) // note: "created here"
    return -1;
  if (pthread_create(&worker->thread, NULL, work, worker)) // expect: thread-overwritten
    return -1;
  return 0;
}
