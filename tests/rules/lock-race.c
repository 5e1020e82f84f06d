/* lock-race: the defects, each beside the same code done right. */
// run: --min-confidence possible
#include <pthread.h>
#include <stdlib.h>

enum { WORKERS = 5 };

/* ---- a counter: with the lock in one place, without it in another */

static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static long done, failed;

static void note_done(long n) {
  pthread_mutex_lock(&count_lock);
  done += n; // note: "changed here as well"
  pthread_mutex_unlock(&count_lock);
}

static void note_failed(void) {
  pthread_mutex_lock(&count_lock);
  failed++;
  pthread_mutex_unlock(&count_lock);
}

static void give_up(void) {
  done++; // expect: lock-race "'done' is changed here by several threads at once"
  note_failed();
}

/* ---- a pool: one of those who use it does without its lock */

struct pool {
  pthread_mutex_t lock;
  int free, used, peak;
};

static struct pool pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int pool_take(struct pool *p) {
  pthread_mutex_lock(&p->lock);
  int taken = p->free > 0;
  if (taken) {
    p->free--;
    p->used++;
  }
  if (p->used > p->peak)
    p->peak = p->used;
  pthread_mutex_unlock(&p->lock);
  return taken;
}

static void pool_give(struct pool *p) {
  pthread_mutex_lock(&p->lock);
  p->free++;
  p->used--; // note: "written here with 'struct pool.lock' held"
  pthread_mutex_unlock(&p->lock);
}

static void pool_add(struct pool *p, int n) {
  pthread_mutex_lock(&p->lock);
  p->free += n;
  pthread_mutex_unlock(&p->lock);
}

static void pool_forget(struct pool *p, int lost) {
  p->used -= lost; // expect: lock-race@possible "'p->used' is written here without 'struct pool.lock'"
}

static void *work(void *arg) {
  (void)arg;
  for (int i = 0; i < 1000; i++) {
    if (!pool_take(&pool)) {
      give_up();
      pool_forget(&pool, i);
      continue;
    }
    note_done(1);
    pool_give(&pool);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[WORKERS];
  pool_add(&pool, 3);
  for (int i = 0; i < WORKERS; i++)
    if (pthread_create(&threads[i], NULL, work, NULL))
      abort();
  pool_add(&pool, WORKERS);
  for (int i = 0; i < WORKERS; i++)
    pthread_join(threads[i], NULL);
  done++; // nobody else is there any more
  return pool.used != 0 || done != WORKERS * 1000L;
}
