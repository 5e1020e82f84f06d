/* Threads that are cancelled.
// mechanism: shields
// mechanism: cancel-state
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- held while it waits */

struct log {
  pthread_t writer;
  pthread_mutex_t lock;
  int fd;
  char line[80];
};

static void *write_lines(void *argument) {
  struct log *log = argument;
  for (;;) {
    pthread_mutex_lock(&log->lock);                  // note: "it acquires 'log->lock' here"
    write(log->fd, log->line, sizeof log->line);     // note: "the thread may be cancelled here"
    pthread_mutex_unlock(&log->lock);
  }
  return NULL;
}

int log_start(struct log *log) {
  return pthread_create(&log->writer, NULL, write_lines, log); // note: "the thread is created here"
}

void log_stop(struct log *log) {
  pthread_cancel(log->writer); // expect: thread-cancel "may hold 'log->lock'"
  pthread_join(log->writer, NULL);
}

/* ---- a handler gives it back */

struct tail {
  pthread_t reader;
  pthread_mutex_t lock;
  int fd;
  char line[80];
};

static void unlock(void *lock) { pthread_mutex_unlock(lock); }

static void *read_lines(void *argument) {
  struct tail *tail = argument;
  for (;;) {
    pthread_mutex_lock(&tail->lock);
    pthread_cleanup_push(unlock, &tail->lock);
    read(tail->fd, tail->line, sizeof tail->line);
    pthread_cleanup_pop(1);
  }
  return NULL;
}

int tail_start(struct tail *tail) {
  return pthread_create(&tail->reader, NULL, read_lines, tail);
}

void tail_stop(struct tail *tail) {
  pthread_cancel(tail->reader);
  pthread_join(tail->reader, NULL);
}

/* ---- not while it holds the lock */

struct poller {
  pthread_t thread;
  pthread_mutex_t lock;
  int count;
};

static void *poll_count(void *argument) {
  struct poller *poller = argument;
  for (;;) {
    pthread_mutex_lock(&poller->lock);
    poller->count++;
    pthread_mutex_unlock(&poller->lock);
    pthread_testcancel();
  }
  return NULL;
}

int poller_start(struct poller *poller) {
  return pthread_create(&poller->thread, NULL, poll_count, poller);
}

void poller_stop(struct poller *poller) {
  pthread_cancel(poller->thread);
  pthread_join(poller->thread, NULL);
}

/* ---- held back while it holds the lock */

struct saver {
  pthread_t thread;
  pthread_mutex_t lock;
  int fd;
  char state[80];
};

static void *save(void *argument) {
  struct saver *saver = argument;
  int old;
  for (;;) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    pthread_mutex_lock(&saver->lock);
    write(saver->fd, saver->state, sizeof saver->state);
    pthread_mutex_unlock(&saver->lock);
    pthread_setcancelstate(old, NULL);
    sleep(1);
  }
  return NULL;
}

int saver_start(struct saver *saver) { return pthread_create(&saver->thread, NULL, save, saver); }

void saver_stop(struct saver *saver) {
  pthread_cancel(saver->thread);
  pthread_join(saver->thread, NULL);
}

/* ---- nobody cancels it */

struct keeper {
  pthread_t thread;
  pthread_mutex_t lock;
  int fd, ended;
  char state[80];
};

static void *keep(void *argument) {
  struct keeper *keeper = argument;
  while (!keeper->ended) {
    pthread_mutex_lock(&keeper->lock);
    write(keeper->fd, keeper->state, sizeof keeper->state);
    pthread_mutex_unlock(&keeper->lock);
  }
  return NULL;
}

int keeper_start(struct keeper *keeper) {
  return pthread_create(&keeper->thread, NULL, keep, keeper);
}

void keeper_stop(struct keeper *keeper) {
  keeper->ended = 1;
  pthread_join(keeper->thread, NULL);
}

/* ---- who calls holds it; several threads */

enum { COUNT = 4 };

struct pool {
  pthread_t threads[COUNT];
  pthread_mutex_t lock, other;
  pthread_cond_t filled;
  int jobs, pipe;
};

static void report(struct pool *pool, char what) {
  write(pool->pipe, &what, 1); // note: "it may be cancelled here"
}

