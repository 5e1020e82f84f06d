/* session.c - see session.h. */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t sessions_lock = PTHREAD_MUTEX_INITIALIZER;
static struct session *sessions;

struct session *session_open(int socket) {
  struct session *session = calloc(1, sizeof *session);
  if (!session)
    return NULL;
  session->socket = socket;
  pthread_mutex_init(&session->lock, NULL);
  pthread_mutex_lock(&sessions_lock);
  session->next = sessions;
  sessions = session;
  pthread_mutex_unlock(&sessions_lock);
  return session;
}

void session_close(struct session *session) {
  pthread_mutex_lock(&sessions_lock);
  for (struct session **link = &sessions; *link; link = &(*link)->next) {
    if (*link == session) {
      *link = session->next;
      break;
    }
  }
  pthread_mutex_unlock(&sessions_lock);
  close(session->socket);
  pthread_mutex_destroy(&session->lock);
  free(session);
}

/* Correct: held exactly when it returns true. */
bool session_enter(struct session *session) {
  pthread_mutex_lock(&session->lock);
  if (session->closing) {
    pthread_mutex_unlock(&session->lock);
    return false;
  }
  return true;
}

void session_leave(struct session *session) { pthread_mutex_unlock(&session->lock); }

/* Planted: a failed write leaves the session locked. The lock was taken in session_enter. */
int session_send(struct session *session, const char *text) {
  size_t length = strlen(text);
  if (!session_enter(session))
    return -EPIPE;
  ssize_t written = write(session->socket, text, length);
  if (written < 0)
    return -errno;
  session->sent += (unsigned long)written;
  session_leave(session);
  return (size_t)written == length ? 0 : -EAGAIN;
}

/* Its correct twin, with a second lock around the loop. */
int session_send_all(const char *text) {
  int failed = 0;
  pthread_mutex_lock(&sessions_lock);
  for (struct session *session = sessions; session; session = session->next) {
    if (!session_enter(session))
      continue;
    ssize_t written = write(session->socket, text, strlen(text));
    if (written < 0)
      failed++;
    else
      session->sent += (unsigned long)written;
    session_leave(session);
  }
  pthread_mutex_unlock(&sessions_lock);
  return failed;
}

unsigned session_count(void) {
  unsigned count = 0;
  pthread_mutex_lock(&sessions_lock);
  for (const struct session *session = sessions; session; session = session->next)
    count++;
  pthread_mutex_unlock(&sessions_lock);
  return count;
}
