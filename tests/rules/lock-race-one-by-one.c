/* Threads that run the same function meet when one is created while another may be there. One that
 * was joined before is not, whatever the handle is called and whoever creates them. */
// mechanism: race-one-by-one
// run: --min-confidence info
#include <pthread.h>
#include <stdlib.h>

/* ---- one after the other */

static long in_turn, in_loop, in_callee;

static void *add_in_turn(void *arg) {
  in_turn += *(long *)arg;
  return NULL;
}

static void *add_in_loop(void *arg) {
  in_loop += *(long *)arg;
  return NULL;
}

static void *add_in_callee(void *arg) {
  in_callee += *(long *)arg;
  return NULL;
}

static int run_twice(long *steps) {
  pthread_t first, second;
  if (pthread_create(&first, NULL, add_in_turn, &steps[0]))
    return -1;
  pthread_join(first, NULL);
  if (pthread_create(&second, NULL, add_in_turn, &steps[1]))
    return -1;
  pthread_join(second, NULL);
  return 0;
}

static void run_each(long *steps, int count) {
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    if (!pthread_create(&thread, NULL, add_in_loop, &steps[i]))
      pthread_join(thread, NULL);
  }
}

static void run_one(long *step) {
  pthread_t thread;
  if (!pthread_create(&thread, NULL, add_in_callee, step))
    pthread_join(thread, NULL);
}

/* ---- at once */

static long at_once, by_wrapper;

static void *add_at_once(void *arg) {
  at_once += *(long *)arg; // expect: lock-race "'at_once' is changed here by several threads at once"
  return NULL;
}

static int run_both(long *steps) {
  pthread_t first, second;
  if (pthread_create(&first, NULL, add_at_once, &steps[0]))
    return -1;
  if (pthread_create(&second, NULL, add_at_once, &steps[1])) {
    pthread_join(first, NULL);
    return -1;
  }
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}

/* The thread calls what its creator was given. */
struct job {
  pthread_t thread;
  void (*work)(void *);
  void *arg;
};

static void *run_job(void *arg) {
  struct job *job = arg;
  job->work(job->arg);
  return NULL;
}

static struct job *start(void (*work)(void *), void *arg) {
  struct job *job = malloc(sizeof *job);
  if (!job)
    return NULL;
  job->work = work;
  job->arg = arg;
  if (pthread_create(&job->thread, NULL, run_job, job)) {
    free(job);
    return NULL;
  }
  return job;
}

static void end(struct job *job) {
  if (!job)
    return;
  pthread_join(job->thread, NULL);
  free(job);
}

static void add_by_wrapper(void *arg) {
  by_wrapper += *(long *)arg; // expect: lock-race "'by_wrapper' is changed here by several"
}

int main(int argc, char **argv) {
  static long steps[4] = {1, 2, 3, 4};
  (void)argv;
  if (run_twice(steps) || run_both(steps))
    return 1;
  run_each(steps, argc < 4 ? argc : 4);
  run_one(&steps[0]);
  run_one(&steps[1]);
  struct job *one = start(add_by_wrapper, &steps[0]), *other = start(add_by_wrapper, &steps[1]);
  end(one);
  end(other);
  return in_turn + in_loop + in_callee + at_once + by_wrapper > 100;
}
