/* That nothing removes is only said of what was read to the end: when the container, or an element, is
 * handed to a function whose source is not here, that one may do it. */
// run: --min-confidence possible
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
  int socket;
  struct client *next;
};

void clients_trim(struct client **first);
void client_watch(struct client *client);
int peer_is_welcome(int socket);

static struct client *trimmed_elsewhere, *watched, *kept;

static struct client *client_new(int socket) {
  struct client *client = calloc(1, sizeof *client);
  if (!client)
    abort();
  client->socket = socket;
  return client;
}

static void add(int socket) {
  struct client *client = client_new(socket);
  client->next = trimmed_elsewhere;
  trimmed_elsewhere = client; // expect: growth-unbounded@possible "'trimmed_elsewhere'"
  clients_trim(&trimmed_elsewhere);
}

static void add_watched(int socket) {
  struct client *client = client_new(socket);
  client->next = watched;
  watched = client; // expect: growth-unbounded@possible "'watched'"
  client_watch(client);
}

static void add_kept(int socket) {
  struct client *client = client_new(socket);
  client->next = kept;
  kept = client; // expect: growth-unbounded@likely "'kept'"
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int socket = accept(listener, NULL, NULL);
    if (!peer_is_welcome(socket))
      continue;
    add(socket);
    add_watched(socket);
    add_kept(socket);
  }
}
