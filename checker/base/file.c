/* file.c - see file.h */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static FileText failed(Arena *arena, const char *why) {
  return (FileText){.error = arena_text(arena, why)};
}

FileText file_read_open(Arena *arena, int file, size_t limit) {
  struct stat status;
  if (fstat(file, &status))
    return failed(arena, strerror(errno));
  if (!S_ISREG(status.st_mode))
    return failed(arena, "not a regular file");
  size_t expected = (size_t)status.st_size, used = 0;
  if (expected > limit)
    return failed(arena, "too long");
  char *text = arena_alloc(arena, expected + 1);
  while (used < expected) {
    ssize_t got = read(file, text + used, expected - used);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return failed(arena, strerror(errno));
    if (!got)
      break; // it became shorter
    used += (size_t)got;
  }
  text[used] = 0;
  return (FileText){text, used, NULL};
}

FileText file_read(Arena *arena, const char *path, size_t limit) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0)
    return failed(arena, strerror(errno));
  FileText text = file_read_open(arena, file, limit);
  close(file);
  return text;
}
