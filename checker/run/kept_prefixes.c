/* kept_prefixes.c - see kept_prefixes.h.
 *
 * An index: a version, then for each prefix its Entry, then a hash of all of that. */
#include "run/kept_prefixes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/guard.h"
#include "base/hash_map.h"
#include "base/path.h"
#include "ir/serial.h"
#include "worker/lookups.h"

enum {
  MOST_FOLDERS = 4,
  LARGEST_INDEX = 64 << 20,
  LARGEST_FILE = 1 << 28,
  BYTES_OF_FOLDER = 32 << 20,
  BYTES_OF_ALL = 64 << 20,
};

typedef struct {
  uint64_t size, inode;
  int64_t ctime_ns;
  Hash content;
} FileMark;

typedef enum { NOT_ASKED, HOLDS, DIFFERS } Verdict;

typedef struct {
  Hash key;
  const char *folder;
  const char *file, *base; // names in folders; `base` is "" for none, else with its folder's path
  const char *name, *text; // as in Prefix
  uint32_t directive_count;
  FileMark mark;
  const void *unit; // as bytes
  size_t unit_bytes;
  Verdict verdict;
  Prefix *prefix; // when it holds
} Entry;

struct KeptPrefixes {
  Arena *arena;
  Roots roots;
  Hash version;
  bool is_on;
  const Tree *tree;
  RunFolder *folders; // the newest first
  uint64_t *sizes;    // bytes of what each holds
  uint32_t folder_count;
  ARRAY(Entry) entries;
  HashMap by_key, by_file;
  HashMap contents;   // by path: index into hashes
  ARRAY(Hash) hashes; // of the files as they are now
};

