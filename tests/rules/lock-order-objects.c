/* Locks of objects that have names: one order and the other are of the same two. One of
 * them is enough where a pointer leads to the other. */
// run: --min-confidence possible
#include <pthread.h>

struct cache {
  pthread_mutex_t lock;
  int entries;
};
struct stats {
  pthread_mutex_t lock;
  long hits;
};
struct log {
  pthread_mutex_t lock;
  long lines;
};

static struct cache cache = {PTHREAD_MUTEX_INITIALIZER, 0};
static struct stats stats = {PTHREAD_MUTEX_INITIALIZER, 0};
static struct log lines = {PTHREAD_MUTEX_INITIALIZER, 0};

static void note_hit(void) {
  pthread_mutex_lock(&stats.lock); // expect: lock-order@likely "'stats.lock' is acquired here while 'cache.lock' is held"
  stats.hits++;
  pthread_mutex_unlock(&stats.lock);
}

static void put(void) {
  pthread_mutex_lock(&cache.lock);
  cache.entries++;
  note_hit();
  pthread_mutex_unlock(&cache.lock);
}

static void flush(void) {
  pthread_mutex_lock(&cache.lock);
  cache.entries = 0;
  pthread_mutex_unlock(&cache.lock);
}

static void reset(struct log *log) {
  pthread_mutex_lock(&stats.lock);
  stats.hits = 0;
  flush();
  pthread_mutex_lock(&log->lock); // expect: lock-order@likely "'log.lock' is acquired here while 'stats.lock' is held"
  log->lines++;
  pthread_mutex_unlock(&log->lock);
  pthread_mutex_unlock(&stats.lock);
}

static void write_line(struct log *log) {
  pthread_mutex_lock(&log->lock);
  log->lines++;
  note_hit();
  pthread_mutex_unlock(&log->lock);
}

static void *work(void *argument) {
  for (int i = 0; i < 1000; i++) {
    put();
    write_line(&lines);
  }
  return argument;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    return 1;
  for (int i = 0; i < 1000; i++)
    reset(&lines);
  return pthread_join(thread, NULL);
}
