/* What is made in one of two ways is new all the same: nobody else knows it yet. */
// mechanism: opened-memory
// run: --min-confidence info
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct node {
  struct node *next;
};
struct monitor {
  struct node node;
  const char *name;
  int health;
};
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct node list;
static struct node *const all = &list;
const char *get_name(void);

static void *allocate(size_t count, size_t size) {
  void *made = count && size ? calloc(count, size) : malloc(1);
  if (made == NULL)
    abort();
  return made;
}

static void insert(struct node *into, struct node *node) {
  node->next = into->next;
  into->next = node;
}

static void begin(struct node *node) { node->next = NULL; }

static void create(void) {
  struct monitor *monitor = allocate(1, sizeof *monitor);
  monitor->name = get_name();
  monitor->health = -1;
  begin(&monitor->node);
  pthread_mutex_lock(&mutex);
  insert(all, &monitor->node);
  pthread_mutex_unlock(&mutex);
}

static void drop(void) {
  pthread_mutex_lock(&mutex);
  struct node *first = all->next;
  if (first)
    all->next = first->next;
  pthread_mutex_unlock(&mutex);
  free(first);
}

static void rename_first(void) {
  pthread_mutex_lock(&mutex);
  struct monitor *monitor = (struct monitor *)all->next;
  if (monitor) {
    puts(monitor->name);
    monitor->health++;
    monitor->name = get_name();
  }
  pthread_mutex_unlock(&mutex);
}

static void *work(void *unused) {
  for (;;) {
    create();
    rename_first();
    drop();
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  create();
  rename_first();
  drop();
  pthread_join(thread, NULL);
  return 0;
}
