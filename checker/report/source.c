/* source.c - see source.h. A file that changed since it was analysed has other lines: it is not
 * shown at all rather than wrongly. */
#include "report/inside.h"

#include <limits.h>
#include <stdlib.h>

#include "base/guard.h"
#include "base/path.h"

enum { LARGEST = 64 << 20 };

/* As the parser counts lines: a carriage return ends one, too, unless a line feed follows. */
static bool is_line_end(const Source *source, size_t i) {
  return source->text[i] == '\n' ||
         (source->text[i] == '\r' && (i + 1 == source->size || source->text[i + 1] != '\n'));
}

static void find_lines(Arena *arena, Source *source) {
  uint32_t count = 1;
  for (size_t i = 0; i < source->size; i++)
    count += is_line_end(source, i);
  source->lines = arena_new_array(arena, const char *, count);
  source->lines[source->line_count++] = source->text;
  for (size_t i = 0; i < source->size; i++)
    if (is_line_end(source, i))
      source->lines[source->line_count++] = source->text + i + 1;
}

/* Also when links are followed; what only a tree of git has is no link. */
static bool is_ours(const ReportOptions *options, const char *name) {
  const Roots *roots = &options->roots;
  char real[PATH_MAX];
  if (options->tree && tree_find(options->tree, name))
    return path_inside(roots->top, name);
  return realpath(name, real) &&
         (path_inside(roots->top, real) || (roots->build && path_inside(roots->build, real)));
}

const Source *source_find(const Report *report, const char *path) {
  Source **place = &report->inside->sources;
  for (; *place; place = &(*place)->next)
    if (!strcmp((*place)->path, path))
      return *place;
  Arena *arena = report->arena;
  Source *source = arena_new_one(arena, Source);
  source->path = path;
  const char *name = roots_path(arena, report->options->roots, path);
  FileText file = {0};
  if (!report->options->confine || !guard_on("confine") || is_ours(report->options, name))
    file = tree_read(arena, report->options->tree, name, LARGEST);
  if (file.text && store_has_content(report->store, path, hash_bytes(file.text, file.size))) {
    source->text = file.text;
    source->size = file.size;
    find_lines(arena, source);
  }
  return *place = source;
}

const char *source_line(const Source *source, uint32_t line, size_t *length) {
  if (!source->text || !line || line > source->line_count)
    return NULL;
  const char *start = source->lines[line - 1];
  const char *end = source->text + source->size;
  if (line < source->line_count) {
    end = source->lines[line] - 1;
    if (end > start && *end == '\n' && end[-1] == '\r')
      end--;
  }
  *length = (size_t)(end - start);
  return start;
}

uint32_t source_utf16_column(const Source *source, uint32_t line, uint32_t column) {
  size_t length;
  const char *text = source_line(source, line, &length);
  if (!text || column > length + 1)
    return column;
  uint32_t units = 1;
  for (size_t i = 0; i + 1 < column; i++) {
    unsigned char byte = (unsigned char)text[i];
    units += (byte & 0xc0) != 0x80; // each character once,
    units += byte >= 0xf0;          // and those beyond the first plane twice
  }
  return units;
}
