/* annotate.c - see annotate.h. The macros of sparse are empty but for sparse itself, so all that is
 * left of them is the text of the declaration. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "frontend/annotate.h"
#include "frontend/cursor.h"

enum { ARGUMENTS = 16, EFFECTS = 16, PARAMETERS = 30 };

typedef enum {
  SAYS_NOTHING, // of what is held before and after
  SAYS_UNCHECKED,
  SAYS_ACQUIRE,
  SAYS_TRY, // the result that means success comes first
  SAYS_RELEASE,
  SAYS_REQUIRE,
  SAYS_EXCLUDE,
} Meaning;

typedef struct {
  const char *word;
  Meaning meaning;
  bool shared;
} Annotation;

static const Annotation attributes[] = {
    {"acquire_capability", SAYS_ACQUIRE, false},
    {"exclusive_lock_function", SAYS_ACQUIRE, false},
    {"acquire_shared_capability", SAYS_ACQUIRE, true},
    {"shared_lock_function", SAYS_ACQUIRE, true},
    {"release_capability", SAYS_RELEASE, false},
    {"release_shared_capability", SAYS_RELEASE, true},
    {"release_generic_capability", SAYS_RELEASE, false},
    {"unlock_function", SAYS_RELEASE, false},
    {"try_acquire_capability", SAYS_TRY, false},
    {"exclusive_trylock_function", SAYS_TRY, false},
    {"try_acquire_shared_capability", SAYS_TRY, true},
    {"shared_trylock_function", SAYS_TRY, true},
    {"requires_capability", SAYS_REQUIRE, false},
    {"exclusive_locks_required", SAYS_REQUIRE, false},
    {"requires_shared_capability", SAYS_REQUIRE, true},
    {"shared_locks_required", SAYS_REQUIRE, true},
    {"locks_excluded", SAYS_EXCLUDE, false},
    {"assert_capability", SAYS_NOTHING, false},
    {"assert_exclusive_lock", SAYS_NOTHING, false},
    {"assert_shared_capability", SAYS_NOTHING, true},
    {"assert_shared_lock", SAYS_NOTHING, true},
    {"lock_returned", SAYS_NOTHING, false},
    {"no_thread_safety_analysis", SAYS_UNCHECKED, false},
};

static const Annotation contexts[] = {
    {"__acquires", SAYS_ACQUIRE, false},  {"__acquires_shared", SAYS_ACQUIRE, true},
    {"__cond_acquires", SAYS_TRY, false}, {"__cond_acquires_shared", SAYS_TRY, true},
    {"__releases", SAYS_RELEASE, false},  {"__releases_shared", SAYS_RELEASE, true},
    {"__must_hold", SAYS_REQUIRE, false}, {"__must_hold_shared", SAYS_REQUIRE, true},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* `word` may stand between double underscores. */
static const Annotation *find(const Annotation *table, size_t count, const char *word) {
  size_t length = strlen(word);
  bool dressed = length > 4 && !strncmp(word, "__", 2) && !strcmp(word + length - 2, "__");
  for (size_t i = 0; i < count; i++)
    if (!strcmp(table[i].word, word) || (dressed && strlen(table[i].word) == length - 4 &&
                                         !strncmp(table[i].word, word + 2, length - 4)))
      return &table[i];
  return NULL;
}

bool annotation_word(const char *word) { return find(attributes, COUNT(attributes), word) != NULL; }

typedef struct {
  Meaning meaning;
  bool shared;
  const char *place, *when;
} Told;

typedef struct {
  State *state;
  CXCursor declaration;
  const NameInfo *info;
  Told told[EFFECTS];
  uint32_t count;
  bool incomplete; // something was not understood
} Notes;

static void add(Notes *notes, Told told) {
  for (uint32_t i = 0; i < notes->count; i++) {
    Told *other = &notes->told[i];
    if (strcmp(other->place, told.place) != 0)
      continue;
    if (other->meaning == told.meaning)
      return;
    bool pair = (other->meaning == SAYS_ACQUIRE && told.meaning == SAYS_RELEASE) ||
                (other->meaning == SAYS_RELEASE && told.meaning == SAYS_ACQUIRE);
    if (pair) { // given up meanwhile
      other->meaning = SAYS_REQUIRE;
      return;
    }
  }
  if (notes->count == EFFECTS)
    notes->incomplete = true;
  else
    notes->told[notes->count++] = told;
}

/* When a try has succeeded; NULL: not understood. */
static const char *success(Arena *arena, const char *value) {
  if (!strcmp(value, "true") || !strcmp(value, "nonzero"))
    return "ret != 0";
  if (!strcmp(value, "false"))
    return "ret == 0";
  char *end;
  long number = strtol(value, &end, 0);
  if (end == value || *end)
    return NULL;
  return number == 1 ? "ret != 0" : arena_printf(arena, "ret == %ld", number);
}

/* `scope`: the declaration whose parameters the arguments name. */
static void note(Notes *notes, const Annotation *annotation, const char *list, CXCursor scope) {
  State *s = notes->state;
  const char *arguments[ARGUMENTS], *when = NULL;
  uint32_t count = list ? annotation_split(s->scratch, list, arguments, ARGUMENTS) : 0, first = 0;
  if (annotation->meaning == SAYS_NOTHING)
    return;
  if (annotation->meaning == SAYS_UNCHECKED) {
    add(notes, (Told){SAYS_UNCHECKED, false, "", NULL});
    return;
  }
  if (annotation->meaning == SAYS_TRY) {
    bool plain = count == 1 && *annotation->word == '_'; // __cond_acquires(x)
    when = plain ? "ret != 0" : count ? success(s->scratch, arguments[0]) : NULL;
    first = plain ? 0 : 1;
  }
  if (count <= first || (annotation->meaning == SAYS_TRY && !when)) {
    notes->incomplete = true;
    return;
  }
  for (uint32_t i = first; i < count; i++) {
    const char *place = annotation_place(s, scope, arguments[i]);
    if (place)
      add(notes, (Told){annotation->meaning, annotation->shared, place, when});
    else
      notes->incomplete = true;
  }
}

