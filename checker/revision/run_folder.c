/* run_folder.c - see run_folder.h. Only plain files are ever in it, and only those are removed. */
#include "revision/run_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/path.h"
#include "base/text.h"

static const char mark[] = ".run-";

/* The folder itself, never what a link in its place leads to; -1 when it is not ours. */
static int open_own(const char *path) {
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat status;
  if (folder >= 0 && (fstat(folder, &status) || status.st_uid != geteuid())) {
    close(folder);
    return -1;
  }
  return folder;
}

static void empty(int folder) {
  DIR *entries = fdopendir(dup(folder));
  if (!entries)
    return;
  for (struct dirent *entry; (entry = readdir(entries));)
    unlinkat(folder, entry->d_name, 0); // of "." and ".." it does nothing
  closedir(entries);
}

static void remove_locked(const char *path, int folder) {
  empty(folder);
  rmdir(path);
  close(folder);
}

static void remove_stale(Arena *arena, const char *place) {
  const char *above = path_folder(arena, place);
  const char *begin = arena_printf(arena, "%s%s", path_base(place), mark);
  DIR *entries = opendir(above);
  if (!entries)
    return;
  for (struct dirent *entry; (entry = readdir(entries));) {
    if (!text_starts(entry->d_name, begin))
      continue;
    const char *path = path_join(arena, above, entry->d_name);
    int folder = open_own(path);
    if (folder < 0)
      continue;
    if (!flock(folder, LOCK_EX | LOCK_NB))
      remove_locked(path, folder);
    else
      close(folder);
  }
  closedir(entries);
}

/* Between its making and its locking another run may have taken the folder for a stale one. */
static bool is_still_there(const char *path, int folder) {
  struct stat here, held;
  return !lstat(path, &here) && !fstat(folder, &held) && here.st_ino == held.st_ino &&
         here.st_dev == held.st_dev;
}

RunFolder run_folder_make(Arena *arena, const char *place) {
  if (guard_on("stale-folder"))
    remove_stale(arena, place);
  char *path = arena_printf(arena, "%s%sXXXXXX", place, mark);
  if (!mkdtemp(path))
    return (RunFolder){NULL, -1};
  int folder = open_own(path);
  if (folder < 0 || flock(folder, LOCK_EX | LOCK_NB) || !is_still_there(path, folder)) {
    if (folder >= 0)
      close(folder);
    rmdir(path);
    return (RunFolder){NULL, -1};
  }
  return (RunFolder){path, folder};
}

void run_folder_remove(RunFolder *folder) {
  if (folder->path)
    remove_locked(folder->path, folder->lock);
  *folder = (RunFolder){NULL, -1};
}
