/* growth-unbounded: what functions do to lists that they have just made says nothing of a list that
 * lives as long as the process, nor does what ends a list: it is of the same kind, and another. */
// mechanism: growth-new
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct node {
  void *value;
  struct node *next;
};

struct list {
  struct node *head;
};

struct server {
  struct list *names, *waiting, *first; // the first is the one of the names, too
};

static struct server server;

static void *zeroed(size_t bytes) {
  void *memory = calloc(1, bytes);
  if (!memory)
    abort();
  return memory;
}

static struct list *list_new(void) {
  struct list *list = zeroed(sizeof *list);
  return list;
}

static void list_push(struct list *list, void *value) {
  struct node *node = zeroed(sizeof *node);
  node->value = value;
  node->next = list->head;
  list->head = node;
}

static void *list_pop(struct list *list) {
  struct node *node = list->head;
  void *value = NULL;
  if (node) {
    value = node->value;
    list->head = node->next;
    free(node);
  }
  return value;
}

static void list_end(void *memory) {
  struct list *list = memory;
  while (list->head)
    list_pop(list);
  free(list);
}

static void (*end)(void *) = list_end;

/* In the other order. */
static struct list *turn(int *first, int count) {
  struct list *turned = list_new();
  for (int i = 0; i < count; i++)
    list_push(turned, &first[i]);
  for (int i = 0; i < count; i++)
    first[i] = *(int *)list_pop(turned);
  return turned;
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  server.names = list_new();
  server.waiting = list_new();
  server.first = server.names;
  for (;;) {
    int connection = accept(listener, NULL, NULL), numbers[2] = {0};
    if (read(connection, numbers, sizeof numbers) == sizeof numbers)
      end(turn(numbers, 2));
    list_push(server.waiting, zeroed(16));
    free(list_pop(server.waiting));
    list_push(server.names, zeroed(16)); // expect: growth-unbounded@likely "'server.names'"
    close(connection);
  }
}
