/* What loops do: element by element, until one is found, or again and again. */
// run: --min-confidence possible
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct entry {
  int number;
  struct entry *next;
};
static struct entry *table[8];

static int serve(int fd, const char *byte) { return (int)send(fd, byte, 1, 0); }

/* A server's loop closes what it accepts. */
void serves(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
      continue;
    serve(fd, "x");
    close(fd);
  }
}

int serves_until(int listener, int limit) {
  while (limit--) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC); // expect: resource-leak "the last name of the descriptor 'fd' is overwritten here"
    if (fd < 0)
      continue;
    if (serve(fd, "x") < 0)
      continue;
    close(fd);
  }
  return 0;
}

/* All of one block are kept, one after the other; without any there is nothing to keep. */
void keeps_each(int count) {
  struct entry *entries = malloc(sizeof *entries * (size_t)count);
  if (!entries)
    return;
  for (int i = 0; i < count; i++) {
    entries[i].number = i;
    entries[i].next = table[i & 7];
    table[i & 7] = &entries[i];
  }
} // expect: resource-leak@possible "the memory 'entries'"

/* Free names are tried until one can be made. */
int makes_name(const char *base) {
  for (int i = 0; i < 10; i++) {
    char *name;
    if (asprintf(&name, "%s.%d", base, i) < 0)
      return -1;
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    free(name);
    if (fd >= 0)
      return fd;
  }
  return -1;
}

/* The old one goes before the new one comes. */
int last_of(char *const *names, int count) {
  char *last = NULL;
  for (int i = 0; i < count; i++) {
    free(last);
    last = strdup(names[i]);
  }
  int length = last ? (int)strlen(last) : 0;
  free(last);
  return length;
}

int last_of_wrong(char *const *names, int count) {
  char *last = NULL;
  for (int i = 0; i < count; i++)
    last = strdup(names[i]); // expect: resource-leak "the last name of the memory 'last' is overwritten here"
  int length = last ? (int)strlen(last) : 0;
  free(last);
  return length;
}

/* Options that nobody gives twice. */
int parses(char *const *options) {
  char *name = NULL;
  for (; *options; options++)
    if (!strncmp(*options, "name=", 5))
      name = strdup(*options + 5); // expect: resource-leak@possible "the memory 'name'"
  int length = name ? (int)strlen(name) : 0;
  free(name);
  return length;
}

/* Who cannot go on without more memory does not lose what he had. */
size_t reads_all(int fd) {
  char *text = NULL;
  size_t length = 0, room = 0;
  char byte;
  while (read(fd, &byte, 1) == 1) {
    if (length == room)
      text = realloc(text, room += 64);
    if (!text)
      abort();
    text[length++] = byte;
  }
  free(text);
  return length;
}

/* Begins in a buffer of its own, and moves to the heap when that is full. */
size_t upper_part(const char *text, char *out, size_t room) {
  char small[32], *base = small, *larger;
  size_t used = 0;
  for (; *text; text++) {
    if (used + 2 > room) {
      if (base == small) {
        larger = malloc(room * 2);
        if (!larger)
          return 0;
        memcpy(larger, base, used);
      } else {
        larger = realloc(base, room * 2);
        if (!larger) {
          free(base);
          return 0;
        }
      }
      room *= 2;
      base = larger;
    }
    base[used++] = *text & 0x5f;
  }
  memcpy(out, base, used);
  if (base != small)
    free(base);
  return used;
}

/* The same, but each time it moves, what it was in is left behind. */
size_t upper_part_wrong(const char *text, char *out, size_t room) {
  char small[32], *base = small, *larger;
  size_t used = 0;
  for (; *text; text++) {
    if (used + 2 > room) {
      larger = malloc(room * 2);
      if (!larger)
        break;
      memcpy(larger, base, used);
      room *= 2;
      base = larger; // expect: resource-leak@possible "the last name of the memory 'base'"
    }
    base[used++] = *text & 0x5f;
  }
  memcpy(out, base, used);
  if (base != small)
    free(base);
  return used;
}
