/* lock-order: a recursive lock is taken again by who has it, which is no order; between two of them
 * the order counts like any other. */
// run: --only lock-order
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t outer = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t inner = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t left = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t right = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int value;

/* Both are held already, so nothing waits. */
static void again(void) {
  pthread_mutex_lock(&outer);
  value++;
  pthread_mutex_unlock(&outer);
}

static void outer_inner_outer(void) {
  pthread_mutex_lock(&outer);
  pthread_mutex_lock(&inner);
  again();
  pthread_mutex_unlock(&inner);
  pthread_mutex_unlock(&outer);
}

static void left_right(void) {
  pthread_mutex_lock(&left);
  pthread_mutex_lock(&right); // expect: lock-order@likely "the other way round"
  value--;
  pthread_mutex_unlock(&right);
  pthread_mutex_unlock(&left);
}

static void right_left(void) {
  pthread_mutex_lock(&right);
  pthread_mutex_lock(&left);
  value--;
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&right);
}

static void *worker(void *unused) {
  outer_inner_outer();
  left_right();
  return unused;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, worker, NULL))
    return 1;
  outer_inner_outer();
  right_left();
  return pthread_join(thread, NULL);
}
