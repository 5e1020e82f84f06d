/* lookup.c - has a header appeared where units looked for one in vain?
 *
 * By folder: one stat vouches for all names that were looked for in it, by whatever unit. Only in a
 * folder that changed are the names looked at again. A row is a name with what stood there when a
 * unit was read (`expected`) and what stands there as of the folder's stat (`now`); a unit holds
 * its rows as ranges of ids, since units that share headers ask the same in the same order.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "store/inner.h"

#include "base/guard.h"
#include "base/path.h"

static const int64_t NANO = 1000000000;
enum { LARGEST_ID = 1 << 26 };

static uint32_t lookup_of(Store *store, uint32_t folder, const char *name, uint8_t expected,
                          bool *is_new) {
  Hash key = hash_pair(hash_text(name), (Hash){folder, expected});
  uint32_t id = hash_map_get(&store->lookup_map, key);
  *is_new = id == MAP_ABSENT || store->lookups.at[id].folder == MAP_ABSENT;
  if (!*is_new)
    return id;
  id = (uint32_t)store->lookups.count;
  array_push(&store->lookups, (LookupRow){.name = arena_text(store->arena, name),
                                          .folder = folder,
                                          .expected = expected,
                                          .now = expected});
  hash_map_put(&store->lookup_map, key, id);
  return id;
}

/* ---- loading and saving */
static void seal_folder(Store *store, const FolderRow *folder) {
  bytes_put_text(&store->seal, folder->path);
  bytes_put_s(&store->seal, folder->mtime_ns);
  bytes_put_s(&store->seal, folder->ctime_ns);
  bytes_put_u(&store->seal, folder->inode);
}

static void load_lookups(Store *store, uint32_t folder, const void *bytes, size_t count) {
  ByteReader r = bytes_reader(bytes, count);
  while (r.at != r.end && !r.failed) {
    uint32_t id = bytes_get_u32(&r);
    uint8_t states = bytes_get_u8(&r);
    const char *name = bytes_get_text(&r, store->arena);
    if (r.failed || id >= LARGEST_ID)
      return;
    while (store->lookups.count <= id)
      array_push(&store->lookups, (LookupRow){.folder = MAP_ABSENT});
    uint8_t expected = states & 15;
    store->lookups.at[id] =
        (LookupRow){.name = name, .folder = folder, .expected = expected, .now = states >> 4};
    hash_map_put(&store->lookup_map, hash_pair(hash_text(name), (Hash){folder, expected}), id);
  }
}

void lookups_load(Store *store) {
  sqlite3_stmt *all = sql_use(store, SQL_FOLDER_ALL);
  while (sql_row(store, all)) {
    FolderRow folder = {.path = column_text(store->arena, all, 0),
                        .mtime_ns = sqlite3_column_int64(all, 1),
                        .ctime_ns = sqlite3_column_int64(all, 2),
                        .inode = (uint64_t)sqlite3_column_int64(all, 3)};
    size_t count;
    const void *bytes = column_bytes(all, 4, &count);
    seal_folder(store, &folder);
    bytes_put_raw(&store->seal, bytes, count);
    Hash name = hash_text(folder.path);
    if (!seal_matches(seal_end(store), column_hash(all, 5)) ||
        hash_map_get(&store->folder_map, name) != MAP_ABSENT)
      continue; // its ids are not known then, so the units that hold them are read again
    uint32_t index = (uint32_t)store->folders.count;
    hash_map_put(&store->folder_map, name, index);
    array_push(&store->folders, folder);
    load_lookups(store, index, bytes, count);
  }
}

static void save_folder(Store *store, const FolderRow *folder, const ByteWriter *lookups) {
  seal_folder(store, folder);
  bytes_put_raw(&store->seal, lookups->at, lookups->count);
  sqlite3_stmt *put = sql_use(store, SQL_FOLDER_PUT);
  bind_text(put, 1, folder->path);
  bind_number(put, 2, folder->mtime_ns);
  bind_number(put, 3, folder->ctime_ns);
  bind_number(put, 4, (int64_t)folder->inode);
  bind_bytes(put, 5, lookups->at, lookups->count);
  bind_hash(put, 6, seal_end(store));
  sql_run(store, put);
}

