/* The lists of <sys/queue.h>: their macros are nothing but stores. An element leaves some of them by
 * its own links, others by the head. */
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
  int socket;
  LIST_ENTRY(client) in_list;
  SLIST_ENTRY(client) in_slist;
  STAILQ_ENTRY(client) in_stailq;
  TAILQ_ENTRY(client) in_tailq;
};

struct visit {
  LIST_ENTRY(visit) in_list;
  SLIST_ENTRY(visit) in_slist;
  STAILQ_ENTRY(visit) in_stailq;
  TAILQ_ENTRY(visit) in_tailq;
};

static LIST_HEAD(, client) list = LIST_HEAD_INITIALIZER(list);
static SLIST_HEAD(, client) slist = SLIST_HEAD_INITIALIZER(slist);
static STAILQ_HEAD(, client) stailq = STAILQ_HEAD_INITIALIZER(stailq);
static TAILQ_HEAD(, client) tailq = TAILQ_HEAD_INITIALIZER(tailq);

static LIST_HEAD(, visit) visits = LIST_HEAD_INITIALIZER(visits);
static SLIST_HEAD(, visit) svisits = SLIST_HEAD_INITIALIZER(svisits);
static STAILQ_HEAD(, visit) stvisits = STAILQ_HEAD_INITIALIZER(stvisits);
static TAILQ_HEAD(, visit) tvisits = TAILQ_HEAD_INITIALIZER(tvisits);

static struct client *client_open(int socket) {
  struct client *client = calloc(1, sizeof *client);
  if (!client)
    abort();
  client->socket = socket;
  LIST_INSERT_HEAD(&list, client, in_list);
  SLIST_INSERT_HEAD(&slist, client, in_slist);
  STAILQ_INSERT_TAIL(&stailq, client, in_stailq);
  TAILQ_INSERT_TAIL(&tailq, client, in_tailq);
  return client;
}

static void client_close(struct client *client) {
  LIST_REMOVE(client, in_list);
  SLIST_REMOVE(&slist, client, client, in_slist);
  STAILQ_REMOVE_HEAD(&stailq, in_stailq);
  TAILQ_REMOVE(&tailq, client, in_tailq);
  close(client->socket);
  free(client);
}

static void visit_note(void) {
  struct visit *visit = calloc(1, sizeof *visit);
  if (!visit)
    abort();
  LIST_INSERT_HEAD(&visits, visit, in_list); // expect: growth-unbounded "'visits"
  SLIST_INSERT_HEAD(&svisits, visit, in_slist); // expect: growth-unbounded "'svisits"
  STAILQ_INSERT_TAIL(&stvisits, visit, in_stailq); // expect: growth-unbounded "'stvisits"
  TAILQ_INSERT_TAIL(&tvisits, visit, in_tailq); // expect: growth-unbounded "'tvisits"
}

int main(void) {
  char byte;
  struct client *client;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    client_open(accept(listener, NULL, NULL));
    visit_note();
    while ((client = STAILQ_FIRST(&stailq)) && recv(client->socket, &byte, 1, MSG_DONTWAIT) == 0)
      client_close(client);
  }
}
