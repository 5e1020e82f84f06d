/* Hashes made of macros: chains whose handle lies in the element (the table is allocated by the first
 * insertion), and a table with open addresses that is generated for a type. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct HashHandle {
  struct HashTable *table;
  struct HashHandle *chain_next, *chain_previous;
  void *element;
} HashHandle;

typedef struct HashTable {
  HashHandle *buckets[64];
  unsigned count;
} HashTable;

#define HASH_PUT(head, field, key, added)                                                          \
  do {                                                                                             \
    if (!(head)) {                                                                                 \
      (added)->field.table = calloc(1, sizeof(HashTable));                                         \
      (head) = (added);                                                                            \
    }                                                                                              \
    (added)->field.table = (head)->field.table;                                                    \
    (added)->field.element = (added);                                                              \
    (added)->field.chain_previous = NULL;                                                          \
    (added)->field.chain_next = (head)->field.table->buckets[(key) % 64];                          \
    if ((added)->field.chain_next)                                                                 \
      (added)->field.chain_next->chain_previous = &(added)->field;                                 \
    (head)->field.table->buckets[(key) % 64] = &(added)->field;                                    \
    (head)->field.table->count++;                                                                  \
  } while (0)

#define HASH_CUT(head, field, key, cut)                                                            \
  do {                                                                                             \
    if ((cut)->field.chain_previous)                                                               \
      (cut)->field.chain_previous->chain_next = (cut)->field.chain_next;                           \
    else                                                                                           \
      (head)->field.table->buckets[(key) % 64] = (cut)->field.chain_next;                          \
    if ((cut)->field.chain_next)                                                                   \
      (cut)->field.chain_next->chain_previous = (cut)->field.chain_previous;                       \
    (head)->field.table->count--;                                                                  \
  } while (0)

#define TABLE_OF(name, type)                                                                       \
  typedef struct {                                                                                 \
    unsigned room, used;                                                                           \
    unsigned *keys;                                                                                \
    type *values;                                                                                  \
  } name##_table;                                                                                  \
  static void name##_put(name##_table *t, unsigned key, type value) {                              \
    if (t->used * 4 >= t->room * 3) {                                                              \
      t->room = t->room ? t->room * 2 : 32;                                                        \
      t->keys = realloc(t->keys, t->room * sizeof *t->keys);                                       \
      t->values = realloc(t->values, t->room * sizeof *t->values);                                 \
    }                                                                                              \
    unsigned at = key % t->room;                                                                   \
    while (t->keys[at])                                                                            \
      at = (at + 1) % t->room;                                                                     \
    t->keys[at] = key;                                                                             \
    t->values[at] = value;                                                                         \
    t->used++;                                                                                     \
  }                                                                                                \
  __attribute__((unused)) static void name##_cut(name##_table *t, unsigned at) {                   \
    t->keys[at] = 0;                                                                               \
    t->used--;                                                                                     \
  }

TABLE_OF(number, long)

struct guest {
  unsigned id;
  HashHandle handle;
};

struct user {
  unsigned id;
  HashHandle handle;
};

static struct guest *present;
static struct user *known;
static number_table ports, hits;

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    unsigned id = (unsigned)accept(listener, NULL, NULL);
    struct guest *guest = calloc(1, sizeof *guest);
    struct user *user = calloc(1, sizeof *user);
    if (!guest || !user)
      abort();
    guest->id = user->id = id;
    HASH_PUT(present, handle, id, guest);
    HASH_PUT(known, handle, id, user); // expect: growth-unbounded "'known"
    number_put(&ports, id, 80);
    number_put(&hits, id, 1); // expect: growth-unbounded "'hits"
    HASH_CUT(present, handle, id, guest);
    if (guest != present)
      free(guest);
    number_cut(&ports, id % ports.room);
    close((int)id);
  }
}
