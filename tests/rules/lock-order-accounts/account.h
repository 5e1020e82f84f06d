#include <pthread.h>

struct account {
  pthread_mutex_t lock;
  unsigned number;
  long balance;
};

extern struct account savings, wages;

void account_transfer(struct account *from, struct account *to, long amount);
void account_transfer_in_order(struct account *from, struct account *to, long amount);
