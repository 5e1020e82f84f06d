/* A crawler that never comes to an end remembers each address that it has seen; how far it still has
 * to go is bounded, and what waits is taken from the queue. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUCKETS = 4096, MOST_WAITING = 10000 };

struct page {
  char *address;
  struct page *next;
};

static struct page *visited[BUCKETS];
static struct page *waiting, **waiting_end = &waiting;
static int waiting_count;

static unsigned hash_of(const char *text) {
  unsigned hash = 0;
  while (*text)
    hash = hash * 31 + (unsigned char)*text++;
  return hash % BUCKETS;
}

static struct page *page_new(const char *address) {
  struct page *page = calloc(1, sizeof *page);
  if (!page)
    abort();
  page->address = strdup(address);
  return page;
}

static int visit(const char *address) {
  struct page **bucket = &visited[hash_of(address)];
  for (struct page *page = *bucket; page; page = page->next)
    if (strcmp(page->address, address) == 0)
      return 0;
  struct page *page = page_new(address);
  page->next = *bucket;
  *bucket = page; // expect: growth-unbounded "'visited"
  return 1;
}

static void enqueue(const char *address) {
  if (waiting_count > MOST_WAITING)
    return;
  *waiting_end = page_new(address);
  waiting_end = &(*waiting_end)->next;
  waiting_count++;
}

static struct page *dequeue(void) {
  struct page *first = waiting;
  if (!first)
    return NULL;
  waiting = first->next;
  if (!waiting)
    waiting_end = &waiting;
  waiting_count--;
  return first;
}

static void fetch(const char *address) {
  char link[200];
  int server = socket(AF_INET, SOCK_STREAM, 0);
  write(server, address, strlen(address));
  while (recv(server, link, sizeof link, 0) > 0) {
    link[sizeof link - 1] = '\0';
    if (visit(link))
      enqueue(link);
  }
  close(server);
}

int main(int count, char **arguments) {
  struct page *page;
  for (int i = 1; i < count; i++)
    enqueue(arguments[i]);
  while ((page = dequeue())) {
    fetch(page->address);
    free(page->address);
    free(page);
  }
  return 0;
}
