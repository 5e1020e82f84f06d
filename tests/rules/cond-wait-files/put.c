#include "mailbox.h"

void mailbox_put(struct mailbox *box, int letters) {
  pthread_mutex_lock(&box->lock);
  box->letters += letters;
  pthread_cond_signal(&box->filled);
  pthread_mutex_unlock(&box->lock);
}

void mailbox_put_bare(struct mailbox *box, int letters) {
  box->letters += letters; // expect: cond-wait@likely "is set without"
  pthread_cond_signal(&box->filled);
}
