// One end of a list is told what the other is, and an element of another list of the same record is
// taken out: nothing is moved from the one to the other.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct server {
  struct server *next;
  int flags;
  char domain[64];
};

struct daemon {
  struct server *local, *upstream, *last, *kept;
} state;

static void mark(int flag) {
  state.last = NULL;
  for (struct server *server = state.upstream; server; server = server->next)
    state.last = server;
  for (struct server *server = state.local, **place = &state.local, *next; server; server = next) {
    next = server->next;
    if (server->flags & flag) {
      *place = next;
      free(server);
    } else {
      place = &server->next;
    }
  }
}

static void add(int flags, const char *domain) {
  struct server *server = calloc(1, sizeof *server);
  if (!server)
    return;
  server->flags = flags;
  strncpy(server->domain, domain, sizeof server->domain - 1);
  server->next = state.local;
  state.local = server;
}

// Of this one nobody takes any out.
static void keep(const char *domain) {
  struct server *server = calloc(1, sizeof *server);
  if (!server)
    return;
  strncpy(server->domain, domain, sizeof server->domain - 1);
  server->next = state.kept;
  state.kept = server; // expect: growth-unbounded "'state.kept' gets one more"
}

int main(void) {
  int listener = socket(AF_INET, SOCK_DGRAM, 0);
  char line[64] = "";
  while (recv(listener, line, sizeof line - 1, 0) >= 0) {
    if (line[0] == 'r')
      mark(4);
    add(line[0], line);
    keep(line);
  }
}
