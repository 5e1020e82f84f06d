/* Threads that are joined and can never end. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

void step(void);
void give_up(void);

struct worker {
  pthread_t thread;
  bool stop;
};

/* ---- a flag that nobody sets */

struct deaf {
  pthread_t thread;
  bool stop;
};

static void *never_told(void *argument) {
  struct deaf *deaf = argument;
  while (!deaf->stop) // note: "goes round until 'stop' tells it to stop"
    step();
  return NULL;
}

int deaf_start(struct deaf *deaf) {
  deaf->stop = false;
  return pthread_create(&deaf->thread, NULL, never_told, deaf); // note: "created here"
}

void deaf_stop(struct deaf *deaf) {
  pthread_join(deaf->thread, NULL); // expect: thread-no-exit "can never end"
}

/* ---- one that is set, by whatever way */

static void *told(void *argument) {
  struct worker *worker = argument;
  while (!worker->stop)
    step();
  return NULL;
}

int worker_start(struct worker *worker) {
  worker->stop = false;
  return pthread_create(&worker->thread, NULL, told, worker);
}

void worker_stop(struct worker *worker) {
  worker->stop = true;
  pthread_join(worker->thread, NULL);
}

struct poked {
  pthread_t thread;
  int stop;
};

void set(int *flag);

static void *told_by_address(void *argument) {
  struct poked *poked = argument;
  for (;;) {
    if (poked->stop)
      break;
    step();
  }
  return NULL;
}

int poked_run(struct poked *poked) {
  if (pthread_create(&poked->thread, NULL, told_by_address, poked))
    return -1;
  set(&poked->stop);
  pthread_join(poked->thread, NULL);
  return 0;
}

/* ---- atomic flags (the worker that is told to stop, and the one that is not) */

struct atomic_worker {
  pthread_t thread;
  atomic_bool stop;
};

static void *polite(void *argument) {
  struct atomic_worker *worker = argument;
  while (!atomic_load_explicit(&worker->stop, memory_order_acquire))
    step();
  return NULL;
}

int polite_run(struct atomic_worker *worker) {
  atomic_init(&worker->stop, false);
  if (pthread_create(&worker->thread, NULL, polite, worker))
    return -1;
  step();
  atomic_store(&worker->stop, true);
  pthread_join(worker->thread, NULL);
  return 0;
}

static atomic_bool forgotten;

static void *impolite(void *argument) {
  while (!atomic_load(&forgotten)) // note: "'impolite' goes round until 'forgotten'"
    step();
  return argument;
}

int impolite_run(void) {
  pthread_t thread;
  atomic_store(&forgotten, false);
  if (pthread_create(&thread, NULL, impolite, NULL)) // note: "created here"
    return -1;
  step();
  pthread_join(thread, NULL); // expect: thread-no-exit "'thread' is joined here"
  return 0;
}

/* ---- two that wait for the same variable, for other values of it */

static int phase;

static void *until_any(void *argument) {
  while (!phase)
    step();
  return argument;
}

static void *until_first(void *argument) {
  while (phase != 1) // note: "'until_first' goes round until 'phase'"
    step();
  return argument;
}

int phases_run(void) {
  pthread_t any, first;
  phase = 0;
  if (pthread_create(&any, NULL, until_any, NULL))
    return -1;
  if (pthread_create(&first, NULL, until_first, NULL)) { // note: "created here"
    phase = 2;
    pthread_join(any, NULL);
    return -1;
  }
  step();
  phase = 2;
  pthread_join(any, NULL);
  pthread_join(first, NULL); // expect: thread-no-exit "'first' is joined here"
  return 0;
}

/* ---- what the system sets */

struct watcher {
  pthread_t thread;
  struct pollfd file;
};

static void *watch(void *argument) {
  struct watcher *watcher = argument;
  while (!watcher->file.revents)
    poll(&watcher->file, 1, 100);
  return NULL;
}

int watcher_run(struct watcher *watcher) {
  watcher->file.revents = 0;
  if (pthread_create(&watcher->thread, NULL, watch, watcher))
    return -1;
  pthread_join(watcher->thread, NULL);
  return 0;
}

/* ---- loops without a way out */

struct pump {
  pthread_t thread;
  int input;
};

static void *pump(void *argument) {
  struct pump *pump = argument;
  for (;;) { // note: "this loop in 'pump' has no way out"
    char byte;
    if (read(pump->input, &byte, 1) != 1)
      continue;
    step();
  }
  return NULL;
}

static int pump_start(struct pump *pump_) {
  return pthread_create(&pump_->thread, NULL, pump, pump_); // note: "created here"
}

static void pump_stop(struct pump *pump_) {
  close(pump_->input);
  pthread_join(pump_->thread, NULL); // expect: thread-no-exit "can never end"
}

/* Cannot be stopped from outside, but comes to an end. */
static void *counted(void *argument) {
  for (int i = 0; i < 100; i++)
    step();
  return argument;
}

int counted_run(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, counted, NULL))
    return -1;
  pthread_join(thread, NULL);
  return 0;
}

static void *leaves_by_exit(void *argument) {
  for (;;) {
    step();
    if (argument)
      pthread_exit(argument);
  }
}

int leaves_run(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, leaves_by_exit, NULL))
    return -1;
  pthread_join(thread, NULL);
  return 0;
}

static void *ends_process(void *argument) {
  for (;;) {
    step();
    if (argument)
      exit(1);
  }
}

int ends_run(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, ends_process, NULL))
    return -1;
  pthread_join(thread, NULL);
  return 0;
}

int main(void) {
  static struct pump input;
  static struct deaf deaf;
  if (deaf_start(&deaf) || impolite_run() || phases_run())
    return 1;
  if (pump_start(&input))
    return 1;
  while (poll(NULL, 0, -1) >= 0)
    step();
  pump_stop(&input);
  deaf_stop(&deaf);
  return 0;
}
