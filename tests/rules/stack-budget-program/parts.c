#include "parts.h"

void fill(void *to) {
  char buffer[200000]; // note: "'fill' takes"
  use(buffer);
  use(to);
}

void whole_file(void) {
  char text[2000000]; // note: "'text' has 2,000,000 of them"
  use(text);
}

int compare(const void *a, const void *b) {
  char both[150000];
  use(both);
  return a < b;
}
