/* files.c - the files that a unit was made of, with the hashes of what libclang read, and those
 * that it looked for in vain.
 */
#include "frontend/files.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
  State *state;
  Frontend *frontend;
  LIST(UnitFile) files;
  LIST(Index) sources; // of each file
  Map seen;
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

static void add_file(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
  (void)stack;
  (void)depth;
  FileVisit *visit = data;
  State *s = visit->state;
  Index source = source_of(s, file);
  if (source == NO_SOURCE || map_get(&visit->seen, (uint64_t)source + 1) != MAP_NONE)
    return;
  map_put(s->scratch, &visit->seen, (uint64_t)source + 1, 1);
  const Source *text = &s->sources.at[source];
  UnitFile entry = {.path = text->path,
                    .size = text->size,
                    .content = hash_bytes(text->text ? text->text : "", text->size),
                    .system = is_system_file(visit, file, text->path)};
  struct stat status;
  const char *path =
      *text->path == '/' ? text->path : arena_printf(s->scratch, "%s/%s", s->job->root, text->path);
  if (stat(path, &status) == 0)
    entry.mtime_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
  list_push(s->scratch, &visit->files, entry);
  list_push(s->scratch, &visit->sources, source);
}

/* ---- headers that are not there */

void files_missing(State *s, const char *name, size_t length) {
  for (size_t i = 0; i < s->missing.count; i++)
    if (strlen(s->missing.at[i]) == length && strncmp(s->missing.at[i], name, length) == 0)
      return;
  list_push(s->scratch, &s->missing, arena_text_n(s->arena, name, length));
}

static bool is_included(const FileVisit *visit, const char *name, size_t length) {
  for (size_t i = 0; i < visit->files.count; i++) {
    const char *path = visit->files.at[i].path;
    size_t size = strlen(path);
    if (size > length && path[size - length - 1] == '/' &&
        strncmp(path + size - length, name, length) == 0)
      return true;
  }
  return false;
}

/* __has_include(<x.h>): the unit may change when x.h appears. Macros as argument are not followed.
 */
static void scan_has_include(FileVisit *visit, const Source *source) {
  static const char word[] = "__has_include";
  const char *at = source->text, *end = source->text + source->size;
  while (at && (at = memmem(at, (size_t)(end - at), word, sizeof word - 1)) != NULL) {
    at += sizeof word - 1;
    while (at < end && (*at == ' ' || *at == '('))
      at++;
    if (at >= end || (*at != '<' && *at != '"'))
      continue;
    const char *close = memchr(at + 1, *at == '<' ? '>' : '"', (size_t)(end - at) - 1);
    if (!close)
      return;
    size_t length = (size_t)(close - at) - 1;
    if (length < PATH_MAX && !is_included(visit, at + 1, length))
      files_missing(visit->state, at + 1, length);
  }
}

static void scan_own_files(FileVisit *visit) {
  State *s = visit->state;
  for (size_t i = 0; i < visit->files.count; i++) {
    Index source = visit->sources.at[i];
    if (!visit->files.at[i].system && s->sources.at[source].text)
      scan_has_include(visit, &s->sources.at[source]);
  }
}

void files_of_unit(Frontend *frontend, State *s) {
  FileVisit visit = {.state = s, .frontend = frontend};
  clang_getInclusions(s->tu, add_file, &visit);
  scan_own_files(&visit);
  s->unit->files = arena_copy(s->arena, visit.files.at, visit.files.count * sizeof(UnitFile));
  s->unit->file_count = (uint32_t)visit.files.count;
}
