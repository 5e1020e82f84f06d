/* What a process does once in its life it can lose once: nobody will miss that memory, and nobody
 * would take a patch. A descriptor is another matter, and so is what is done again and again. */
// mechanism: lost-once
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char **lines_of(const char *path) {
  char **lines = calloc(2, sizeof *lines);
  if (lines)
    lines[0] = (char *)path;
  return lines;
}

static void set_up(const char *path) {
  char **lines = lines_of(path);
  puts(lines[0]);
  if (strchr(path, '/')) // once: it stays until the process ends
    return;
  free(lines);
}

static int look(const char *path) {
  char byte;
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return -1;
  if (read(fd, &byte, 1) != 1)
    return -1; // expect: resource-leak "the descriptor 'fd' is not closed when 'look' returns here"
  close(fd);
  return byte;
}

static void serve(const char *path) {
  char **lines = lines_of(path);
  puts(lines[0]);
  if (strchr(path, '/'))
    return; // expect: resource-leak "the memory 'lines' is not freed when 'serve' returns here"
  free(lines);
}

int main(int argc, char **argv) {
  static char request[100];
  if (argc < 2)
    return 1;
  set_up(argv[1]);
  if (look(argv[1]) < 0)
    return 1;
  while (fgets(request, sizeof request, stdin))
    serve(request);
}
