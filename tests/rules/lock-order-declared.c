/* In which order locks are taken is said by declarations: who takes them the other way round breaks
 * a promise, whether or not somebody does it right. */
#include <pthread.h>

#if defined(__clang__)
#define SAYS(x) __attribute__((x))
#else
#define SAYS(x)
#endif
#define BEFORE(...) SAYS(acquired_before(__VA_ARGS__))
#define AFTER(...) SAYS(acquired_after(__VA_ARGS__))

struct SAYS(capability("mutex")) gate {
  pthread_mutex_t mutex;
};
void gate_lock(struct gate *gate) SAYS(acquire_capability(*gate)) SAYS(no_thread_safety_analysis);
int gate_trylock(struct gate *gate) SAYS(try_acquire_capability(0, *gate))
    SAYS(no_thread_safety_analysis);
void gate_unlock(struct gate *gate) SAYS(release_capability(*gate)) SAYS(no_thread_safety_analysis);

extern struct gate files;
static struct gate names BEFORE(files) = {PTHREAD_MUTEX_INITIALIZER};
struct gate files = {PTHREAD_MUTEX_INITIALIZER};
static struct gate sizes AFTER(files) = {PTHREAD_MUTEX_INITIALIZER};
static struct gate loose = {PTHREAD_MUTEX_INITIALIZER};
static int count;

void gate_lock(struct gate *g) { pthread_mutex_lock(&g->mutex); }
int gate_trylock(struct gate *g) { return pthread_mutex_trylock(&g->mutex); }
void gate_unlock(struct gate *g) { pthread_mutex_unlock(&g->mutex); }

static void count_file(void) {
  gate_lock(&files);
  count++;
  gate_unlock(&files);
}

static void *in_order(void *unused) {
  gate_lock(&names);
  count_file();
  gate_lock(&sizes);
  count++;
  gate_unlock(&sizes);
  gate_unlock(&names);
  return unused;
}

/* Nothing is said of this one. */
static void *with_loose(void *unused) {
  gate_lock(&loose);
  count_file();
  gate_unlock(&loose);
  return unused;
}

/* Who only tries waits for nobody. */
static void *tries(void *unused) {
  gate_lock(&files);
  if (!gate_trylock(&names)) {
    count++;
    gate_unlock(&names);
  }
  gate_unlock(&files);
  return unused;
}

static void *against(void *unused) {
  gate_lock(&sizes);
  gate_lock(&files); // expect: lock-order "'files' is acquired here while 'sizes' is held, and its declaration says that it comes before that one"
  count++;
  gate_unlock(&files);
  gate_unlock(&sizes);
  return unused;
}

int main(void) {
  void *(*const runs[])(void *) = {in_order, with_loose, tries, against};
  pthread_t threads[4];
  for (int i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, runs[i], NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
