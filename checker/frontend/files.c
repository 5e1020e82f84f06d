/* files.c - the files that a unit was made of, with the hashes of what libclang read, and the
 * headers that it did not find. After a prefix libclang lists only what came later; the prefix
 * knows the others.
 */
#include "frontend/files.h"

#include <string.h>
#include <sys/stat.h>

typedef struct {
  State *state;
  Frontend *frontend;
  LIST(UnitFile) files;
  Map seen; // hashes of paths
  bool begun;
} FileVisit;

/* libclang searches all files for each answer; with the same flags it is the same. */
static bool is_system_file(FileVisit *visit, CXFile file, const char *path) {
  State *s = visit->state;
  uint64_t key = hash_pair(s->unit->command_hash, hash_text(path)).low | 1;
  uint32_t known = map_get(&visit->frontend->system_header, key);
  if (known != MAP_NONE)
    return known;
  CXSourceLocation start = clang_getLocationForOffset(s->tu, file, 0);
  bool system = clang_Location_isInSystemHeader(start) != 0;
  map_put(visit->frontend->arena, &visit->frontend->system_header, key, system);
  return system;
}

static bool is_new(FileVisit *visit, const char *path) {
  uint64_t key = hash_text(path).low | 1;
  if (map_get(&visit->seen, key) != MAP_NONE)
    return false;
  map_put(visit->state->scratch, &visit->seen, key, 1);
  return true;
}

/* They stand behind the source and before what it includes later, where they would be without. */
static void add_files_of_prefix(FileVisit *visit) {
  State *s = visit->state;
  for (uint32_t i = 0; s->prefix && i < s->prefix->file_count; i++)
    if (is_new(visit, s->prefix->files[i].path))
      list_push(s->scratch, &visit->files, s->prefix->files[i]);
}

static UnitFile describe(FileVisit *visit, Index source, CXFile file) {
  State *s = visit->state;
  const Source *text = &s->sources.at[source];
  UnitFile entry = {.path = text->path,
                    .size = text->size,
                    .content = hash_bytes(text->text ? text->text : "", text->size),
                    .system = is_system_file(visit, file, text->path)};
  if (text->text && !entry.system)
    entry.allows = allow_scan(s->arena, text->text, text->size, &entry.allow_count);
  struct stat status;
  const char *name = roots_path(s->scratch, s->job->roots, text->path);
  if (!tree_find(s->job->tree, name) && stat(name, &status) == 0)
    entry.mtime_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
  return entry;
}

/* The source comes first, for nothing was included before it. */
static void add_file(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
  (void)stack;
  (void)depth;
  FileVisit *visit = data;
  State *s = visit->state;
  Index source = source_of(s, file);
  if (source == NO_SOURCE)
    return;
  bool is_main = !visit->begun;
  visit->begun = true;
  if (is_new(visit, s->sources.at[source].path) && !(is_main && s->precompiling))
    list_push(s->scratch, &visit->files, describe(visit, source, file));
  if (is_main)
    add_files_of_prefix(visit);
}

/* ---- headers that are not there */

void files_missing(State *s, const char *name, size_t length) {
  for (size_t i = 0; i < s->missing.count; i++)
    if (strlen(s->missing.at[i]) == length && strncmp(s->missing.at[i], name, length) == 0)
      return;
  list_push(s->scratch, &s->missing, arena_text_n(s->arena, name, length));
}

void files_of_unit(Frontend *frontend, State *s) {
  FileVisit visit = {.state = s, .frontend = frontend};
  clang_getInclusions(s->tu, add_file, &visit);
  s->unit->files = arena_copy(s->arena, visit.files.at, visit.files.count * sizeof(UnitFile));
  s->unit->file_count = (uint32_t)visit.files.count;
}
