/* Sessions leave `live` when they end, and are kept in `history` for good: what moves from list to
 * list grows the one that nothing leaves. */
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct session {
  int peer;
  time_t ended;
  struct session *next;
};

static struct session *live, *history;

static void session_begin(int peer) {
  struct session *session = calloc(1, sizeof *session);
  if (!session)
    abort();
  session->peer = peer;
  session->next = live;
  live = session;
}

static void session_end(struct session *session) {
  struct session **link = &live;
  while (*link != session)
    link = &(*link)->next;
  *link = session->next;
  close(session->peer);
  session->ended = time(NULL);
  session->next = history;
  history = session; // expect: growth-unbounded "'history'"
}

static void sessions_serve(void) {
  char byte;
  for (struct session *at = live, *next; at; at = next) {
    next = at->next;
    if (recv(at->peer, &byte, 1, MSG_DONTWAIT) == 0)
      session_end(at);
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    session_begin(accept(listener, NULL, NULL));
    sessions_serve();
  }
}
