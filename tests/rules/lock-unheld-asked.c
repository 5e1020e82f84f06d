// Who asks whether the lock is held, in a way that is not seen here, gives it back when it is: that
// it was given back before is no fault of the caller's. Who gives it back in any case makes it one.
// mechanism: up-to-callee
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>

static pthread_mutex_t big = PTHREAD_MUTEX_INITIALIZER;
static int steps;

bool is_held_by_me(void); // of a table of threads

static void give_up_if_held(void) {
  if (is_held_by_me())
    pthread_mutex_unlock(&big);
}

static void give_up(void) {
  steps = 0;
  pthread_mutex_unlock(&big);
}

void run(int rounds) {
  pthread_mutex_lock(&big);
  while (rounds-- > 0) {
    pthread_mutex_unlock(&big);
    give_up_if_held();
    pthread_mutex_lock(&big);
    steps++;
  }
  pthread_mutex_unlock(&big);
}

void run_but(void) {
  pthread_mutex_lock(&big);
  steps++;
  pthread_mutex_unlock(&big);
  give_up(); // expect: lock-unheld
}
