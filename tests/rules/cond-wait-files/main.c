/* cond-wait over several files: who waits, who asks, and who signals. */
// run: --only cond-wait
#include "mailbox.h"

#include <stddef.h>

static struct mailbox box = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static void *reader(void *argument) {
  struct mailbox *mine = argument;
  while (mailbox_take(mine) + mailbox_take_once(mine) + mailbox_take_unlocked(mine))
    ;
  return NULL;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, reader, &box))
    return 1;
  mailbox_put(&box, 3);
  mailbox_put_bare(&box, 4);
  pthread_join(thread, NULL);
  return 0;
}
