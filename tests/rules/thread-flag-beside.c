// A flag beside the handle says whether there is a thread: what helpers and the rounds of a loop
// leave in it decides whether one is joined or created.
// mechanism: thread-flag
// mechanism: memory-join
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct stream {
  pthread_t thread;
  unsigned running;
  int channel;
};

extern void *work(void *stream);
extern int asked(void), channel(void);
static _Noreturn void fatal(void) { exit(1); }

static void begin(struct stream *s) {
  if (pthread_create(&s->thread, NULL, work, s))
    fatal();
  s->running = 1;
}

static void end(struct stream *s) {
  if (pthread_join(s->thread, NULL))
    fatal();
  s->thread = 0; // the handle is cleared: the thread is joined all the same
  s->running = 0;
}

void joined_and_cleared(struct stream *s, char *const *words) {
  for (; *words; words++) {
    if (s->running)
      end(s);
    if (!strcmp(*words, "begin"))
      begin(s);
  }
}

void cleared_under_no_condition(struct stream *s, char *const *words) {
  for (; *words; words++) {
    if (!strcmp(*words, "end"))
      end(s);
    if (!strcmp(*words, "begin"))
      begin(s); // expect: thread-overwritten
  }
}

static void begin_once(struct stream *s) {
  if (s->running)
    fatal();
  s->running = 1;
  if (pthread_create(&s->thread, NULL, work, s))
    fatal();
}

void set_before_the_creation(struct stream *s) {
  while (asked()) {
    if (asked())
      begin_once(s);
    if (asked() && s->running)
      end(s);
  }
}

static void launch(struct stream *s) {
  if (pthread_create(&s->thread, NULL, work, s))
    fatal();
  s->channel = channel();
  if (s->channel < 0)
    fatal();
}

void launched_unless_there(struct stream *s) {
  while (asked())
    if (s->channel < 0)
      launch(s);
}

static void at_hand(struct stream *s) {
  if (s->channel < 0)
    launch(s);
}

void asked_by_several(struct stream *s) {
  while (asked()) {
    if (asked()) {
      at_hand(s);
      continue;
    }
    if (asked()) {
      at_hand(s);
      continue;
    }
  }
}

static void start_again(struct stream *s) {
  if (pthread_create(&s->thread, NULL, work, s))
    fatal();
  s->channel = channel(); // may be below 0: the next round creates another one
}

void launched_again(struct stream *s) {
  while (asked())
    if (s->channel < 0)
      start_again(s); // expect: thread-overwritten
}

void told_once(struct stream *s) {
  while (asked()) {
    if (asked())
      start_again(s); // expect: thread-overwritten
    else if (asked())
      start_again(s);
  }
}
