#ifndef SESSIONS_H
#define SESSIONS_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

struct session {
  int peer;
  time_t until;
  bool expired;
  struct session *next;
};

extern struct session *sessions, *visitors;
extern pthread_mutex_t sessions_lock;

void *sweep(void *given);

#endif
