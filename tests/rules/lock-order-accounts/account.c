/* Two accounts, each with a lock of its own: a transfer needs both. */
#include "account.h"

struct account savings = {PTHREAD_MUTEX_INITIALIZER, 1, 0},
               wages = {PTHREAD_MUTEX_INITIALIZER, 2, 0};

void account_transfer(struct account *from, struct account *to, long amount) {
  pthread_mutex_lock(&from->lock); // note: "'account_transfer' takes one"
  pthread_mutex_lock(&to->lock);   // expect: lock-order@likely "the same two are acquired the other way round"
  from->balance -= amount;
  to->balance += amount;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

void account_transfer_in_order(struct account *from, struct account *to, long amount) {
  struct account *low = from->number < to->number ? from : to;
  struct account *high = low == from ? to : from;
  pthread_mutex_lock(&low->lock);
  pthread_mutex_lock(&high->lock);
  from->balance -= amount;
  to->balance += amount;
  pthread_mutex_unlock(&high->lock);
  pthread_mutex_unlock(&low->lock);
}
