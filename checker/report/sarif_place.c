/* sarif_place.c - files and regions. Columns are UTF-16 code units, as all readers expect. */
#include "report/sarif.h"

static void add_file(Sarif *sarif, size_t *capacity, const char *path) {
  sarif->files = arena_grow(sarif->arena, sarif->files, sizeof *sarif->files, sarif->file_count,
                            capacity, sarif->file_count + 1);
  sarif->files[sarif->file_count++] = path;
}

static int compare_texts(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void sarif_collect_files(Sarif *sarif) {
  const Report *report = sarif->report;
  size_t capacity = 0, kept = 0;
  for (size_t i = 0; i < sarif->result_count; i++) {
    const ReportFinding *finding = sarif->results[i];
    add_file(sarif, &capacity, finding->place.path);
    for (uint32_t k = 0; k < finding->step_count; k++)
      if (finding->steps[k].has_place)
        add_file(sarif, &capacity, finding->steps[k].place.path);
  }
  for (size_t i = 0; i < report->failed_count; i++)
    add_file(sarif, &capacity, report->failures[i].unit->key.source);
  for (size_t i = 0; i < report->gap_count; i++)
    add_file(sarif, &capacity, report->gaps[i].path);
  if (sarif->file_count)
    qsort(sarif->files, sarif->file_count, sizeof *sarif->files, compare_texts);
  for (size_t i = 0; i < sarif->file_count; i++)
    if (!kept || strcmp(sarif->files[kept - 1], sarif->files[i]))
      sarif->files[kept++] = sarif->files[i];
  sarif->file_count = kept;
}

static const char *uri_of(Arena *arena, const char *path) {
  static const char hex[] = "0123456789ABCDEF";
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  bool absolute = path[0] == '/';
  char *uri = arena_alloc(arena, strlen(path) * 3 + 8), *to = uri;
  if (absolute) {
    memcpy(to, "file://", 7);
    to += 7;
  }
  for (const unsigned char *c = (const unsigned char *)path; *c; c++) {
    if (strchr(plain, *c)) {
      *to++ = (char)*c;
      continue;
    }
    *to++ = '%';
    *to++ = hex[*c >> 4];
    *to++ = hex[*c & 15];
  }
  return uri;
}

static json_t *file_value(const Sarif *sarif, const char *path, bool with_index) {
  json_t *value = json_object();
  bool inside = path[0] != '/' && path[0] != '$'; // not of the system, not of the build folder
  const char *name = inside ? path : roots_path(sarif->arena, sarif->report->options->roots, path);
  jsonic_put_text(sarif->arena, value, "uri", uri_of(sarif->arena, name));
  if (name[0] != '/')
    jsonic_put_text(sarif->arena, value, "uriBaseId", "%SRCROOT%");
  const char **found = with_index ? bsearch(&path, sarif->files, sarif->file_count,
                                            sizeof *sarif->files, compare_texts)
                                  : NULL;
  if (found)
    jsonic_put_number(value, "index", (uint64_t)(found - sarif->files));
  return value;
}

json_t *sarif_artifacts(const Sarif *sarif) {
  json_t *list = json_array();
  for (size_t i = 0; i < sarif->file_count; i++) {
    json_t *value = json_object();
    jsonic_put(value, "location", file_value(sarif, sarif->files[i], false));
    jsonic_put_text(sarif->arena, value, "sourceLanguage", "c");
    jsonic_add(list, value);
  }
  return list;
}

json_t *sarif_file_only(const Sarif *sarif, const char *path) {
  json_t *value = json_object();
  jsonic_put(value, "artifactLocation", file_value(sarif, path, true));
  return value;
}

/* The region's own text, and as context the whole lines that it stands in. */
static void put_snippets(const Sarif *sarif, json_t *physical, json_t *region,
                         const ReportPlace *place) {
  const Source *source = source_find(sarif->report, place->path);
  size_t first_length, last_length;
  const char *first = source_line(source, place->line, &first_length);
  const char *last = source_line(source, place->end_line, &last_length);
  if (!first || !last || place->column > first_length + 1 || place->end_column > last_length + 1)
    return;
  const char *start = first + place->column - 1, *end = last + place->end_column - 1;
  if (end <= start)
    return;
  json_t *context = json_object();
  const char *own = arena_text_n(sarif->arena, start, (size_t)(end - start));
  const char *lines = arena_text_n(sarif->arena, first, (size_t)(last + last_length - first));
  jsonic_put(region, "snippet", sarif_message(sarif->arena, own));
  jsonic_put_number(context, "startLine", place->line);
  jsonic_put_number(context, "endLine", place->end_line);
  jsonic_put(context, "snippet", sarif_message(sarif->arena, lines));
  jsonic_put(physical, "contextRegion", context);
}

json_t *sarif_physical(const Sarif *sarif, const ReportPlace *place) {
  json_t *value = sarif_file_only(sarif, place->path), *region = json_object();
  const Source *source = source_find(sarif->report, place->path);
  jsonic_put_number(region, "startLine", place->line);
  jsonic_put_number(region, "startColumn", source_utf16_column(source, place->line, place->column));
  jsonic_put_number(region, "endLine", place->end_line);
  jsonic_put_number(region, "endColumn",
                    source_utf16_column(source, place->end_line, place->end_column));
  jsonic_put(value, "region", region);
  put_snippets(sarif, value, region, place);
  return value;
}
