/* T-F14: what ends the loop is only written by a signal handler, or by the thread that waits for
 * signals. */
#include "stop.h"
#include <pthread.h>

volatile sig_atomic_t told_by_handler;
volatile bool told_by_waiter, told_by_nobody;

void on_term(int number) {
  (void)number;
  told_by_handler = 1;
}

void *waits_for_signals(void *given) {
  sigset_t *set = given;
  int number;
  while (!sigwait(set, &number))
    if (number == SIGTERM) {
      told_by_waiter = true;
      break;
    }
  return NULL;
}
