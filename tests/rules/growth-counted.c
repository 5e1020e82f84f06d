/* A tree whose nodes are packed, so that no link between them is to be seen: what is made while a
 * count goes up is told at info. Where an insertion that fails is taken back, nothing is taken out
 * for good; a call that either puts in or takes out does take out. */
// run: --min-confidence info
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct leaf {
  unsigned short size;
  unsigned char bytes[];
};

typedef struct {
  struct leaf *top;
  unsigned long entries;
} Radix;

static Radix *seen, *present, *open_now, *noted;
static struct {
  int level;
} config = {3};

static struct leaf *leaf_new(size_t size) {
  struct leaf *leaf = malloc(sizeof *leaf + size + sizeof(void *));
  if (!leaf)
    abort();
  return leaf;
}

static unsigned long radix_walk(Radix *radix, unsigned long key, struct leaf **found) {
  struct leaf *at = radix->top;
  unsigned long depth = 0;
  while (at && at->size && depth < key) {
    memcpy(&at, at->bytes + at->size, sizeof(void *));
    depth++;
  }
  *found = at;
  return depth;
}

static int radix_cut(Radix *radix, unsigned long key) {
  struct leaf *at, *nothing = NULL;
  if (radix_walk(radix, key, &at) != key)
    return 0;
  memcpy(at->bytes + at->size, &nothing, sizeof(void *));
  radix->entries--;
  return 1;
}

static int radix_add(Radix *radix, unsigned long key) {
  struct leaf *at;
  if (radix_walk(radix, key, &at) == key)
    return 0;
  struct leaf *leaf = leaf_new(sizeof key);
  leaf->size = sizeof key;
  leaf->bytes[0] = (unsigned char)key;
  memcpy(at->bytes + at->size, &leaf, sizeof(void *));
  radix->entries++;
  if (leaf->bytes[0])
    return 1;
  radix_cut(radix, key);
  return 0;
}

static void radix_set(Radix *radix, unsigned long key, int is_in) {
  if (is_in)
    radix_add(radix, key);
  else
    radix_cut(radix, key);
}

static void come(unsigned long number) {
  radix_add(seen, number); // expect: growth-unbounded@info "'seen'"
  radix_add(present, number);
  if (config.level > 2)
    radix_add(noted, number); // expect: growth-unbounded@info "'noted'"
  radix_set(open_now, number, 1);
}

static void leave(unsigned long number) {
  radix_cut(present, number);
  radix_set(open_now, number, 0);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  seen = calloc(1, sizeof *seen);
  present = calloc(1, sizeof *present);
  open_now = calloc(1, sizeof *open_now);
  noted = calloc(1, sizeof *noted);
  for (unsigned long number = 0;; number++) {
    int socket = accept(listener, NULL, NULL);
    come(number);
    leave(number);
    close(socket);
  }
}
