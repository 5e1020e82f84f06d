/* Given back by who is given the variable, or the object that holds it. */
// mechanism: targets
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int checks(const char *text) { return text[0] - text[1]; }

static void free_text(char **text) { free(*text); }
#define auto_text __attribute__((cleanup(free_text)))

int by_attribute(const char *name) {
  auto_text char *copy = strdup(name);
  if (!copy)
    return -1;
  if (checks(copy))
    return 1;
  return 0;
}

#define free_and_clear(pointer)                                                                     \
  do {                                                                                             \
    __typeof__(pointer) *cleared = &(pointer);                                                     \
    free(*cleared);                                                                                \
    *cleared = NULL;                                                                               \
  } while (0)

int by_macro(const char *name) {
  char *copy = strdup(name);
  if (!copy)
    return -1;
  int result = checks(copy);
  if (result < 0)
    goto done;
  result = 1;
done:
  free_and_clear(copy);
  return result;
}

int by_macro_wrong(const char *name) {
  char *copy = strdup(name);
  if (!copy)
    return -1;
  int result = checks(copy);
  if (result < 0)
    return -2; // expect: resource-leak "the memory 'copy'"
  free_and_clear(copy);
  return result;
}

/* The object owns it. */
struct session {
  int fd;
  char *name;
};

static void session_clear(struct session *s) {
  if (s->fd >= 0)
    close(s->fd);
  free(s->name);
}

int by_owner(const char *path) {
  struct session session = {.fd = open(path, O_RDONLY), .name = strdup(path)};
  int result = session.fd >= 0 && session.name ? checks(session.name) : -1;
  session_clear(&session);
  return result;
}

int by_owner_wrong(const char *path) {
  struct session session = {.fd = open(path, O_RDONLY), .name = NULL};
  if (session.fd < 0)
    return -1;
  char byte;
  if (read(session.fd, &byte, 1) != 1)
    return -1; // expect: resource-leak "the descriptor 'session.fd'"
  session_clear(&session);
  return 0;
}

/* Handed over together with others. */
static void free_all(int count, ...) {
  va_list all;
  va_start(all, count);
  while (count--)
    free(va_arg(all, void *));
  va_end(all);
}

int by_list(const char *name) {
  char *copy = strdup(name);
  int result = copy ? checks(copy) : -1;
  free_all(1, copy);
  return result;
}
