/* annotate_text.c - the text of annotations: where libclang says that an attribute is, the source
 * has its name and its arguments, or the definition of a macro has them in terms of its parameters.
 */
#include <ctype.h>
#include <string.h>

#include "frontend/annotate.h"
#include "frontend/cursor.h"

enum { MACRO_PARAMETERS = 16 };

static bool is_part(char c) { return isalnum((unsigned char)c) || c == '_'; }

static size_t word_length(const char *at, const char *end) {
  size_t length = 0;
  while (at + length < end && is_part(at[length]))
    length++;
  return length;
}

/* White space, comments, and ends of lines that a backslash joins. */
static const char *skip_blank(const char *at, const char *end) {
  while (at < end) {
    if (isspace((unsigned char)*at) || (*at == '\\' && at + 1 < end && at[1] == '\n')) {
      at++;
    } else if (end - at > 1 && at[0] == '/' && at[1] == '*') {
      const char *close = memmem(at + 2, (size_t)(end - at) - 2, "*/", 2);
      at = close ? close + 2 : end;
    } else if (end - at > 1 && at[0] == '/' && at[1] == '/') {
      const char *line = memchr(at, '\n', (size_t)(end - at));
      at = line ? line + 1 : end;
    } else {
      break;
    }
  }
  return at;
}

static const char *skip_literal(const char *at, const char *end) {
  char quote = *at++;
  while (at < end && *at != quote)
    at += *at == '\\' ? 2 : 1;
  return at < end ? at + 1 : end;
}

const char *annotation_closing(const char *at, const char *end) {
  for (unsigned depth = 1; at < end;) {
    const char *next = skip_blank(at, end);
    if (next != at) {
      at = next;
    } else if (*at == '"' || *at == '\'') {
      at = skip_literal(at, end);
    } else {
      depth += *at == '(' || *at == '[';
      depth -= *at == ')' || *at == ']';
      if (!depth)
        return at;
      at++;
    }
  }
  return end;
}

static const char *trimmed(Arena *arena, const char *from, const char *to) {
  from = skip_blank(from, to);
  while (to > from && (isspace((unsigned char)to[-1]) || to[-1] == '\\'))
    to--;
  return arena_text_n(arena, from, (size_t)(to - from));
}

uint32_t annotation_split(Arena *arena, const char *list, const char **arguments, uint32_t room) {
  const char *end = list + strlen(list), *start = list;
  uint32_t count = 0;
  int depth = 0;
  if (skip_blank(list, end) == end)
    return 0;
  for (const char *at = list; at <= end && count < room; at++) {
    if (at == end || (*at == ',' && !depth)) {
      arguments[count++] = trimmed(arena, start, at);
      start = at + 1;
    } else if (*at == '"' || *at == '\'') {
      at = skip_literal(at, end) - 1;
    } else {
      depth += *at == '(' || *at == '[';
      depth -= *at == ')' || *at == ']';
    }
  }
  return count;
}

/* The list in parentheses behind the word at `at`; NULL: there is none. */
static const char *list_behind(Arena *arena, const char *at, const char *end) {
  at = skip_blank(at + word_length(at, end), end);
  if (at == end || *at != '(')
    return NULL;
  const char *close = annotation_closing(at + 1, end);
  return close == end ? NULL : trimmed(arena, at + 1, close);
}

/* ---- macros */

typedef struct {
  const char *name, *parameters; // NULL: it has none
} Definition;

static const char *line_start(const char *text, const char *at) {
  while (at > text && (at[-1] != '\n' || (at - 1 > text && at[-2] == '\\')))
    at--;
  return at;
}

/* Of the macro whose definition the position is in. */
static bool find_definition(Arena *arena, const Source *source, const char *at, Definition *found) {
  const char *end = source->text + source->size;
  const char *c = skip_blank(line_start(source->text, at), end);
  if (c >= at || *c != '#')
    return false;
  c = skip_blank(c + 1, at);
  if (word_length(c, at) != 6 || strncmp(c, "define", 6) != 0)
    return false;
  c = skip_blank(c + 6, at);
  size_t length = word_length(c, at);
  *found = (Definition){.name = arena_text_n(arena, c, length)};
  if (c[length] == '(')
    found->parameters = list_behind(arena, c, end);
  return length > 0;
}

