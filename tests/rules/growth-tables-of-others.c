/* growth-unbounded: tables of one kind. What is taken out of one that others fill, by whatever name, is
 * not taken out of this one, though its pointer is kept in a second place, too. */
// mechanism: growth-fed
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct entry {
  long key;
  struct entry *next;
};

struct table {
  struct entry **buckets;
};

enum { BUCKETS = 64, ROOMS = 4 };

struct room {
  struct table *names;
};

struct guest {
  struct room *room;
  int socket;
};

struct walk {
  struct table *table;
  int bucket;
};

static struct {
  struct room rooms[ROOMS];
  struct table *patterns;
} house;

static struct walk walk; // through the patterns

static struct table *table_new(void) {
  struct table *table = calloc(1, sizeof *table);
  if (!table || !(table->buckets = calloc(BUCKETS, sizeof(struct entry *))))
    abort();
  return table;
}

static void table_add(struct table *table, long key) {
  struct entry *entry = calloc(1, sizeof *entry);
  if (!entry)
    abort();
  entry->key = key;
  entry->next = table->buckets[key % BUCKETS];
  table->buckets[key % BUCKETS] = entry;
}

static void table_remove(struct table *table, long key) {
  for (struct entry **at = &table->buckets[key % BUCKETS]; *at; at = &(*at)->next)
    if ((*at)->key == key) {
      struct entry *entry = *at;
      *at = entry->next;
      free(entry);
      return;
    }
}

static int guest_talks(struct guest *guest, long key) {
  table_add(guest->room->names, key);
  table_add(house.patterns, key); // expect: growth-unbounded "'house.patterns'"
  return read(guest->socket, &key, sizeof key) > 0;
}

static void rooms_clean(long key) {
  for (int i = 0; i < ROOMS; i++)
    table_remove(house.rooms[i].names, key);
  walk = (struct walk){house.patterns, 0};
}

static void *talk(void *given) {
  struct guest *guest = given;
  for (long key = 0; guest_talks(guest, key); key++)
    rooms_clean(key - 10);
  close(guest->socket);
  free(guest);
  return NULL;
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (int i = 0; i < ROOMS; i++)
    house.rooms[i].names = table_new();
  house.patterns = table_new();
  for (;;) {
    pthread_t thread;
    struct guest *guest = calloc(1, sizeof *guest);
    if (!guest)
      abort();
    guest->socket = accept(listener, NULL, NULL);
    guest->room = &house.rooms[guest->socket % ROOMS];
    if (pthread_create(&thread, NULL, talk, guest)) // expect: thread-unbounded "detached"
      abort();
    pthread_detach(thread);
  }
}
