/* growth-unbounded: lists that are pointed to from one place only. What others take out of a list
 * that they found somewhere concerns one whose pointer was put there, and none of the others. */
// mechanism: growth-kept growth-said
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct node {
  void *value;
  struct node *previous, *next;
};

struct list {
  struct node *head, *tail;
};

struct table {
  void *values[16], *more[16];
};

struct server {
  struct list *names, *waiting, *shared;
  struct table *lists;
};

static struct server server;

static void *zeroed(size_t bytes) {
  void *memory = calloc(1, bytes);
  if (!memory)
    abort();
  return memory;
}

static void list_push(struct list *list, void *value) {
  struct node *node = zeroed(sizeof *node);
  node->value = value;
  node->next = list->head;
  if (list->head)
    list->head->previous = node;
  else
    list->tail = node;
  list->head = node;
}

static void list_remove(struct list *list, struct node *node) {
  if (node->previous)
    node->previous->next = node->next;
  else
    list->head = node->next;
  if (node->next)
    node->next->previous = node->previous;
  else
    list->tail = node->previous;
  free(node);
}

static void table_put(struct table *table, int number, void *value) {
  table->values[number & 15] = value;
}

static void *table_get(struct table *table, int number) {
  return number < 0 ? table->more[-number & 15] : table->values[number & 15];
}

static void drop_of(int number) {
  struct list *list = table_get(server.lists, number);
  if (list && list->head)
    list_remove(list, list->head);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  server.names = zeroed(sizeof *server.names);
  server.waiting = zeroed(sizeof *server.waiting);
  server.shared = zeroed(sizeof *server.shared);
  server.lists = zeroed(sizeof *server.lists);
  table_put(server.lists, 1, server.shared);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    list_push(server.waiting, zeroed(16));
    list_remove(server.waiting, server.waiting->tail);
    list_push(server.shared, zeroed(16));
    list_push(server.names, zeroed(16)); // expect: growth-unbounded@likely "'server.names'"
    drop_of(connection);
    close(connection);
  }
}
