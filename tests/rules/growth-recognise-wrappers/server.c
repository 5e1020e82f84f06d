#include "list.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct session {
  int peer;
};

struct server {
  List sessions, idle;
  Vector *errors, *work;
};

static struct server *server;
static Vector names;

static void session_remember(struct server *s, struct session *session) {
  list_push(&s->sessions, session); // expect: growth-unbounded "sessions'"
}

static void session_rest(struct server *s, struct session *session) {
  list_push(&s->idle, session);
}

static struct session *session_awake(void) { return list_pop(&server->idle); }

static void serve(int peer) {
  struct session *session = session_awake();
  if (!session)
    session = calloc(1, sizeof *session);
  if (!session)
    abort();
  session->peer = peer;
  session_remember(server, session);
  if (send(peer, "+", 1, 0) < 0)
    vector_add(server->errors, session); // expect: growth-unbounded "errors'"
  vector_add(server->work, session);
  vector_add(&names, session); // expect: growth-unbounded "'names"
  vector_take_last(server->work);
  session_rest(server, session);
  close(peer);
}

int main(void) {
  List round = {NULL, 0};
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  server = calloc(1, sizeof *server);
  if (!server)
    return 1;
  server->errors = vector_new();
  server->work = vector_new();
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    list_push(&round, server);
    serve(peer);
    list_pop(&round);
  }
}
