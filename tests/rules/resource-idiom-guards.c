/* How it is asked whether something is there. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int limit;
static int checks(int fd) { return fd > limit; }

int positive(const char *path) {
  int fd = open(path, O_RDONLY);
  int result = checks(fd);
  if (fd > 0)
    close(fd);
  return result;
}

int not_minus_one(const char *path) {
  int fd = open(path, O_RDONLY), result = -1;
  if (fd != -1) {
    result = checks(fd);
    close(fd);
  }
  return result;
}

/* Only when a flag was set: exactly then it is open. */
int by_flag(const char *path, int wanted) {
  int fd = -1, opened = 0, result = 0;
  if (wanted) {
    fd = open(path, O_RDONLY);
    if (fd < 0)
      return -1;
    opened = 1;
  }
  result = checks(fd);
  if (opened)
    close(fd);
  return result;
}

int by_flag_wrong(const char *path, int wanted, int other) {
  int fd = -1, opened = 0, result = 0;
  if (wanted) {
    fd = open(path, O_RDONLY);
    if (fd < 0)
      return -1;
    opened = other;
  }
  result = checks(fd);
  if (opened)
    close(fd);
  return result; // expect: resource-leak "the descriptor 'fd'"
}

int by_argument(const char *path, int wanted) {
  char *copy = NULL;
  if (wanted)
    copy = strdup(path);
  int result = checks(3);
  if (wanted)
    free(copy);
  return result;
}

/* What is free of charge is not freed. */
int on_stack_when_small(size_t size) {
  char small[64], *buffer = small;
  if (size > sizeof small) {
    buffer = malloc(size);
    if (!buffer)
      return -1;
  }
  memset(buffer, 0, size);
  int result = checks(buffer[0]);
  if (buffer != small)
    free(buffer);
  return result;
}

int on_stack_when_small_wrong(size_t size) {
  char small[64], *buffer = small;
  if (size > sizeof small) {
    buffer = malloc(size);
    if (!buffer)
      return -1;
  }
  memset(buffer, 0, size);
  if (checks(buffer[0]))
    return 1; // expect: resource-leak "the memory 'buffer'"
  if (buffer != small)
    free(buffer);
  return 0;
}

/* Standard streams are not opened here. */
int from_file_or_input(const char *path) {
  FILE *in = path ? fopen(path, "r") : stdin;
  if (!in)
    return -1;
  int byte = fgetc(in);
  if (in != stdin)
    fclose(in);
  return byte;
}

int asprintf_fails(int number) {
  char *text;
  if (asprintf(&text, "%d", number) < 0)
    return -1;
  int result = checks(text[0]);
  free(text);
  return result;
}

int asprintf_wrong(int number) {
  char *text;
  if (asprintf(&text, "%d", number) < 0)
    return -1;
  if (checks(text[0]))
    return 1; // expect: resource-leak "the memory 'text'"
  free(text);
  return 0;
}
