/* growth-unbounded: two rings are joined when two of their links get what the other one held. Nothing
 * is taken out of either by that. */
// mechanism: growth-joins
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

#define RING_JOIN(into, detached)                                                                  \
  do {                                                                                             \
    struct ring *last = (detached)->before;                                                        \
    (into)->before->next = (detached);                                                             \
    (detached)->before->next = (into);                                                             \
    (detached)->before = (into)->before;                                                           \
    (into)->before = last;                                                                         \
  } while (0)

struct job {
  struct ring link;
  int socket;
};

struct hint {
  struct ring link;
  int socket;
};

static struct ring jobs, hints;

static struct job *job_add(int socket) {
  struct job *job = calloc(1, sizeof *job);
  if (!job)
    abort();
  job->socket = socket;
  RING_ADD(&jobs, &job->link);
  return job;
}

static void hint_add(int socket) {
  struct hint *hint = calloc(1, sizeof *hint);
  if (!hint)
    abort();
  hint->socket = socket;
  RING_ADD(&hints, &hint->link); // expect: growth-unbounded "'hints'"
}

static void take_over(struct ring *more_hints, struct ring *more_jobs) {
  RING_JOIN(&hints, more_hints);
  RING_JOIN(&jobs, more_jobs);
}

static void job_end(struct job *job) {
  RING_CUT(&job->link);
  close(job->socket);
  free(job);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  RING_BEGIN(&jobs);
  RING_BEGIN(&hints);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    struct hint *hint = calloc(1, sizeof *hint);
    struct job *job = calloc(1, sizeof *job);
    if (!hint || !job)
      abort();
    RING_BEGIN(&hint->link);
    RING_BEGIN(&job->link);
    take_over(&hint->link, &job->link);
    hint_add(connection);
    job_end(job);
    job_end(job_add(connection));
  }
}
