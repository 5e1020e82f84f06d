/* A program that does one thing or another, and ends with it: the threads of one never meet those of
 * the other (QEMU's rcutorture). Two things that are done one after the other, and leave their
 * threads behind, do meet.
 */
// mechanism: race-modes
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int stop;
static long updates;
static long moves;

extern void update(void);

static void start(void *(*run)(void *)) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run, NULL))
    abort();
  pthread_detach(thread);
}

/* ---- measuring: several, which add what they have counted */

static void *measure_updates(void *unused) {
  long own = 0;
  for (; !stop; own++)
    update();
  pthread_mutex_lock(&lock);
  updates += own;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void measure(int threads) {
  for (int i = 0; i < threads; i++)
    start(measure_updates);
  sleep(1);
  stop = 1;
  sleep(1);
  printf("%ld\n", updates);
  exit(0);
}

/* ---- a test: only one changes the number */

static void *test_updates(void *unused) {
  while (!stop) {
    update();
    updates++;
  }
  return unused;
}

static void test(void) {
  start(test_updates);
  sleep(1);
  stop = 1;
  sleep(1);
  printf("%ld\n", updates);
  exit(0);
}

/* ---- and two that go on */

static void *move_right(void *unused) {
  while (!stop) {
    pthread_mutex_lock(&lock);
    moves++;
    pthread_mutex_unlock(&lock);
  }
  return unused;
}

static void *move_left(void *unused) {
  while (!stop) {
    update();
    moves--; // expect: lock-race "'moves' is"
  }
  return unused;
}

static void go_right(void) { start(move_right); }

static void go_left(void) { start(move_left); }

int main(int argc, char **argv) {
  go_right();
  go_left();
  if (argc > 1 && !strcmp(argv[1], "measure"))
    measure(4);
  else
    test();
  return 0;
}
