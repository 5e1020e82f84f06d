#include "tables.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KINDS = 3, MOST = 128 };

struct client {
  struct entry entry;
  int socket;
};

static struct {
  Chain *clients, *seen, *slow;
  Dict *by_socket, *scripts;
} server;
static Chain *jobs[KINDS], *traces[KINDS];
static Map live, interned;

static struct client *client_new(int socket) {
  struct client *client = calloc(1, sizeof *client);
  if (!client)
    abort();
  client->socket = socket;
  client->entry.hash = (unsigned)socket;
  return client;
}

static void client_begin(struct client *client) {
  chain_add(server.clients, client);
  chain_add(server.seen, client); // expect: growth-unbounded "seen'"
  chain_add(server.slow, client);
  while (chain_length(server.slow) > MOST)
    chain_cut(server.slow, chain_first(server.slow));
  chain_add(jobs[client->socket % KINDS], client);
  chain_add(traces[client->socket % KINDS], client); // expect: growth-unbounded "'traces"
  dict_add(server.by_socket, client);
  dict_add(server.scripts, client); // expect: growth-unbounded "scripts'"
  map_add(&live, &client->entry);
  map_add(&interned, &client_new(client->socket)->entry); // expect: growth-unbounded "'interned'"
}

static void client_end(struct client *client) {
  Chain *own = jobs[client->socket % KINDS];
  chain_cut(server.clients, chain_first(server.clients));
  chain_cut(own, chain_first(own));
  dict_cut(server.by_socket, client);
  map_cut(&live, client->entry.hash);
  close(client->socket);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  server.clients = chain_new();
  server.seen = chain_new();
  server.slow = chain_new();
  server.by_socket = dict_new();
  server.scripts = dict_new();
  for (int i = 0; i < KINDS; i++) {
    jobs[i] = chain_new();
    traces[i] = chain_new();
  }
  for (;;) {
    struct client *client = client_new(accept(listener, NULL, NULL));
    client_begin(client);
    client_end(client);
  }
}