static int64_t nanoseconds(struct timespec time) {
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* ---- reading an index */

static Hash sealed(const void *bytes, size_t count) {
  return hash_pair(hash_bytes(bytes, count), hash_text("index of prefixes"));
}

static void put_entry(ByteWriter *out, const Entry *entry) {
  bytes_put_hash(out, entry->key);
  bytes_put_text(out, entry->file);
  bytes_put_text(out, entry->base);
  bytes_put_text(out, entry->name);
  bytes_put_text(out, entry->text);
  bytes_put_u(out, entry->directive_count);
  bytes_put_u(out, entry->mark.size);
  bytes_put_u(out, entry->mark.inode);
  bytes_put_s(out, entry->mark.ctime_ns);
  bytes_put_hash(out, entry->mark.content);
  bytes_put_u(out, entry->unit_bytes);
  bytes_put_raw(out, entry->unit, entry->unit_bytes);
}

static Entry get_entry(ByteReader *in, Arena *arena) {
  Entry entry = {.key = bytes_get_hash(in)};
  entry.file = bytes_get_text(in, arena);
  entry.base = bytes_get_text(in, arena);
  entry.name = bytes_get_text(in, arena);
  entry.text = bytes_get_text(in, arena);
  entry.directive_count = bytes_get_u32(in);
  entry.mark.size = bytes_get_u(in);
  entry.mark.inode = bytes_get_u(in);
  entry.mark.ctime_ns = bytes_get_s(in);
  entry.mark.content = bytes_get_hash(in);
  entry.unit_bytes = bytes_get_u(in);
  entry.unit = bytes_get_raw(in, entry.unit_bytes);
  return entry;
}

/* The bytes of what its files take; an index that is damaged or of another version has none. */
static uint64_t read_index(KeptPrefixes *kept, const RunFolder *folder) {
  FileText file = file_read(kept->arena, run_folder_index(kept->arena, folder), LARGEST_INDEX);
  size_t seal = sizeof(Hash);
  if (!file.text || file.size < seal)
    return 0;
  ByteReader tail = bytes_reader(file.text + file.size - seal, seal);
  ByteReader in = bytes_reader(file.text, file.size - seal);
  if (!hash_equal(bytes_get_hash(&tail), sealed(file.text, file.size - seal)) ||
      !hash_equal(bytes_get_hash(&in), kept->version))
    return 0;
  uint64_t size = file.size;
  while (in.at != in.end) {
    Entry entry = get_entry(&in, kept->arena);
    if (in.failed || strchr(entry.file, '/'))
      break;
    entry.folder = folder->path;
    size += entry.mark.size;
    uint32_t index = (uint32_t)kept->entries.count;
    if (hash_map_get(&kept->by_key, entry.key) == MAP_ABSENT) // the newest first
      hash_map_put(&kept->by_key, entry.key, index);
    hash_map_put(&kept->by_file, hash_text(path_join(kept->arena, folder->path, entry.file)),
                 index);
    array_push(&kept->entries, entry);
  }
  return size;
}

KeptPrefixes *kept_prefixes_open(Arena *arena, Roots roots, const char *place, Hash version) {
  KeptPrefixes *kept = arena_new_one(arena, KeptPrefixes);
  *kept = (KeptPrefixes){.arena = arena, .roots = roots};
  // A tree that was moved, or is built elsewhere, has other names in what libclang wrote.
  kept->version = hash_pair(
      version, hash_pair(hash_text(roots.top), hash_text(roots.build ? roots.build : "")));
  kept->is_on = place;
  if (place)
    kept->folders = run_folders_kept(arena, place, &kept->folder_count);
  kept->sizes = arena_new_array(arena, uint64_t, kept->folder_count);
  for (uint32_t i = 0; i < kept->folder_count; i++)
    kept->sizes[i] = read_index(kept, &kept->folders[i]);
  return kept;
}

/* ---- does it hold? */

/* Of nothing else than a regular file; zero when there is none. */
static FileMark mark_of(const char *path) {
  FileMark mark = {0};
  struct stat status;
  if (lstat(path, &status) || !S_ISREG(status.st_mode) || status.st_nlink != 1 ||
      status.st_uid != geteuid())
    return mark;
  Arena *scratch = arena_new();
  FileText file = file_read(scratch, path, LARGEST_FILE);
  if (file.text)
    mark = (FileMark){.size = file.size,
                      .inode = (uint64_t)status.st_ino,
                      .ctime_ns = nanoseconds(status.st_ctim),
                      .content = hash_bytes(file.text, file.size)};
  arena_free(scratch);
  return mark;
}

static bool is_own_file(const KeptPrefixes *kept, const Entry *entry) {
  FileMark now = mark_of(path_join(kept->arena, entry->folder, entry->file));
  return now.size && now.size == entry->mark.size && now.inode == entry->mark.inode &&
         now.ctime_ns == entry->mark.ctime_ns && hash_equal(now.content, entry->mark.content);
}

/* Zero when it cannot be read. Asked once a run: prefixes share their headers. */
static Hash content_of(KeptPrefixes *kept, const char *path) {
  Hash name = hash_text(path);
  uint32_t known = hash_map_get(&kept->contents, name);
  if (known == MAP_ABSENT) {
    Arena *scratch = arena_new();
    FileText file = file_read(scratch, path, LARGEST_FILE);
    known = (uint32_t)kept->hashes.count;
    array_push(&kept->hashes, file.text ? hash_bytes(file.text, file.size) : (Hash){0});
    hash_map_put(&kept->contents, name, known);
    arena_free(scratch);
  }
  return kept->hashes.at[known];
}

/* What a tree names is not as on the disk, and libclang compares times, too. */
static bool is_as_it_was(KeptPrefixes *kept, Arena *scratch, const UnitFile *file) {
  const char *path = roots_path(scratch, kept->roots, file->path);
  struct stat status;
  return !tree_find(kept->tree, path) && !stat(path, &status) &&
         nanoseconds(status.st_mtim) == file->mtime_ns &&
         hash_equal(content_of(kept, path), file->content);
}

static bool do_lookups_hold(const KeptPrefixes *kept, Arena *scratch, const UnitFolder *folder) {
  const char *path = roots_path(scratch, kept->roots, folder->path);
  for (uint32_t i = 0; i < folder->count; i++) {
    const char *name = path_join(scratch, path, folder->lookups[i].name);
    if (lookup_state(kept->tree, name) != folder->lookups[i].state)
      return false;
  }
  return true;
}

static bool are_inputs_equal(KeptPrefixes *kept, const Unit *unit) {
  Arena *scratch = arena_new();
  bool equal = true;
  for (uint32_t i = 0; i < unit->file_count && equal; i++)
    equal = is_as_it_was(kept, scratch, &unit->files[i]);
  for (uint32_t i = 0; i < unit->folder_count && equal; i++)
    equal = do_lookups_hold(kept, scratch, &unit->folders[i]);
  arena_free(scratch);
  return equal;
}

static const Prefix *prefix_of(KeptPrefixes *kept, uint32_t index);

/* NULL: it does not hold. */
static Prefix *judge(KeptPrefixes *kept, const Entry *entry) {
  const Prefix *base = NULL;
  if (*entry->base) {
    uint32_t index = hash_map_get(&kept->by_file, hash_text(entry->base));
    base = index == MAP_ABSENT ? NULL : prefix_of(kept, index);
    if (!base)
      return NULL;
  }
  const Unit *unit = unit_read(kept->arena, entry->unit, entry->unit_bytes);
  if (!unit || unit->status != UNIT_OK)
    return NULL;
  if (guard_on("kept-inputs") && !are_inputs_equal(kept, unit))
    return NULL;
  if (guard_on("kept-file") && !is_own_file(kept, entry))
    return NULL;
  Prefix *prefix = arena_new_one(kept->arena, Prefix);
  *prefix = (Prefix){.base = base,
                     .name = entry->name,
                     .file = path_join(kept->arena, entry->folder, entry->file),
                     .text = entry->text,
                     .size = strlen(entry->text),
                     .directive_count = entry->directive_count,
                     .files = unit->files,
                     .file_count = unit->file_count};
  return prefix;
}

static const Prefix *prefix_of(KeptPrefixes *kept, uint32_t index) {
  if (kept->entries.at[index].verdict == NOT_ASKED) {
    kept->entries.at[index].verdict = DIFFERS; // while it is asked: no circle of bases
    Prefix *prefix = judge(kept, &kept->entries.at[index]);
    kept->entries.at[index].prefix = prefix;
    kept->entries.at[index].verdict = prefix ? HOLDS : DIFFERS;
  }
  return kept->entries.at[index].prefix;
}

const Prefix *kept_prefixes_find(KeptPrefixes *kept, const Tree *tree, Hash key) {
  kept->tree = tree;
  uint32_t index = hash_map_get(&kept->by_key, key);
  return index == MAP_ABSENT ? NULL : prefix_of(kept, index);
}

bool kept_prefixes_has(const KeptPrefixes *kept, const Prefix *prefix) {
  bool found = false;
  for (size_t i = 0; i < kept->entries.count && prefix && !found; i++)
    found = kept->entries.at[i].prefix == prefix;
  return found;
}

void kept_prefixes_close(KeptPrefixes *kept) {
  for (uint32_t i = 0; i < kept->folder_count; i++)
    run_folder_release(&kept->folders[i]);
  array_free(&kept->entries);
  array_free(&kept->hashes);
  hash_map_free(&kept->by_key);
  hash_map_free(&kept->by_file);
  hash_map_free(&kept->contents);
}

/* ---- keeping */

static uint64_t size_of_file(const char *path) {
  struct stat status;
  return stat(path, &status) ? 0 : (uint64_t)status.st_size;
}

static const MadePrefix *all_made; // qsort has no context; only the main thread keeps prefixes

/* A base has at least as many users as what goes on from it, and comes before it. */
static int most_users_first(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  if (all_made[a].users != all_made[b].users)
    return all_made[a].users > all_made[b].users ? -1 : 1;
  return a < b ? -1 : a > b;
}

static bool *choose(Arena *arena, const MadePrefix *made, uint32_t count) {
  uint32_t *order = arena_new_array(arena, uint32_t, count);
  for (uint32_t i = 0; i < count; i++)
    order[i] = i;
  all_made = made;
  qsort(order, count, sizeof *order, most_users_first);
  bool *chosen = arena_new_array(arena, bool, count);
  uint64_t left = BYTES_OF_FOLDER;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t size = size_of_file(made[order[i]].prefix->file);
    if (!size || size > left)
      break; // what goes on from it would be of no use
    left -= size;
    chosen[order[i]] = true;
  }
  return chosen;
}

