#ifndef BANK_H
#define BANK_H
#include <pthread.h>
struct account {
  pthread_mutex_t lock;
  long balance;
};
extern pthread_mutex_t journal_lock, audit_lock;
void journal_write(long amount);
void journal_close(struct account *);
void account_pay(struct account *, long amount);
#endif
