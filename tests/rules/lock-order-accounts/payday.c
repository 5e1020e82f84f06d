#include "account.h"

void *payday(void *unused) {
  account_transfer(&wages, &savings, 10); // note: "'payday' gives the"
  account_transfer_in_order(&wages, &savings, 10);
  return unused;
}
