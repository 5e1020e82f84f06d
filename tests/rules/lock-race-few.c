/* Members with few uses: what guards the other members of the record, or stands beside them, says
 * more than the uses do. */
// mechanism: race-guarded-record
// run: --min-confidence possible
#include <pthread.h>

/* ---- by the other members */

static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  long reads, writes, errors, resets, last;
} stats;

static void note_read(long n) {
  pthread_mutex_lock(&stats_lock);
  stats.reads += n;
  pthread_mutex_unlock(&stats_lock);
}

static void note_write(long n) {
  pthread_mutex_lock(&stats_lock);
  stats.writes += n;
  if (n < 0)
    stats.errors++;
  pthread_mutex_unlock(&stats_lock);
}

static void note_reset(long n) {
  stats.resets += n; // expect: lock-race@possible "'stats.resets' is written here without 'stats_lock'"
}

static void note_last(long n) { // nobody holds a lock for this one
  stats.last = n;
}

static long all_together(void) {
  pthread_mutex_lock(&stats_lock);
  long all = stats.reads + stats.writes + stats.errors + stats.resets;
  if (stats.reads > stats.writes)
    stats.errors = 0;
  pthread_mutex_unlock(&stats_lock);
  return all;
}

/* ---- by the lock that stands beside it, however the record is reached */

struct queue {
  pthread_mutex_t lock;
  int length, dropped;
};

static struct queue queues[4];

static void queue_put(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  int full = q->length == 16;
  if (!full)
    q->length++;
  pthread_mutex_unlock(&q->lock);
  if (full)
    q->dropped++; // expect: lock-race@possible "'q->dropped' is written here without 'struct queue.lock'"
}

static int queue_look(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  int lost = q->dropped;
  q->dropped = 0;
  pthread_mutex_unlock(&q->lock);
  return lost;
}

static struct job {
  pthread_mutex_t lock;
  int state;
} jobs[4];

static void job_begin(struct job *j) {
  j->state = 0; // not yet begun: few uses say no more than that somebody sets it
}

static void job_finish(struct job *j) {
  pthread_mutex_lock(&j->lock);
  j->state = 2;
  pthread_mutex_unlock(&j->lock);
}

static void *work(void *arg) {
  for (long i = 0; i < 1000; i++) {
    note_read(i);
    note_write(i);
    note_reset(i);
    note_last(i);
    job_begin(&jobs[i & 3]);
    job_finish(&jobs[i & 3]);
    queue_put(&queues[i & 3]);
    if (all_together() < queue_look(&queues[i & 3]))
      break;
  }
  return arg;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 4; i++)
    pthread_mutex_init(&queues[i].lock, NULL);
  for (int i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
