/* Who joins a thread for others also clears the handle that it was given: what was joined before is
 * still joined. */
// mechanism: cleared-handles
#include <pthread.h>
#include <stdlib.h>

struct lookup {
  pthread_t *thread;
  int done;
};

int resolve(void *lookup);

static void *run(void *given) {
  resolve(given);
  return NULL;
}

static pthread_t *start(void *(*function)(void *), void *argument) {
  pthread_t *thread = malloc(sizeof *thread);
  if (thread && pthread_create(thread, NULL, function, argument)) {
    free(thread);
    return NULL;
  }
  return thread;
}

static int finish(pthread_t **thread) {
  int joined = pthread_join(**thread, NULL) == 0;
  free(*thread);
  *thread = NULL;
  return joined;
}

int begin_lookup(struct lookup *l) {
  l->done = 0;
  l->thread = start(run, l);
  return l->thread != NULL;
}

int wait_for_lookup(struct lookup *l) {
  if (l->thread && finish(&l->thread))
    l->done = 1;
  return l->done;
}

/* ---- given back by a function that nobody knows */

extern void (*give_back)(void *memory);

struct search {
  pthread_t *thread;
  int done;
};

static int finish_unknown(pthread_t **thread) {
  int joined = pthread_join(**thread, NULL) == 0;
  give_back(*thread);
  *thread = NULL;
  return joined;
}

int begin_search(struct search *s) {
  s->done = 0;
  s->thread = start(run, s);
  return s->thread != NULL;
}

int wait_for_search(struct search *s) {
  if (s->thread && finish_unknown(&s->thread))
    s->done = 1;
  return s->done;
}

/* ---- the handle itself is cleared */

struct timer {
  pthread_t thread;
  int runs;
};

static void stop_thread(pthread_t *thread) {
  if (!*thread)
    return;
  pthread_join(*thread, NULL);
  *thread = 0;
}

int start_timer(struct timer *t) {
  t->runs = pthread_create(&t->thread, NULL, run, t) == 0;
  return t->runs;
}

void stop_timer(struct timer *t) {
  stop_thread(&t->thread);
}

void restart_timer(struct timer *t) {
  stop_thread(&t->thread);
  stop_thread(&t->thread);
  t->runs = pthread_create(&t->thread, NULL, run, t) == 0;
}

/* ---- cleared, and nobody joined it */

struct probe {
  pthread_t *thread;
  int done;
};

static void forget(pthread_t **thread) {
  free(*thread);
  *thread = NULL;
}

int begin_probe(struct probe *p) {
  p->done = 0;
  p->thread = start(run, p); // expect: thread-unjoined "nobody joins or detaches it"
  return p->thread != NULL;
}

void end_probe(struct probe *p) {
  forget(&p->thread);
  p->done = 1;
}
