// Code that a variable lets run once, and variables that somebody clears.
// mechanism: once-guards
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct object {
  int used;
};
int open_service(void);

static int flag_first, flag_last, flag_early, flag_cleared, flag_counted, flag_doubtful;
static int flag_started, flag_shared;
static _Thread_local int flag_of_thread;
static struct object *made_object, *dropped_object;
static atomic_int exchanged;
static pthread_once_t control = PTHREAD_ONCE_INIT;

static void by_flag_first(void) {}    // runs: once run "by once.c:flag_first"
static void by_flag_last(void) {}     // runs: once run
static void by_early_return(void) {}  // runs: once run
static void by_loop_inside(void) {}   // runs: bounded run
static void by_success(void) {}       // runs: once run
static void by_exchange(void) {}      // runs: once run
static void by_pthread_once(void) {}  // runs: once run "run once"
static void by_static(void) {}        // runs: once run
static void by_cleared_flag(void) {}  // runs: any run
static void by_counter(void) {}       // runs: any run
static void by_doubtful(void) {}      // runs: any run
static void by_thread_flag(void) {}   // runs: any run
static void by_address(void) {}       // runs: any run
static void outside(void) {}          // runs: any run

static struct object *make(void) { return calloc(1, sizeof(struct object)); } // runs: once run
static struct object *make_again(void) { // runs: any run
  return calloc(1, sizeof(struct object));
}

static int start(void) { // runs: once run
  by_success();
  return open_service();
}

static void early_return(void) { // runs: any run
  if (flag_early)
    return;
  flag_early = 1;
  by_early_return();
  for (int i = 0; i < 3; i++)
    by_loop_inside();
}

static void in_block(void) { // runs: any run
  static int known;
  if (!known) {
    by_static();
    known = 1;
  }
}

static int may_start(void) { // runs: any run
  if (!flag_started) {
    if (start() != 0)
      return -1;
    flag_started = 1;
  }
  return 0;
}

static void doubtful(int tired) { // runs: any run
  if (!flag_doubtful) {
    by_doubtful();
    if (tired)
      flag_doubtful = 1; // not each time: it runs until somebody is tired
  }
}

static void reset(int *which) { *which = 0; } // runs: any run

static void request(void) { // runs: any run
  if (!flag_first) {
    flag_first = 1;
    by_flag_first();
  }
  if (!flag_last) {
    by_flag_last();
    flag_last = 1;
  }
  if (!flag_cleared) {
    flag_cleared = 1;
    by_cleared_flag();
  }
  if (!flag_counted) {
    flag_counted = 1;
    by_counter();
  }
  if (!flag_of_thread) {
    flag_of_thread = 1;
    by_thread_flag();
  }
  if (!flag_shared) {
    flag_shared = 1;
    by_address();
  }
  if (!made_object)
    made_object = make();
  if (!dropped_object)
    dropped_object = make_again();
  if (!atomic_exchange(&exchanged, 1))
    by_exchange();
  pthread_once(&control, by_pthread_once);
  early_return();
  in_block();
  doubtful(rand());
  outside();
}

static void second_way(void) { pthread_once(&control, by_pthread_once); } // runs: any run

int main(void) { // runs: once init run
  for (;;) {
    request();
    second_way();
    if (may_start() < 0)
      flag_cleared = 0;
    flag_counted--;
    free(dropped_object);
    dropped_object = NULL;
    reset(&flag_shared);
    pause();
  }
}
