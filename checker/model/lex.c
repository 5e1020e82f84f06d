/* lex.c - one line of a .model file as tokens. A hyphen between letters belongs to the word
 * ("release-all"); the language has no other use for it there. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/parse.h"

void parse_fail(Parser *p, const char *at, const char *format, ...) {
  if (p->error)
    return;
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  p->error = arena_printf(p->set->arena, "%s:%u:%d: %s", p->file, p->line,
                          (int)(at - p->line_start) + 1, text);
  p->cursor = p->line_end;
  p->token = (Token){.kind = TOKEN_END, .start = p->line_end};
}

static bool is_name_start(char c) { return isalpha((unsigned char)c) || c == '_' || c == '$'; }

static bool is_name_part(char c) { return isalnum((unsigned char)c) || c == '_' || c == '$'; }

static void lex_word(Parser *p) {
  const char *c = p->cursor;
  while (c < p->line_end &&
         (is_name_part(*c) || (*c == '-' && c + 1 < p->line_end && isalpha((unsigned char)c[1]))))
    c++;
  p->token = (Token){.kind = TOKEN_NAME, .start = p->cursor, .length = (size_t)(c - p->cursor)};
  p->cursor = c;
}

/* "src/a.c:mu": a key that is no word. */
static void lex_quoted(Parser *p) {
  const char *start = p->cursor + 1;
  const char *end = memchr(start, '"', (size_t)(p->line_end - start));
  if (!end) {
    parse_fail(p, p->cursor, "'\"' is missing");
    return;
  }
  p->token = (Token){.kind = TOKEN_NAME, .start = start, .length = (size_t)(end - start)};
  p->cursor = end + 1;
}

static void lex_number(Parser *p) {
  char digits[32] = "";
  const char *c = p->cursor;
  while (c < p->line_end && isalnum((unsigned char)*c))
    c++;
  size_t length = (size_t)(c - p->cursor);
  char *end = digits;
  errno = 0;
  unsigned long long value = 0;
  if (length < sizeof digits) {
    memcpy(digits, p->cursor, length);
    value = strtoull(digits, &end, 0);
  }
  if (!length || *end || end == digits || errno) {
    parse_fail(p, p->cursor, "'%.*s' is not a number", (int)length, p->cursor);
    return;
  }
  p->token = (Token){TOKEN_NUMBER, p->cursor, length, (int64_t)value};
  p->cursor = c;
}

void lex_next(Parser *p) {
  static const char *const marks[] = {"->", "==", "!=", "<=", ">=", "&&", "::", "...", "<<", NULL};
  while (p->cursor < p->line_end && isspace((unsigned char)*p->cursor))
    p->cursor++;
  if (p->cursor == p->line_end || *p->cursor == '#') {
    p->token = (Token){.kind = TOKEN_END, .start = p->cursor};
    p->cursor = p->line_end;
    return;
  }
  if (is_name_start(*p->cursor)) {
    lex_word(p);
    return;
  }
  if (*p->cursor == '"') {
    lex_quoted(p);
    return;
  }
  if (isdigit((unsigned char)*p->cursor)) {
    lex_number(p);
    return;
  }
  size_t length = 1;
  for (size_t i = 0; marks[i] && length == 1; i++) {
    size_t n = strlen(marks[i]);
    if ((size_t)(p->line_end - p->cursor) >= n && !strncmp(p->cursor, marks[i], n))
      length = n;
  }
  if (length == 1 && !strchr("(),:*&|+-.[]<>!=@{}", *p->cursor)) {
    unsigned char c = (unsigned char)*p->cursor;
    parse_fail(p, p->cursor, isprint(c) ? "unexpected '%c'" : "unexpected byte 0x%02x", c);
    return;
  }
  p->token = (Token){.kind = TOKEN_MARK, .start = p->cursor, .length = length};
  p->cursor += length;
}

void lex_line(Parser *p) {
  p->cursor = p->line_start;
  lex_next(p);
}

bool lex_is(const Parser *p, const char *text) {
  return p->token.kind != TOKEN_END && p->token.length == strlen(text) &&
         !strncmp(p->token.start, text, p->token.length);
}

bool lex_accept(Parser *p, const char *text) {
  if (!lex_is(p, text))
    return false;
  lex_next(p);
  return true;
}

void lex_expect(Parser *p, const char *text) {
  if (lex_accept(p, text))
    return;
  if (p->token.kind == TOKEN_END)
    parse_fail(p, p->token.start, "'%s' is missing", text);
  else
    parse_fail(p, p->token.start, "expected '%s', not '%.*s'", text, (int)p->token.length,
               p->token.start);
}

TextId lex_name(Parser *p, const char *what) {
  if (p->token.kind != TOKEN_NAME) {
    if (p->token.kind == TOKEN_END)
      parse_fail(p, p->token.start, "%s is missing", what);
    else
      parse_fail(p, p->token.start, "expected %s, not '%.*s'", what, (int)p->token.length,
                 p->token.start);
    return 0;
  }
  TextId name = text_intern_n(p->set->symbols, p->token.start, p->token.length);
  lex_next(p);
  return name;
}
