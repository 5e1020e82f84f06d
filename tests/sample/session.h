/* session.h - one connection: its socket, its buffer, and who is looking at it. */
#ifndef SESSION_H
#define SESSION_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct session {
  pthread_mutex_t lock;
  int socket;
  bool closing;
  unsigned long sent;
  struct session *next;
};

struct session *session_open(int socket);
void session_close(struct session *session);

/* With the session's lock held when true. */
bool session_enter(struct session *session);
void session_leave(struct session *session);

int session_send(struct session *session, const char *text);
int session_send_all(const char *text);
unsigned session_count(void);

#endif
