#include "job.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct link jobs = {&jobs, &jobs};
static struct link all_jobs = {&all_jobs, &all_jobs};

static void job_start(int socket) {
  struct job *job = malloc(sizeof *job);
  if (!job)
    abort();
  job->socket = socket;
  link_after(&job->node, &jobs);
  link_after(&job->seen, &all_jobs); // expect: growth-unbounded "'all_jobs'"
}

static void jobs_serve(void) {
  char byte;
  for (struct link *at = jobs.next, *next; at != &jobs; at = next) {
    struct job *job = container_of(at, struct job, node);
    next = at->next;
    if (recv(job->socket, &byte, 1, MSG_DONTWAIT) == 0)
      job_done(job);
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    job_start(accept(listener, NULL, NULL));
    jobs_serve();
  }
}
