#include "bank.h"

pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static long written;

void journal_write(long amount) {
  pthread_mutex_lock(&journal_lock); // note: "takes 'journal_lock' while it holds 'account.lock'"
  written += amount;
  pthread_mutex_unlock(&journal_lock);
}

void journal_close(struct account *account) {
  pthread_mutex_lock(&journal_lock); // note: "the thread of main: 'journal_close' takes"
  pthread_mutex_lock(&account->lock); // expect: lock-order@likely "'account.lock' is acquired here while 'journal_lock' is held"
  account->balance -= written;
  pthread_mutex_unlock(&account->lock);
  pthread_mutex_unlock(&journal_lock);
}
