/* Two buffers of one object get longer with what comes. One of them is made to fit what is in it now
 * and then; the other one keeps all the room that it once had. */
// mechanism: growth-trimmed
// run: --min-confidence possible
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct head {
  size_t length, room;
  char bytes[];
};

static struct head *head_of(char *text) {
  return (struct head *)(text - offsetof(struct head, bytes));
}

static char *text_new(void) {
  struct head *head = calloc(1, sizeof *head + 1);
  if (!head)
    abort();
  return head->bytes;
}

static char *text_resize(char *text, size_t room) {
  struct head *head = realloc(head_of(text), sizeof *head + room + 1);
  if (!head)
    abort();
  head->room = room;
  return head->bytes;
}

static void text_put(char *text, const char *more, size_t length) {
  struct head *head = head_of(text);
  memcpy(head->bytes + head->length, more, length);
  head->length += length;
}

static char *text_append(char *text, const char *more, size_t length) {
  struct head *head = head_of(text);
  if (head->length + length > head->room)
    text = text_resize(text, (head->length + length) * 2);
  text_put(text, more, length);
  return text;
}

static char *text_fit(char *text) { return text_resize(text, head_of(text)->length); }

static void text_clear(char *text) { head_of(text)->length = 0; }

static void text_free(char *text) { free(head_of(text)); }

struct client {
  int socket;
  char *query, *pending;        // the second one keeps its room
};

static void client_read(struct client *client, const char *bytes, size_t length) {
  client->query = text_append(client->query, bytes, length);
  client->pending = text_append(client->pending, bytes, length); // note: gets longer here
}

static void client_clean(struct client *client) {
  client->query = text_fit(client->query); // expect: growth-unbounded "'query' of a 'struct client' is made to fit what is in it here, and 'pending' beside it never is"
  text_clear(client->pending);
}

// ---- each of them

struct peer {
  char *input, *output, *log;
};

static void peer_read(struct peer *peer, const char *bytes, size_t length) {
  peer->input = text_append(peer->input, bytes, length);
  peer->output = text_append(peer->output, bytes, length);
  peer->log = text_append(peer->log, bytes, length);
}

static void peer_clean(struct peer *peer) {
  peer->input = text_fit(peer->input);
  peer->output = text_fit(peer->output);
  text_free(peer->log);
  peer->log = text_new();
}

static void peer_free(struct peer *peer) {
  text_free(peer->input);
  text_free(peer->output);
  text_free(peer->log);
  free(peer);
}

static struct client *client_new(void) {
  struct client *client = calloc(1, sizeof *client);
  if (!client)
    abort();
  client->query = text_new();
  client->pending = text_new();
  return client;
}

static struct peer *peer_new(void) {
  struct peer *peer = calloc(1, sizeof *peer);
  if (!peer)
    abort();
  peer->input = text_new();
  peer->output = text_new();
  peer->log = text_new();
  return peer;
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct client *client = client_new();
  struct peer *peer = peer_new();
  for (;;) {
    char bytes[512];
    int connection = accept(listener, NULL, NULL);
    if (connection < 0)
      break;
    ssize_t length = read(connection, bytes, sizeof bytes);
    if (length > 0) {
      client_read(client, bytes, (size_t)length);
      peer_read(peer, bytes, (size_t)length);
    }
    client_clean(client);
    peer_clean(peer);
    close(connection);
  }
  peer_free(peer);
  text_free(client->query);
  text_free(client->pending);
  free(client);
}
