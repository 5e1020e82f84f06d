/* file.h - a whole file in memory, when it is a regular one: never waits on a FIFO or a device. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"

typedef struct {
  const char *text; // ends in NUL, which `size` does not count; NULL: see error
  size_t size;
  const char *error; // "No such file or directory"
} FileText;

FileText file_read(Arena *, const char *path, size_t limit);
/* The same for a file that is open already; leaves it open. */
FileText file_read_open(Arena *, int file, size_t limit);

#endif
