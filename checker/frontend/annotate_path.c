/* annotate_path.c - expressions of annotations: `&p->lock`, `mu`, `(*s)->q.lock`. libclang shows
 * nothing of them, so they are read as text, with the types of parameters, globals and fields;
 * those on a member name its neighbours, too. What is not understood is left out, never guessed. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "frontend/annotate.h"
#include "frontend/cursor.h"

enum { DEEPEST = 8 };

typedef struct {
  State *state;
  CXCursor function; // or member, or global
  const char *at;
  bool failed;
  unsigned level;
} Reader;

typedef struct {
  const char *text; // in the model language
  const char *key;  // of the last member, or of the global; "": none
  CXType type;
  bool is_place;   // else the value of a parameter
  bool is_address; // of the place
} Path;

static Path fail(Reader *r) {
  r->failed = true;
  return (Path){.text = ""};
}

static void skip_space(Reader *r) {
  while (isspace((unsigned char)*r->at))
    r->at++;
}

static bool accept(Reader *r, const char *mark) {
  skip_space(r);
  if (!text_starts(r->at, mark))
    return false;
  r->at += strlen(mark);
  return true;
}

/* "" when there is none. */
static const char *read_name(Reader *r) {
  skip_space(r);
  size_t length = 0;
  if (!isdigit((unsigned char)*r->at))
    while (isalnum((unsigned char)r->at[length]) || r->at[length] == '_')
      length++;
  const char *name = arena_text_n(r->state->scratch, r->at, length);
  r->at += length;
  return name;
}

/* A key as a name of the model language. */
static const char *quoted(Reader *r, const char *key) {
  if (strpbrk(key, "\"\n"))
    r->failed = true;
  return arena_printf(r->state->scratch, "\"%s\"", key);
}

static int parameter_named(const Reader *r, const char *name) {
  int count = clang_Cursor_getNumArguments(r->function);
  for (int i = 0; i < count; i++) {
    CXCursor parameter = clang_Cursor_getArgument(r->function, (unsigned)i);
    if (!strcmp(cursor_name(r->state->scratch, parameter), name))
      return i;
  }
  return -1;
}

static bool find_field(State *s, uint32_t record, const char *name, FieldInfo *found);

/* The member of that name beside the one that the annotation is on. */
static bool find_neighbour(Reader *r, const char *name, FieldInfo *found) {
  State *s = r->state;
  if (!*name || clang_getCursorKind(r->function) != CXCursor_FieldDecl)
    return false;
  CXType record = clang_getCursorType(clang_getCursorSemanticParent(r->function));
  return find_field(s, record_of(s, clang_getCanonicalType(record)), name, found);
}

static Path named(Reader *r, const char *name) {
  State *s = r->state;
  int number = *name ? parameter_named(r, name) : -1;
  FieldInfo field;
  if (find_neighbour(r, name, &field))
    return (Path){.text = "",
                  .key = name_of(s, field.cursor)->symbol.key,
                  .type = field.type,
                  .is_place = true};
  if (number >= 0)
    return (Path){.text = arena_printf(s->scratch, "$%d", number),
                  .type =
                      clang_getCursorType(clang_Cursor_getArgument(r->function, (unsigned)number))};
  CXCursor variable = *name ? variable_named(s, name) : clang_getNullCursor();
  if (clang_Cursor_isNull(variable))
    return fail(r);
  const NameInfo *global = name_of(s, variable);
  return (Path){.text = arena_printf(s->scratch, "::%s", quoted(r, global->symbol.key)),
                .key = global->symbol.key,
                .type = clang_getCursorType(variable),
                .is_place = true};
}

/* Fields of nameless members belong to the record around them. */
static bool find_field(State *s, uint32_t record, const char *name, FieldInfo *found) {
  for (uint32_t i = 0; i < s->records.at[record].field_count; i++) {
    FieldInfo field = s->records.at[record].fields[i];
    CXType type = clang_getCanonicalType(field.type);
    if (!strcmp(field.name, name)) {
      *found = field;
      return true;
    }
    if (!*field.name && type.kind == CXType_Record &&
        find_field(s, record_of(s, type), name, found))
      return true;
  }
  return false;
}

