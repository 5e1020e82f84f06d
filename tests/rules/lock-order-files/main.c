/* lock-order over several files: a worker pays and writes the journal, main closes the journal and
 * looks at the account. */
#include "bank.h"

static struct account shared = {PTHREAD_MUTEX_INITIALIZER, 0};

static void *pay(void *unused) {
  for (int i = 0; i < 100; i++)
    account_pay(&shared, i);
  return unused;
}

int main(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, pay, NULL))
    return 1;
  journal_close(&shared);
  pthread_join(worker, NULL);
  return 0;
}
