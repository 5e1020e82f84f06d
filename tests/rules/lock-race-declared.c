/* Which lock guards what is said by declarations: nobody has to count, and one use is enough. */
// mechanism: declared-entry
#include <pthread.h>
#include <stdio.h>

#if defined(__clang__)
#define SAYS(x) __attribute__((x))
#else
#define SAYS(x)
#endif
#define GUARDED_BY(x) SAYS(guarded_by(x))
#define REQUIRES(x) SAYS(requires_capability(x))

struct SAYS(capability("mutex")) gate {
  pthread_mutex_t mutex;
};
void gate_lock(struct gate *gate) SAYS(acquire_capability(*gate)) SAYS(no_thread_safety_analysis);
void gate_unlock(struct gate *gate) SAYS(release_capability(*gate)) SAYS(no_thread_safety_analysis);

static struct gate gate = {PTHREAD_MUTEX_INITIALIZER};
static struct gate other = {PTHREAD_MUTEX_INITIALIZER};
static int served GUARDED_BY(gate);
static int refused GUARDED_BY(gate);
static int seen GUARDED_BY(gate);
static int guessed;
static int lost GUARDED_BY(gate);
void on_loss(void (*count)(int by));

struct table {
  struct gate gate;
  int used GUARDED_BY(gate);
  int size GUARDED_BY(gate);
  int limit;
};
static struct table table = {.gate = {PTHREAD_MUTEX_INITIALIZER}};

void gate_lock(struct gate *g) { pthread_mutex_lock(&g->mutex); }
void gate_unlock(struct gate *g) { pthread_mutex_unlock(&g->mutex); }

/* Whoever calls it has the lock. */
static void count_refused(int by) REQUIRES(gate);
static void count_refused(int by) { refused += by; }

/* Nobody is seen to call it. */
static void count_lost(int by) REQUIRES(gate);
static void count_lost(int by) { lost += by; }

static int peek(void) SAYS(no_thread_safety_analysis);
static int peek(void) { return served; }

static void *serve(void *name) {
  gate_lock(&gate);
  served++;
  seen = served + lost;
  count_refused(1);
  gate_unlock(&gate);
  gate_lock(&table.gate);
  table.used++;
  table.size = table.used + table.limit;
  gate_unlock(&table.gate);
  gate_lock(&gate);
  guessed++;
  gate_unlock(&gate);
  return name;
}

static void *report(void *name) {
  printf("%d of %d\n", peek(), guessed);
  gate_lock(&other);
  printf("%d\n", seen); // expect: lock-race "'seen' is read here without 'gate', by which its declaration says it is guarded"
  gate_unlock(&other);
  if (table.used > 3) // expect: lock-race "'table.used' is read here without 'struct table.gate', by which its declaration"
    puts("many");
  served = 0; // expect: lock-race "'served' is written here without 'gate'"
  gate_lock(&table.gate);
  table.size = 0;
  gate_unlock(&table.gate);
  return name;
}

static void forget(int since) {
  count_refused(-since);
}

int main(void) {
  pthread_t server, reporter;
  served = 1;
  table.used = 0;
  pthread_create(&server, NULL, serve, NULL);
  pthread_create(&reporter, NULL, report, NULL);
  on_loss(count_lost);
  gate_lock(&gate);
  forget(0);
  gate_unlock(&gate);
  pthread_join(server, NULL);
  pthread_join(reporter, NULL);
  return served + table.used;
}
