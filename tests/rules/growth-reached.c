/* pop(): the element that is taken out is reached by way of the list, and made to point to itself. */
// mechanism: growth-reached
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct list {
  struct list *next, *prev;
};
struct counted_list {
  struct list head;
  int count;
};
struct session {
  struct list node;
  int connection;
};
struct server {
  struct counted_list waiting, log;
};

static struct server *server;

static int is_empty(const struct list *list) { return list->next == list; }

static void append(struct list *list, struct list *node) {
  node->next = list;
  node->prev = list->prev;
  list->prev->next = node;
  list->prev = node;
}

static struct list *take(struct list *node) {
  node->prev->next = node->next;
  node->next->prev = node->prev;
  node->next = node->prev = node;
  return node;
}

static struct list *pop(struct list *list) {
  if (is_empty(list))
    return NULL;
  return take(list->next);
}

static void counted_append(struct counted_list *list, struct list *node) {
  append(&list->head, node);
  list->count++;
}

static struct list *counted_pop(struct counted_list *list) {
  struct list *node = pop(&list->head);
  if (node)
    list->count--;
  return node;
}

static struct session *made(int connection) {
  struct session *session = calloc(1, sizeof *session);
  if (!session)
    abort();
  session->connection = connection;
  return session;
}

static void queue(struct server *to, int connection) {
  counted_append(&to->waiting, &made(connection)->node);
}

static void work(struct server *from) {
  struct session *session = (struct session *)counted_pop(&from->waiting);
  if (session) {
    close(session->connection);
    free(session);
  }
}

/* Nobody takes these out. */
static void remember(struct server *to, int connection) {
  counted_append(&to->log, &made(connection)->node); // expect: growth-unbounded "nothing takes any out"
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  server = calloc(1, sizeof *server);
  if (!server)
    return 1;
  server->waiting.head.next = server->waiting.head.prev = &server->waiting.head;
  server->log.head.next = server->log.head.prev = &server->log.head;
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    queue(server, connection);
    remember(server, connection);
    work(server);
  }
}
