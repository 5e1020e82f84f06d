/* Filled once, though the code that does it can be reached any number of times: by the one who finds
 * it empty, by each thread of a few when it begins, or while it is still nobody else's. `marked` is
 * walked by an invalidation that removes nothing. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WORKERS = 4 };

struct item {
  const char *name;
  bool valid;
  struct item *next;
};

static const char *const sections[] = {"server", "clients", "memory", NULL};
static struct item *defaults, *loggers, *published, *marked;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int listener;

static struct item *item_put(struct item **head, const char *name) {
  struct item *item = calloc(1, sizeof *item);
  if (!item)
    abort();
  item->name = name;
  item->next = *head;
  *head = item;
  return item;
}

static void items_free(struct item *item) {
  while (item) {
    struct item *next = item->next;
    free(item);
    item = next;
  }
}

static struct item *defaults_get(void) {
  if (defaults)
    return defaults;
  for (const char *const *name = sections; *name; name++)
    item_put(&defaults, *name);
  return defaults;
}

static void published_rebuild(const char *text) {
  struct item *fresh = NULL, *old = published;
  for (; *text; text++)
    item_put(&fresh, text);
  published = fresh;
  items_free(old);
}

static void marked_invalidate(void) {
  for (struct item *item = marked; item; item = item->next)
    item->valid = false;
}

static void *work(void *given) {
  char text[64] = "";
  pthread_mutex_lock(&lock);
  item_put(&loggers, "worker");
  pthread_mutex_unlock(&lock);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    if (read(peer, text, sizeof text - 1) > 0) {
      pthread_mutex_lock(&lock);
      published_rebuild(defaults_get()->name);
      item_put(&marked, strdup(text)); // expect: growth-unbounded "'marked'"
      marked_invalidate();
      pthread_mutex_unlock(&lock);
    }
    close(peer);
  }
  return given;
}

int main(void) {
  pthread_t workers[WORKERS];
  listener = socket(AF_INET, SOCK_STREAM, 0);
  for (int i = 0; i < WORKERS; i++)
    if (pthread_create(&workers[i], NULL, work, NULL))
      return 1;
  for (int i = 0; i < WORKERS; i++)
    pthread_join(workers[i], NULL);
  return 0;
}
