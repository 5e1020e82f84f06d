/* A field tells which way a function went: only what is not kept in it is given back at the end. */
// mechanism: told-by-field
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

struct leases {
  const char *path, *command;
  FILE *kept;
  int count;
};

int lease_options(void);

bool leases_read(struct leases *l) {
  FILE *from;
  if (lease_options()) {
    from = popen(l->command, "r");
    if (!from)
      return false;
  } else {
    from = l->kept = fopen(l->path, "a+");
    if (!from)
      return false;
  }
  char line[80];
  while (fgets(line, sizeof line, from))
    l->count++;
  if (!l->kept)
    return pclose(from) == 0;
  return true;
}

/* ---- a descriptor that something else is made of on one of the ways */

struct log {
  bool packed;
  FILE *to;
};

bool log_open(struct log *l, const char *name) {
  int fd = open(name, O_WRONLY);
  if (fd == -1)
    return false;
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) != -1)
    l->to = fdopen(fd, "w");
  if (l->to != NULL)
    return true;
  close(fd);
  return false;
}

/* ---- no way sets it before it is asked */

struct cache {
  bool filled;
  const char *path;
  int value;
};

int cache_read(struct cache *c) {
  FILE *from = fopen(c->path, "r");
  if (!from)
    return -1;
  if (c->filled)
    return c->value; // expect: resource-leak "'from' is not closed"
  if (fscanf(from, "%d", &c->value) == 1)
    c->filled = true;
  fclose(from);
  return c->value;
}

/* ---- it was asked before: then it was set for sure */

int cache_update(struct cache *c) {
  if (!c->filled)
    c->filled = lease_options();
  FILE *from = fopen(c->path, "r");
  if (!from)
    return -1;
  if (c->filled)
    return c->value; // expect: resource-leak "'from' is not closed"
  fclose(from);
  return 0;
}
