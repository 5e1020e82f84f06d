/* Objects that nobody else can know: not yet published, taken out of the list, about to be freed. */
// mechanism: race-unpublished
// mechanism: race-taken-out
// mechanism: race-given-own
// run: --min-confidence possible
#include <pthread.h>
#include <stdlib.h>

struct job {
  struct job *next;
  int tries, cost;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct job *waiting, *finished;

static void job_prepare(struct job *job, int cost) { // always of a new one
  job->cost = cost;
  job->tries = 0;
}

static void job_add(int cost) {
  struct job *job = malloc(sizeof *job);
  if (!job)
    return;
  job_prepare(job, cost);
  job->tries += cost > 3;
  job->cost++;
  pthread_mutex_lock(&lock);
  job->next = waiting;
  waiting = job;
  job->tries++;
  job->cost++;
  pthread_mutex_unlock(&lock);
}

static void job_add_twice(int cost) {
  struct job *job = malloc(sizeof *job);
  if (!job)
    return;
  pthread_mutex_lock(&lock);
  job->next = waiting;
  waiting = job;
  pthread_mutex_unlock(&lock);
  job->cost = cost; // expect: lock-race@possible "'job->cost' is written here without 'lock'"
}

static void jobs_age(void) {
  pthread_mutex_lock(&lock);
  for (struct job *job = waiting; job; job = job->next) {
    job->tries++;
    job->cost++;
  }
  pthread_mutex_unlock(&lock);
}

static int jobs_cost(void) {
  int cost = 0;
  pthread_mutex_lock(&lock);
  for (struct job *job = waiting; job; job = job->next)
    cost += job->cost * job->tries;
  for (struct job *job = finished; job; job = job->next)
    cost -= job->cost / job->tries;
  pthread_mutex_unlock(&lock);
  return cost;
}

static struct job *job_take(void) {
  pthread_mutex_lock(&lock);
  struct job *job = waiting;
  if (job)
    waiting = job->next;
  pthread_mutex_unlock(&lock);
  if (job) {
    job->tries++; // out of the list: it is this thread's
    job->cost--;
  }
  return job;
}

static void *work(void *arg) {
  for (int i = 0; i < 100; i++) {
    job_add(i);
    jobs_age();
    struct job *job = job_take();
    if (job && jobs_cost() > 5) {
      job->tries = 0; // it is freed next
      free(job);
    }
  }
  job_add_twice(3);
  return arg;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  return jobs_cost();
}
