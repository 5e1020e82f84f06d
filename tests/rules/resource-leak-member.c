// What a member of a local record holds is called after the member.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct source {
  int file;
  char *text;
};

int first_byte(const char *path) {
  struct source source;
  char byte;
  source.file = open(path, O_RDONLY);
  if (source.file < 0)
    return -1;
  if (read(source.file, &byte, 1) < 1)
    return -1; // expect: resource-leak "the descriptor 'source.file' is not closed when 'first_byte' returns here"
  close(source.file);
  return byte;
}

int closed_on_every_way(const char *path) {
  struct source source;
  char byte;
  source.file = open(path, O_RDONLY);
  if (source.file < 0)
    return -1;
  ssize_t count = read(source.file, &byte, 1);
  close(source.file);
  return count < 1 ? -1 : byte;
}

int length(const char *path, size_t size) {
  struct source source;
  source.text = malloc(size);
  if (!source.text)
    return -1;
  source.file = open(path, O_RDONLY);
  if (source.file < 0)
    return -1; // expect: resource-leak "the memory 'source.text' is not freed"
  ssize_t count = read(source.file, source.text, size);
  close(source.file);
  free(source.text);
  return (int)count;
}
