#include "cache.h"
#include <stdio.h>

int main(void) {
  char word[8], host[256];
  for (;;) {
    if (scanf("%7s %255s", word, host) != 2)
      continue;
    if (word[0] == 'f')
      forget(host);
    else
      printf("%u\n", resolve(host));
  }
}
