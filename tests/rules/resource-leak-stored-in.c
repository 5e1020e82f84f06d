/* What a callee stores only in what another argument points to is still its caller's, when that is
 * a variable of the caller. */
// mechanism: stored-in
// mechanism: characters
// mechanism: given-none
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a printf of one's own, with an array of its arguments */

union value {
  int number;
  char *text;
};

struct target {
  char *start, *at, *end;
};

static void put_char(struct target *t, int c) {
  if (t->at == t->end)
    t->at = t->start;
  *(t->at++) = c;
}

static void put_text(struct target *t, const char *text) {
  for (; *text; text++)
    put_char(t, *text);
}

static int find_arguments(const char *format, va_list args, union value *values) {
  int i = 0;
  for (; *format; format++)
    if (*format == 's')
      values[i++].text = va_arg(args, char *);
    else if (*format == 'd')
      values[i++].number = va_arg(args, int);
  return i;
}

static void format_to(struct target *t, const char *format, va_list args) {
  union value values[8];
  int count = find_arguments(format, args, values);
  for (int i = 0; i < count; i++)
    if (*format == 's')
      put_text(t, values[i].text);
    else
      put_char(t, values[i].number);
}

static void say(const char *format, ...) {
  char buffer[80];
  struct target t = {buffer, buffer, buffer + sizeof buffer};
  va_list args;
  va_start(args, format);
  format_to(&t, format, args);
  va_end(args);
}

int describe(const char *path, int verbose) {
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return -1;
  say("sd", path, fd);
  if (verbose)
    return -1; // expect: resource-leak "the descriptor 'fd' is not closed"
  close(fd);
  return 0;
}

int describe_copy(const char *path) {
  char *name = strdup(path);
  say("s", name);
  if (*path == '/')
    return 1; // expect: resource-leak "the memory 'name' is not freed"
  free(name);
  return 0;
}

int describe_right(const char *path) {
  char *name = strdup(path);
  int fd = open(path, O_RDONLY);
  if (fd >= 0) {
    say("sd", name, fd);
    close(fd);
  }
  free(name);
  return 0;
}

/* A byte is no descriptor. */
static char last[8];

static void note_last(int fd) { last[0] = (char)fd; }

int noted(const char *path, int quiet) {
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return -1;
  note_last(fd);
  if (quiet)
    return -1; // expect: resource-leak "the descriptor 'fd' is not closed"
  close(fd);
  return 0;
}

/* ---- a record of the caller's own */

struct reader {
  FILE *file;
  int line;
};

static struct reader *current, spare;

static void begin(struct reader *r, FILE *file) {
  r->file = file;
  r->line = 1;
}

static void begin_again(struct reader *r, FILE *file) { begin(r, file); }

static void begin_elsewhere(struct reader *r, FILE *file) {
  r->file = file;
  spare.file = file;
}

static int next(struct reader *r) { return getc(r->file) + r->line; }

static void end(struct reader *r) { fclose(r->file); }

void read_on(struct reader *r);

int first_of(const char *path) {
  struct reader r;
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  begin_again(&r, file);
  int c = next(&r);
  if (c == '#')
    return 0; // expect: resource-leak "the file 'file' is not closed"
  fclose(r.file);
  return c;
}

int first_of_right(const char *path) {
  struct reader r;
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  begin_again(&r, file);
  int c = next(&r);
  end(&r);
  return c;
}

int first_of_unknown(const char *path) {
  struct reader r;
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  begin(&r, file);
  read_on(&r);
  return r.line;
}

int first_of_current(const char *path) {
  static struct reader r;
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  begin(&r, file);
  current = &r;
  return next(current);
}

int first_of_exposed(const char *path) {
  struct reader r;
  FILE *file = fopen(path, "r");
  current = &r;
  if (!file)
    return -1;
  begin(&r, file);
  read_on(current);
  return r.line;
}

int begin_for_caller(struct reader *r, const char *path) {
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  begin_again(r, file);
  return 0;
}

int begin_any(struct reader *r, const char *path) {
  struct reader own, *at = r ? r : &own;
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  begin(at, file);
  return next(at);
}

int begin_twice(const char *path) {
  struct reader r;
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  begin_elsewhere(&r, file);
  return next(&r);
}

/* ---- in elements of an array, which are given back one by one */

static void put_at(int *fds, int i, int fd) { fds[i] = fd; }

int open_two(const char *a, const char *b) {
  int fds[2], count = 0;
  int fd = open(a, O_RDONLY);
  if (fd >= 0)
    put_at(fds, count++, fd);
  fd = open(b, O_RDONLY);
  if (fd >= 0)
    put_at(fds, count++, fd);
  for (int i = 0; i < count; i++)
    close(fds[i]);
  return count;
}

/* ---- asked for, or only looked at */

struct list {
  char *at[8];
  int count;
};

static void append(struct list *l, char *text) { l->at[l->count++] = text; }

static int parse(const char **at, char **out) {
  if (!**at)
    return 0;
  if (out && !(*out = strdup(*at)))
    return 0;
  (*at)++;
  return 1;
}

int parse_all(const char *text, struct list *out) {
  char *one;
  for (;;) {
    if (!parse(&text, out ? &one : NULL))
      return -1;
    if (out)
      append(out, one);
    if (*text == ']')
      return 0;
    if (*text != ',')
      return -1;
  }
}

int parse_some(const char *text, struct list *out) {
  char *one, **where = &one;
  if (!parse(&text, where))
    return -1;
  if (*text != ',')
    return -1; // expect: resource-leak@likely "the memory 'one' is not freed"
  append(out, one);
  return 0;
}
