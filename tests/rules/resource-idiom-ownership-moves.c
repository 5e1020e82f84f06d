/* What is handed on belongs to somebody else. */
// mechanism: fates
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct item {
  struct item *next;
  char *name;
};
static struct item *items;
static char *last;

int accepts(struct item *item);
int fails(void);

FILE *as_stream(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return NULL;
  FILE *stream = fdopen(fd, "r");
  if (!stream)
    close(fd);
  return stream;
}

FILE *as_stream_wrong(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return NULL;
  return fdopen(fd, "r"); // expect: resource-leak "the descriptor 'fd'"
}

DIR *as_folder(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY);
  if (fd < 0)
    return NULL;
  DIR *folder = fdopendir(fd);
  if (!folder)
    close(fd);
  return folder;
}

char *grows(char *text, size_t size) {
  char *bigger = realloc(text, size);
  if (!bigger) {
    free(text);
    return NULL;
  }
  return bigger;
}

char *collects(int count) {
  char *text = NULL;
  for (int i = 0; i < count; i++) {
    char *bigger = realloc(text, (size_t)i + 1);
    if (!bigger) {
      free(text);
      return NULL;
    }
    text = bigger;
    text[i] = 'x';
  }
  return text;
}

char *collects_wrong(int count) {
  char *text = NULL;
  for (int i = 0; i < count; i++) {
    char *bigger = realloc(text, (size_t)i + 1);
    if (!bigger)
      return NULL; // expect: resource-leak "the memory 'text'"
    text = bigger;
    text[i] = 'x';
  }
  return text;
}

/* Linked to the others, by a head that stays in the function or does not. */
int pushes(const char *name) {
  struct item *item = malloc(sizeof *item);
  if (!item)
    return -1;
  item->next = items;
  items = item;
  item->name = NULL;
  return name != NULL;
}

struct item *lists(int count) {
  struct item *head = NULL;
  for (int i = 0; i < count; i++) {
    struct item *item = calloc(1, sizeof *item);
    if (!item)
      break;
    item->next = head;
    head = item;
  }
  return head;
}

struct item *lists_at_tail(int count) {
  struct item *head = NULL, **tail = &head;
  for (int i = 0; i < count; i++) {
    struct item *item = calloc(1, sizeof *item);
    if (!item)
      break;
    *tail = item;
    tail = &item->next;
  }
  return head;
}

struct item *points_to_itself(int wrong) {
  struct item *ring = malloc(sizeof *ring);
  if (!ring)
    return NULL;
  ring->next = ring;
  if (wrong)
    return NULL; // expect: resource-leak "the memory 'ring'"
  return ring;
}

/* Kept by who accepts it, who says so. */
int offers(void) {
  struct item *item = malloc(sizeof *item);
  if (!item)
    return -1;
  if (accepts(item) < 0) {
    free(item);
    return -1;
  }
  return 0;
}

void remembers(const char *name) {
  free(last);
  last = strdup(name);
}

int leaves(char **out, const char *name) {
  char *copy = strdup(name);
  if (!copy)
    return -1;
  if (fails()) {
    free(copy);
    return -1;
  }
  *out = copy;
  return 0;
}

/* Duplicates are other descriptors, and what dup2 replaces is somebody else's. */
int redirects(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT, 0600);
  if (fd < 0)
    return -1;
  if (dup2(fd, 1) < 0) {
    close(fd);
    return -1;
  }
  if (fd > 2)
    close(fd);
  return 0;
}

int redirects_wrong(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT, 0600);
  if (fd < 0)
    return -1;
  if (dup2(fd, 1) < 0)
    return -1; // expect: resource-leak "the descriptor 'fd'"
  close(fd);
  return 0;
}