static Path member(Reader *r, Path base, bool arrow) {
  State *s = r->state;
  const char *name = read_name(r);
  CXType type = clang_getCanonicalType(base.type);
  bool pointer = arrow && !base.is_address;
  if (pointer && type.kind == CXType_Pointer)
    type = clang_getCanonicalType(clang_getPointeeType(type));
  else if (pointer || !base.is_place || (base.is_address && !arrow))
    return fail(r);
  FieldInfo field;
  if (type.kind != CXType_Record || !*name || !find_field(s, record_of(s, type), name, &field))
    return fail(r);
  const char *key = name_of(s, field.cursor)->symbol.key;
  return (Path){
      .text = arena_printf(s->scratch, "%s%s%s", base.text, pointer ? "->" : ".", quoted(r, key)),
      .key = key,
      .type = field.type,
      .is_place = true};
}

/* An element of an array: the number may be a constant or a parameter. */
static Path element(Reader *r, Path base) {
  State *s = r->state;
  CXType type = clang_getCanonicalType(base.type);
  if (type.kind != CXType_ConstantArray || !base.is_place || base.is_address)
    return fail(r);
  skip_space(r);
  size_t digits = strspn(r->at, "0123456789");
  const char *index = arena_text_n(s->scratch, r->at, digits);
  r->at += digits;
  if (!digits) {
    int number = parameter_named(r, read_name(r));
    index = arena_printf(s->scratch, "$%d", number);
    r->failed |= number < 0;
  }
  if (!accept(r, "]"))
    return fail(r);
  return (Path){.text = arena_printf(s->scratch, "%s[%s]", base.text, index),
                .key = base.key,
                .type = clang_getArrayElementType(type),
                .is_place = true};
}

static Path dereferenced(Reader *r, Path pointer) {
  CXType type = clang_getCanonicalType(pointer.type);
  if (pointer.is_address) {
    pointer.is_address = false;
    return pointer;
  }
  if (type.kind != CXType_Pointer)
    return fail(r);
  return (Path){.text = arena_printf(r->state->scratch, "(*%s)", pointer.text),
                .key = pointer.key ? arena_printf(r->state->scratch, "*%s", pointer.key) : NULL,
                .type = clang_getPointeeType(type),
                .is_place = true};
}

static Path read_path(Reader *r);

static Path read_postfix(Reader *r) {
  Path path = {.text = ""};
  if (accept(r, "(")) {
    path = read_path(r);
    r->failed |= !accept(r, ")");
  } else {
    path = named(r, read_name(r));
  }
  while (!r->failed) {
    if (accept(r, "->"))
      path = member(r, path, true);
    else if (accept(r, "."))
      path = member(r, path, false);
    else if (accept(r, "["))
      path = element(r, path);
    else
      break;
  }
  return path;
}

static Path read_path(Reader *r) {
  if (++r->level > DEEPEST)
    return fail(r);
  Path path;
  if (accept(r, "*")) {
    path = read_path(r);
    path = r->failed ? path : dereferenced(r, path);
  } else if (accept(r, "&")) {
    path = read_path(r);
    if (!path.is_place || path.is_address)
      return fail(r);
    path.is_address = true;
  } else {
    path = read_postfix(r);
  }
  r->level--;
  return path;
}

/* False: not understood. */
static bool read_lock(State *s, CXCursor scope, const char *expression, Path *path) {
  Reader r = {.state = s, .function = scope, .at = expression};
  *path = read_path(&r);
  skip_space(&r);
  if (r.failed || *r.at)
    return false;
  CXType type = clang_getCanonicalType(path->type);
  // a pointer to a lock means the lock, in both languages
  if (!path->is_address && type.kind == CXType_Pointer)
    *path = dereferenced(&r, *path);
  return path->is_place;
}

const char *annotation_place(State *s, CXCursor function, const char *expression) {
  Path path;
  return read_lock(s, function, expression, &path) ? path.text : NULL;
}

const char *annotation_class(State *s, CXCursor declaration, const char *expression) {
  Path path;
  return read_lock(s, declaration, expression, &path) ? path.key : NULL;
}
