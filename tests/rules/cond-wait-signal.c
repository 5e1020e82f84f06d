/* cond-wait: who changes what a wait tests, and signals, needs the mutex, or the signal comes between
 * the test and the wait. */
// run: --only cond-wait
#include <pthread.h>
#include <stddef.h>

struct gate {
  pthread_mutex_t lock;
  pthread_cond_t opened;
  int open, visitors;
};

static struct gate front = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
static struct gate back = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t started = PTHREAD_COND_INITIALIZER;
static int running;

static void gate_wait(struct gate *gate) {
  pthread_mutex_lock(&gate->lock);
  while (!gate->open) // note: "'open' is tested here, with the mutex"
    pthread_cond_wait(&gate->opened, &gate->lock);
  gate->visitors++;
  pthread_mutex_unlock(&gate->lock);
}

/* ---- without the mutex */
static void gate_open_bare(struct gate *gate) {
  gate->open = 1; // expect: cond-wait@likely "'open' is set without 'gate->lock'"
  pthread_cond_broadcast(&gate->opened);
}

static void *starts(void *unused) {
  running = 1; // expect: cond-wait@likely "misses the signal"
  pthread_cond_signal(&started);
  return unused;
}

static void wait_for_start(void) {
  pthread_mutex_lock(&start_lock);
  while (!running)
    pthread_cond_wait(&started, &start_lock);
  pthread_mutex_unlock(&start_lock);
}

/* ---- with it, at the change at least */
static void gate_open(struct gate *gate) {
  pthread_mutex_lock(&gate->lock);
  gate->open = 1;
  pthread_cond_broadcast(&gate->opened);
  pthread_mutex_unlock(&gate->lock);
}

static void gate_open_signal_outside(struct gate *gate) {
  pthread_mutex_lock(&gate->lock);
  gate->open = 1;
  pthread_mutex_unlock(&gate->lock);
  pthread_cond_broadcast(&gate->opened);
}

/* The caller has it. */
static void gate_open_locked(struct gate *gate) {
  gate->open = 1;
  pthread_cond_broadcast(&gate->opened);
}

static void gate_open_by_callee(struct gate *gate) {
  pthread_mutex_lock(&gate->lock);
  gate_open_locked(gate);
  pthread_mutex_unlock(&gate->lock);
}

/* Nothing is changed that anybody waits for. */
static void gate_wake(struct gate *gate) {
  gate->visitors = 0;
  pthread_cond_broadcast(&gate->opened);
}

static void *visitor(void *gate) {
  gate_wait(gate);
  return NULL;
}

int main(void) {
  pthread_t one, two, three;
  if (pthread_create(&one, NULL, visitor, &front))
    return 1;
  if (pthread_create(&two, NULL, visitor, &back))
    return 1;
  if (pthread_create(&three, NULL, starts, NULL))
    return 1;
  wait_for_start();
  gate_wake(&front);
  gate_open_bare(&front);
  gate_open(&front);
  gate_open_signal_outside(&back);
  gate_open_by_callee(&back);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  pthread_join(three, NULL);
  return 0;
}
