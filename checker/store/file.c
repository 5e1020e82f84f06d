/* file.c - have the files changed that a unit was made from?
 *
 * Stat is believed when size, mtime, ctime and inode are those of when the content was known. ctime
 * cannot be set by hand, so a file with its mtime put back is seen; a file that was written less
 * than a second before it was read can change again within one tick of the clock, so its stat is
 * not believed until a later run has compared the content (what git calls racy).
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/inner.h"

#include "base/guard.h"
#include "base/path.h"

enum { VERDICT_OPEN, VERDICT_SAME, VERDICT_DIFFERENT };

static const int64_t NANO = 1000000000;
static const int64_t RACY_NS = 1000000000;

static Hash file_identity(const char *path, Hash content) {
  return hash_pair(hash_text(path), content);
}

static uint32_t path_row(Store *store, const char *path) {
  Hash hash = hash_text(path);
  uint32_t row = hash_map_get(&store->path_map, hash);
  if (row != MAP_ABSENT)
    return row;
  row = (uint32_t)store->paths.count;
  array_push(&store->paths, (PathRow){.path = arena_text(store->arena, path)});
  hash_map_put(&store->path_map, hash, row);
  return row;
}

static void look(Store *store, PathRow *path) {
  struct stat status;
  const char *name = roots_path(store->view_arena, store->roots, path->path);
  path->asked = true;
  path->hashed = false;
  path->exists = !stat(name, &status);
  if (!path->exists)
    return;
  path->size = (uint64_t)status.st_size;
  path->inode = (uint64_t)status.st_ino;
  path->mtime_ns = status.st_mtim.tv_sec * NANO + status.st_mtim.tv_nsec;
  path->ctime_ns = status.st_ctim.tv_sec * NANO + status.st_ctim.tv_nsec;
}

/* Zero when it cannot be read, which no content has. */
static Hash content_of(Store *store, const PathRow *path) {
  Hash hash = {0};
  const char *name = roots_path(store->view_arena, store->roots, path->path);
  int file = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  if (file < 0)
    return hash;
  if (!fstat(file, &status) && S_ISREG(status.st_mode)) {
    // read, not mmap: a file that shrinks meanwhile must not end the process.
    size_t size = (size_t)status.st_size, count = 0;
    char *bytes = memory_resize(NULL, size + 1);
    for (ssize_t got; (got = read(file, bytes + count, size + 1 - count)) > 0;) {
      count += (size_t)got;
      if (count > size)
        break;
    }
    if (count == size)
      hash = hash_bytes(bytes, count);
    memory_free(bytes);
  }
  close(file);
  return hash;
}

static bool stat_matches(const FileRow *file, const PathRow *path) {
  if (!guard_on("content"))
    return file->size == path->size && file->mtime_ns == path->mtime_ns;
  return file->ctime_ns && file->size == path->size && file->mtime_ns == path->mtime_ns &&
         file->ctime_ns == path->ctime_ns && file->inode == path->inode;
}

/* Remember that this stat belongs to this content, unless the clock is too coarse to tell. */
static void believe_stat(FileRow *file, const PathRow *path) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  int64_t age = now.tv_sec * NANO + now.tv_nsec - path->ctime_ns;
  file->size = path->size;
  file->mtime_ns = path->mtime_ns;
  file->ctime_ns = age >= RACY_NS ? path->ctime_ns : 0;
  file->inode = path->inode;
}

/* The place in Store.others of a file that the view has another content of; else MAP_ABSENT. */
static uint32_t other_of(const Store *store, const char *path) {
  return store->is_other ? hash_map_get(&store->other_contents, hash_text(path)) : MAP_ABSENT;
}

bool file_unchanged(Store *store, uint32_t index) {
  FileRow *file = &store->files.at[index];
  PathRow *path = &store->paths.at[file->path];
  if (store->is_other && path->view != store->other_number) {
    path->view = store->other_number;
    path->other = other_of(store, path->path);
  }
  if (store->is_other && path->other != MAP_ABSENT)
    return hash_equal(store->others.at[path->other], file->content);
  if (file->verdict != VERDICT_OPEN)
    return file->verdict == VERDICT_SAME;
  if (!path->asked)
    look(store, path);
  bool same = path->exists && stat_matches(file, path);
  if (!same && path->exists && file->size == path->size) {
    if (!path->hashed)
      path->content = content_of(store, path);
    path->hashed = true;
    same = !hash_is_zero(path->content) && hash_equal(path->content, file->content);
    if (same) {
      believe_stat(file, path);
      file->changed = true;
    }
  }
  file->verdict = same ? VERDICT_SAME : VERDICT_DIFFERENT;
  return same;
}

