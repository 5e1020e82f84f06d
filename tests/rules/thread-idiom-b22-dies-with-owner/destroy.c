#include "session.h"
#include <stdlib.h>

void session_free(struct session *session) {
  if (--session->references > 0)
    return;
  pthread_detach(session->thread);
  free(session);
}

void call_free(struct call *call) {
  if (--call->references > 0)
    return;
  free(call);
}
