/* Waits with its caller's mutex, so the caller has to ask. */
#include "mailbox.h"

void mailbox_sleep(struct mailbox *box) { pthread_cond_wait(&box->filled, &box->lock); }