uint32_t file_add(Store *store, FileRow row, const char *path) {
  row.identity = file_identity(path, row.content);
  row.path = path_row(store, path);
  uint32_t index = (uint32_t)store->files.count;
  array_push(&store->files, row);
  hash_map_put(&store->file_map, row.identity, index);
  return index;
}

static void keep_allows(Store *store, FileRow *row, const UnitFile *from) {
  if (!from->allow_count)
    return;
  ByteWriter bytes = {0};
  allows_write(&bytes, from->allows, from->allow_count);
  row->allows = arena_copy(store->arena, bytes.at, bytes.count);
  row->allow_bytes = bytes.count;
  bytes_free(&bytes);
}

uint32_t file_row(Store *store, const UnitFile *from) {
  uint32_t index = hash_map_get(&store->file_map, file_identity(from->path, from->content));
  if (index == MAP_ABSENT) {
    index = file_add(store, (FileRow){.content = from->content}, from->path);
    keep_allows(store, &store->files.at[index], from);
  }
  FileRow *row = &store->files.at[index];
  if (row->id)
    return index;
  row->id = store->next_file++;
  row->size = from->size;
  row->mtime_ns = from->mtime_ns;
  // What a view alone has says nothing about the file on the disk.
  bool on_disk = other_of(store, from->path) == MAP_ABSENT;
  row->verdict = on_disk ? VERDICT_SAME : VERDICT_OPEN;
  PathRow *path = &store->paths.at[row->path];
  if (on_disk && (!path->asked || path->size != from->size || path->mtime_ns != from->mtime_ns))
    look(store, path);
  if (on_disk && path->exists && path->size == from->size && path->mtime_ns == from->mtime_ns)
    believe_stat(row, path);
  sqlite3_stmt *put = sql_use(store, SQL_FILE_PUT);
  bind_number(put, 1, row->id);
  bind_text(put, 2, from->path);
  bind_hash(put, 3, row->content);
  bind_number(put, 4, (int64_t)row->size);
  bind_number(put, 5, row->mtime_ns);
  bind_number(put, 6, row->ctime_ns);
  bind_number(put, 7, (int64_t)row->inode);
  bind_bytes(put, 8, row->allows, row->allow_bytes);
  sql_run(store, put);
  return index;
}

bool store_has_content(Store *store, const char *path, Hash content) {
  size_t units;
  store_units(store, &units); // makes the view
  uint32_t index = hash_map_get(&store->file_map, file_identity(path, content));
  return index != MAP_ABSENT && store->files.at[index].in_view;
}

bool store_knows_file(const Store *store, const char *path) {
  if (hash_map_get(&store->path_map, hash_text(path)) != MAP_ABSENT)
    return true;
  for (size_t i = 0; i < store->lookups.count; i++) {
    const LookupRow *row = &store->lookups.at[i];
    if (row->folder == MAP_ABSENT || strcmp(row->name, path_base(path)))
      continue;
    const char *folder = store->folders.at[row->folder].path;
    size_t length = strlen(folder);
    if (!strcmp(folder, ".") ? row->name && !strchr(path, '/')
                             : !strncmp(path, folder, length) && path[length] == '/' &&
                                   !strcmp(path + length + 1, row->name))
      return true;
  }
  return false;
}

const FileAllows *store_allows(Store *store, Arena *arena, size_t *count) {
  size_t units, room = 0;
  FileAllows *files = NULL;
  store_units(store, &units); // makes the view
  *count = 0;
  for (size_t i = 0; i < store->files.count; i++) {
    const FileRow *row = &store->files.at[i];
    if (!row->in_view || !row->allow_bytes)
      continue;
    FileAllows file = {.path = store->paths.at[row->path].path};
    ByteReader in = bytes_reader(row->allows, row->allow_bytes);
    file.allows = allows_read(arena, &in, &file.count);
    files = arena_grow(arena, files, sizeof file, *count, &room, *count + 1);
    files[(*count)++] = file;
  }
  return files;
}

void files_save(Store *store) {
  bool begun = false;
  for (size_t i = 0; i < store->files.count; i++) {
    FileRow *file = &store->files.at[i];
    if (!file->changed)
      continue;
    if (!begun)
      transaction_enter(store);
    begun = true;
    file->changed = false;
    sqlite3_stmt *put = sql_use(store, SQL_FILE_STAT);
    bind_number(put, 1, file->id);
    bind_number(put, 2, (int64_t)file->size);
    bind_number(put, 3, file->mtime_ns);
    bind_number(put, 4, file->ctime_ns);
    bind_number(put, 5, (int64_t)file->inode);
    sql_run(store, put);
  }
  if (begun)
    transaction_leave(store);
}
