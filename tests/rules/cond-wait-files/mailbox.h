#include <pthread.h>

struct mailbox {
  pthread_mutex_t lock;
  pthread_cond_t filled;
  int letters, closed;
};

void mailbox_sleep(struct mailbox *); // with the lock held
void mailbox_put(struct mailbox *, int letters);
void mailbox_put_bare(struct mailbox *, int letters);
int mailbox_take(struct mailbox *);
int mailbox_take_once(struct mailbox *);
int mailbox_take_unlocked(struct mailbox *);
