// A lock that is held for reading has others beside it: who writes with it shows that it keeps the
// datum from being given back, and not that it guards it. With the same lock held for writing it does.
// run: --min-confidence possible
// mechanism: race-writers-alone
#include <pthread.h>

static pthread_rwlock_t epoch = PTHREAD_RWLOCK_INITIALIZER; // held while pages are in use
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static long dirty, moved;

static void mark(long pages) {
  pthread_rwlock_rdlock(&epoch);
  dirty += pages;
  pthread_rwlock_unlock(&epoch);
}

static void clear(void) {
  pthread_rwlock_rdlock(&epoch);
  dirty = 0;
  pthread_rwlock_unlock(&epoch);
}

static long pending(void) {
  pthread_rwlock_rdlock(&epoch);
  long pages = dirty;
  if (pages < 0)
    dirty = 0;
  pthread_rwlock_unlock(&epoch);
  return pages;
}

static void restart(long pages) { dirty = pages; }

static void move(long pages) {
  pthread_rwlock_wrlock(&table);
  moved += pages;
  pthread_rwlock_unlock(&table);
}

static void forget(void) {
  pthread_rwlock_wrlock(&table);
  moved = 0;
  pthread_rwlock_unlock(&table);
}

static long count_moved(void) {
  pthread_rwlock_rdlock(&table);
  long pages = moved > 0 ? moved : 0;
  pthread_rwlock_unlock(&table);
  return pages;
}

static void *work(void *unused) {
  for (int i = 0; i < 1000; i++) {
    mark(1);
    move(1);
    if (pending() > 10) {
      clear();
      forget();
      moved = count_moved(); // expect: lock-race "'table'"
      restart(0);
    }
  }
  return unused;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
