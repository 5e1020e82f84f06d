/* literal.c - texts of conditions without what no source says.
 *
 * A condition is told in the words of the analysed code, where macros are gone. So a string that
 * came from a flag, -DTOKEN="...", would stand in reports that others read. A string is shown when
 * a file of its unit spells it, and is "..." otherwise: in a few cases for nothing, where
 * literals were joined or a macro made one. */
#include "report/inside.h"

#include "base/guard.h"

/* Up to where the printed form is cut or escaped, it is what the source has. */
static bool is_spelled_in(const Report *report, const char *path, const char *text, size_t length) {
  const Source *source = source_find(report, path);
  return source->text && memmem(source->text, source->size, text, length);
}

/* In a header of the project that the function's unit read: `#define NAME "of all"`. */
static bool is_spelled_in_header(const Report *report, const Function *f, const char *text,
                                 size_t length) {
  size_t count;
  const StoredFunction *functions = store_functions(report->store, &count);
  ptrdiff_t index = store_find_body(report->store, f->key, f->body_hash);
  if (index < 0 || !functions[index].unit_count)
    return false;
  const Unit *unit = store_unit(report->store, report->arena, functions[index].units[0]);
  for (uint32_t i = 0; i < unit->file_count; i++)
    if (!unit->files[i].system && is_spelled_in(report, unit->files[i].path, text, length))
      return true;
  return false;
}

static bool is_spelled(const Report *report, const Function *f, const char *text, size_t length) {
  if (length > 3 && !strncmp(text + length - 3, "...", 3))
    length -= 3;
  if (!length || is_spelled_in(report, f->source, text, length))
    return true;
  return is_spelled_in_header(report, f, text, length);
}

/* Behind the literal that begins at `text`, which is a quote. */
static const char *end_of(const char *text) {
  for (text++; *text && *text != '"'; text++)
    text += text[0] == '\\' && text[1];
  return text;
}

const char *literals_hidden(const Report *report, const Function *f, const char *text) {
  if (!f || !strchr(text, '"') || !guard_on("literals"))
    return text;
  ByteWriter out = {0};
  for (const char *c = text; *c; c++) {
    const char *end = *c == '"' ? end_of(c) : c;
    if (*c != '"' || !*end) {
      bytes_put_u8(&out, (uint8_t)*c);
      continue;
    }
    size_t length = (size_t)(end - c) - 1;
    bytes_put_raw(&out, "\"", 1);
    if (is_spelled(report, f, c + 1, length))
      bytes_put_raw(&out, c + 1, length);
    else
      bytes_put_raw(&out, "...", 3);
    bytes_put_raw(&out, "\"", 1);
    c = end;
  }
  const char *shown = arena_text_n(report->arena, (const char *)out.at, out.count);
  bytes_free(&out);
  return shown;
}
