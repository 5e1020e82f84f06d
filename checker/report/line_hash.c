/* line_hash.c - the hash of a line and what follows it by which GitHub recognises a result that
 * moved: a rolling polynomial over 100 UTF-16 units, blanks left out.
 *
 * Must agree to the bit with codeql-action's fingerprints.ts (tests/report compares with its test
 * values): a different value makes the upload warn and count the result as new.
 */
#include "report/inside.h"

#include "base/text.h"

enum { WINDOW = 100, FACTOR = 37, END_OF_FILE = 65535 };

typedef struct {
  const Source *source;
  uint32_t window[WINDOW];
  uint32_t lines[WINDOW]; // line that begins at this place of the window, or 0
  uint64_t hash, first_factor;
  size_t index;
  uint32_t line;
  bool at_line_start, after_return;
} Roller;

/* The hashes get ":N" when the same one comes again; counted in number_repeats. */
static void put_hash(Roller *roller) {
  uint32_t line = roller->lines[roller->index];
  roller->lines[roller->index] = 0;
  if (line <= roller->source->line_count)
    snprintf(roller->source->hashes[line - 1], sizeof *roller->source->hashes, "%llx",
             (unsigned long long)roller->hash);
}

static void roll(Roller *roller, uint32_t unit) {
  uint32_t begin = roller->window[roller->index];
  roller->window[roller->index] = unit;
  roller->hash = roller->hash * FACTOR + unit - roller->first_factor * begin;
  roller->index = (roller->index + 1) % WINDOW;
}

static void take(Roller *roller, uint32_t unit) {
  if (unit == ' ' || unit == '\t' || (roller->after_return && unit == '\n')) {
    roller->after_return = false;
    return;
  }
  roller->after_return = unit == '\r';
  if (unit == '\r')
    unit = '\n';
  if (roller->lines[roller->index])
    put_hash(roller);
  if (roller->at_line_start) {
    roller->at_line_start = false;
    roller->lines[roller->index] = ++roller->line;
  }
  roller->at_line_start = unit == '\n';
  roll(roller, unit);
}

/* One character of valid UTF-8 as one or two units. */
static size_t take_character(Roller *roller, const unsigned char *at) {
  if (at[0] < 0x80) {
    take(roller, at[0]);
    return 1;
  }
  size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
  uint32_t point = at[0] & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; i++)
    point = point << 6 | (at[i] & 0x3fu);
  if (point < 0x10000) {
    take(roller, point);
    return length;
  }
  take(roller, 0xd800 + ((point - 0x10000) >> 10));
  take(roller, 0xdc00 + ((point - 0x10000) & 0x3ff));
  return length;
}

static int compare_hashes(const void *left, const void *right) {
  const char *const *a = left, *const *b = right;
  int order = strcmp(*a, *b);
  return order ? order : *a < *b ? -1 : *a > *b;
}

static void number_repeats(Arena *arena, const Source *source) {
  char **order = arena_new_array(arena, char *, source->line_count);
  for (uint32_t i = 0; i < source->line_count; i++)
    order[i] = source->hashes[i];
  qsort(order, source->line_count, sizeof *order, compare_hashes);
  const char *last = "";
  size_t last_length = 0;
  uint32_t number = 0;
  for (uint32_t i = 0; i < source->line_count; i++) {
    size_t length = strlen(order[i]);
    bool same = length == last_length && !memcmp(order[i], last, length);
    number = same ? number + 1 : 1;
    last = order[i];
    last_length = length;
    if (length)
      snprintf(order[i] + length, sizeof *source->hashes - length, ":%u", number);
  }
}

static void hash_lines(Arena *arena, Source *source) {
  source->hashes = arena_alloc(arena, source->line_count * sizeof *source->hashes);
  Roller roller = {.source = source, .first_factor = 1, .at_line_start = true};
  for (int i = 0; i < WINDOW; i++)
    roller.first_factor *= FACTOR;
  const unsigned char *text = (const unsigned char *)text_valid_utf8(arena, source->text);
  while (*text)
    text += take_character(&roller, text);
  take(&roller, END_OF_FILE);
  for (int i = 0; i < WINDOW; i++) {
    if (roller.lines[roller.index])
      put_hash(&roller);
    roll(&roller, 0);
  }
  number_repeats(arena, source);
}

const char *source_line_hash(const Report *report, const Source *source, uint32_t line) {
  if (!source->text || !line || line > source->line_count)
    return "";
  if (!source->hashes)
    hash_lines(report->arena, (Source *)source);
  return source->hashes[line - 1];
}
