#include "store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct store *kept;

int store_open_file(const char *path) { // fact: open ret (fd)
  int fd;
  do
    fd = open(path, O_RDONLY);
  while (fd < 0 && path[0] == '~');
  if (fd < 0) {
    perror(path);
    return -1;
  }
  return fd;
}

void store_close_file(int fd) {
  if (fd >= 0)
    close(fd);
}

struct store *store_new(const char *text) { // fact: open ret (memory)
  struct store *store = malloc(sizeof *store);
  if (!store)
    abort();
  store->users = 1;
  store->text = strdup(text);
  return store;
}

struct store *store_ref(struct store *store) {
  store->users++;
  return store;
}

void store_unref(struct store *store) {
  if (!store || --store->users)
    return;
  free(store->text);
  free(store);
}

void store_keep(struct store *store) { kept = store_ref(store); }

unsigned long store_sum(const struct store *store) {
  unsigned long sum = 0;
  for (const char *at = store->text; *at; at++)
    sum += (unsigned char)*at;
  return sum;
}