typedef struct {
  const char *names[MACRO_PARAMETERS], *values[MACRO_PARAMETERS];
  uint32_t name_count, value_count;
} Binding;

/* What a parameter stands for; NULL: it is none. The last one may stand for all that is left. */
static const char *value_of(Arena *arena, const Binding *binding, const char *word, size_t length) {
  for (uint32_t i = 0; i < binding->name_count; i++) {
    const char *name = binding->names[i], *dots = strstr(name, "...");
    size_t own = dots ? (size_t)(dots - name) : strlen(name);
    bool same = own == length && !strncmp(name, word, own);
    if (dots && !own)
      same = length == strlen("__VA_ARGS__") && !strncmp(word, "__VA_ARGS__", length);
    if (!same)
      continue;
    const char *value = i < binding->value_count ? binding->values[i] : "";
    for (uint32_t k = i + 1; dots && k < binding->value_count; k++)
      value = arena_printf(arena, "%s, %s", value, binding->values[k]);
    return value;
  }
  return NULL;
}

static const char *substitute(Arena *arena, const Binding *binding, const char *text) {
  const char *end = text + strlen(text), *made = "";
  while (text < end) {
    size_t length = word_length(text, end);
    const char *value = length ? value_of(arena, binding, text, length) : NULL;
    if (value)
      made = arena_printf(arena, "%s%s", made, value);
    else if (length || *text != '#')
      made = arena_printf(arena, "%s%.*s", made, (int)(length ? length : 1), text);
    text += length ? length : 1;
  }
  return made;
}

/* The arguments of the call of this macro where it is expanded. A macro inside of another one is
 * not looked through: what is handed on to it only the preprocessor knows. */
static const char *expanded(State *s, CXSourceLocation attribute, const Definition *macro,
                            const char *list) {
  Position p = position_expansion(s, attribute);
  if (p.source == NO_SOURCE || !s->sources.at[p.source].text)
    return NULL;
  const Source *source = &s->sources.at[p.source];
  const char *at = source->text + p.offset, *end = source->text + source->size;
  size_t length = word_length(at, end);
  if (strlen(macro->name) != length || strncmp(macro->name, at, length) != 0)
    return NULL;
  const char *values = list_behind(s->scratch, at, end);
  if (!values)
    return NULL;
  Binding binding = {0};
  binding.name_count =
      annotation_split(s->scratch, macro->parameters, binding.names, MACRO_PARAMETERS);
  binding.value_count = annotation_split(s->scratch, values, binding.values, MACRO_PARAMETERS);
  return substitute(s->scratch, &binding, list);
}

const char *annotation_arguments(State *s, CXSourceLocation attribute) {
  Position p = position_spelling(s, attribute);
  if (p.source == NO_SOURCE || !s->sources.at[p.source].text)
    return NULL;
  const Source *source = &s->sources.at[p.source];
  const char *at = source->text + p.offset;
  const char *list = list_behind(s->scratch, at, source->text + source->size);
  Definition macro;
  if (!list)
    return "";
  if (!location_in_macro(attribute) || !find_definition(s->scratch, source, at, &macro) ||
      !macro.parameters)
    return list;
  return expanded(s, attribute, &macro, list);
}

const char *annotation_tail(State *s, CXCursor declaration) {
  CXSourceLocation location = clang_getCursorLocation(declaration);
  Position p = location_in_macro(location) ? (Position){.source = NO_SOURCE}
                                           : position_spelling(s, location);
  if (p.source == NO_SOURCE || !s->sources.at[p.source].text)
    return "";
  const Source *source = &s->sources.at[p.source];
  const char *at = source->text + p.offset, *end = source->text + source->size;
  at = skip_blank(at + word_length(at, end), end);
  if (at >= end || *at != '(')
    return "";
  at = annotation_closing(at + 1, end);
  at = at < end ? skip_blank(at + 1, end) : end;
  const char *start = at;
  while (at < end && !strchr(";{=#,", *at))
    at = *at == '(' ? annotation_closing(at + 1, end) : at + 1;
  return at > start ? trimmed(s->scratch, start, at < end ? at : end) : "";
}
