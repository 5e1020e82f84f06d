/* Functions behind pointers do with it what all that are ever stored there do. */
#include <stdlib.h>
#include <string.h>

struct kind {
  unsigned (*hash)(const char *);
  int (*same)(const char *, const char *);
  void (*done)(char *);
};

static unsigned first(const char *text) { return (unsigned char)text[0]; }
static unsigned all(const char *text) {
  unsigned sum = 0;
  while (*text)
    sum = sum * 31 + (unsigned char)*text++;
  return sum;
}
static int equal(const char *a, const char *b) { return !strcmp(a, b); }
static char *held;
static void keeps(char *text) { held = text; }
static void frees(char *text) { free(text); }

static const struct kind kinds[] = {{first, equal, keeps}, {all, equal, frees}};

unsigned looks_up(int kind, const char *name, const char *other) {
  char *copy = strdup(name);
  if (!copy)
    return 0;
  unsigned hash = kinds[kind].hash(copy);
  if (kinds[kind].same(copy, other))
    return hash; // expect: resource-leak "the memory 'copy'"
  free(copy);
  return hash + 1;
}

unsigned hands_over(int kind, const char *name) {
  char *copy = strdup(name);
  if (!copy)
    return 0;
  unsigned hash = kinds[kind].hash(copy);
  kinds[kind].done(copy);
  return hash;
}

/* A hook that others set may do anything. */
unsigned asks(unsigned (*hook)(char *), const char *name) {
  char *copy = strdup(name);
  if (!copy)
    return 0;
  return hook(copy);
}
