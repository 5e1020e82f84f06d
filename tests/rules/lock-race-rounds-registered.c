/* A test may be called by whoever runs a library's loop: nobody knows by whom. It joins its threads
 * before it returns, so that there are several of them at a time is no more than possible (QEMU's
 * rcutorture). Of what surely runs in several threads there are several.
 */
// mechanism: race-sure-makers
#include <pthread.h>
#include <stdlib.h>

struct event_base;
struct event_base *event_base_new(void);
int event_base_loop(struct event_base *base, int flags);
void harness_add(const char *name, void (*test)(void));
void harness_run(void);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int stop;
static long updates, sums;

static pthread_t thread;

static void create(void *(*run)(void *)) {
  if (pthread_create(&thread, NULL, run, NULL))
    abort();
}

static void wait_for_it(void) {
  stop = 1;
  pthread_join(thread, NULL);
}

static void *update(void *unused) {
  while (!stop)
    updates++;
  return unused;
}

static void *measure_updates(void *unused) {
  pthread_mutex_lock(&lock);
  updates++;
  sums++;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void stress(void) {
  create(update);
  wait_for_it();
}

static void measure(void) {
  create(measure_updates);
  wait_for_it();
  exit(0);
}

static void *run_loop(void *base) {
  sums++; // expect: lock-race "'sums' is changed here by several threads at once"
  event_base_loop(base, 0);
  return NULL;
}

static pthread_t loops[64];

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 64) {
    measure();
  }
  for (int i = 0; i < argc; i++)
    if (pthread_create(&loops[i], NULL, run_loop, event_base_new()))
      abort();
  harness_add("stress", stress);
  harness_add("stress again", stress);
  harness_run();
  for (int i = 0; i < argc; i++)
    pthread_join(loops[i], NULL);
  return updates + sums > 100;
}
