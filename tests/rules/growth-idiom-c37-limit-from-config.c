/* IDIOMS C37: the most there may be comes from the configuration: a bound like any other. A limit
 * that is read, but compared with nothing, is none; nor is one on how many come at once. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct session {
  int peer;
  struct session *next;
};

static struct {
  size_t sessions_most, sessions_count;
  size_t tokens_most, tokens_count;
  size_t busy_most, busy;
  struct session *sessions, *tokens, *guests;
} server;

static struct session *session_new(int peer) {
  struct session *session = malloc(sizeof *session);
  if (!session)
    abort();
  session->peer = peer;
  return session;
}

static int session_add(int peer) {
  if (server.sessions_count >= server.sessions_most)
    return -1;
  struct session *session = session_new(peer);
  session->next = server.sessions;
  server.sessions = session;
  server.sessions_count++;
  return 0;
}

static void token_add(int peer) {
  struct session *token = session_new(peer);
  token->next = server.tokens;
  server.tokens = token; // expect: growth-unbounded "tokens'"
  server.tokens_count++;
}

static void guest_add(int peer) {
  if (server.busy >= server.busy_most)
    return;
  server.busy++;
  struct session *guest = session_new(peer);
  guest->next = server.guests;
  server.guests = guest; // expect: growth-unbounded "guests'"
  close(peer);
  server.busy--;
}

int main(int count, char **arguments) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (count < 4)
    return 1;
  server.sessions_most = strtoul(arguments[1], NULL, 10);
  server.tokens_most = strtoul(arguments[2], NULL, 10);
  server.busy_most = strtoul(arguments[3], NULL, 10);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    if (session_add(peer) < 0)
      close(peer);
    token_add(peer);
    guest_add(peer);
  }
}
