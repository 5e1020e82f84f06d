#include "cache.h"
#include <string.h>

void forget(const char *host) {
  struct answer **link = &forgiving[bucket_of(host)];
  while (*link && strcmp((*link)->host, host) != 0)
    link = &(*link)->next;
  struct answer *answer = *link;
  if (answer) {
    *link = answer->next;
    answer_free(answer);
  }
}
