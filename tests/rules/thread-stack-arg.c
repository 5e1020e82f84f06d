/* Locals whose address a thread is given. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

struct job {
  int number;
  sem_t taken;
};

static void *work(void *argument) { return argument; }

int detached(int number) {
  struct job job = {.number = number};
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &job)) // expect: thread-stack-arg "'job'"
    return -1;
  pthread_detach(thread);
  return 0; // note: "'job' is gone here"
}

int joined(int number) {
  struct job job = {.number = number};
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &job))
    return -1;
  pthread_join(thread, NULL);
  return 0;
}

int joined_on_one_way(int number) {
  struct job job = {.number = number};
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &job)) // expect: thread-stack-arg "'job'"
    return -1;
  if (number < 0)
    return 1; // note: "'job' is gone here"
  pthread_join(thread, NULL);
  return 0; // note: "this path joins it before"
}

int on_the_heap(int number) {
  struct job *job = malloc(sizeof *job);
  pthread_t thread;
  if (!job)
    return -1;
  job->number = number;
  if (pthread_create(&thread, NULL, work, job)) {
    free(job);
    return -1;
  }
  return pthread_detach(thread);
}

/* The thread says when it has read the job. */
int handed_over(int number) {
  struct job job = {.number = number};
  pthread_t thread;
  sem_init(&job.taken, 0, 0);
  if (pthread_create(&thread, NULL, work, &job))
    return -1;
  pthread_detach(thread);
  sem_wait(&job.taken);
  return 0;
}

int block_is_left(int number) {
  pthread_t thread;
  {
    struct job job = {.number = number};
    if (pthread_create(&thread, NULL, work, &job)) // expect: thread-stack-arg "'job'"
      return -1;
  }
  pthread_join(thread, NULL);
  return 0;
}

/* ---- several threads */

enum { COUNT = 4 };

int same_variable(void) {
  pthread_t threads[COUNT];
  int i;
  for (i = 0; i < COUNT; i++)
    if (pthread_create(&threads[i], NULL, work, &i)) // expect: thread-stack-arg "the loop changes it"
      abort();
  for (int k = 0; k < COUNT; k++)
    pthread_join(threads[k], NULL);
  return 0;
}

int one_each(void) {
  pthread_t threads[COUNT];
  int numbers[COUNT];
  for (int i = 0; i < COUNT; i++) {
    numbers[i] = i;
    if (pthread_create(&threads[i], NULL, work, &numbers[i]))
      abort();
  }
  for (int i = 0; i < COUNT; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

int as_a_number(void) {
  pthread_t threads[COUNT];
  for (long i = 0; i < COUNT; i++)
    if (pthread_create(&threads[i], NULL, work, (void *)i))
      abort();
  for (int i = 0; i < COUNT; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

int of_each_round(void) {
  pthread_t threads[COUNT];
  for (int i = 0; i < COUNT; i++) {
    struct job job = {.number = i};
    if (pthread_create(&threads[i], NULL, work, &job)) // expect: thread-stack-arg "'job'"
      abort();
  }
  for (int i = 0; i < COUNT; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

/* ---- wrappers */

static int launch(pthread_t *thread, void *argument) {
  return pthread_create(thread, NULL, work, argument);
}

int through_wrapper(int number) {
  struct job job = {.number = number};
  pthread_t thread;
  if (launch(&thread, &job)) // expect: thread-stack-arg "'job'"
    return -1;
  return pthread_detach(thread);
}

static void wait_until_taken(struct job *job) { sem_wait(&job->taken); }

int handed_over_in_callee(int number) {
  struct job job = {.number = number};
  pthread_t thread;
  sem_init(&job.taken, 0, 0);
  if (launch(&thread, &job))
    return -1;
  pthread_detach(thread);
  wait_until_taken(&job);
  return 0;
}

/* The frame of main lasts until the process ends. */
int main(int count, char **arguments) {
  struct job job = {.number = count};
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &job))
    return 1;
  pthread_detach(thread);
  return arguments[0] == NULL;
}
