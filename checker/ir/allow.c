/* allow.c - see allow.h. Comments are found by a scan of the raw text that knows literals, since
 * libclang gives no plain comments. Files without the word cost one search for it.
 *
 * Imprecise: a comment that begins in an #if 0 counts; a line that ends in a trigraph ??/ does not
 * continue a // comment.
 */
#include "ir/allow.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

static const char word[] = "overstay-allow";

typedef struct {
  Arena *arena;
  const char *at, *end;
  uint32_t line;
  Allow *allows;
  uint32_t count;
  size_t room;
  bool is_first; // nothing but blanks so far
} Scan;

typedef struct {
  const char *at, *end;
  uint32_t first_line, last_line;
  bool is_first;
} Comment;

static void advance(Scan *s) {
  s->line += *s->at == '\n';
  s->at++;
}

static bool stands(const Scan *s, const char *text) {
  size_t length = strlen(text);
  return (size_t)(s->end - s->at) >= length && !memcmp(s->at, text, length);
}

static void skip_literal(Scan *s) {
  char quote = *s->at;
  advance(s);
  while (s->at < s->end && *s->at != quote && *s->at != '\n') {
    if (*s->at == '\\' && s->at + 1 < s->end)
      advance(s);
    advance(s);
  }
  if (s->at < s->end && *s->at == quote)
    advance(s);
}

static bool next_comment(Scan *s, Comment *comment) {
  while (s->at < s->end && !stands(s, "//") && !stands(s, "/*")) {
    s->is_first &= isspace((unsigned char)*s->at) != 0;
    if (*s->at == '"' || *s->at == '\'')
      skip_literal(s);
    else
      advance(s);
  }
  if (s->at == s->end)
    return false;
  *comment = (Comment){.at = s->at, .first_line = s->line, .is_first = s->is_first};
  bool is_block = s->at[1] == '*';
  s->at += 2;
  while (s->at < s->end && (is_block ? !stands(s, "*/") : *s->at != '\n' || s->at[-1] == '\\'))
    advance(s);
  comment->end = s->at;
  comment->last_line = s->line;
  if (is_block && s->at < s->end)
    s->at += 2;
  s->is_first = false;
  return true;
}

static const char *trimmed(Arena *arena, const char *from, const char *to) {
  while (from < to && isspace((unsigned char)*from))
    from++;
  while (from < to && isspace((unsigned char)to[-1]))
    to--;
  return text_valid_utf8(arena, arena_text_n(arena, from, (size_t)(to - from)));
}

static const char *find_end(const char *from, const char *end, char what) {
  const char *found = memchr(from, what, (size_t)(end - from));
  return found ? found : end;
}

static void end_region(Scan *s, const char *rules, uint32_t line) {
  for (uint32_t i = s->count; i-- > 0;)
    if (s->allows[i].last == UINT32_MAX && s->allows[i].first > 1 &&
        !strcmp(s->allows[i].rules, rules)) {
      s->allows[i].last = line;
      return;
    }
}

/* `at` is behind the word. */
static void add_allow(Scan *s, const Comment *comment, const char *at, uint32_t line) {
  size_t left = (size_t)(comment->end - at);
  bool begins = left > 6 && !memcmp(at, "-begin", 6), ends = left > 4 && !memcmp(at, "-end", 4);
  at += begins ? 6 : ends ? 4 : 0;
  if (at >= comment->end || *at != '(')
    return;
  const char *line_end = find_end(at, comment->end, '\n');
  const char *close = find_end(at, line_end, ')');
  if (close == line_end)
    return;
  Allow allow = {.rules = trimmed(s->arena, at + 1, close), .reason = "", .line = line};
  if (ends) {
    end_region(s, allow.rules, comment->last_line);
    return;
  }
  if (close + 1 < line_end && close[1] == ':')
    allow.reason = trimmed(s->arena, close + 2, line_end);
  allow.first = comment->is_first ? 1 : comment->first_line;
  allow.last = comment->is_first || begins ? UINT32_MAX : comment->last_line + 1;
  s->allows = arena_grow(s->arena, s->allows, sizeof allow, s->count, &s->room, s->count + 1u);
  s->allows[s->count++] = allow;
}

static void scan_comment(Scan *s, const Comment *comment) {
  uint32_t line = comment->first_line;
  const char *from = comment->at;
  for (;;) {
    const char *found = memmem(from, (size_t)(comment->end - from), word, sizeof word - 1);
    if (!found)
      return;
    for (; from < found; from++)
      line += *from == '\n';
    from = found + sizeof word - 1;
    add_allow(s, comment, from, line);
  }
}

Allow *allow_scan(Arena *arena, const char *text, size_t size, uint32_t *count) {
  Scan s = {.arena = arena, .at = text, .end = text + size, .line = 1, .is_first = true};
  Comment comment;
  if (memmem(text, size, word, sizeof word - 1))
    while (next_comment(&s, &comment))
      scan_comment(&s, &comment);
  *count = s.count;
  return s.allows;
}

bool allow_names(const Allow *allow, const char *rule) {
  size_t length = strlen(rule);
  for (const char *at = allow->rules; *at;) {
    at += strspn(at, ", ");
    size_t own = strcspn(at, ", ");
    if (own == length && !memcmp(at, rule, length))
      return true;
    at += own;
  }
  return false;
}

/* ---- bytes */

void allows_write(ByteWriter *out, const Allow *allows, uint32_t count) {
  bytes_put_u(out, count);
  for (uint32_t i = 0; i < count; i++) {
    bytes_put_text(out, allows[i].rules);
    bytes_put_text(out, allows[i].reason);
    bytes_put_u(out, allows[i].line);
    bytes_put_u(out, allows[i].first);
    bytes_put_u(out, allows[i].last);
  }
}

Allow *allows_read(Arena *arena, ByteReader *in, uint32_t *count) {
  *count = (uint32_t)bytes_get_count(in, 5);
  Allow *allows = arena_new_array(arena, Allow, *count);
  for (uint32_t i = 0; i < *count; i++) {
    allows[i].rules = bytes_get_text(in, arena);
    allows[i].reason = bytes_get_text(in, arena);
    allows[i].line = bytes_get_u32(in);
    allows[i].first = bytes_get_u32(in);
    allows[i].last = bytes_get_u32(in);
  }
  if (in->failed)
    *count = 0;
  return allows;
}
