/* prefix.c - the scanner of prefix.h. It reads bytes, not tokens: that is enough as long as it
 * gives up on all that would need more. */
#include "input/prefix.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

typedef struct {
  const char *start, *at, *end;
  const char *counted; // lines are known up to here
  uint32_t line;
} Scanner;

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r';
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_' || c == '$'; }

static const char *end_of_line(const char *at, const char *end) {
  const char *found = memchr(at, '\n', (size_t)(end - at));
  return found ? found : end;
}

/* A backslash (or ??/) that may join a line to the next one; blanks may follow it. */
static bool is_joined(const char *line, const char *end) {
  while (end > line && is_blank(end[-1]))
    end--;
  return (end > line && end[-1] == '\\') || (end - line >= 3 && !memcmp(end - 3, "?\?/", 3));
}

/* Behind the comment that begins here; NULL when its end is not clear. */
static const char *behind_comment(const char *at, const char *end) {
  if (at[1] == '*') {
    const char *close = memmem(at + 2, (size_t)(end - at) - 2, "*/", 2);
    return close ? close + 2 : NULL;
  }
  const char *stop = end_of_line(at, end);
  return is_joined(at, stop) ? NULL : stop;
}

static bool is_comment(const char *at, const char *end) {
  return end - at >= 2 && at[0] == '/' && (at[1] == '/' || at[1] == '*');
}

/* To the next thing that is no blank, line end or comment. False when that is not clear. */
static bool skip_space(Scanner *s) {
  while (s->at < s->end) {
    if (is_blank(*s->at) || *s->at == '\n')
      s->at++;
    else if (is_comment(s->at, s->end))
      s->at = behind_comment(s->at, s->end);
    else
      return true;
    if (!s->at)
      return false;
  }
  return true;
}

/* Only blanks and comments up to the end of the line, or of a comment that goes beyond it. */
static bool is_rest_empty(const char *at, const char *line_end, const char *end) {
  while (at && at < line_end) {
    if (is_comment(at, end))
      at = behind_comment(at, end);
    else if (is_blank(*at))
      at++;
    else
      return false;
  }
  return at;
}

/* "x.h", <x.h> or a macro's name; the end of it, NULL when it is something else. */
static const char *behind_operand(const char *at, const char *line_end) {
  if (at >= line_end)
    return NULL;
  if (*at == '"' || *at == '<') {
    const char *close = memchr(at + 1, *at == '"' ? '"' : '>', (size_t)(line_end - at) - 1);
    return close ? close + 1 : NULL;
  }
  const char *word = at;
  while (at < line_end && is_word(*at))
    at++;
  return at > word ? at : NULL;
}

static const char *include_end(const char *at, const char *end) {
  const char *line_end = end_of_line(at, end);
  if (is_joined(at, line_end))
    return NULL;
  while (at < line_end && is_blank(*at))
    at++;
  const char *operand = behind_operand(at, line_end);
  return operand && is_rest_empty(operand, line_end, end) ? operand : NULL;
}

/* The whole of a definition, with the lines that it goes on in. */
static const char *define_end(const char *at, const char *end) {
  const char *line = at, *line_end = end_of_line(at, end);
  while (is_joined(line, line_end)) {
    if (line_end == end)
      return NULL;
    line = line_end + 1;
    line_end = end_of_line(line, end);
  }
  if (memmem(at, (size_t)(line_end - at), "/*", 2) ||
      memmem(at, (size_t)(line_end - at), "?\?/", 3))
    return NULL;
  while (line_end > at && is_blank(line_end[-1]))
    line_end--;
  return line_end;
}

static bool takes_word(const char **at, const char *end, const char *word) {
  size_t length = strlen(word);
  if ((size_t)(end - *at) <= length || memcmp(*at, word, length) || is_word((*at)[length]))
    return false;
  *at += length;
  return true;
}

/* The end of the directive at '#', NULL when it is none of ours. */
static const char *directive_end(const char *at, const char *end) {
  at++;
  while (at < end && (*at == ' ' || *at == '\t'))
    at++;
  if (takes_word(&at, end, "include"))
    return include_end(at, end);
  if (takes_word(&at, end, "define") || takes_word(&at, end, "undef"))
    return define_end(at, end);
  return NULL;
}

static uint32_t line_of(Scanner *s, const char *at) {
  while ((s->counted = memchr(s->counted, '\n', (size_t)(at - s->counted)))) {
    s->counted++;
    s->line++;
  }
  s->counted = at;
  return s->line;
}

Directives prefix_scan(Arena *arena, const char *text, size_t size) {
  Directives found = {0};
  size_t capacity = 0;
  Scanner s = {text, text, text + size, text, 1};
  while (size < UINT32_MAX && skip_space(&s) && s.at < s.end && *s.at == '#') {
    const char *stop = directive_end(s.at, s.end);
    if (!stop || memchr(s.at, 0, (size_t)(stop - s.at)))
      break;
    found.at =
        arena_grow(arena, found.at, sizeof *found.at, found.count, &capacity, found.count + 1);
    found.at[found.count++] = (Directive){.text = s.at,
                                          .length = (uint32_t)(stop - s.at),
                                          .offset = (uint32_t)(s.at - s.start),
                                          .line = line_of(&s, s.at)};
    s.at = stop;
  }
  return found;
}

bool directive_equal(const Directive *a, const Directive *b) {
  return a->length == b->length && !memcmp(a->text, b->text, a->length);
}
