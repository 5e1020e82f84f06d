/* A search through all elements, in front of an insertion, is no limit of how many there are. */
// mechanism: growth-walk
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static char **seen;
static size_t seen_count;
static char **recent;
static size_t recent_count;
static int *ports;
static size_t port_count, port_room;

static const char *interned(const char *name) {
  for (size_t i = 0; i < seen_count; i++)
    if (!strcmp(seen[i], name))
      return seen[i];
  char **more = realloc(seen, (seen_count + 1) * sizeof *more);
  if (!more)
    return "";
  seen = more;
  return seen[seen_count++] = strdup(name); // expect: growth-unbounded "'seen' gets one more element each time"
}

/* The same with a limit. */
static const char *remembered(const char *name) {
  for (size_t i = 0; i < recent_count; i++)
    if (!strcmp(recent[i], name))
      return recent[i];
  if (recent_count >= 100)
    return "";
  char **more = realloc(recent, (recent_count + 1) * sizeof *more);
  if (!more)
    return "";
  recent = more;
  return recent[recent_count++] = strdup(name);
}

static void note_port(int port) {
  for (size_t i = 0; i < port_count; i++)
    if (ports[i] == port)
      return;
  if (port_count == port_room) {
    port_room = port_room ? 2 * port_room : 16;
    int *more = realloc(ports, port_room * sizeof *more);
    if (!more)
      abort();
    ports = more;
  }
  ports[port_count++] = port; // expect: growth-unbounded "'ports' gets one more element each time"
}

int main(void) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  char name[65];
  for (;;) {
    ssize_t got = recv(s, name, 64, 0);
    if (got <= 0)
      continue;
    name[got] = 0;
    note_port(interned(name)[0] + remembered(name)[0]);
  }
}
