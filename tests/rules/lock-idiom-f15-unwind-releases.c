/* L-F15: an error is thrown by longjmp, and the handler releases everything (PostgreSQL's ereport
 * and LWLockReleaseAll; mupdf's fz_throw, before which one has to unlock).
 */
// mechanism: noreturn
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static jmp_buf *handler;
static pthread_mutex_t held_lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_held;
static int buffers;

static void throw_error(const char *message) {
  fprintf(stderr, "%s\n", message);
  if (handler)
    longjmp(*handler, 1);
  abort();
}

static void acquire(void) {
  pthread_mutex_lock(&held_lock);
  is_held = true;
}

static void release(void) {
  is_held = false;
  pthread_mutex_unlock(&held_lock);
}

/* What the handler calls: whatever the thread holds. */
static void release_all(void) {
  if (is_held)
    release();
}

int buffer_pin(int number) {
  acquire();
  if (number >= buffers)
    throw_error("no such buffer");
  release();
  return number;
}

int buffer_extend(int by) {
  acquire();
  if (by <= 0) {
    throw_error("bad extension");
    return -1;
  }
  buffers += by;
  release();
  return buffers;
}

int run(int (*command)(int), int argument) {
  jmp_buf here;
  jmp_buf *outer = handler;
  int result = -1;
  if (setjmp(here) == 0) {
    handler = &here;
    result = command(argument);
  } else {
    release_all();
  }
  handler = outer;
  return result;
}

/* Where nothing is thrown, the way out needs its release. */
int buffer_extend_leaks(int by) {
  acquire();
  if (by <= 0) {
    fprintf(stderr, "bad extension\n");
    return -1; // expect: lock-leak "held_lock"
  }
  buffers += by;
  release();
  return buffers;
}
