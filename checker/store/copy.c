/* copy.c - a private copy of the database, where it cannot be worked on in place.
 *
 * SQLite's write-ahead log needs memory that all processes share, which no network file system has,
 * and locks that not all of them have. There a run works on a copy in the folder for temporary
 * files and puts it in the place of the old one when it ends, whole or not at all. What a run that
 * was killed leaves behind is known by its lock being free, and the next one removes it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "store/inner.h"

#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"

static const char *const parts[] = {"facts.db", "facts.db-wal", "facts.db-shm", "facts.db.lock"};
static const char *const suffixes[] = {"", "-wal"};

/* By statfs(2) and linux/magic.h. FUSE may be a disk of this machine: then a copy costs little. */
bool copy_is_needed(Arena *arena, const char *path) {
  static const uint32_t kinds[] = {
      0x6969,     0x517b,     0xfe534d42, 0xff534d42, // NFS, SMB, SMB2, CIFS
      0x65735546, 0x01021997, 0x00c36400, 0x0bd00bd0, // FUSE, 9P, Ceph, Lustre
      0x47504653, 0x5346414f, 0x73757245, 0x564c,     // GPFS, AFS, Coda, NCP
      0x01161970, 0x7461636f, 0x786f4256,             // GFS2, OCFS2, shared by VirtualBox
  };
  struct statfs status;
  if (!guard_on("network"))
    return false;
  if (test_hook("OVERSTAY_TEST_NETWORK"))
    return true;
  if (statfs(path_folder(arena, path), &status))
    return false;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if ((uint32_t)status.f_type == kinds[i])
      return true;
  return false;
}

/* ---- files */
static bool copy_bytes(int in, int out) {
  static char buffer[1 << 16];
  ssize_t got;
  while ((got = read(in, buffer, sizeof buffer)) > 0)
    for (ssize_t done = 0, put; done < got; done += put)
      if ((put = write(out, buffer + done, (size_t)(got - done))) <= 0)
        return false;
  return got == 0;
}

/* What is not there need not be copied. */
static bool copy_file(const char *from, const char *to) {
  int in = open(from, O_RDONLY | O_CLOEXEC);
  if (in < 0)
    return errno == ENOENT;
  int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool fine = out >= 0 && copy_bytes(in, out);
  close(in);
  return out >= 0 && !close(out) && fine;
}

/* ---- folders */

/* Ours alone, and no link that somebody laid there. */
static int open_own(const char *path) {
  struct stat status;
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder >= 0 && !fstat(folder, &status) && status.st_uid == geteuid())
    return folder;
  if (folder >= 0)
    close(folder);
  return -1;
}

static void remove_folder(const char *path, int folder) {
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    unlinkat(folder, parts[i], 0);
  rmdir(path);
  close(folder);
}

static void remove_stale(Arena *arena, const char *above, const char *begin) {
  DIR *entries = opendir(above);
  if (!entries)
    return;
  for (struct dirent *entry; (entry = readdir(entries));) {
    const char *path = path_join(arena, above, entry->d_name);
    int folder = strncmp(entry->d_name, begin, strlen(begin)) ? -1 : open_own(path);
    if (folder < 0)
      continue;
    if (!flock(folder, LOCK_EX | LOCK_NB))
      remove_folder(path, folder);
    else
      close(folder);
  }
  closedir(entries);
}

bool copy_take(Arena *arena, const char *path, PrivateCopy *copy) {
  const char *above = getenv("TMPDIR");
  if (!above || above[0] != '/')
    above = "/tmp";
  char hex[33];
  hash_hex(hash_text(path), hex);
  const char *begin = arena_printf(arena, "overstay-%.16s-", hex);
  remove_stale(arena, above, begin);
  char *folder = arena_printf(arena, "%s/%sXXXXXX", above, begin);
  if (!mkdtemp(folder))
    return false;
  *copy = (PrivateCopy){folder, path_join(arena, folder, parts[0]), open_own(folder)};
  bool fine = copy->lock >= 0 && !flock(copy->lock, LOCK_EX | LOCK_NB);
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && fine; i++)
    fine = copy_file(arena_printf(arena, "%s%s", path, suffixes[i]),
                     arena_printf(arena, "%s%s", copy->path, suffixes[i]));
  int error = errno;
  if (!fine)
    copy_drop(copy);
  errno = error;
  return fine;
}

void copy_drop(PrivateCopy *copy) {
  if (copy->folder && copy->lock >= 0)
    remove_folder(copy->folder, copy->lock);
  *copy = (PrivateCopy){.lock = -1};
}

/* The log of an older run in that place is in the copy already, and would spoil the new file. */
static bool replace(Arena *arena, const char *new_path, const char *path) {
  unlink(arena_printf(arena, "%s-wal", path));
  unlink(arena_printf(arena, "%s-shm", path));
  if (rename(new_path, path))
    return false;
  int folder = open(path_folder(arena, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    fsync(folder);
    close(folder);
  }
  return true;
}

bool copy_publish(Arena *arena, const PrivateCopy *copy, const char *path) {
  char *new_path = arena_printf(arena, "%s.new-XXXXXX", path);
  int in = open(copy->path, O_RDONLY | O_CLOEXEC), out = mkostemp(new_path, O_CLOEXEC);
  mode_t mask = umask(0);
  umask(mask);
  bool fine =
      in >= 0 && out >= 0 && copy_bytes(in, out) && !fchmod(out, 0666 & ~mask) && !fsync(out);
  int error = errno;
  if (in >= 0)
    close(in);
  if (out >= 0 && close(out) && fine)
    fine = false, error = errno;
  if (fine && replace(arena, new_path, path))
    return true;
  error = fine ? errno : error;
  if (out >= 0)
    unlink(new_path);
  errno = error;
  return false;
}