/* ---- attributes */

/* An attribute that was written elsewhere names the parameters of the declaration that it is on. */
static CXCursor scope_of(Notes *notes, CXSourceLocation attribute) {
  State *s = notes->state;
  CXCursor candidates[] = {notes->declaration, clang_getCanonicalCursor(notes->declaration),
                           clang_getCursorDefinition(notes->declaration)};
  Position at = position_expansion(s, attribute), best = {0};
  CXCursor found = notes->declaration;
  for (size_t i = 0; i < COUNT(candidates); i++) {
    if (clang_Cursor_isNull(candidates[i]))
      continue;
    Position start =
        position_expansion(s, clang_getRangeStart(clang_getCursorExtent(candidates[i])));
    if (start.source != at.source || start.offset > at.offset ||
        (best.line && start.offset <= best.offset))
      continue;
    best = start;
    found = candidates[i];
  }
  return found;
}

static enum CXChildVisitResult see_attribute(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  Notes *notes = data;
  State *s = notes->state;
  if (clang_getCursorKind(cursor) != CXCursor_UnexposedAttr)
    return CXChildVisit_Continue;
  CXSourceLocation start = clang_getRangeStart(clang_getCursorExtent(cursor));
  const char *word = source_word(s, s->scratch, position_spelling(s, start));
  const Annotation *annotation = find(attributes, COUNT(attributes), word);
  if (annotation)
    note(notes, annotation, annotation_arguments(s, start), scope_of(notes, start));
  return CXChildVisit_Continue;
}

/* ---- macros of sparse */

static void note_contexts(Notes *notes, CXCursor declaration) {
  State *s = notes->state;
  const char *tail = annotation_tail(s, declaration), *end = tail + strlen(tail);
  while (tail < end) {
    size_t length = 0;
    while (isalnum((unsigned char)tail[length]) || tail[length] == '_')
      length++;
    const char *word = length ? arena_text_n(s->scratch, tail, length) : "";
    tail += length ? length : 1;
    const char *open = tail + strspn(tail, " \t\n");
    if (!length || *open != '(')
      continue;
    const char *close = annotation_closing(open + 1, end);
    const Annotation *annotation = find(contexts, COUNT(contexts), word);
    if (annotation)
      note(notes, annotation, arena_text_n(s->scratch, open + 1, (size_t)(close - open) - 1),
           declaration);
    tail = close;
  }
}

/* ---- lines */

static const char *effect_text(Arena *arena, const Told *told) {
  const char *read = told->shared ? " read" : "";
  switch (told->meaning) {
  case SAYS_UNCHECKED:
    return "unchecked";
  case SAYS_ACQUIRE:
    return arena_printf(arena, "acquire %s%s", told->place, read);
  case SAYS_TRY:
    return arena_printf(arena, "acquire %s%s try if %s", told->place, read, told->when);
  case SAYS_RELEASE:
    return arena_printf(arena, "release %s", told->place);
  case SAYS_EXCLUDE:
    return arena_printf(arena, "uses %s", told->place);
  default:
    return arena_printf(arena, "expects %s%s", told->place, read);
  }
}

static void write_line(Notes *notes) {
  State *s = notes->state;
  const char *key = notes->info->symbol.key;
  int count = clang_Cursor_getNumArguments(notes->declaration);
  if (strpbrk(key, "\"\n") || count > PARAMETERS)
    return;
  if (notes->incomplete)
    list_push(s->scratch, &s->annotations, arena_printf(s->scratch, "?\"%s\"", key));
  if (!notes->count)
    return;
  const char *line = arena_printf(s->scratch, "%s\"%s\"(",
                                  clang_isCursorDefinition(notes->declaration) ? "=" : "", key);
  for (int i = 0; i < count; i++)
    line = arena_printf(s->scratch, "%s%s$%d", line, i ? ", " : "", i);
  for (uint32_t i = 0; i < notes->count; i++)
    line = arena_printf(s->scratch, "%s%s%s", line,
                        i ? ", " : ") : ", effect_text(s->scratch, &notes->told[i]));
  list_push(s->scratch, &s->annotations, line);
}

void annotate_function(State *s, CXCursor declaration, const NameInfo *info, bool attributed) {
  Notes notes = {.state = s, .declaration = declaration, .info = info};
  if (attributed)
    clang_visitChildren(declaration, see_attribute, &notes);
  note_contexts(&notes, declaration);
  CXCursor first = clang_getCanonicalCursor(declaration);
  if (!clang_equalCursors(first, declaration))
    note_contexts(&notes, first);
  if (notes.count || notes.incomplete)
    write_line(&notes);
}

static int compare(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In an order that does not depend on where something was met first. */
const char *annotations_finish(State *s) {
  const char *text = "";
  if (s->annotations.count)
    qsort(s->annotations.at, s->annotations.count, sizeof *s->annotations.at, compare);
  for (size_t i = 0; i < s->annotations.count; i++)
    if (!i || strcmp(s->annotations.at[i], s->annotations.at[i - 1]) != 0)
      text = arena_printf(s->arena, "%s%s\n", text, s->annotations.at[i]);
  return text;
}
