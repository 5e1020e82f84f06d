/* What is found or else made new: what the new one says is known, for nobody has written it yet. */
// mechanism: blank
// run: --min-confidence possible --only resource-leak
#include <stdlib.h>
#include <string.h>

struct port {
  int flags;
  char name[16];
  struct port *next;
};

static struct port *ports;

static struct port *find(const char *name) {
  for (struct port *port = ports; port; port = port->next)
    if (!strcmp(port->name, name))
      return port;
  return NULL;
}

static struct port *make(const char *name) {
  struct port *port = calloc(1, sizeof *port);
  if (!port)
    return NULL;
  if (!name[0]) {
    free(port);
    return NULL;
  }
  strncpy(port->name, name, sizeof port->name - 1);
  return port;
}

int adds(const char *name, int flags) {
  int created = 0;
  struct port *port = find(name);
  if (!port) {
    port = make(name);
    if (!port)
      return -1;
    created = 1;
  }
  if (port->flags)
    return 0;
  if (created) {
    port->next = ports;
    ports = port;
  }
  port->flags = flags;
  return 0;
}

/* The new one has flags. */
static struct port *make_with(const char *name, int flags) {
  struct port *port = make(name);
  if (port)
    port->flags = flags;
  return port;
}

int adds_with(const char *name, int flags) {
  int created = 0;
  struct port *port = find(name);
  if (!port) {
    port = make_with(name, flags); // note: "opened by 'make_with' here"
    if (!port)
      return -1;
    created = 1;
  }
  if (port->flags)
    return 0; // expect: resource-leak@possible "the memory 'port' is not freed"
  if (created) {
    port->next = ports;
    ports = port;
  }
  return 0;
}