static void *serve(void *argument) {
  struct pool *pool = argument;
  for (;;) {
    pthread_mutex_lock(&pool->lock); // note: "it acquires 'pool->lock' here"
    report(pool, 'w');               // note: "in this call the thread may be cancelled"
    while (!pool->jobs)
      pthread_cond_wait(&pool->filled, &pool->lock);
    pool->jobs--;
    pthread_mutex_unlock(&pool->lock);
    pthread_mutex_lock(&pool->other);
    pthread_cleanup_push(unlock, &pool->other);
    report(pool, 'd'); // note: "'pool->other' is held here, where"
    pthread_cleanup_pop(1);
  }
  return NULL;
}

int pool_start(struct pool *pool) {
  for (int i = 0; i < COUNT; i++)
    if (pthread_create(&pool->threads[i], NULL, serve, pool)) // note: "the thread is created here"
      return -1;
  return 0;
}

void pool_stop(struct pool *pool) {
  for (int i = 0; i < COUNT; i++)
    pthread_cancel(pool->threads[i]); // expect: thread-cancel "may hold 'pool->lock'"
  for (int i = 0; i < COUNT; i++)
    pthread_join(pool->threads[i], NULL);
}

/* ---- the same in pieces: the array of another function */

static void *wait_for_job(void *argument) {
  struct pool *pool = argument;
  pthread_mutex_lock(&pool->lock); // note: "it acquires 'pool->lock' here"
  while (!pool->jobs)
    pthread_cond_wait(&pool->filled, &pool->lock); // note: "the thread may be cancelled here"
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

static void *wait_with_handler(void *argument) {
  struct pool *pool = argument;
  pthread_mutex_lock(&pool->lock);
  pthread_cleanup_push(unlock, &pool->lock);
  while (!pool->jobs)
    pthread_cond_wait(&pool->filled, &pool->lock);
  pthread_cleanup_pop(1);
  return NULL;
}

static void cancel_all(pthread_t *threads, int count) {
  for (int i = 0; i < count; i++)
    pthread_cancel(threads[i]);
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL);
}

void wait_a_second(struct pool *pool) {
  pthread_t waiting[COUNT];
  for (int i = 0; i < COUNT; i++)
    if (pthread_create(&waiting[i], NULL, wait_for_job, pool)) // note: "the thread is created here"
      abort();
  sleep(1);
  cancel_all(waiting, COUNT); // expect: thread-cancel "may hold 'pool->lock'"
}

void wait_a_second_with_handler(struct pool *pool) {
  pthread_t waiting[COUNT];
  for (int i = 0; i < COUNT; i++)
    if (pthread_create(&waiting[i], NULL, wait_with_handler, pool))
      abort();
  sleep(1);
  cancel_all(waiting, COUNT);
}

/* ---- the handler is one call further up */

struct bus {
  pthread_t thread;
  pthread_mutex_t lock;
  int fd;
  char frame[8];
};

static void bus_lock(struct bus *bus) { pthread_mutex_lock(&bus->lock); }
static void bus_leave(void *bus) { pthread_mutex_unlock(&((struct bus *)bus)->lock); }

static void transfer(struct bus *bus) {
  bus_lock(bus);
  read(bus->fd, bus->frame, sizeof bus->frame);
  pthread_mutex_unlock(&bus->lock);
}

static void *transfer_all(void *argument) {
  struct bus *bus = argument;
  pthread_cleanup_push(bus_leave, bus);
  for (;;)
    transfer(bus);
  pthread_cleanup_pop(0);
  return NULL;
}

int bus_start(struct bus *bus) { return pthread_create(&bus->thread, NULL, transfer_all, bus); }
void bus_stop(struct bus *bus) { pthread_cancel(bus->thread), pthread_join(bus->thread, NULL); }

/* ---- and here it is there for one of two calls */

static void copy(struct bus *bus) {
  bus_lock(bus);                                // note: "it acquires 'bus->lock'"
  write(bus->fd, bus->frame, sizeof bus->frame); // note: "may be cancelled here"
  pthread_mutex_unlock(&bus->lock);
}

static void *copy_all(void *argument) {
  struct bus *bus = argument;
  copy(bus);
  pthread_cleanup_push(bus_leave, bus);
  copy(bus);
  pthread_cleanup_pop(0);
  return NULL;
}

