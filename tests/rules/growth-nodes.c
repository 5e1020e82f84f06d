/* growth-unbounded: trees of a library whose nodes are members of the elements. Who takes a node out
 * does not say of which tree: its member tells. */
// mechanism: growth-nodes
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct eb_root {
  void *b[2];
};

struct eb32_node {
  void *branches[2], *parents[2];
  unsigned key;
};

struct eb32_node *eb32_insert(struct eb_root *root, struct eb32_node *node);
void eb32_delete(struct eb32_node *node);

struct peer {
  int socket;
  struct eb32_node by_socket, by_age;
};

enum { SOCKETS = 1024 };

static struct eb_root open_peers, old_peers;
static struct peer *by_socket[SOCKETS];

static void peer_begin(int socket, unsigned now) {
  struct peer *peer = calloc(1, sizeof *peer);
  if (!peer || socket < 0 || socket >= SOCKETS)
    abort();
  by_socket[socket] = peer;
  peer->socket = socket;
  peer->by_socket.key = (unsigned)socket;
  peer->by_age.key = now;
  eb32_insert(&open_peers, &peer->by_socket);
  eb32_insert(&old_peers, &peer->by_age); // expect: growth-unbounded "'old_peers'"
}

static void peer_end(int socket) {
  struct peer *peer = by_socket[socket];
  eb32_delete(&peer->by_socket);
  close(peer->socket);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (unsigned now = 0;; now++) {
    int connection = accept(listener, NULL, NULL);
    peer_begin(connection, now);
    peer_end(connection);
  }
}
