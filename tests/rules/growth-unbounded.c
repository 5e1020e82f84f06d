/* growth-unbounded: a list that every connection makes longer, next to one that loses what is old. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 100 };

struct peer {
  int socket;
  struct peer *next;
};

static struct peer *seen, *latest;
static int latest_count;

static struct peer *peer_new(int socket, struct peer *next) {
  struct peer *peer = calloc(1, sizeof *peer);
  if (!peer)
    abort();
  peer->socket = socket;
  peer->next = next;
  return peer;
}

static void peer_seen(int socket) {
  seen = peer_new(socket, seen); // expect: growth-unbounded@likely "'seen'"
  latest = peer_new(socket, latest);
  if (++latest_count > MOST) {
    struct peer *first = latest;
    latest = first->next;
    free(first);
    latest_count--;
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    peer_seen(connection);
    close(connection);
  }
}
