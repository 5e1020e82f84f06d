/* Lists in a record for each thread: they begin by the record's own name, and are used through a
 * pointer to the thread's. Elements are taken out by who knows only them: that is of any list that the
 * same member links. A pointer that only leads to variables replaces nothing; one that is given new
 * records takes the old ones' lists along. */
// run: --min-confidence info
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct ring {
  struct ring *next, *before;
};

#define RING_BEGIN(ring) ((ring)->next = (ring)->before = (ring))
#define RING_ADD(ring, element)                                                                    \
  ((element)->next = (ring)->next, (element)->before = (ring), (ring)->next->before = (element),   \
   (ring)->next = (element))
#define RING_CUT(element)                                                                          \
  ((element)->before->next = (element)->next, (element)->next->before = (element)->before)

struct job {
  struct ring by_age, by_name, by_end, by_turn;
  int socket;
};

enum { THREADS = 8 };

static struct context {
  struct ring running, named, ended;
} contexts[THREADS];

static struct context *here; // one of those
static struct context *now;  // one after the other

static void contexts_begin(void) {
  for (int i = 0; i < THREADS; i++) {
    RING_BEGIN(&contexts[i].running);
    RING_BEGIN(&contexts[i].named);
    RING_BEGIN(&contexts[i].ended);
  }
}

static void choose(unsigned number) {
  here = &contexts[number % THREADS];
}

static void turn(void) {
  now = malloc(sizeof *now);
  if (!now)
    abort();
  RING_BEGIN(&now->ended);
}

static struct job *begin(int socket) {
  struct job *job = calloc(1, sizeof *job);
  if (!job)
    abort();
  job->socket = socket;
  RING_ADD(&here->running, &job->by_age);
  RING_ADD(&here->named, &job->by_name);
  RING_ADD(&here->ended, &job->by_end); // expect: growth-unbounded "'here->ended'"
  RING_ADD(&now->ended, &job->by_turn); // expect: growth-unbounded@info "'now->ended'"
  return job;
}

static void end(struct job *job) {
  RING_CUT(&job->by_age);
  RING_CUT(&job->by_name);
  close(job->socket);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  contexts_begin();
  for (unsigned number = 0;; number++) {
    choose(number);
    turn();
    end(begin(accept(listener, NULL, NULL)));
  }
}
