// Each round of a loop takes the first element out of a list: what it destroys is another lock.
// mechanism: lifetime-rounds
#include <pthread.h>
#include <stdlib.h>

struct server {
  struct server *next, **before;
  pthread_mutex_t mutex;
  pthread_t thread;
};

static struct server *servers;

static void take_out(struct server *s) {
  if (s->next)
    s->next->before = s->before;
  *s->before = s->next; // changes `servers`, under another name
}

static void stop(struct server *s) {
  pthread_join(s->thread, NULL);
  pthread_mutex_destroy(&s->mutex);
  free(s);
}

void stop_all(void) {
  struct server *s;
  while (1) {
    s = servers;
    if (!s)
      break;
    take_out(s);
    stop(s);
  }
}

static struct server *last;

void stop_one_for_ever(void) {
  while (last) {
    pthread_join(last->thread, NULL);    // expect: thread-double-join
    pthread_mutex_destroy(&last->mutex); // expect: lock-destroyed
  }
}
