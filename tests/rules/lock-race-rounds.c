/* Threads that a function of the program's own creates and another one joins, round after round:
 * those of one round are gone when the next one begins. */
// run: --min-confidence possible
// mechanism: race-given-entry
// mechanism: race-rounds
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 16 };
static pthread_t threads[MOST];
static int thread_count;
static long writes, reads;
static long left;
static volatile int stop;
int next_round(void);

struct record {
  void *(*run)(void *);
};

static void *begin(void *argument) {
  struct record record = *(struct record *)argument;
  free(argument);
  return record.run(NULL);
}

static void create(pthread_t *handle, void *(*run)(void *)) {
  struct record *record = calloc(1, sizeof *record);
  if (!record)
    abort();
  record->run = run;
  if (pthread_create(handle, NULL, begin, record))
    abort();
}

static void start(void *(*run)(void *)) {
  if (thread_count == MOST)
    abort();
  create(&threads[thread_count++], run);
}

static void wait_for_all(void) {
  for (int i = 0; i < thread_count; i++)
    pthread_join(threads[i], NULL);
  thread_count = 0;
}

static void *writer(void *unused) { // one in a round
  while (!stop)
    writes++;
  return unused;
}

static void *reader(void *unused) { // several
  while (!stop)
    reads++; // expect: lock-race "'reads' is changed here by several threads at once"
  return unused;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *careful_writer(void *unused) { // several, in rounds of their own
  long more = 0;
  while (!stop)
    more++;
  pthread_mutex_lock(&lock);
  writes += more;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void go_careful_round(int writers) {
  for (int i = 0; i < writers; i++)
    start(careful_writer);
  stop = getchar();
  wait_for_all();
  printf("%ld\n", writes);
}

static void go_round(int readers) {
  for (int i = 0; i < readers; i++)
    start(reader);
  start(writer);
  stop = getchar();
  wait_for_all();
  printf("%ld %ld\n", writes, reads);
}

/* Its threads are there when the next ones come. */
static void *leave_behind(void *unused) {
  while (!stop)
    left++; // expect: lock-race "'left' is changed here by several threads at once"
  return unused;
}

static void *careful_beside(void *unused) {
  pthread_mutex_lock(&lock);
  left++;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void go_loose_round(void) { start(leave_behind); }

static void go_round_beside(int readers) {
  for (int i = 0; i < readers; i++)
    start(careful_beside);
  wait_for_all();
}

int main(void) {
  int readers;
  go_loose_round();
  go_round_beside(1);
  while ((readers = next_round()) > 0) {
    go_round(readers);
    go_careful_round(readers); // expect-false: thread-overwritten "'threads[0]' is overwritten"
  }
}
