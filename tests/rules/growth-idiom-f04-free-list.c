/* G-F4, IDIOMS C32: what moves between the list of the used and the list of the free ones grows
 * nothing, and a free list with a cap grows to that cap. `worn` is filled just the same, but what
 * lies on it is never used again: a new one is allocated each time. */
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_SPARE = 100 };

struct peer {
  int socket;
  struct peer *next;
};

struct buffer {
  char bytes[4096];
  struct buffer *next;
};

struct ticket {
  int socket;
  struct ticket *next;
};

static struct peer *used, *unused;
static struct buffer *spare;
static int spare_count;
static struct ticket *worn;

static void peer_open(int socket) {
  struct peer *peer = unused;
  if (peer)
    unused = peer->next;
  else
    peer = malloc(sizeof *peer);
  if (!peer)
    abort();
  peer->socket = socket;
  peer->next = used;
  used = peer;
}

static void peer_close(struct peer **link) {
  struct peer *peer = *link;
  *link = peer->next;
  close(peer->socket);
  peer->next = unused;
  unused = peer;
}

static void buffer_give_back(struct buffer *buffer) {
  if (spare_count >= MOST_SPARE) {
    free(buffer);
    return;
  }
  buffer->next = spare;
  spare = buffer;
  spare_count++;
}

static void ticket_give_back(struct ticket *ticket) {
  ticket->next = worn;
  worn = ticket; // expect: growth-unbounded "'worn'"
}

static void serve(int socket) {
  struct buffer *buffer = malloc(sizeof *buffer);
  struct ticket *ticket = malloc(sizeof *ticket);
  if (!buffer || !ticket)
    abort();
  ticket->socket = socket;
  while (read(ticket->socket, buffer->bytes, sizeof buffer->bytes) > 0)
    continue;
  buffer_give_back(buffer);
  ticket_give_back(ticket);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    peer_open(accept(listener, NULL, NULL));
    serve(used->socket);
    for (struct peer **link = &used; *link;) {
      struct pollfd waiting = {(*link)->socket, POLLHUP, 0};
      if (poll(&waiting, 1, 0) > 0)
        peer_close(link);
      else
        link = &(*link)->next;
    }
  }
}
