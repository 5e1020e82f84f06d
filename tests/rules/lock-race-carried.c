/* A project's own way to create threads: what to run is left in the thread's record, and the
 * function that all threads begin with calls it. Each of them is a thread of its own kind; the jobs
 * of one worker come one after another.
 */
// run: --min-confidence possible
// mechanism: carried
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct thread {
  pthread_t handle;
  void (*start)(void *);
  void *data;
};

static void *begin(void *record) {
  struct thread *thread = record;
  thread->start(thread->data);
  return NULL;
}

static struct thread *thread_new(void (*start)(void *), void *data) {
  struct thread *thread = calloc(1, sizeof *thread);
  if (!thread)
    abort();
  thread->start = start;
  thread->data = data;
  if (pthread_create(&thread->handle, NULL, begin, thread))
    abort();
  return thread;
}

static void thread_end(struct thread *thread) {
  pthread_join(thread->handle, NULL);
  free(thread);
}

static long written, read_bytes, checked;
static pthread_mutex_t checking = PTHREAD_MUTEX_INITIALIZER;

static void write_all(void *file) { // one thread
  while (fputs("x", file) >= 0)
    written++;
}

static void read_all(void *file) { // two threads
  while (fgetc(file) != EOF)
    read_bytes++; // expect: lock-race "'read_bytes' is changed here by several threads at once"
}

static void check_all(void *file) { // two threads
  while (!ferror(file)) {
    pthread_mutex_lock(&checking);
    checked++;
    pthread_mutex_unlock(&checking);
  }
}

/* ---- one worker for all jobs */

struct job {
  struct job *next;
  void (*run)(void *);
  void *data;
};

static struct job *jobs;
static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct thread *worker;

static void work(void *unused) {
  (void)unused;
  for (;;) {
    pthread_mutex_lock(&queue);
    while (!jobs)
      pthread_cond_wait(&more, &queue);
    struct job *job = jobs;
    jobs = job->next;
    pthread_mutex_unlock(&queue);
    job->run(job->data);
    free(job);
  }
}

static void submit(void (*run)(void *), void *data) {
  struct job *job = calloc(1, sizeof *job);
  if (!job)
    abort();
  job->run = run;
  job->data = data;
  pthread_mutex_lock(&queue);
  job->next = jobs;
  jobs = job;
  if (!worker)
    worker = thread_new(work, NULL);
  pthread_cond_signal(&more);
  pthread_mutex_unlock(&queue);
}

static long done;

static void count_up(void *unused) {
  (void)unused;
  if (done < 100)
    done++;
}

static void count_down(void *unused) {
  (void)unused;
  if (done > 0)
    done--;
}

int main(int argc, char **argv) {
  (void)argc;
  submit(count_up, NULL);
  submit(count_down, NULL);
  struct thread *writer = thread_new(write_all, stdout);
  struct thread *reader = thread_new(read_all, stdin);
  struct thread *other = thread_new(read_all, fopen(argv[1], "r"));
  struct thread *checks[] = {thread_new(check_all, stdin), thread_new(check_all, stdout)};
  thread_end(writer);
  thread_end(reader);
  thread_end(other);
  thread_end(checks[0]);
  thread_end(checks[1]);
  printf("%ld %ld %ld\n", written, read_bytes, checked);
}
