/* picture.c - see picture.h */
#include "picture/picture.h"

#include <inttypes.h>

#include "report/inside.h"

void picture_put_quoted(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      fputc('\\', out);
    if (*text == '\n')
      fputs("\\n", out);
    else
      fputc((unsigned char)*text < ' ' ? '?' : *text, out);
  }
  fputc('"', out);
}

void picture_put_escaped(FILE *out, const char *text) {
  for (; *text; text++)
    switch (*text) {
    case '<':
      fputs("&lt;", out);
      break;
    case '>':
      fputs("&gt;", out);
      break;
    case '&':
      fputs("&amp;", out);
      break;
    case '"':
      fputs("&quot;", out);
      break;
    default:
      fputc(*text, out);
    }
}

/* ---- what fits */

/* Letters of Chinese, Japanese and Korean are twice as wide. */
static uint32_t width_at(const unsigned char *at) {
  if ((at[0] & 0xc0) == 0x80)
    return 0;
  bool wide = (at[0] >= 0xe3 && at[0] <= 0xed) || at[0] >= 0xf0 ||
              (at[0] == 0xef && at[1] >= 0xbc && at[1] <= 0xbd);
  return wide ? 2 : 1;
}

/* Where the text has taken so many columns: the start of a letter. */
static size_t place_of(const char *text, uint32_t columns) {
  const unsigned char *at = (const unsigned char *)text;
  uint32_t width = 0;
  for (size_t i = 0; at[i]; i++) {
    width += width_at(at + i);
    if (width > columns)
      return i;
  }
  return strlen(text);
}

static uint32_t columns_of(const char *text) {
  uint32_t columns = 0;
  for (const unsigned char *at = (const unsigned char *)text; *at; at++)
    columns += width_at(at);
  return columns;
}

const char *picture_fit(Arena *arena, const char *text, uint32_t columns) {
  const char *shown = visible(arena, text);
  uint32_t whole = columns_of(shown), half = columns / 2;
  if (whole <= columns)
    return shown;
  size_t end = place_of(shown, columns - half - 1), start = place_of(shown, whole - half);
  return arena_printf(arena, "%.*s\u2026%s", (int)end, shown, shown + start);
}

uint32_t picture_wrap(Arena *arena, const char *text, uint32_t columns, const char **lines,
                      uint32_t room) {
  const char *rest = visible(arena, text);
  uint32_t count = 0;
  while (*rest && count < room) {
    size_t end = place_of(rest, columns), blank = end;
    if (!rest[end] || count + 1 == room) {
      lines[count++] = picture_fit(arena, rest, columns);
      break;
    }
    while (blank && rest[blank] != ' ')
      blank--;
    end = blank ? blank : end;
    lines[count++] = arena_text_n(arena, rest, end);
    rest += end + (rest[end] == ' ');
  }
  return count;
}

const char *picture_count(Arena *arena, uint64_t number) {
  char digits[32], *out = arena_alloc(arena, 48), *to = out;
  int count = snprintf(digits, sizeof digits, "%" PRIu64, number);
  for (int i = 0; i < count; i++) {
    if (i && (count - i) % 3 == 0)
      *to++ = ',';
    *to++ = digits[i];
  }
  *to = 0;
  return out;
}

const char *picture_bytes(Arena *arena, uint64_t bytes) {
  static const char *const units[] = {"KiB", "MiB", "GiB"};
  for (int unit = 2; unit >= 0; unit--) {
    uint64_t size = (uint64_t)1 << (10 * (unit + 1));
    if (bytes >= size && bytes % size == 0)
      return arena_printf(arena, "%s %s", picture_count(arena, bytes / size), units[unit]);
  }
  return arena_printf(arena, "%s byte%s", picture_count(arena, bytes), bytes == 1 ? "" : "s");
}

const char *picture_byte_range(Arena *arena, uint64_t low, uint64_t high) {
  return low == high ? picture_bytes(arena, low)
                     : arena_printf(arena, "%s to %s bytes", picture_count(arena, low),
                                    picture_count(arena, high));
}