void lookups_save(Store *store) {
  if (!store->folders_changed)
    return;
  store->folders_changed = false;
  ByteWriter *lists = memory_resize(NULL, store->folders.count * sizeof *lists);
  memset(lists, 0, store->folders.count * sizeof *lists);
  for (size_t id = 0; id < store->lookups.count; id++) {
    const LookupRow *row = &store->lookups.at[id];
    if (row->folder == MAP_ABSENT || !store->folders.at[row->folder].changed)
      continue;
    bytes_put_u(&lists[row->folder], id);
    bytes_put_u8(&lists[row->folder], (uint8_t)(row->expected | row->now << 4));
    bytes_put_text(&lists[row->folder], row->name);
  }
  transaction_enter(store);
  for (size_t i = 0; i < store->folders.count; i++) {
    if (store->folders.at[i].changed)
      save_folder(store, &store->folders.at[i], &lists[i]);
    store->folders.at[i].changed = false;
    bytes_free(&lists[i]);
  }
  transaction_leave(store);
  memory_free(lists);
}

/* ---- of a unit */
static uint32_t put_folder(Store *store, const UnitFolder *from) {
  Hash name = hash_text(from->path);
  uint32_t index = hash_map_get(&store->folder_map, name);
  if (index == MAP_ABSENT) {
    index = (uint32_t)store->folders.count;
    array_push(&store->folders, (FolderRow){.path = arena_text(store->arena, from->path),
                                            .mtime_ns = from->mtime_ns,
                                            .ctime_ns = from->ctime_ns,
                                            .inode = from->inode,
                                            .asked = true,
                                            .changed = true});
    hash_map_put(&store->folder_map, name, index);
    store->folders_changed = true;
  }
  FolderRow *folder = &store->folders.at[index];
  bool same = folder->mtime_ns == from->mtime_ns && folder->inode == from->inode &&
              folder->ctime_ns == from->ctime_ns;
  if (!same && folder->ctime_ns) { // it changed during the run: the next one has to look
    folder->ctime_ns = 0;
    folder->changed = store->folders_changed = true;
  }
  return index;
}

static void put_ranges(ByteWriter *out, const uint32_t *ids, size_t count) {
  uint32_t end = 0;
  for (size_t i = 0; i < count;) {
    size_t length = 1;
    while (i + length < count && ids[i + length] == ids[i] + length)
      length++;
    bytes_put_u(out, ids[i] - end);
    bytes_put_u(out, length);
    end = ids[i] + (uint32_t)length;
    i += length;
  }
}

static uint8_t look(const char *path) {
  struct stat status;
  if (stat(path, &status))
    return LOOKUP_NOTHING;
  return S_ISDIR(status.st_mode) ? LOOKUP_FOLDER : LOOKUP_FILE;
}

/* What a view expects is no news of the disk. */
static void look_behind_view(Store *store, uint32_t id) {
  LookupRow *row = &store->lookups.at[id];
  Arena *scratch = arena_new();
  const char *folder = roots_path(scratch, store->roots, store->folders.at[row->folder].path);
  row->now = look(path_join(scratch, folder, row->name));
  store->lookups_differ |= row->now != row->expected;
  arena_free(scratch);
}

void lookups_put(Store *store, UnitRow *row, const Unit *unit) {
  ARRAY(uint32_t) ids = {0};
  for (uint32_t i = 0; i < unit->folder_count; i++) {
    uint32_t folder = put_folder(store, &unit->folders[i]);
    for (uint32_t k = 0; k < unit->folders[i].count; k++) {
      const Lookup *lookup = &unit->folders[i].lookups[k];
      bool is_new;
      array_push(&ids, lookup_of(store, folder, lookup->name, lookup->state, &is_new));
      if (!is_new)
        continue;
      store->folders.at[folder].changed = store->folders_changed = true;
      if (store->is_other)
        look_behind_view(store, ids.at[ids.count - 1]);
    }
  }
  if (ids.count)
    qsort(ids.at, ids.count, sizeof *ids.at, compare_ids);
  ByteWriter ranges = {0};
  put_ranges(&ranges, ids.at, ids.count);
  row->lookups = arena_copy(store->arena, ranges.at, ranges.count);
  row->lookups_size = (uint32_t)ranges.count;
  bytes_free(&ranges);
  array_free(&ids);
}

typedef struct {
  ByteReader bytes;
  uint32_t id, left;
} Ranges;

static bool next_lookup(Ranges *ranges, uint32_t *id) {
  if (!ranges->left) {
    if (ranges->bytes.at == ranges->bytes.end || ranges->bytes.failed)
      return false;
    ranges->id += bytes_get_u32(&ranges->bytes);
    ranges->left = bytes_get_u32(&ranges->bytes);
    if (!ranges->left || ranges->bytes.failed)
      return false;
  }
  ranges->left--;
  *id = ranges->id++;
  return true;
}

