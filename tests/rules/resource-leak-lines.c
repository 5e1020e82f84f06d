// Calls of the library that make memory only when none is brought, make it larger, or end a stream
// and begin another one in its place.
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int count_lines(FILE *from) {
  char *line = NULL;
  size_t room = 0;
  int count = 0;
  while (getline(&line, &room, from) > 0)
    count++;
  free(line);
  return count;
}

int keep_lines(FILE *from, char **lines) {
  char *line = NULL;
  size_t room = 0;
  int count = 0;
  while (getline(&line, &room, from) > 0) {
    lines[count++] = line;
    line = NULL;
    room = 0;
  }
  free(line);
  return count;
}

int first_comment(FILE *from) {
  char *line = NULL;
  size_t room = 0;
  int at = 0;
  while (getline(&line, &room, from) > 0) { // note: "opened by 'getline' here"
    if (line[0] == '#')
      return at; // expect: resource-leak "the memory 'line' is not freed when 'first_comment' returns here"
    at++;
  }
  free(line); // note: "another way gives it back here"
  return -1;
}

int is_below(const char *path, const char *top) {
  char whole[PATH_MAX];
  if (!realpath(path, whole))
    return 0;
  return !strncmp(whole, top, strlen(top));
}

char *below(const char *path, const char *top) {
  char *whole = realpath(path, NULL); // note: "opened by 'realpath' here"
  if (!whole)
    return NULL;
  if (strncmp(whole, top, strlen(top)))
    return NULL; // expect: resource-leak "the memory 'whole' is not freed when 'below' returns here"
  return whole;
}

int rewrite(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  file = freopen(path, "w", file);
  if (!file)
    return -1;
  fputs("new\n", file);
  fclose(file);
  return 0;
}

int rewrite_most(const char *path) {
  FILE *file = fopen(path, "r"); // note: "opened by 'fopen' here"
  if (!file)
    return -1;
  file = freopen(path, "w", file);
  if (!file)
    return -1;
  if (fputs("new\n", file) < 0)
    return -1; // expect: resource-leak "the file 'file' is not closed when 'rewrite_most' returns here"
  fclose(file); // note: "another way gives it back here"
  return 0;
}
