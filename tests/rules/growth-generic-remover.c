/* One remover and one cursor for all lists of a program: that something is removed from one says
 * nothing of the others, and who walks along a list removes nothing; nor does who inserts behind an
 * element, who moves the last one to the front, or who only counts one less. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct node {
  struct node *prev, *next;
  void *value;
};

struct chain {
  struct node *head, *tail;
  size_t length;
};

struct cursor {
  struct node *next;
};

struct client {
  int socket;
  struct chain replies;
};

static struct chain seen, pending, names;
static size_t seen_count;

void chain_add(struct chain *chain, void *value) {
  struct node *node = calloc(1, sizeof *node);
  if (!node)
    abort();
  node->value = value;
  node->prev = chain->tail;
  if (chain->length)
    chain->tail->next = node;
  else
    chain->head = node;
  chain->tail = node;
  chain->length++;
}

void chain_cut(struct chain *chain, struct node *node) {
  if (node->prev)
    node->prev->next = node->next;
  else
    chain->head = node->next;
  if (node->next)
    node->next->prev = node->prev;
  else
    chain->tail = node->prev;
  free(node);
  chain->length--;
}

void chain_insert_after(struct chain *chain, struct node *before, void *value) {
  struct node *node = calloc(1, sizeof *node);
  if (!node)
    abort();
  node->value = value;
  node->prev = before;
  node->next = before->next;
  if (chain->tail == before)
    chain->tail = node;
  node->prev->next = node;
  if (node->next)
    node->next->prev = node;
  chain->length++;
}

void chain_rotate(struct chain *chain) {
  struct node *last = chain->tail;
  if (chain->length <= 1)
    return;
  chain->tail = last->prev;
  chain->tail->next = NULL;
  chain->head->prev = last;
  last->prev = NULL;
  last->next = chain->head;
  chain->head = last;
}

struct node *cursor_next(struct cursor *cursor) {
  struct node *current = cursor->next;
  if (current)
    cursor->next = current->next;
  return current;
}

void chain_clear(struct chain *chain) { /* nobody calls it */
  while (chain->head)
    chain_cut(chain, chain->head);
}

static int chain_find(const struct chain *chain, const void *value) {
  struct cursor cursor = {chain->head};
  struct node *node;
  while ((node = cursor_next(&cursor)))
    if (node->value == value)
      return 1;
  return 0;
}

static void client_answer(struct client *client) {
  chain_add(&client->replies, client);
  while (client->replies.length > 0) {
    write(client->socket, "+", 1);
    chain_cut(&client->replies, client->replies.head);
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    struct client *client = calloc(1, sizeof *client);
    if (!client)
      return 1;
    client->socket = accept(listener, NULL, NULL);
    chain_add(&seen, client); // expect: growth-unbounded "'seen"
    seen_count++;
    chain_add(&pending, client);
    if (pending.length > 1)
      chain_insert_after(&pending, pending.head, client);
    if (!chain_find(&names, client))
      chain_add(&names, client); // expect-miss: growth-unbounded "'names"
    chain_rotate(&names);
    client_answer(client);
    if (send(client->socket, "-", 1, 0) < 0 && seen_count > 0)
      seen_count--;
    while (pending.length > 0)
      chain_cut(&pending, pending.head);
  }
}
