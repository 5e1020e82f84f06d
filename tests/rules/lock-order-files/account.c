#include "bank.h"

void account_pay(struct account *account, long amount) {
  pthread_mutex_lock(&account->lock); // note: "'account_pay' takes 'account.lock'"
  account->balance += amount;
  journal_write(amount); // note: "calls 'journal_write'"
  pthread_mutex_unlock(&account->lock);
}
