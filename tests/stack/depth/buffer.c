// A directory walk of sorts: a buffer a level, which a callee fills.
// stack: 1024K
#include "level.h"

#include <stdio.h>
#include <string.h>

volatile long *level;

__attribute__((noinline)) static void name_of(char *buffer, size_t size, long number) {
  snprintf(buffer, size, "folder-%ld", number);
}

struct folder {
  struct folder *inner;
  long number;
};

static int descend(const struct folder *folder) {
  char path[1000];
  if (!folder)
    return 0;
  name_of(path, sizeof path, folder->number);
  ++*level;
  int below = descend(folder->inner);
  name_of(path, sizeof path, below); // it is still needed: no compiler makes a loop of this
  return below + path[0];
}

int main(int count, char **arguments) {
  struct folder folder = {&folder, 1}; // a link to itself
  (void)count;
  level = level_begin(arguments[1]);
  return descend(&folder);
}
