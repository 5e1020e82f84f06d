// mechanism: retests
// run: --min-confidence info
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct job {
  struct job *next;
};

struct queue {
  pthread_mutex_t lock, other_lock;
  pthread_cond_t filled, emptied;
  struct job *first;
  bool closed;
  unsigned generation;
};

static int is_empty(const struct queue *queue) { return queue->first == NULL; }

void push(struct queue *queue, struct job *job) {
  pthread_mutex_lock(&queue->lock);
  job->next = queue->first;
  queue->first = job;
  pthread_cond_signal(&queue->filled); // note: "signalled here, by 'push', which sets 'first'"
  pthread_mutex_unlock(&queue->lock);
}

/* ---- asked once, or never */

struct job *pop_tests_once(struct queue *queue) {
  pthread_mutex_lock(&queue->lock); // note: "'queue->lock' is acquired here"
  if (!queue->first)                // note: "'first' is tested here, once"
    pthread_cond_wait(&queue->filled, &queue->lock); // expect: cond-wait@likely "'first' is tested once"
  struct job *job = queue->first;
  queue->first = job->next;
  pthread_mutex_unlock(&queue->lock);
  return job;
}

void wait_for_anything(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  pthread_cond_wait(&queue->emptied, &queue->lock); // expect: cond-wait@likely "in no loop"
  pthread_mutex_unlock(&queue->lock);
}

void only_the_outcome_of_the_wait(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  int result;
  do
    result = pthread_cond_wait(&queue->emptied, &queue->lock); // expect: cond-wait "in no loop"
  while (result == EINTR);
  pthread_mutex_unlock(&queue->lock);
}

void copy_that_cannot_change(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  bool closed = queue->closed;
  while (!closed)
    pthread_cond_wait(&queue->emptied, &queue->lock); // expect: cond-wait "'closed' is tested once"
  pthread_mutex_unlock(&queue->lock);
}

void counts_rounds(struct queue *queue, int rounds) {
  pthread_mutex_lock(&queue->lock);
  for (int i = 0; i < rounds; i++)
    pthread_cond_wait(&queue->emptied, &queue->lock); // expect: cond-wait "in no loop"
  pthread_mutex_unlock(&queue->lock);
}

/* ---- asked once more, and whoever called may call again */

struct job *pop_or_nothing(struct queue *queue) {
  struct job *job = NULL;
  pthread_mutex_lock(&queue->lock);
  if (!queue->first)
    pthread_cond_wait(&queue->filled, &queue->lock); // expect: cond-wait@info
  if (queue->first) {
    job = queue->first;
    queue->first = job->next;
  }
  pthread_mutex_unlock(&queue->lock);
  return job;
}

unsigned step(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  unsigned left = queue->generation;
  if (left) {
    pthread_cond_wait(&queue->emptied, &queue->lock); // expect: cond-wait@info
    left = queue->generation;
  }
  pthread_mutex_unlock(&queue->lock);
  return left;
}

/* ---- nothing to ask for, but no signal can be lost */

static struct queue started;

static void *tells_that_it_runs(void *unused) {
  pthread_mutex_lock(&started.lock);
  pthread_cond_signal(&started.filled);
  pthread_mutex_unlock(&started.lock);
  return unused;
}

int handshake(void) {
  pthread_t thread;
  pthread_mutex_lock(&started.lock);
  int failed = pthread_create(&thread, NULL, tells_that_it_runs, NULL);
  if (!failed)
    pthread_cond_wait(&started.filled, &started.lock); // expect: cond-wait@possible
  pthread_mutex_unlock(&started.lock);
  return failed ? failed : pthread_join(thread, NULL);
}

/* The signal may come before the wait, for it does not wait for the mutex. */
static struct {
  pthread_mutex_t lock;
  pthread_cond_t filled;
} early;

static void *tells_at_once(void *unused) {
  pthread_cond_signal(&early.filled);
  return unused;
}

int handshake_without_mutex(void) {
  pthread_t thread;
  pthread_mutex_lock(&early.lock);
  int failed = pthread_create(&thread, NULL, tells_at_once, NULL);
  if (!failed)
    pthread_cond_wait(&early.filled, &early.lock); // expect: cond-wait@likely
  pthread_mutex_unlock(&early.lock);
  return failed ? failed : pthread_join(thread, NULL);
}

/* ---- asked until it is so */

