/* The event loop calls what was registered. */
#include "loop.h"

#include <poll.h>

static LoopCallback *before_sleep, *after_sleep, *timer;

void loop_set_before_sleep(LoopCallback *callback) { before_sleep = callback; }
void loop_set_after_sleep(LoopCallback *callback) { after_sleep = callback; }
void loop_set_timer(LoopCallback *callback) { timer = callback; }

void loop_run(void) {
  for (int round = 0; round < 1000; round++) {
    if (before_sleep)
      before_sleep();
    poll(0, 0, 10);
    if (after_sleep)
      after_sleep();
    if (timer)
      timer();
  }
}
