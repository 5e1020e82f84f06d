#include "store.h"

#include <stdio.h>
#include <unistd.h>

/* Wrappers in another file open and close; nobody had to be told. */
static int first_byte(const char *path) {
  int fd = store_open_file(path); // note: "opened by 'store_open_file' here"
  if (fd < 0)
    return -1;
  unsigned char byte;
  if (read(fd, &byte, 1) != 1)
    return -1; // expect: resource-leak "the descriptor 'fd'"
  store_close_file(fd);
  return byte;
}

static int first_byte_right(const char *path) {
  int fd = store_open_file(path), result = -1;
  unsigned char byte;
  if (fd >= 0 && read(fd, &byte, 1) == 1)
    result = byte;
  store_close_file(fd);
  return result;
}

static unsigned long sum_of(const char *text) {
  struct store *store = store_new(text);
  unsigned long sum = store_sum(store);
  if (sum > 1000)
    return 1000; // expect: resource-leak "the memory 'store'"
  store_unref(store);
  return sum;
}

static unsigned long sum_and_keep(const char *text) {
  struct store *store = store_new(text);
  unsigned long sum = store_sum(store);
  if (sum > 1000)
    store_keep(store);
  else
    store_unref(store);
  return sum;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    printf("%d %d %lu %lu\n", first_byte(argv[i]), first_byte_right(argv[i]), sum_of(argv[i]),
           sum_and_keep(argv[i]));
  return 0;
}
