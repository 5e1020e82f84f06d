/* annotate_data.c - what declarations of globals and members say: which lock guards them, and which
 * lock comes before which. A line is `@"DATUM" "LOCK"`, or `<"LOCK" "LOCK THAT COMES AFTER"`. */
#include <string.h>

#include "base/text.h"
#include "frontend/annotate.h"
#include "frontend/cursor.h"

enum { ARGUMENTS = 16 };

typedef enum { SAYS_GUARDED, SAYS_BEFORE, SAYS_AFTER, SAYS_ELSE } Saying;

typedef struct {
  State *state;
  CXCursor declaration;
  const char *key;
} Data;

static bool is_word(const char *word, const char *name) {
  size_t length = strlen(name);
  return !strcmp(word, name) || (text_starts(word, "__") && !strncmp(word + 2, name, length) &&
                                 !strcmp(word + 2 + length, "__"));
}

static bool find_saying(const char *word, Saying *saying) {
  static const struct {
    const char *word;
    Saying saying;
  } words[] = {
      {"guarded_by", SAYS_GUARDED},
      {"acquired_before", SAYS_BEFORE},
      {"acquired_after", SAYS_AFTER},
      {"pt_guarded_by", SAYS_ELSE},
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (is_word(word, words[i].word)) {
      *saying = words[i].saying;
      return true;
    }
  return false;
}

static void say(const Data *data, const char *format, const char *first, const char *second) {
  State *s = data->state;
  if (!strpbrk(first, "\"\n") && !strpbrk(second, "\"\n"))
    list_push(s->scratch, &s->annotations, arena_printf(s->scratch, format, first, second));
}

static void note(const Data *data, Saying saying, const char *list) {
  State *s = data->state;
  const char *arguments[ARGUMENTS];
  uint32_t count =
      list && saying != SAYS_ELSE ? annotation_split(s->scratch, list, arguments, ARGUMENTS) : 0;
  bool understood = count > 0;
  for (uint32_t i = 0; i < count; i++) {
    const char *lock = annotation_class(s, data->declaration, arguments[i]);
    understood &= lock != NULL;
    if (!lock)
      continue;
    if (saying == SAYS_GUARDED)
      say(data, "@\"%s\" \"%s\"", data->key, lock);
    else if (saying == SAYS_BEFORE)
      say(data, "<\"%s\" \"%s\"", data->key, lock);
    else
      say(data, "<\"%s\" \"%s\"", lock, data->key);
  }
  if (!understood)
    list_push(s->scratch, &s->annotations, arena_printf(s->scratch, "?\"%s\"", data->key));
}

static enum CXChildVisitResult see_attribute(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  const Data *d = data;
  if (clang_getCursorKind(cursor) != CXCursor_UnexposedAttr)
    return CXChildVisit_Continue;
  CXSourceLocation start = clang_getRangeStart(clang_getCursorExtent(cursor));
  const char *word = source_word(d->state, d->state->scratch, position_spelling(d->state, start));
  Saying saying;
  if (find_saying(word, &saying))
    note(d, saying, annotation_arguments(d->state, start));
  return CXChildVisit_Continue;
}

void annotate_data(State *s, CXCursor declaration, const NameInfo *info) {
  Data data = {s, declaration, info->symbol.key};
  if (clang_Cursor_hasAttrs(declaration))
    clang_visitChildren(declaration, see_attribute, &data);
}
