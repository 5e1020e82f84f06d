/* run_folder.c - see run_folder.h. Only plain files are ever in it, and only those are removed. */
#include "revision/run_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/guard.h"
#include "base/path.h"
#include "base/text.h"

static const char mark[] = ".run-", index_name[] = "index";

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

typedef struct {
  RunFolder folder; // not locked yet
  int64_t indexed;  // when its index was written, ns; 0: it has none
} Found;

typedef ARRAY(Found) FoundList;

static int64_t time_of_index(int folder) {
  struct stat status;
  if (fstatat(folder, index_name, &status, AT_SYMLINK_NOFOLLOW) || !S_ISREG(status.st_mode))
    return 0;
  return (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
}

/* All that are ours. */
static FoundList find_all(Arena *arena, const char *place) {
  FoundList found = {0};
  const char *above = path_folder(arena, place);
  const char *begin = arena_printf(arena, "%s%s", path_base(place), mark);
  DIR *entries = opendir(above);
  if (!entries)
    return found;
  for (struct dirent *entry; (entry = readdir(entries));) {
    if (!text_starts(entry->d_name, begin))
      continue;
    RunFolder folder = {.path = path_join(arena, above, entry->d_name)};
    folder.lock = open_own(folder.path);
    if (folder.lock >= 0)
      array_push(&found, (Found){folder, time_of_index(folder.lock)});
  }
  closedir(entries);
  return found;
}

static void remove_stale(Arena *arena, const char *place) {
  FoundList found = find_all(arena, place);
  for (size_t i = 0; i < found.count; i++) {
    RunFolder *folder = &found.at[i].folder;
    if (!found.at[i].indexed && !flock(folder->lock, LOCK_EX | LOCK_NB))
      run_folder_remove(folder);
    else
      run_folder_release(folder);
  }
  array_free(&found);
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
  if (folder->path && !flock(folder->lock, LOCK_EX | LOCK_NB)) { // else another run uses it
    empty(folder->lock);
    rmdir(folder->path);
  }
  run_folder_release(folder);
}

void run_folder_release(RunFolder *folder) {
  if (folder->path)
    close(folder->lock);
  *folder = (RunFolder){NULL, -1};
}

const char *run_folder_index(Arena *arena, const RunFolder *folder) {
  return path_join(arena, folder->path, index_name);
}

static int newest_first(const void *left, const void *right) {
  const Found *a = left, *b = right;
  if (a->indexed != b->indexed)
    return a->indexed > b->indexed ? -1 : 1;
  return strcmp(a->folder.path, b->folder.path);
}

RunFolder *run_folders_kept(Arena *arena, const char *place, uint32_t *count) {
  FoundList found = find_all(arena, place);
  if (found.count)
    qsort(found.at, found.count, sizeof *found.at, newest_first);
  RunFolder *kept = arena_new_array(arena, RunFolder, found.count);
  *count = 0;
  for (size_t i = 0; i < found.count; i++) {
    RunFolder *folder = &found.at[i].folder;
    if (found.at[i].indexed && !flock(folder->lock, LOCK_SH | LOCK_NB) &&
        is_still_there(folder->path, folder->lock))
      kept[(*count)++] = *folder;
    else
      run_folder_release(folder);
  }
  array_free(&found);
  return kept;
}
