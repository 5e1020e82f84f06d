// What a callee does to a lock is told as a step inside it, however deep; a plain wrapper, which
// knows nothing of the object, is not entered.
#include <pthread.h>

struct shelf {
  pthread_mutex_t lock;
  int count;
};

static void scan_once(struct shelf *s) {
  s->count++;
  pthread_mutex_unlock(&s->lock); // note: "released here"
}

static void scan(struct shelf *s) {
  s->count = 0;
  scan_once(s); // note: "released by 'scan_once', called here"
}

int counts(struct shelf *s) {
  pthread_mutex_lock(&s->lock);
  scan(s);                         // note: "released by 'scan', called here"
  pthread_mutex_unlock(&s->lock); // expect: lock-unheld "'s->lock' is released here"
  return s->count;
}

int hands_over(struct shelf *s) {
  pthread_mutex_lock(&s->lock);
  scan(s);
  return s->count;
}

static int count_in(struct shelf *s) {
  pthread_mutex_lock(&s->lock); // note: "acquired here"
  int count = s->count;
  pthread_mutex_unlock(&s->lock);
  return count;
}

int counts_while_holding(struct shelf *s) {
  pthread_mutex_lock(&s->lock);
  int count = count_in(s); // expect: lock-double "'s->lock' is acquired here"
  pthread_mutex_unlock(&s->lock);
  return count;
}