void copy_for(struct bus *bus, unsigned seconds) {
  pthread_t copier;
  if (pthread_create(&copier, NULL, copy_all, bus)) // note: "the thread is created here"
    return;
  sleep(seconds);
  pthread_cancel(copier); // expect: thread-cancel "may hold 'bus->lock'"
  pthread_join(copier, NULL);
}

/* ---- functions of their own for all of it */

struct task {
  pthread_t thread;
  pthread_mutex_t lock;
  int fd;
  char text[80];
};

static int masked;
static void mask(void) { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &masked); }
static void unmask(void) { pthread_setcancelstate(masked, NULL); }

static void task_begin(pthread_t *thread, void *(*work)(void *), void *argument) {
  if (pthread_create(thread, NULL, work, argument))
    abort();
}

static void task_end(pthread_t thread) {
  pthread_cancel(thread);
  pthread_join(thread, NULL);
}

static void *masks(void *argument) {
  struct task *task = argument;
  mask();
  pthread_mutex_lock(&task->lock);
  write(task->fd, task->text, sizeof task->text);
  pthread_mutex_unlock(&task->lock);
  unmask();
  return NULL;
}

static void *unmasks(void *argument) {
  struct task *task = argument;
  mask();
  pthread_mutex_lock(&task->lock); // note: "it acquires"
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  write(task->fd, task->text, sizeof task->text); // note: "may be cancelled here"
  pthread_mutex_unlock(&task->lock);
  return NULL;
}

void masked_for(struct task *task, unsigned seconds) {
  pthread_t thread;
  task_begin(&thread, masks, task);
  sleep(seconds);
  task_end(thread);
}

void unmasked_for(struct task *task, unsigned seconds) {
  pthread_t thread;
  task_begin(&thread, unmasks, task); // note: "the thread is created here"
  sleep(seconds);
  task_end(thread); // expect: thread-cancel "may hold 'task->lock'"
}

/* ---- a variable with a cleanup function (with -fexceptions) */

static void unlock_it(pthread_mutex_t **lock) { pthread_mutex_unlock(*lock); }

static void *guards(void *argument) {
  struct task *task = argument;
  pthread_mutex_lock(&task->lock);
  __attribute__((cleanup(unlock_it))) pthread_mutex_t *held = &task->lock;
  write(task->fd, task->text, sizeof task->text);
  return held;
}

void guarded_for(struct task *task, unsigned seconds) {
  pthread_t thread;
  task_begin(&thread, guards, task);
  sleep(seconds);
  task_end(thread);
}

/* ---- at any instruction */

static void *collect(void *argument) {
  struct task *task = argument;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL); // note: "from here on"
  for (;;) {
    char *copy = malloc(sizeof task->text); // note: "'malloc' is not safe to be cancelled in"
    if (!copy)
      break;
    memcpy(copy, task->text, sizeof task->text);
    free(copy);
  }
  return NULL;
}

void collect_for(struct task *task, unsigned seconds) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, collect, task)) // note: "the thread is created here"
    return;
  sleep(seconds);
  pthread_cancel(thread); // expect: thread-cancel "may be in the middle of 'malloc'"
  pthread_join(thread, NULL);
}

static void *compute(void *argument) {
  unsigned long *sum = argument;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  for (unsigned long i = 1;; i++)
    *sum += i;
  return NULL;
}

unsigned long compute_for(unsigned seconds) {
  static unsigned long sum;
  pthread_t thread;
  if (pthread_create(&thread, NULL, compute, &sum))
    return 0;
  sleep(seconds);
  pthread_cancel(thread);
  pthread_join(thread, NULL);
  return sum;
}

static void *collect_then_compute(void *argument) {
  struct task *task = argument;
  int old;
  char *copy = malloc(sizeof task->text);
  if (!copy)
    return NULL;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  for (unsigned i = 0; i < sizeof task->text; i++)
    copy[i] = task->text[i];
  pthread_setcanceltype(old, NULL);
  free(copy);
  return NULL;
}

void collect_once(struct task *task) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, collect_then_compute, task))
    return;
  pthread_cancel(thread);
  pthread_join(thread, NULL);
}
