/* lower_lex.c - the few things that libclang does not show and the source text does: which parts
 * of a for are empty, "asm goto", the names of atomic builtins, the shape of designators.
 *
 * The text is that where the first token is spelled, so code from macros is read in the macro.
 */
#include <ctype.h>
#include <string.h>

#include "frontend/lower.h"

typedef struct {
  const char *at, *end;
} Lexer;

static Lexer lexer_from(Lower *l, Position p) {
  if (p.source == NO_SOURCE)
    return (Lexer){0};
  const Source *source = &l->state->sources.at[p.source];
  if (!source->text || p.offset >= source->size)
    return (Lexer){0};
  return (Lexer){source->text + p.offset, source->text + source->size};
}

static void skip_comment(Lexer *x) {
  bool block = x->at[1] == '*';
  x->at += 2;
  while (x->at < x->end) {
    if (!block && *x->at == '\n')
      return;
    if (block && x->at + 1 < x->end && x->at[0] == '*' && x->at[1] == '/') {
      x->at += 2;
      return;
    }
    x->at++;
  }
}

static Lexer lexer_at(Lower *l, CXCursor cursor) {
  CXSourceLocation start = clang_getRangeStart(clang_getCursorExtent(cursor));
  return lexer_from(l, position_spelling(l->state, start));
}

/* White space, comments and line continuations. */
static void skip_blank(Lexer *x) {
  while (x->at < x->end) {
    if (isspace((unsigned char)*x->at) || *x->at == '\\')
      x->at++;
    else if (x->at + 1 < x->end && x->at[0] == '/' && (x->at[1] == '/' || x->at[1] == '*'))
      skip_comment(x);
    else
      return;
  }
}

/* One token: a word, a literal, or one character. Its first character, 0 at the end. */
static char next_token(Lexer *x) {
  skip_blank(x);
  if (x->at >= x->end)
    return 0;
  char first = *x->at++;
  if (first == '"' || first == '\'') {
    while (x->at < x->end && *x->at != first)
      x->at += *x->at == '\\' && x->at + 1 < x->end ? 2 : 1;
    x->at += x->at < x->end;
  } else if (isalnum((unsigned char)first) || first == '_') {
    while (x->at < x->end && (isalnum((unsigned char)*x->at) || *x->at == '_'))
      x->at++;
  }
  return first;
}

/* Whether each part between the parentheses of `for (a; b; c)` holds a token. */
static bool scan_for(Lexer *x, bool filled[3]) {
  if (next_token(x) != 'f' || next_token(x) != '(')
    return false;
  unsigned depth = 1, part = 0;
  while (depth) {
    char token = next_token(x);
    if (!token)
      return false;
    if (token == '(' || token == '{' || token == '[')
      depth++;
    else if (token == ')' || token == '}' || token == ']')
      depth--;
    if (token == ';' && depth == 1) {
      if (++part > 2)
        return false;
    } else if (depth) {
      filled[part] = true;
    }
  }
  return part == 2;
}

ForParts lex_for_parts(Lower *l, CXCursor cursor, const Children *parts) {
  uint32_t count = parts->count ? parts->count - 1 : 0;
  if (count == 0)
    return (ForParts){0};
  if (count >= 3)
    return (ForParts){true, true, true};
  bool filled[3] = {false};
  Lexer x = lexer_at(l, cursor);
  if (x.at && scan_for(&x, filled) && (uint32_t)(filled[0] + filled[1] + filled[2]) == count)
    return (ForParts){filled[0], filled[1], filled[2]};
  /* A macro hides it. A declaration can only be the first part; else guess, and say so. */
  bool declares = clang_getCursorKind(child_at(parts, 0)) == CXCursor_DeclStmt;
  if (count == 1 && declares)
    return (ForParts){true, false, false};
  lower_incomplete(l, "for loop whose empty part a macro hides");
  if (count == 1)
    return (ForParts){false, true, false};
  return declares ? (ForParts){true, true, false} : (ForParts){false, true, true};
}

bool lex_asm_has_goto(Lower *l, CXCursor cursor) {
  Lexer x = lexer_at(l, cursor);
  while (x.at) {
    const char *before = x.at;
    char token = next_token(&x);
    if (!token || token == '(')
      return false;
    if (x.at - before >= 4 && strncmp(x.at - 4, "goto", 4) == 0)
      return true;
  }
  return false;
}

const char *lex_word(Lower *l, CXCursor cursor) {
  CXSourceLocation start = clang_getRangeStart(clang_getCursorExtent(cursor));
  return source_word(l->state, l->state->body, position_spelling(l->state, start));
}

bool lex_is_call(Lower *l, Position p, const char *word) {
  p.offset += (uint32_t)strlen(word);
  Lexer x = lexer_from(l, p);
  return x.at && next_token(&x) == '(';
}

const char *lex_defined_name(Lower *l, Position p) {
  if (p.source == NO_SOURCE)
    return "";
  const char *text = l->state->sources.at[p.source].text;
  if (!text || p.offset >= l->state->sources.at[p.source].size)
    return "";
  size_t line = p.offset;
  while (line > 0 && text[line - 1] != '\n')
    line--;
  Lexer x = {text + line, text + p.offset};
  if (next_token(&x) != '#' || next_token(&x) != 'd')
    return "";
  skip_blank(&x);
  const char *name = x.at;
  if (!next_token(&x))
    return "";
  size_t length = (size_t)(x.at - name);
  for (const char *at = x.at; at < x.end; at++)
    if (!strchr(" \t(-~", *at)) // more than the number is defined
      return "";
  return *x.at == '(' ? "" : arena_text_n(l->state->body, name, length);
}

const char *lex_designators(Lower *l, CXCursor cursor) {
  Lexer x = lexer_at(l, cursor);
  char shape[64];
  size_t count = 0;
  while (x.at && count + 1 < sizeof shape) {
    char token = next_token(&x);
    if (token == '=') {
      shape[count] = 0;
      return arena_text(l->state->body, shape);
    }
    if (token == '.') {
      next_token(&x);
      shape[count++] = 'f';
      continue;
    }
    if (token != '[')
      return NULL;
    shape[count++] = 'i';
    for (unsigned depth = 1; depth;) {
      token = next_token(&x);
      if (!token)
        return NULL;
      if (depth == 1 && token == '.' && x.at + 1 < x.end && x.at[0] == '.' && x.at[1] == '.')
        shape[count - 1] = 'r';
      depth += token == '[' || token == '(';
      depth -= token == ']' || token == ')';
    }
  }
  return NULL;
}
