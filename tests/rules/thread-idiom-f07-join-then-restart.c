/* T-F7: the handle is used again, after the thread that it stood for was joined. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct worker {
  pthread_t thread;
  bool running;
};

static struct worker worker;

static void *work(void *given) { return given; }

static void worker_stop(void) {
  if (!worker.running)
    return;
  pthread_join(worker.thread, NULL);
  worker.running = false;
}

int worker_restart(void) {
  worker_stop();
  if (pthread_create(&worker.thread, NULL, work, NULL))
    return -1;
  worker.running = true;
  return 0;
}

int restarted_when_it_ran(void) {
  if (worker.running) {
    pthread_join(worker.thread, NULL);
    worker.running = false;
  }
  worker.running = !pthread_create(&worker.thread, NULL, work, NULL);
  return worker.running;
}

int rounds(int count) {
  pthread_t thread;
  for (int i = 0; i < count; i++) {
    if (pthread_create(&thread, NULL, work, NULL))
      return -1;
    if (pthread_join(thread, NULL))
      return -1;
  }
  return 0;
}

int again_at_once(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL)) // note: "created here"
    return -1;
  bool again = rand();
  if (again && pthread_create(&thread, NULL, work, NULL)) // expect: thread-overwritten "'thread'"
    abort();
  pthread_join(thread, NULL);
  return 0;
}

int joined_in_the_last_round_only(int count) {
  pthread_t thread;
  for (int i = 0; i < count; i++) {
    if (pthread_create(&thread, NULL, work, NULL)) // expect: thread-overwritten "'thread'"
      return -1;
    if (i == count - 1)
      pthread_join(thread, NULL);
  }
  return 0;
}
