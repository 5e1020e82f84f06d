#include "mailbox.h"

int mailbox_take(struct mailbox *box) {
  pthread_mutex_lock(&box->lock);
  while (!box->letters && !box->closed)
    mailbox_sleep(box);
  int letters = box->letters;
  box->letters = 0;
  pthread_mutex_unlock(&box->lock);
  return letters;
}

int mailbox_take_once(struct mailbox *box) {
  pthread_mutex_lock(&box->lock); // note: "'box->lock' is acquired here"
  if (!box->letters)
    mailbox_sleep(box); // expect: cond-wait@likely "'letters' is tested once"
  int letters = box->letters;
  box->letters = 0;
  pthread_mutex_unlock(&box->lock);
  return letters / 2;
}

int mailbox_take_unlocked(struct mailbox *box) {
  pthread_mutex_lock(&box->lock);
  int closed = box->closed;
  pthread_mutex_unlock(&box->lock); // note: "'box->lock' is released here"
  while (!closed && !box->letters) {
    mailbox_sleep(box); // expect: cond-wait@likely "'box->lock' is not held at this wait"
    closed = box->closed;
  }
  return closed;
}
