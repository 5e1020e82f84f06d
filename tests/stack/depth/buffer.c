// A directory walk of sorts: a buffer a level, which a callee fills.
// cycle: descend
// base: main
// stack: 1024K
#include "level.h"

#include <stdio.h>
#include <string.h>

volatile long *level;

__attribute__((noinline)) static void name_of(char *buffer, size_t size, long number) {
  snprintf(buffer, size, "folder-%ld", number);
}

static int descend(long number) {
  char path[1000];
  name_of(path, sizeof path, number);
  ++*level;
  int below = descend(number + 1);
  name_of(path, sizeof path, below); // it is still needed: no compiler makes a loop of this
  return below + path[0];
}

int main(int count, char **arguments) {
  (void)count;
  level = level_begin(arguments[1]);
  return descend(0);
}
