// memset over many is a reset; over one record it says nothing of the list that it is the first of.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct entry {
  struct entry *next;
  unsigned key;
};

static char *packet;
static size_t packet_size;
static struct entry *kept;

static void put(struct entry **table, unsigned size, unsigned key) {
  struct entry *entry = malloc(sizeof *entry);
  if (!entry)
    return;
  entry->key = key;
  entry->next = table[key % size];
  table[key % size] = entry;
}

// The buffer is borrowed for a table.
static void reload(unsigned count) {
  memset(packet, 0, packet_size);
  for (unsigned i = 0; i < count; i++)
    put((struct entry **)packet, packet_size / sizeof(struct entry *), i);
}

static void keep(unsigned key) {
  struct entry *entry = malloc(sizeof *entry);
  if (!entry)
    return;
  if (kept)
    memset(kept, 0, sizeof kept->key);
  entry->key = key;
  entry->next = kept;
  kept = entry; // expect: growth-unbounded "'kept' gets one more"
}

int main(void) {
  int listener = socket(AF_INET, SOCK_DGRAM, 0);
  char line[64] = "";
  packet_size = 4096;
  packet = malloc(packet_size);
  while (packet && recv(listener, line, sizeof line - 1, 0) >= 0) {
    reload((unsigned)strlen(line));
    keep((unsigned)line[0]);
  }
}
