/* place.c - where the database lies, and whether it is safe to write there.
 *
 * The folder is in a tree that somebody else may have written: a link in place of the folder or of
 * the file would make us write elsewhere, a folder open to all lets others replace the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/inner.h"

#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"

static const char tag[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
                          "# This folder is a cache of overstay. It can be deleted, but it also\n"
                          "# holds when a finding was first seen (overstay db export).\n";

/* The folder is one that we make and nobody else uses. */
static bool is_our_folder(Arena *arena, const char *folder) {
  return !strcmp(path_base(folder), ".overstay") ||
         !strcmp(path_base(path_folder(arena, folder)), "overstay");
}

const char *store_default_path(Arena *arena, const char *directory) {
  const char *folder = path_join(arena, directory, ".overstay");
  const char *here = path_join(arena, folder, "facts.db");
  if (!access(path_exists(folder) ? folder : directory, W_OK | X_OK) || path_exists(here))
    return here;
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (!cache || cache[0] != '/')
    cache = home && home[0] == '/' ? path_join(arena, home, ".cache") : NULL;
  if (!cache)
    return here; // store_open says what is wrong with it
  char hex[33];
  hash_hex(hash_text(path_canonical(arena, directory)), hex);
  return arena_printf(arena, "%s/overstay/%.16s/facts.db", cache, hex);
}

static void write_once(int folder, const char *name, const char *text) {
  int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (file < 0)
    return; // there already, or read-only: it is a courtesy to backup programs and git
  ssize_t written = write(file, text, strlen(text));
  (void)written;
  close(file);
}

static bool make_folders(Arena *arena, const char *folder) {
  if (path_exists(folder) || !mkdir(folder, 0777))
    return true;
  if (errno != ENOENT)
    return errno == EEXIST;
  const char *above = path_folder(arena, folder);
  return strcmp(above, folder) && make_folders(arena, above) && !mkdir(folder, 0777);
}

static bool is_trusted_owner(uid_t owner) { return owner == geteuid() || owner == 0; }

static const char *check_folder(Arena *arena, const char *folder, int handle) {
  struct stat status;
  if (fstat(handle, &status))
    return arena_printf(arena, "cannot look at '%s': %s", folder, strerror(errno));
  if (!is_trusted_owner(status.st_uid))
    return arena_printf(arena, "will not use '%s': it belongs to another user", folder);
  if ((status.st_mode & S_IWOTH) && !(status.st_mode & S_ISVTX))
    return arena_printf(arena, "will not use '%s': everybody can write to it", folder);
  return NULL;
}

static const char *check_file(Arena *arena, int folder, const char *path) {
  struct stat status;
  if (fstatat(folder, path_base(path), &status, AT_SYMLINK_NOFOLLOW))
    return errno == ENOENT ? NULL
                           : arena_printf(arena, "cannot look at '%s': %s", path, strerror(errno));
  if (S_ISLNK(status.st_mode))
    return arena_printf(arena, "will not use '%s': it is a symbolic link", path);
  if (!S_ISREG(status.st_mode))
    return arena_printf(arena, "will not use '%s': it is not a regular file", path);
  if (!is_trusted_owner(status.st_uid))
    return arena_printf(arena, "will not use '%s': it belongs to another user", path);
  return NULL;
}

bool place_prepare(Arena *arena, const char *path, bool make, const char **real,
                   const char **error) {
  const char *folder = path_folder(arena, path);
  bool ours = is_our_folder(arena, folder) && guard_on("cache-folder");
  *error = NULL;
  if (make)
    make_folders(arena, folder); // when it fails, open says why
  int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (ours ? O_NOFOLLOW : 0));
  if (handle < 0) {
    struct stat status;
    bool is_link = ours && !lstat(folder, &status) && S_ISLNK(status.st_mode);
    *error = is_link ? arena_printf(arena, "will not use '%s': it is a symbolic link", folder)
                     : arena_printf(arena, "cannot open '%s': %s", folder, strerror(errno));
    return false;
  }
  if (guard_on("cache-folder"))
    *error = check_folder(arena, folder, handle);
  if (!*error && guard_on("cache-folder"))
    *error = check_file(arena, handle, path);
  if (!*error && make && ours) {
    write_once(handle, "CACHEDIR.TAG", tag);
    write_once(handle, ".gitignore", "*\n");
  }
  close(handle);
  *real = path_join(arena, path_canonical(arena, path_join(arena, folder, ".")), path_base(path));
  return !*error;
}

bool place_is_writable(Arena *arena, const char *path) {
  return !access(path_folder(arena, path), W_OK | X_OK) &&
         (!path_exists(path) || !access(path, W_OK));
}

/* A record lock, not flock: forked workers do not inherit it, and it knows who holds it. */
int place_lock(Arena *arena, const char *path, bool wait) {
  const char *name = arena_printf(arena, "%s.lock", path);
  int file = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (file < 0) {
    warn("cannot lock '%s': %s", name, strerror(errno));
    return -1;
  }
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (!fcntl(file, F_SETLK, &lock))
    return file;
  struct flock holder = lock;
  if ((errno == EAGAIN || errno == EACCES) && !fcntl(file, F_GETLK, &holder)) {
    if (!wait) {
      inform("process %ld is writing '%s': the results of this run are not kept",
             (long)holder.l_pid, path);
      close(file);
      return LOCK_HELD;
    }
    if (holder.l_type != F_UNLCK)
      inform("waiting for process %ld, which is writing '%s'", (long)holder.l_pid, path);
    while (fcntl(file, F_SETLKW, &lock))
      if (errno != EINTR)
        die(EXIT_INTERNAL, "cannot lock '%s': %s", name, strerror(errno));
    return file;
  }
  warn("cannot lock '%s': %s", name, strerror(errno)); // a file system without locks
  close(file);
  return -1;
}

const char *place_rename_aside(Arena *arena, const char *path) {
  static const char *const parts[] = {"", "-wal", "-shm"};
  for (int number = 1; number < 1000; number++) {
    const char *aside = arena_printf(arena, "%s.corrupt-%d", path, number);
    if (path_exists(aside))
      continue;
    if (rename(path, aside))
      return NULL;
    for (size_t i = 1; i < sizeof parts / sizeof *parts; i++)
      (void)!rename(arena_printf(arena, "%s%s", path, parts[i]),
                    arena_printf(arena, "%s%s", aside, parts[i]));
    return aside;
  }
  return NULL;
}
