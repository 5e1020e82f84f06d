#include "sessions.h"
#include <stdlib.h>
#include <unistd.h>

static void sessions_expire(time_t now) {
  for (struct session **link = &sessions; *link;) {
    struct session *session = *link;
    if (session->until < now) {
      *link = session->next;
      free(session);
    } else {
      link = &session->next;
    }
  }
}

static void visitors_expire(time_t now) {
  for (struct session *visitor = visitors; visitor; visitor = visitor->next)
    if (visitor->until < now)
      visitor->expired = true;
}

void *sweep(void *given) {
  for (;;) {
    sleep(10);
    pthread_mutex_lock(&sessions_lock);
    sessions_expire(time(NULL));
    visitors_expire(time(NULL));
    pthread_mutex_unlock(&sessions_lock);
  }
  return given;
}
