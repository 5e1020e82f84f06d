/* words.c - containers as their programs call them. */
#include <string.h>

#include "growth/containers.h"

static void put(ByteWriter *out, const char *text) { bytes_put_raw(out, text, strlen(text)); }

static const char *last_part(const char *key, char separator) {
  const char *at = strrchr(key, separator);
  return at ? at + 1 : key;
}

static void write_path(ByteWriter *out, const PathTable *paths, const TextPool *texts,
                       PathId path) {
  const PathNode *node = path_at(paths, path);
  if (node->kind == PATH_GLOBAL) {
    const char *name = last_part(text_of(texts, node->number), ':'), *end = strrchr(name, '#');
    bytes_put_raw(out, name, end ? (size_t)(end - name) : strlen(name)); // a static variable
  } else if (node->kind == PATH_FIELD) {
    PathId parent = node->parent;
    bool arrow = path_at(paths, parent)->kind == PATH_TARGET;
    write_path(out, paths, texts, arrow ? path_at(paths, parent)->parent : parent);
    put(out, arrow ? "->" : ".");
    put(out, field_in_words(text_of(texts, node->number)));
  } else if (node->kind == PATH_ELEMENT) {
    write_path(out, paths, texts, node->parent);
    put(out, "[]");
  } else if (node->parent) {
    write_path(out, paths, texts, node->parent);
  }
}

const char *path_in_words(Arena *arena, const PathTable *paths, const TextPool *texts,
                          PathId path) {
  ByteWriter out = {0};
  write_path(&out, paths, texts, path);
  const char *words = arena_text_n(arena, (const char *)out.at, out.count);
  bytes_free(&out);
  return words;
}

PathId path_named(const PathTable *paths, const TextPool *texts, PathId path, bool is_handed) {
  static const char *const usual[] = {
      "head",   "tail",   "first", "last", "next", "prev",  "items",  "entries", "buckets", "table",
      "tables", "values", "root",  "list", "data", "count", "length", "newest",  "oldest",  "keys"};
  for (const PathNode *node = path_at(paths, path); node->parent; node = path_at(paths, path)) {
    bool drop = node->kind == PATH_TARGET || node->kind == PATH_ELEMENT;
    const char *name = node->kind == PATH_FIELD ? field_in_words(text_of(texts, node->number)) : "";
    bool is_only_name = !is_handed || // server.key_table
                        path_at(paths, node->parent)->kind == PATH_GLOBAL;
    for (size_t i = 0; i < sizeof usual / sizeof *usual && node->kind == PATH_FIELD; i++)
      drop |= is_only_name ? !strcmp(name, usual[i]) : text_ends(name, usual[i]);
    if (!drop)
      break;
    is_handed &= node->kind != PATH_FIELD; // what has it is named by who hands it on
    path = node->parent;
  }
  return path;
}

/* Without the mark that tells records of one name apart. */
const char *record_in_words(Arena *arena, const char *key) {
  const char *mark = strchr(key, '#');
  return arena_text_n(arena, key, mark ? (size_t)(mark - key) : strlen(key));
}

const char *field_in_words(const char *key) { return last_part(key, '.'); }
