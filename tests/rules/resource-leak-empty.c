/* Who takes an empty text for a failure, too, never meets one where the format always prints
 * something; and nothing of no length is mapped. */
// mechanism: printed
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

int use(const char *path);

int use_in_folder(const char *folder, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", folder, name) <= 0)
    return -1;
  int result = use(path);
  free(path);
  return result;
}

int use_number(unsigned long number) {
  char *path;
  if (asprintf(&path, "%-8lu", number) <= 0)
    return -1;
  int result = use(path);
  free(path);
  return result;
}

/* An empty name is printed as nothing, into memory that is there. */
int use_name(const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s", name) <= 0)
    return -1; // expect: resource-leak "'path' is not freed"
  int result = use(path);
  free(path);
  return result;
}

int use_file(int fd) {
  struct stat status;
  if (fstat(fd, &status) < 0)
    return -1;
  char *map = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED)
    return -1;
  int result = 0;
  if (status.st_size > 0) {
    result = use(map);
    munmap(map, status.st_size);
  }
  return result;
}

int use_large_file(int fd) {
  struct stat status;
  if (fstat(fd, &status) < 0)
    return -1;
  char *map = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED)
    return -1;
  int result = 0;
  if (status.st_size > 4096) {
    result = use(map);
    munmap(map, status.st_size);
  }
  return result; // expect: resource-leak "'map' is not unmapped"
}