static void put_made(ByteWriter *out, const MadePrefix *made) {
  const Prefix *prefix = made->prefix;
  put_entry(out, &(Entry){.key = made->key,
                          .file = path_base(prefix->file),
                          .base = prefix->base ? prefix->base->file : "",
                          .name = prefix->name,
                          .text = prefix->text,
                          .directive_count = prefix->directive_count,
                          .mark = mark_of(prefix->file),
                          .unit = made->unit,
                          .unit_bytes = made->unit_bytes});
}

static bool write_index(const char *path, const ByteWriter *bytes) {
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0)
    return false;
  bool fine = write(file, bytes->at, bytes->count) == (ssize_t)bytes->count;
  fine = !close(file) && fine;
  if (!fine)
    unlink(path);
  return fine;
}

static void make_room(KeptPrefixes *kept, uint64_t size) {
  uint32_t count = 1;
  for (uint32_t i = 0; i < kept->folder_count; i++) {
    size += kept->sizes[i];
    if (!kept->sizes[i] || size > BYTES_OF_ALL || ++count > MOST_FOLDERS)
      run_folder_remove(&kept->folders[i]);
  }
}

bool kept_prefixes_add(KeptPrefixes *kept, const RunFolder *folder, const MadePrefix *made,
                       uint32_t count) {
  if (!kept->is_on)
    return false;
  ByteWriter bytes = {0};
  bytes_put_hash(&bytes, kept->version);
  const bool *chosen = choose(kept->arena, made, count);
  uint64_t size = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!chosen[i]) {
      unlink(made[i].prefix->file);
      continue;
    }
    put_made(&bytes, &made[i]);
    size += size_of_file(made[i].prefix->file);
  }
  bytes_put_hash(&bytes, sealed(bytes.at, bytes.count));
  bool fine = size && write_index(run_folder_index(kept->arena, folder), &bytes);
  bytes_free(&bytes);
  if (fine)
    make_room(kept, size);
  return fine;
}
