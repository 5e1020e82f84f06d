/* IDIOMS B22: the thread is detached when the object that owns it dies. */
#include "session.h"
#include <stdlib.h>

void *talk(void *given) { return given; }

struct session *session_new(void) {
  struct session *session = calloc(1, sizeof *session);
  if (session && pthread_create(&session->thread, NULL, talk, session)) {
    free(session);
    return NULL;
  }
  return session;
}

struct call *call_new(void) {
  struct call *call = calloc(1, sizeof *call);
  if (call && pthread_create(&call->thread, NULL, talk, call)) { // expect: thread-unjoined "nobody"
    free(call);
    return NULL;
  }
  return call;
}
