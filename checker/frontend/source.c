/* source.c - files of the unit: their names below the root, their text, and positions in them. */
#include <ctype.h>
#include <string.h>

#include "base/path.h"
#include "frontend/cursor.h"
#include "frontend/state.h"

const char *source_relative(State *s, Arena *arena, const char *path) {
  const char *normal = path_normal(arena, path_join(arena, s->job->directory, path));
  return roots_name(arena, s->job->roots, normal);
}

static void read_source(State *s, Source *source) {
  source->pretended = overlay_pretended(s, source->path);
  if (s->overlay.text && !strcmp(source->path, s->unit->source)) {
    source->text = s->overlay.text;
    source->size = s->overlay.size;
  } else {
    source->text = clang_getFileContents(s->tu, source->file, &source->size);
  }
}

Index source_of(State *s, CXFile file) {
  if (!file)
    return NO_SOURCE;
  if (file == s->last_file)
    return s->last_source;
  uint32_t known = map_get(&s->source_map, map_key(file));
  if (known == MAP_NONE) {
    const char *name = text_take(s->scratch, clang_getFileName(file));
    Source source = {.path = source_relative(s, s->arena, name), .file = file};
    read_source(s, &source);
    /* One file under two names (a/../b.h) is one source. */
    uint64_t path_key = hash_text(source.path).low | 1;
    known = map_get(&s->path_map, path_key);
    if (known == MAP_NONE) {
      known = (uint32_t)s->sources.count;
      list_push(s->scratch, &s->sources, source);
      map_put(s->scratch, &s->path_map, path_key, known);
    }
    map_put(s->scratch, &s->source_map, map_key(file), known);
  }
  s->last_file = file;
  s->last_source = known;
  return known;
}

typedef void Locate(CXSourceLocation, CXFile *, unsigned *, unsigned *, unsigned *);

static Position position(State *s, CXSourceLocation location, Locate *locate) {
  CXFile file = NULL;
  Position p = {0};
  locate(location, &file, &p.line, &p.column, &p.offset);
  p.source = source_of(s, file);
  if (p.source != NO_SOURCE && s->sources.at[p.source].pretended)
    overlay_move(s, &p);
  return p;
}

Position position_expansion(State *s, CXSourceLocation location) {
  return position(s, location, clang_getExpansionLocation);
}

Position position_spelling(State *s, CXSourceLocation location) {
  return position(s, location, clang_getSpellingLocation);
}

Position position_file(State *s, CXSourceLocation location) {
  return position(s, location, clang_getFileLocation);
}

const char *source_word(State *s, Arena *arena, Position p) {
  if (p.source == NO_SOURCE)
    return "";
  const Source *source = &s->sources.at[p.source];
  size_t end = p.offset;
  if (!source->text || end >= source->size || isdigit((unsigned char)source->text[end]))
    return "";
  while (end < source->size &&
         (isalnum((unsigned char)source->text[end]) || source->text[end] == '_'))
    end++;
  return end == p.offset ? "" : arena_text_n(arena, source->text + p.offset, end - p.offset);
}
