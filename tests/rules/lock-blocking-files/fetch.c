/* Whoever calls this waits for a name server. */
#include "cache.h"

#include <netdb.h>
#include <stddef.h>

static struct hostent *look_up(const char *host) {
  return gethostbyname(host); // note: "it waits here"
}

int fetch_length(const char *host) {
  struct hostent *found = look_up(host); // note: "'look_up' is called here"
  return found ? found->h_length : -1;
}
