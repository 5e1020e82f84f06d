/* What a function does with an argument that nobody gives it does not happen (apr's `file_dup`). */
// mechanism: unreached
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct file {
  int descriptor;
};

enum { NEW = 1, OLD = 2 };

/* `copy(file, 3)` would lose it. */
static int copy(struct file *to, int from, int how) {
  int descriptor;
  if (how == OLD)
    descriptor = dup2(from, to->descriptor);
  else
    descriptor = dup(from);
  if (descriptor == -1)
    return -1;
  if (how == NEW)
    to->descriptor = descriptor;
  if (how == OLD)
    return 0;
  return 1;
}

int copy_to_new(struct file *to, int from) { return copy(to, from, NEW); }
int copy_to_old(struct file *to, int from) { return copy(to, from, OLD); }

/* Nobody asks for another kind. */
static int copy_by_kind(struct file *to, int from, unsigned char how) {
  char *buffer = malloc(512);
  if (!buffer)
    return -1;
  buffer[0] = (char)from;
  switch (how) {
  case NEW:
    to->descriptor = from;
    break;
  case OLD:
    to->descriptor = -from;
    break;
  default:
    puts("unexpected");
    return -1;
  }
  free(buffer);
  return 0;
}

int copy_kind_new(struct file *to, int from) { return copy_by_kind(to, from, NEW); }
int copy_kind_old(struct file *to, int from) { return copy_by_kind(to, from, OLD); }

static int log_by_kind(const char *path, int how) {
  int log = open(path, O_WRONLY);
  if (log < 0)
    return -1;
  switch (how) {
  case NEW:
    if (write(log, "begin\n", 6) != 6)
      puts("short");
    break;
  default:
    return -1; // expect: resource-leak "'log' is not closed"
  }
  return close(log);
}

int log_kind_new(const char *path) { return log_by_kind(path, NEW); }
int log_kind_old(const char *path) { return log_by_kind(path, OLD); }

/* Of two switches one is always on. */
static int parse(const char *text, int add, int remove_it) {
  char *copied = malloc(64);
  if (!copied)
    return -1;
  copied[0] = *text;
  if (add) {
    free(copied);
    return 1;
  }
  if (remove_it) {
    free(copied);
    return 2;
  }
  return 0;
}

int parse_to_add(const char *text) { return parse(text, 1, 0); }
int parse_to_remove(const char *text) { return parse(text, 0, 1); }

/* ---- who calls says so */

static int log_to(const char *path, int how) {
  int log = open(path, O_WRONLY);
  if (log < 0)
    return -1;
  if (write(log, "begin\n", 6) != 6)
    puts("short");
  if (how == NEW) {
    close(log);
    return 0;
  }
  if (how == OLD)
    return close(log);
  return 1; // expect: resource-leak "'log' is not closed"
}

int log_new(const char *path) { return log_to(path, NEW); }
int log_any(const char *path, int how) { return log_to(path, how); }

static int log_changed(const char *path, int how) {
  int log = open(path, O_WRONLY);
  if (log < 0)
    return -1;
  if (write(log, "begin\n", 6) != 6)
    how = OLD;
  if (how == NEW) {
    close(log);
    return 0;
  }
  return 1; // expect: resource-leak "'log' is not closed"
}

int log_once(const char *path) { return log_changed(path, NEW); }