struct job *pop(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  while (!queue->first)
    pthread_cond_wait(&queue->filled, &queue->lock);
  struct job *job = queue->first;
  queue->first = job->next;
  pthread_mutex_unlock(&queue->lock);
  return job;
}

void asks_a_function(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  while (is_empty(queue) && !queue->closed)
    pthread_cond_wait(&queue->filled, &queue->lock);
  pthread_mutex_unlock(&queue->lock);
}

void asks_by_a_local(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  bool ready = !is_empty(queue);
  while (!ready) {
    pthread_cond_wait(&queue->filled, &queue->lock);
    ready = queue->first != NULL || queue->closed;
  }
  pthread_mutex_unlock(&queue->lock);
}

void sets_a_flag(struct queue *queue) {
  bool done = false;
  pthread_mutex_lock(&queue->lock);
  do {
    pthread_cond_wait(&queue->filled, &queue->lock);
    if (queue->first)
      done = true;
  } while (!done);
  pthread_mutex_unlock(&queue->lock);
}

void jumps_back(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
again:
  if (!queue->first) {
    pthread_cond_wait(&queue->filled, &queue->lock);
    goto again;
  }
  pthread_mutex_unlock(&queue->lock);
}

void outcome_and_predicate(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  while (pthread_cond_wait(&queue->filled, &queue->lock) == 0 && !queue->first)
    ;
  pthread_mutex_unlock(&queue->lock);
}

void counts_generations(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  unsigned mine = queue->generation;
  while (mine == queue->generation)
    pthread_cond_wait(&queue->emptied, &queue->lock);
  pthread_mutex_unlock(&queue->lock);
}

void *loop_without_a_way_out(void *argument) {
  struct queue *queue = argument;
  pthread_mutex_lock(&queue->lock);
  for (;;) {
    if (!queue->first) {
      pthread_cond_wait(&queue->filled, &queue->lock);
      continue;
    }
    queue->first = queue->first->next;
  }
}

void *looks_again_in_the_next_round(void *argument) {
  struct queue *queue = argument;
  while (!queue->closed) {
    pthread_mutex_lock(&queue->lock);
    if (!queue->first)
      pthread_cond_wait(&queue->filled, &queue->lock);
    if (queue->first)
      queue->first = queue->first->next;
    pthread_mutex_unlock(&queue->lock);
  }
  return NULL;
}

/* ---- the next round asks, but this one goes on as if it had been asked */

void *worker_takes_it_for_granted(void *argument) {
  struct queue *queue = argument;
  while (!queue->closed) {
    pthread_mutex_lock(&queue->lock);
    if (!queue->first)
      pthread_cond_wait(&queue->filled, &queue->lock); // expect: cond-wait@likely "'first' is tested once"
    struct job *job = queue->first;
    queue->first = job->next;
    pthread_mutex_unlock(&queue->lock);
  }
  return NULL;
}

void *worker_counts_on_it(void *argument) {
  struct queue *queue = argument;
  for (;;) {
    pthread_mutex_lock(&queue->lock);
    if (queue->generation == 0)
      pthread_cond_wait(&queue->emptied, &queue->lock); // expect: cond-wait@likely "'generation' is tested once"
    queue->generation--;
    pthread_mutex_unlock(&queue->lock);
  }
}

void *worker_asks_what_it_took(void *argument) {
  struct queue *queue = argument;
  while (!queue->closed) {
    pthread_mutex_lock(&queue->lock);
    if (!queue->first)
      pthread_cond_wait(&queue->filled, &queue->lock);
    struct job *job = queue->first;
    if (job)
      queue->first = job->next;
    pthread_mutex_unlock(&queue->lock);
  }
  return NULL;
}

/* Nothing comes of nothing. */
void *worker_takes_all_there_is(void *argument) {
  struct queue *queue = argument;
  unsigned sum = 0;
  while (!queue->closed) {
    pthread_mutex_lock(&queue->lock);
    if (!queue->generation)
      pthread_cond_wait(&queue->emptied, &queue->lock);
    sum += queue->generation;
    queue->generation = 0;
    pthread_mutex_unlock(&queue->lock);
  }
  return sum ? queue : NULL;
}

/* ---- a test without the mutex */

void *asks_too_early(void *argument) {
  struct queue *queue = argument;
  while (!queue->closed) {
    pthread_mutex_lock(&queue->lock);
    pthread_cond_wait(&queue->filled, &queue->lock); // expect: cond-wait "hangs on a test that is made without"
    pthread_mutex_unlock(&queue->lock);
  }
  return NULL;
}

