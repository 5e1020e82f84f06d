/* A thousand threads append to one array of the program; next to it they write into a ring of 64. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 1000, RING = 64 };

struct sample {
  int from;
  double value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sample *samples;
static size_t sample_count, sample_room;
static struct sample latest[RING];
static size_t latest_next;

static void sample_add(struct sample sample) {
  pthread_mutex_lock(&lock);
  if (sample_count == sample_room) {
    sample_room = sample_room ? sample_room * 2 : 256;
    struct sample *more = realloc(samples, sample_room * sizeof *more);
    if (!more)
      abort();
    samples = more;
  }
  samples[sample_count++] = sample; // expect: growth-unbounded "'samples'"
  pthread_mutex_unlock(&lock);
}

static void sample_show(struct sample sample) {
  pthread_mutex_lock(&lock);
  latest[latest_next] = sample;
  latest_next = (latest_next + 1) % RING;
  pthread_mutex_unlock(&lock);
}

static void *measure(void *given) {
  struct sample sample = {*(int *)given, 0};
  while (read(sample.from, &sample.value, sizeof sample.value) == sizeof sample.value) {
    sample_add(sample);
    sample_show(sample);
  }
  return NULL;
}

int main(void) {
  static pthread_t threads[THREADS];
  static int sources[THREADS];
  int started = 0;
  for (; started < THREADS; started++) {
    sources[started] = dup(STDIN_FILENO);
    if (pthread_create(&threads[started], NULL, measure, &sources[started]))
      break;
  }
  for (int i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
