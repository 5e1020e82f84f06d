// run: --only lock-order
#include <stddef.h>

#include "account.h"

void *payday(void *unused);

static void *rent(void *unused) {
  account_transfer(&savings, &wages, 7); // note: "'rent' gives the"
  account_transfer_in_order(&savings, &wages, 7);
  return unused;
}

int main(void) {
  pthread_t one, two;
  if (pthread_create(&one, NULL, payday, NULL))
    return 1;
  if (pthread_create(&two, NULL, rent, NULL))
    return 1;
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
