/* What is registered with a library that waits for events runs in every thread that runs the
 * library's loop, and in no other. */
// mechanism: race-event-loops
// run: --min-confidence possible
#include <pthread.h>
#include <stddef.h>

struct event_base;
struct event_base *event_base_new(void);
int event_base_loop(struct event_base *base, int flags);
int register_event(struct event_base *base, int fd, void (*ready)(int fd, void *arg), void *arg);

static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  long accepted, answered, closed;
} stats;

static void answer(int fd, void *arg) {
  (void)arg;
  pthread_mutex_lock(&stats_lock);
  stats.answered++;
  if (fd < 0)
    stats.closed++;
  else if (stats.closed > 100)
    stats.closed -= 100;
  pthread_mutex_unlock(&stats_lock);
}

static void hang_up(int fd, void *arg) {
  (void)arg;
  pthread_mutex_lock(&stats_lock);
  stats.answered -= fd;
  pthread_mutex_unlock(&stats_lock);
  stats.closed++; // expect: lock-race@possible "'stats.closed' is written here without 'stats_lock'"
}

static void report(int fd, void *arg) {
  (void)arg;
  pthread_mutex_lock(&stats_lock);
  if (stats.closed > fd)
    stats.closed = 0;
  pthread_mutex_unlock(&stats_lock);
}

struct worker {
  struct event_base *base;
  pthread_t thread;
};

static void *work(void *arg) {
  struct worker *worker = arg;
  event_base_loop(worker->base, 0);
  return NULL;
}

static void *count(void *arg) { // runs no loop
  while (stats.accepted < 1000)
    stats.accepted++;
  return arg;
}

int main(void) {
  static struct worker workers[4];
  pthread_t counter;
  for (int i = 0; i < 4; i++) {
    workers[i].base = event_base_new();
    register_event(workers[i].base, i, answer, &workers[i]);
    register_event(workers[i].base, i, hang_up, &workers[i]);
    register_event(workers[i].base, i, report, &workers[i]);
    pthread_create(&workers[i].thread, NULL, work, &workers[i]);
  }
  pthread_create(&counter, NULL, count, NULL);
  pthread_join(counter, NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(workers[i].thread, NULL);
  return stats.accepted != 1000;
}
