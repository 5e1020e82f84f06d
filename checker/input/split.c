/* split.c - the rules of quotes, once for shell commands and once for response files.
 *
 * Nothing is ever executed or substituted: `$(...)`, variables and globs stay text. */
#include "input/split.h"

#include <ctype.h>
#include <string.h>

void arguments_add(Arena *arena, Arguments *to, const char *argument) {
  to->at = arena_grow(arena, to->at, sizeof *to->at, to->count, &to->capacity, to->count + 1);
  to->at[to->count++] = argument;
}

/* One character after a backslash. Inside double quotes a shell keeps the backslash before
 * characters that have no meaning there. */
static void take_escaped(const char **from, char **to, char quote, SplitManner manner) {
  const char *c = *from + 1;
  if (manner == SPLIT_SHELL && quote == '"' && !strchr("\"\\$`\n", *c))
    *(*to)++ = '\\';
  if (*c && !(manner == SPLIT_SHELL && *c == '\n'))
    *(*to)++ = *c;
  *from = *c ? c + 1 : c;
}

/* Copies one argument; stops at the white space that ends it. False: a quote without end. */
static bool take_argument(const char **from, char *to, SplitManner manner) {
  char quote = 0;
  const char *c = *from;
  while (*c && (quote || !isspace((unsigned char)*c))) {
    if (*c == '\\' && !(quote == '\'' && manner == SPLIT_SHELL))
      take_escaped(&c, &to, quote, manner);
    else if (*c == quote)
      quote = 0, c++;
    else if (!quote && (*c == '"' || *c == '\''))
      quote = *c++;
    else
      *to++ = *c++;
  }
  *to = 0;
  *from = c;
  return !quote;
}

bool arguments_split(Arena *arena, Arguments *to, const char *text, SplitManner manner) {
  char *argument = arena_alloc(arena, strlen(text) + 1);
  for (;;) {
    while (isspace((unsigned char)*text))
      text++;
    if (!*text)
      return true;
    if (!take_argument(&text, argument, manner)) {
      to->error = "a quote has no end";
      return false;
    }
    arguments_add(arena, to, arena_text(arena, argument));
  }
}
