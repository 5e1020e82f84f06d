/* colour.c - C as people are used to see it. A lexer of lines: it has to be right about where
 * comments and texts end, not about the language. */
#include "html/page.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "picture/picture.h"

static const char *const keywords[] = {
    "NULL",          "_Atomic",     "_Bool",      "_Generic", "_Noreturn", "_Static_assert",
    "_Thread_local", "__auto_type", "__typeof__", "auto",     "bool",      "break",
    "case",          "char",        "const",      "continue", "default",   "do",
    "double",        "else",        "enum",       "extern",   "false",     "float",
    "for",           "goto",        "if",         "inline",   "int",       "long",
    "register",      "restrict",    "return",     "short",    "signed",    "sizeof",
    "static",        "struct",      "switch",     "true",     "typedef",   "typeof",
    "union",         "unsigned",    "void",       "volatile", "while",
};

typedef struct {
  const char *text;
  size_t length;
} Word;

static int compare_word(const void *left, const void *right) {
  const Word *word = left;
  const char *keyword = *(const char *const *)right;
  int order = strncmp(word->text, keyword, word->length);
  return order ? order : word->length < strlen(keyword) ? -1 : 0;
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_' || (c & 0x80); }

static size_t end_of_word(const char *text, size_t length, size_t at) {
  while (at < length &&
         (is_word(text[at]) || (text[at] == '.' && at && isdigit((unsigned char)text[at - 1]))))
    at++;
  return at;
}

static size_t end_of_text(const char *text, size_t length, size_t at, char quote) {
  for (at++; at < length && text[at] != quote; at++)
    at += text[at] == '\\' && at + 1 < length;
  return at < length ? at + 1 : length;
}

static size_t end_of_comment(const char *text, size_t length, size_t at, bool *goes_on) {
  for (; at + 1 < length; at++)
    if (text[at] == '*' && text[at + 1] == '/')
      return at + 2;
  *goes_on = true;
  return length;
}

static Colour colour_of_word(const char *text, size_t length) {
  if (isdigit((unsigned char)*text))
    return COLOUR_NUMBER;
  Word word = {text, length};
  bool found =
      bsearch(&word, keywords, sizeof keywords / sizeof *keywords, sizeof *keywords, compare_word);
  return found ? COLOUR_KEYWORD : COLOUR_NONE;
}

/* "#include", "# define": returns where it ends. */
static size_t end_of_directive(const char *text, size_t length, size_t at) {
  at++;
  while (at < length && (text[at] == ' ' || text[at] == '\t'))
    at++;
  return end_of_word(text, length, at);
}

bool colour_line(const char *text, size_t length, bool in_comment, uint8_t *colours) {
  bool goes_on = false, only_blanks = true;
  for (size_t at = 0; at < length;) {
    size_t end = at + 1;
    Colour colour = COLOUR_NONE;
    char c = text[at], next = at + 1 < length ? text[at + 1] : 0;
    if (in_comment || (c == '/' && next == '*')) {
      colour = COLOUR_COMMENT;
      end = end_of_comment(text, length, in_comment ? at : at + 2, &goes_on);
      in_comment = false;
    } else if (c == '/' && next == '/') {
      colour = COLOUR_COMMENT;
      end = length;
    } else if (c == '"' || c == '\'') {
      colour = COLOUR_TEXT;
      end = end_of_text(text, length, at, c);
    } else if (c == '#' && only_blanks) {
      colour = COLOUR_DIRECTIVE;
      end = end_of_directive(text, length, at);
    } else if (is_word(c)) {
      end = end_of_word(text, length, at);
      colour = colour_of_word(text + at, end - at);
    }
    only_blanks &= c == ' ' || c == '\t';
    if (colours)
      memset(colours + at, (int)colour, end - at);
    at = end;
  }
  return goes_on;
}

/* ---- lines */

/* Whether a comment goes on at the begin of each line of a source. */
typedef struct Colours {
  const Source *source;
  bool *in_comment; // by line, from 1
  struct Colours *next;
} Colours;

static const bool *comments_of(Html *h, const Source *source) {
  for (Colours *known = h->colours; known; known = known->next)
    if (known->source == source)
      return known->in_comment;
  Colours *colours = arena_new_one(h->whole, Colours);
  bool *in_comment = arena_new_array(h->whole, bool, source->line_count + 2);
  *colours = (Colours){source, in_comment, h->colours};
  for (uint32_t line = 1; line <= source->line_count; line++) {
    size_t length;
    const char *text = source_line(source, line, &length);
    in_comment[line + 1] = colour_line(text, length, in_comment[line], NULL);
  }
  h->colours = colours;
  return in_comment;
}

void put_coloured(Html *h, const char *text, size_t length, bool in_comment, Marked marked) {
  static const char classes[] = " ksnpc";
  uint8_t *colours = arena_alloc(h->arena, length + 1);
  colour_line(text, length, in_comment, colours);
  size_t column = 0;
  for (size_t from = 0, to; from < length; from = to) {
    bool is_marked = from >= marked.from && from < marked.to;
    for (to = from + 1;
         to < length && colours[to] == colours[from] && to != marked.from && to != marked.to;)
      to++;
    ByteWriter shown = {0};
    column = visible_put(&shown, text + from, to - from, column);
    if (is_marked && from == marked.from)
      put_format(h, marked.class ? "<mark class=\"%s\">" : "<mark>", marked.class);
    if (colours[from])
      put_format(h, "<span class=\"%c\">", classes[colours[from]]);
    picture_put_escaped(h->out, arena_text_n(h->arena, (const char *)shown.at, shown.count));
    if (colours[from])
      put(h, "</span>");
    if (is_marked && (to == marked.to || to == length))
      put(h, "</mark>");
    bytes_free(&shown);
  }
}

void put_source_line(Html *h, const Source *source, uint32_t line, Marked marked) {
  size_t length;
  const char *text = source_line(source, line, &length);
  if (text)
    put_coloured(h, text, length, comments_of(h, source)[line], marked);
}
