// Counts levels in memory that outlives the program, which ends when its stack is full.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

extern volatile long *level;

static inline volatile long *level_begin(const char *path) {
  int file = open(path, O_RDWR);
  void *memory = mmap(NULL, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file < 0 || memory == MAP_FAILED)
    exit(1);
  return memory;
}
