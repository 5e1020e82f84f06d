/* The pointers of a union are one: what was stored in one member is tested by another. */
// mechanism: overlaid
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct packed packed;

struct part {
  bool compressed;
  union {
    FILE *plain;
    packed *packed;
    void *any;
  } on;
};

bool part_open(struct part *p, const char *name, const char *mode) {
  int fd = open(name, O_RDWR);
  if (fd == -1)
    return false;
  p->on.plain = NULL;
  if (*mode)
    p->on.plain = fdopen(fd, mode);
  if (p->on.any != NULL)
    return true;
  close(fd);
  return false;
}

/* ---- in a nameless union */

struct stream {
  int kind;
  union {
    void *handle;
    FILE *file;
  };
};

bool stream_open(struct stream *s, const char *name) {
  s->file = fopen(name, "r");
  if (s->handle == NULL)
    return false;
  s->kind = 1;
  return true;
}

int count_lines(const char *name) {
  struct stream s;
  int lines = 0;
  if (!stream_open(&s, name))
    return -1;
  while (!feof(s.file))
    lines += fgetc(s.file) == '\n';
  fclose(s.handle);
  return lines;
}

/* ---- fields of a struct are not */

struct pair {
  FILE *plain;
  void *any;
};

bool pair_open(struct pair *p, const char *name, const char *mode) {
  int fd = open(name, O_RDWR);
  if (fd == -1)
    return false;
  p->plain = NULL;
  if (*mode)
    p->plain = fdopen(fd, mode);
  if (p->any != NULL)
    return true; // expect: resource-leak "'fd' is not closed"
  close(fd);
  return false;
}

/* ---- is called as the code calls it */

struct filter {
  int size;
  union {
    struct part *part;
    char *name;
  } by;
};

int filter_is_known(const char *name);

int filter_read(const char *name, int size) {
  struct filter *f = calloc(1, sizeof *f);
  if (!f)
    return -1;
  f->by.name = strdup(name);
  if (!f->by.name) {
    free(f);
    return -1;
  }
  if (size < 0) {
    free(f); // expect: resource-leak "the memory 'name' is not freed before the memory that it is kept in is freed here"
    return -1;
  }
  f->size = size;
  int read = f->size + filter_is_known(f->by.name);
  free(f->by.name);
  free(f);
  return read;
}
