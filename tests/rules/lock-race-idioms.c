/* What is shared on purpose, and what each thread has for itself. */
// run: --min-confidence possible
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- double-checked initialisation */

static int ready, values[16];

static void make_ready(void) {
  if (!ready) {
    pthread_mutex_lock(&lock);
    if (!ready) {
      for (int i = 0; i < 16; i++)
        values[i] = i;
      ready = 1;
    }
    pthread_mutex_unlock(&lock);
  }
}

static int is_ready(void) {
  pthread_mutex_lock(&lock);
  int is = ready ? values[3] : 0;
  ready += is > 100;
  pthread_mutex_unlock(&lock);
  return is;
}

/* ---- a flag that says stop, written as a constant, read in a loop */

static volatile int stop;

/* ---- statistics, atomics, a variable of each thread */

static long seen; // counted by all, printed only
static _Atomic long exact;
static _Thread_local long own;
static long counted;

/* ---- an object for each thread */

struct slot {
  int number;
  long done;
};

static void *work(void *arg) {
  struct slot *slot = arg;
  while (!stop) {
    make_ready();
    slot->done++;
    slot->number += is_ready();
    seen++;
    own++;
    atomic_fetch_add(&exact, 1);
    __atomic_fetch_add(&counted, own, __ATOMIC_RELAXED);
  }
  return NULL;
}

/* ---- the same object for all of them */

struct shared {
  pthread_mutex_t lock;
  long done, left;
};

static void shared_take(struct shared *s) {
  pthread_mutex_lock(&s->lock);
  s->left--;
  s->done++;
  pthread_mutex_unlock(&s->lock);
}

static void shared_give(struct shared *s) {
  pthread_mutex_lock(&s->lock);
  s->left++;
  s->done += s->left > 3;
  if (s->done > s->left)
    s->done--;
  pthread_mutex_unlock(&s->lock);
}

static void *work_together(void *arg) {
  struct shared *s = arg;
  shared_take(s);
  shared_give(s);
  s->done += 2; // expect: lock-race "'s->done' is written here without 'struct shared.lock'"
  return NULL;
}

int main(void) {
  pthread_t threads[4], others[4];
  static struct slot slots[4];
  static struct shared shared = {.lock = PTHREAD_MUTEX_INITIALIZER};
  for (int i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, work, &slots[i]);
  for (int i = 0; i < 4; i++)
    pthread_create(&others[i], NULL, work_together, &shared);
  stop = 1;
  printf("%ld %ld\n", seen, slots[0].done);
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    pthread_join(others[i], NULL);
  }
  return counted != exact;
}
