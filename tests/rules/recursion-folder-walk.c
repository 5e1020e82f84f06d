/* A walk over folders: with a limit of 200 levels, though with 64 KiB of buffer on each of them
 * (12.5 MiB: that is for stack-budget to say), and without a limit. */
// run: --min-confidence possible
#include <dirent.h>
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
