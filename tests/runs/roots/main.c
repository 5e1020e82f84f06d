// The roots of a program of several files, and what `overstay explain` says of each.
#include "roots.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

static int configured;

__attribute__((constructor))
static void before(void) {} // runs: once init
// explain: before "runs once: 'before' runs before main"
__attribute__((destructor))
static void after(void) {} // runs: once teardown
// explain: after "runs once: 'after' runs after main"
static void at_the_end(void) {} // runs: once teardown
// explain: at_the_end "'at_the_end' is registered for the end of the process"
static void on_hangup(int number) { reconfigure(); (void)number; } // runs: any run
// explain: on_hangup "any number of times: 'on_hangup' is registered by 'main', to be called"
static void tick(void *with) { (void)with; } // runs: any run
// explain: tick "any number of times: 'tick' is registered by 'main', to be called"

static void configure(void) {} // runs: once init
// explain: configure "runs once: a variable lets 'main' do it once"

int main(void) { // runs: once init run
  // explain: main "runs once: reached from 'main'"
  pthread_t threads[3];
  atexit(at_the_end);
  signal(SIGHUP, on_hangup);
  register_timer(tick, NULL);
  if (!configured) {
    configured = 1;
    configure();
  }
  set_up_once();
  pthread_create(&threads[0], NULL, listens, NULL);
  for (int i = 1; i < 3; i++)
    pthread_create(&threads[i], NULL, counts, NULL);
  serve(0);
}
