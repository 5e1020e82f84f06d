/* A walk over folders: with a limit of 200 levels, though with 64 KiB of buffer on each of them
 * (12.5 MiB: that is for stack-budget to say), and without a limit. */
// flags: -D_GNU_SOURCE
// run: --min-confidence possible
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LEVELS = 200, PATH_BYTES = 65536 };

long walk(const char *path, int level) {
  char inner[PATH_BYTES];
  long size = 0;
  struct dirent *entry;
  struct stat status;
  if (level >= LEVELS)
    return 0;
  DIR *folder = opendir(path);
  if (!folder)
    return 0;
  while ((entry = readdir(folder))) {
    snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
    if (entry->d_name[0] == '.' || lstat(inner, &status))
      continue;
    size += S_ISDIR(status.st_mode) ? walk(inner, level + 1) : status.st_size; // expect: stack-budget "up to 201 levels deep"
  }
  closedir(folder);
  return size;
}

long walk_all(const char *path) {
  char inner[4096];
  long size = 0;
  struct dirent *entry;
  struct stat status;
  DIR *folder = opendir(path);
  if (!folder)
    return 0;
  while ((entry = readdir(folder))) {
    snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || lstat(inner, &status))
      continue;
    size += S_ISDIR(status.st_mode) ? walk_all(inner) : status.st_size; // expect: recursion-unbounded "the nesting of folders"
  }
  closedir(folder);
  return size;
}

/* A folder is opened by its path: with the frames of this one, 2,048 levels fit. */
static long count_files(char *path, size_t used, size_t room) {
  long count = 0;
  struct dirent *entry;
  int descriptor = open(path, O_RDONLY | O_DIRECTORY);
  DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
  if (!folder)
    return 0; // expect: resource-leak "'descriptor'"
  while ((entry = readdir(folder))) {
    int length = snprintf(path + used, room - used, "/%s", entry->d_name);
    if (entry->d_name[0] == '.' || length < 0 || (size_t)length >= room - used)
      continue;
    count += entry->d_type == DT_DIR ? count_files(path, used + (size_t)length, room) : 1;
    path[used] = '\0';
  }
  closedir(folder);
  return count;
}

/* From where one is a path has no end. */
static long count_files_below(int descriptor) {
  long count = 0;
  struct dirent *entry;
  DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
  if (!folder)
    return 0;
  while ((entry = readdir(folder)))
    if (entry->d_name[0] != '.')
      count += entry->d_type == DT_DIR
                   ? count_files_below(openat(descriptor, entry->d_name, O_RDONLY | O_DIRECTORY)) // expect: recursion-unbounded "the nesting of folders"
                   : 1;
  closedir(folder);
  return count;
}

long count_all_files(char *path, size_t used, size_t room) {
  return count_files(path, used, room) + count_files_below(open(path, O_RDONLY | O_DIRECTORY));
}
