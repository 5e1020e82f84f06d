/* G-F13, IDIOMS C31: what the requests insert, a thread in another file takes out when its time is
 * over. Of the visitors it only notes that it is. */
#include "sessions.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct session *sessions, *visitors;
pthread_mutex_t sessions_lock = PTHREAD_MUTEX_INITIALIZER;

static struct session *session_new(int peer) {
  struct session *session = calloc(1, sizeof *session);
  if (!session)
    abort();
  session->peer = peer;
  session->until = time(NULL) + 600;
  return session;
}

int main(void) {
  pthread_t sweeper;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (pthread_create(&sweeper, NULL, sweep, NULL))
    return 1;
  pthread_detach(sweeper);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    struct session *session = session_new(peer), *visitor = session_new(peer);
    pthread_mutex_lock(&sessions_lock);
    session->next = sessions;
    sessions = session;
    visitor->next = visitors;
    visitors = visitor; // expect: growth-unbounded "'visitors'"
    pthread_mutex_unlock(&sessions_lock);
    close(peer);
  }
}