/* ---- a time limit: a sleep that can be cut short */

void *sleeps_until_it_is_woken(void *argument) {
  struct queue *queue = argument;
  pthread_mutex_lock(&queue->lock);
  for (;;) {
    struct timespec until = {.tv_sec = time(NULL) + 5};
    pthread_cond_timedwait(&queue->emptied, &queue->lock, &until); // expect: cond-wait@info
    queue->generation++;
  }
}

/* ---- without the mutex */

void gives_it_back_first(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  bool empty = is_empty(queue);
  pthread_mutex_unlock(&queue->lock); // note: "'queue->lock' is released here"
  while (empty) {
    pthread_cond_wait(&queue->filled, &queue->lock); // expect: cond-wait@likely "'queue->lock' is not held"
    empty = queue->first == NULL;
  }
}

static struct queue shared;

static void *thread_that_never_locks(void *unused) {
  (void)unused;
  while (!shared.first)
    pthread_cond_wait(&shared.filled, &shared.lock); // expect: cond-wait@likely "'shared.lock' is not held"
  return NULL;
}

/* Which mutex that is, only others know. */
pthread_mutex_t *lock_of(struct queue *queue);
void take(struct queue *queue);

static void *thread_with_a_looked_up_mutex(void *argument) {
  struct queue *queue = argument;
  take(queue);
  for (;;)
    if (!queue->first)
      pthread_cond_wait(&queue->emptied, lock_of(queue));
  return NULL;
}

/* ---- two mutexes */

void waits_with_the_other(struct queue *queue) {
  pthread_mutex_lock(&queue->other_lock);
  while (!queue->first)
    pthread_cond_wait(&queue->filled, &queue->other_lock); // expect: cond-wait@likely "with 'queue->other_lock' here, and with 'queue->lock'"
  pthread_mutex_unlock(&queue->other_lock);
}

/* ---- wrappers: whoever holds the mutex has to ask */

static void sleep_on(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  pthread_cond_wait(condition, mutex); // note: "and here inside of it"
}

static void wait_for_change(struct queue *queue) { sleep_on(&queue->filled, &queue->lock); }

void wrapped_in_a_loop(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  while (!queue->first)
    wait_for_change(queue);
  pthread_mutex_unlock(&queue->lock);
}

void wrapped_under_if(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  if (!queue->first)
    wait_for_change(queue); // expect: cond-wait@likely "'first' is tested once"
  pthread_mutex_unlock(&queue->lock);
}

void wrapped_without_mutex(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->generation++;
  pthread_mutex_unlock(&queue->lock);
  while (!queue->first)
    wait_for_change(queue); // expect: cond-wait "'queue->lock' is not held"
}

void direct_under_if(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  if (queue->closed)
    sleep_on(&queue->emptied, &queue->lock); // expect: cond-wait "'closed' is tested once"
  pthread_mutex_unlock(&queue->lock);
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, thread_with_a_looked_up_mutex, &shared) ||
      pthread_detach(thread))
    return 1;
  if (pthread_create(&thread, NULL, thread_that_never_locks, NULL))
    return 1;
  return pthread_join(thread, NULL);
}

/* ---- a function that takes the mutex when there is somebody to wait for */

static struct reading {
  pthread_mutex_t lock;
  pthread_cond_t completed;
  bool has_threads;
  int done, all;
} reading = {.lock = PTHREAD_MUTEX_INITIALIZER, .completed = PTHREAD_COND_INITIALIZER};

static void enter_reading(struct reading *r) {
  if (r->has_threads)
    pthread_mutex_lock(&r->lock);
}

static void leave_reading(struct reading *r) {
  if (r->has_threads)
    pthread_mutex_unlock(&r->lock);
}

static int next_done(struct reading *r) {
  enter_reading(r);
  while (!r->done && r->all > 0)
    pthread_cond_wait(&r->completed, &r->lock);
  int done = r->done;
  leave_reading(r);
  return done;
}

int read_on(void) {
  enter_reading(&reading);
  reading.all++;
  leave_reading(&reading);
  return next_done(&reading);
}

void read_one(void) {
  pthread_mutex_lock(&reading.lock);
  reading.done++;
  pthread_cond_signal(&reading.completed);
  pthread_mutex_unlock(&reading.lock);
}