static Ranges ranges_of(const UnitRow *unit) {
  return (Ranges){.bytes = bytes_reader(unit->lookups, unit->lookups_size)};
}

bool lookups_are_known(Store *store, const UnitRow *unit) {
  Ranges ranges = ranges_of(unit);
  for (uint32_t id; next_lookup(&ranges, &id);)
    if (id >= store->lookups.count || store->lookups.at[id].folder == MAP_ABSENT)
      return false;
  return !ranges.bytes.failed;
}

/* ---- do they hold? */
static void look_again(Store *store, uint32_t index, const char *path) {
  FolderRow *folder = &store->folders.at[index];
  Arena *scratch = arena_new();
  for (size_t i = 0; i < store->lookups.count; i++) {
    LookupRow *row = &store->lookups.at[i];
    if (row->folder == index)
      row->now = look(path_join(scratch, path, row->name));
  }
  arena_free(scratch);
  folder->changed = store->folders_changed = true;
}

/* One stat a folder; true when all is there as of its last one. */
static void ask_folder(Store *store, uint32_t index) {
  FolderRow *folder = &store->folders.at[index];
  struct stat status;
  struct timespec now;
  const char *path = roots_path(store->arena, store->roots, folder->path);
  folder->asked = true;
  clock_gettime(CLOCK_REALTIME, &now);
  bool exists = !stat(path, &status);
  int64_t mtime = exists ? status.st_mtim.tv_sec * NANO + status.st_mtim.tv_nsec : -1;
  int64_t ctime = exists ? status.st_ctim.tv_sec * NANO + status.st_ctim.tv_nsec : -1;
  uint64_t inode = exists ? (uint64_t)status.st_ino : 0;
  bool believed = folder->ctime_ns && guard_on("content");
  if (believed && folder->mtime_ns == mtime && folder->ctime_ns == ctime && folder->inode == inode)
    return;
  folder->mtime_ns = mtime;
  folder->inode = inode;
  // As with files: a change within the tick of the clock would not show.
  folder->ctime_ns = now.tv_sec * NANO + now.tv_nsec - ctime >= NANO ? ctime : 0;
  look_again(store, index, path);
}

void lookups_ask(Store *store) {
  if (store->lookups_asked)
    return;
  store->lookups_asked = true;
  for (uint32_t i = 0; i < store->folders.count; i++)
    if (!store->folders.at[i].asked)
      ask_folder(store, i);
  for (size_t i = 0; i < store->lookups.count; i++) {
    const LookupRow *row = &store->lookups.at[i];
    store->lookups_differ |= row->folder != MAP_ABSENT && row->now != row->expected;
  }
}

/* Asked once a view: many units share what they looked for. */
static uint8_t state_in_view(const Store *store, LookupRow *row, Arena *scratch) {
  if (row->view == store->other_number)
    return row->viewed;
  const FolderRow *folder = &store->folders.at[row->folder];
  const char *path = path_join(scratch, folder->path, row->name);
  if (!strcmp(folder->path, "."))
    path = row->name;
  uint32_t state = hash_map_get(&store->other_states, hash_text(path));
  row->view = store->other_number;
  row->viewed = state == MAP_ABSENT ? row->now : (uint8_t)state;
  return row->viewed;
}

bool lookups_hold(Store *store, const UnitRow *unit) {
  lookups_ask(store);
  if (!store->lookups_differ && !store->is_other)
    return true;
  Arena *scratch = arena_new();
  Ranges ranges = ranges_of(unit);
  bool hold = true;
  for (uint32_t id; hold && next_lookup(&ranges, &id);) {
    LookupRow *row = &store->lookups.at[id];
    uint8_t now = store->is_other ? state_in_view(store, row, scratch) : row->now;
    hold = now == row->expected;
  }
  arena_free(scratch);
  return hold;
}

/* ---- what no unit refers to any more */
void lookups_sweep(Store *store) {
  bool *held = arena_new_array(store->view_arena, bool, store->lookups.count);
  for (size_t i = 0; i < store->units.count; i++) {
    Ranges ranges = ranges_of(&store->units.at[i]);
    for (uint32_t id; !store->units.at[i].dropped && next_lookup(&ranges, &id);)
      held[id] = true;
  }
  for (size_t i = 0; i < store->lookups.count; i++) {
    LookupRow *row = &store->lookups.at[i];
    if (held[i] || row->folder == MAP_ABSENT)
      continue;
    store->folders.at[row->folder].changed = store->folders_changed = true;
    row->folder = MAP_ABSENT;
  }
}
