/* growth-unbounded: lists that are changed without locks. What an atomic operation stores is stored,
 * and what it reads is what was there. */
// mechanism: growth-atomics
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct job {
  int socket;
  struct job *next;
};

static struct job *pending, *ended;
static _Atomic(struct job *) seen, free_jobs;

static struct job *job_new(int socket) {
  struct job *job = calloc(1, sizeof *job);
  if (!job)
    abort();
  job->socket = socket;
  return job;
}

static void pending_add(struct job *job) {
  struct job *first = __atomic_load_n(&pending, __ATOMIC_ACQUIRE);
  do
    job->next = first;
  while (!__atomic_compare_exchange_n(&pending, &first, job, 1, __ATOMIC_ACQ_REL,
                                      __ATOMIC_ACQUIRE));
}

static void pending_run(void) {
  struct job *job = __atomic_load_n(&pending, __ATOMIC_ACQUIRE);
  while (job && !__atomic_compare_exchange_n(&pending, &job, job->next, 1, __ATOMIC_ACQ_REL,
                                             __ATOMIC_ACQUIRE))
    ;
  if (job)
    close(job->socket);
  free(job);
}

static void ended_add(struct job *job) {
  struct job *first = __atomic_load_n(&ended, __ATOMIC_ACQUIRE);
  do
    job->next = first;
  while (!__atomic_compare_exchange_n(&ended, &first, job, // expect: growth-unbounded "'ended'"
                                      1, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

static void seen_add(struct job *job) {
  struct job *first = atomic_load(&seen);
  do
    job->next = first;
  while (!atomic_compare_exchange_weak(&seen, &first, job)); // expect: growth-unbounded "'seen'"
}

static void free_add(struct job *job) {
  struct job *first = atomic_load(&free_jobs);
  do
    job->next = first;
  while (!atomic_compare_exchange_weak(&free_jobs, &first, job));
}

static void free_clean(void) {
  struct job *job = atomic_exchange(&free_jobs, NULL);
  while (job) {
    struct job *next = job->next;
    free(job);
    job = next;
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    pending_add(job_new(connection));
    ended_add(job_new(connection));
    seen_add(job_new(connection));
    free_add(job_new(connection));
    pending_run();
    free_clean();
  }
}
