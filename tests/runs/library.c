// A library: what it exports may be called any number of times, by others.
#include <pthread.h>

static int begun;
static pthread_once_t control = PTHREAD_ONCE_INIT;

static void *keeper(void *given) { return given; } // runs: once run assumed
static void *helper(void *given) { return given; } // runs: any run assumed
static void inner(void) {}                         // runs: any run assumed "library_call may be called"
static void set_up(void) {                         // runs: once run assumed "run once"
  pthread_t thread;
  pthread_create(&thread, NULL, keeper, NULL);
}
static void begin(void) {}  // runs: once run assumed "by library.c:begun"
static void nobody(void) {} // runs: never

__attribute__((constructor))
static void loaded(void) {} // runs: once init

void library_call(void) { // runs: any run assumed
  pthread_t thread;
  pthread_once(&control, set_up);
  if (!begun) {
    begun = 1;
    begin();
  }
  pthread_create(&thread, NULL, helper, NULL);
  inner();
}
void library_other(void) { library_call(); } // runs: any run assumed
