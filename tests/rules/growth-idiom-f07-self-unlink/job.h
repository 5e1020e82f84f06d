#ifndef JOB_H
#define JOB_H

#include <stddef.h>

struct link {
  struct link *next, *previous;
};

#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

static inline void link_after(struct link *link, struct link *head) {
  link->next = head->next;
  link->previous = head;
  head->next->previous = link;
  head->next = link;
}

static inline void link_cut(struct link *link) {
  link->previous->next = link->next;
  link->next->previous = link->previous;
}

struct job {
  int socket;
  struct link node; /* in jobs, until it is done */
  struct link seen; /* in all_jobs, for good */
};

void job_done(struct job *job);

#endif
