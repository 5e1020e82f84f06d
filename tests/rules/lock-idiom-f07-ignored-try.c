/* L-F7, L-F14: nobody looks at the outcome of a try. Who goes on as if it had succeeded has to give
 * the lock back, and does nothing wrong by doing so. */
// mechanism: ignored
#include <pthread.h>
#include <stddef.h>

struct session {
  pthread_rwlock_t lock;
  struct session *peer;
  int ended, turns;
};

static int session_hold(struct session *session) {
  if (session->ended)
    return -1;
  return pthread_rwlock_tryrdlock(&session->lock) == 0 ? 0 : -1;
}

int session_peer(struct session *session, struct session **peer) {
  int status = -1;
  if (session->peer) {
    session_hold(session->peer);
    *peer = session->peer;
    status = 0;
  }
  return status;
}

int session_turns(struct session *session) {
  session_hold(session);
  int turns = session->turns;
  pthread_rwlock_unlock(&session->lock);
  return turns;
}

/* The twin does not give it back on one way out. */
int session_turn(struct session *session) {
  session_hold(session);
  if (session->turns > 9)
    return -1; // expect: lock-leak "'session->lock' is still held"
  session->turns++;
  pthread_rwlock_unlock(&session->lock);
  return 0;
}
