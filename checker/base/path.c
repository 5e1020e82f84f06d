/* path.c - see path.h */
#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"

const char *path_join(Arena *arena, const char *folder, const char *name) {
  if (name[0] == '/' || !folder[0])
    return arena_text(arena, name);
  size_t length = strlen(folder), size = strlen(name) + 1;
  size_t slash = folder[length - 1] != '/';
  char *path = arena_alloc(arena, length + slash + size);
  memcpy(path, folder, length);
  path[length] = '/'; // or the first of the name
  memcpy(path + length + slash, name, size);
  return path;
}

const char *path_base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

const char *path_folder(Arena *arena, const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash)
    return ".";
  return arena_text_n(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

/* Takes the last part off `to`, unless there is none or it is "..". */
static bool drop_last(const char *to, size_t *used, bool absolute) {
  size_t start = *used;
  while (start && to[start - 1] != '/')
    start--;
  if (start == *used)
    return absolute; // "/.." is "/"
  if (*used - start == 2 && to[start] == '.' && to[start + 1] == '.')
    return false;
  *used = start > (absolute ? 1u : 0u) ? start - 1 : start;
  return true;
}

const char *path_normal(Arena *arena, const char *path) {
  bool absolute = path[0] == '/';
  char *to = arena_alloc(arena, strlen(path) + 2);
  size_t used = 0;
  if (absolute)
    to[used++] = '/';
  for (const char *part = path; *part;) {
    size_t length = strcspn(part, "/");
    bool here = length == 0 || (length == 1 && part[0] == '.');
    bool up = length == 2 && part[0] == '.' && part[1] == '.';
    if (!here && !(up && drop_last(to, &used, absolute))) {
      if (used && to[used - 1] != '/')
        to[used++] = '/';
      memcpy(to + used, part, length);
      used += length;
    }
    part += length;
    part += *part == '/';
  }
  to[used] = 0;
  return used ? to : ".";
}

const char *path_current(Arena *arena) {
  char *folder = getcwd(NULL, 0);
  if (!folder)
    die(errno == ENOMEM ? EXIT_INTERNAL : EXIT_USAGE, "the current directory is not accessible: %s",
        strerror(errno));
  const char *copy = arena_text(arena, folder);
  free(folder);
  return copy;
}

const char *path_canonical(Arena *arena, const char *path) {
  const char *full = path[0] == '/' ? path : path_join(arena, path_current(arena), path);
  const char *base = path_base(full);
  bool folder_only = !base[0] || !strcmp(base, ".") || !strcmp(base, "..");
  char *folder = realpath(folder_only ? full : path_folder(arena, full), NULL);
  if (!folder)
    return path_normal(arena, full);
  const char *result = folder_only ? arena_text(arena, folder) : path_join(arena, folder, base);
  free(folder);
  return result;
}

bool path_inside(const char *root, const char *path) {
  size_t length = strlen(root);
  if (strncmp(root, path, length))
    return false;
  return !path[length] || path[length] == '/' || (length && root[length - 1] == '/');
}

const char *path_below(Arena *arena, const char *root, const char *path) {
  if (!path_inside(root, path))
    return path;
  const char *rest = path + strlen(root);
  while (*rest == '/')
    rest++;
  return *rest ? arena_text(arena, rest) : ".";
}

const char *path_seen_from(Arena *arena, const char *from, const char *path) {
  const char *up = "";
  size_t length = strlen(from);
  while (length > 1 && !path_inside(arena_text_n(arena, from, length), path)) {
    while (length && from[length - 1] != '/')
      length--;
    if (length > 1)
      length--;
    up = arena_printf(arena, "../%s", up);
  }
  const char *rest = path_below(arena, arena_text_n(arena, from, length), path);
  return *up ? arena_printf(arena, "%s%s", up, rest) : rest;
}

bool path_exists(const char *path) {
  struct stat status;
  return !stat(path, &status);
}

bool path_is_regular(const char *path) {
  struct stat status;
  return !stat(path, &status) && S_ISREG(status.st_mode);
}
