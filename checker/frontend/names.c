/* names.c - what a declaration is called in every unit (DESIGN 4).
 *
 * External linkage: the name, or the assembler's name when it is given in our own code. Internal:
 * "path:name". Block scope: "path:function:name#ordinal", made in lower_decl.c.
 */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "frontend/annotate.h"
#include "frontend/cursor.h"
#include "frontend/state.h"

typedef struct {
  State *state;
  uint32_t flags;
  const char *assembler_name;
  bool annotated; // with what it does to locks
} AttributeVisit;

static bool is_word(const char *word, const char *name) {
  size_t length = strlen(name);
  if (strcmp(word, name) == 0)
    return true;
  return strncmp(word, "__", 2) == 0 && strncmp(word + 2, name, length) == 0 &&
         strcmp(word + 2 + length, "__") == 0;
}

static enum CXChildVisitResult see_attribute(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  AttributeVisit *visit = data;
  State *s = visit->state;
  enum CXCursorKind kind = clang_getCursorKind(cursor);
  if (kind == CXCursor_AsmLabelAttr)
    visit->assembler_name = cursor_name(s->arena, cursor);
  if (kind != CXCursor_UnexposedAttr)
    return CXChildVisit_Continue;
  CXSourceLocation start = clang_getRangeStart(clang_getCursorExtent(cursor));
  const char *word = source_word(s, s->body, position_spelling(s, start));
  if (is_word(word, "noreturn") || strcmp(word, "_Noreturn") == 0)
    visit->flags |= SYMBOL_NORETURN;
  else if (is_word(word, "returns_twice"))
    visit->flags |= SYMBOL_RETURNS_TWICE;
  else if (is_word(word, "weak"))
    visit->flags |= SYMBOL_WEAK;
  else if (is_word(word, "constructor"))
    visit->flags |= NAME_CONSTRUCTOR;
  else if (is_word(word, "destructor"))
    visit->flags |= NAME_DESTRUCTOR;
  else if (annotation_word(word))
    visit->annotated = true;
  return CXChildVisit_Continue;
}

static AttributeVisit attributes_of(State *s, CXCursor declaration) {
  AttributeVisit visit = {.state = s};
  if (clang_Cursor_hasAttrs(declaration))
    clang_visitChildren(declaration, see_attribute, &visit);
  return visit;
}

/* The functions that C says may return more than once. */
static bool returns_twice(const char *name) {
  static const char *const known[] = {"setjmp", "_setjmp",    "sigsetjmp", "__sigsetjmp",
                                      "vfork",  "getcontext", "savectx",   "__builtin_setjmp"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i]) == 0)
      return true;
  return false;
}

static const char *internal_key(State *s, CXCursor declaration, const char *name) {
  CXCursor definition = clang_getCursorDefinition(declaration);
  if (clang_Cursor_isNull(definition))
    definition = clang_getCanonicalCursor(declaration);
  Position at = position_expansion(s, clang_getCursorLocation(definition));
  const char *path = at.source == NO_SOURCE ? "" : s->sources.at[at.source].path;
  return arena_printf(s->arena, "%s:%s", path, name);
}

/* __sync_fetch_and_add is shown as __sync_fetch_and_add_4. */
static const char *without_width(State *s, const char *name) {
  if (!text_starts(name, "__sync_"))
    return name;
  const char *tail = strrchr(name, '_');
  if (tail[1] && strspn(tail + 1, "0123456789") == strlen(tail + 1))
    return arena_text_n(s->arena, name, (size_t)(tail - name));
  return name;
}

static void fill_function(State *s, CXCursor declaration, NameInfo *info) {
  const char *name = without_width(s, cursor_name(s->arena, declaration));
  AttributeVisit attributes = attributes_of(s, declaration);
  CXSourceLocation location = clang_getCursorLocation(declaration);
  CXFile file = NULL;
  clang_getExpansionLocation(location, &file, NULL, NULL, NULL);
  /* A builtin without declaration is said to stand where it is first used. */
  bool system = !file || text_starts(name, "__builtin_") || text_starts(name, "__sync_") ||
                text_starts(name, "__atomic_") || clang_Location_isInSystemHeader(location);
  bool internal = clang_getCursorLinkage(declaration) == CXLinkage_Internal;
  info->kind = NAME_FUNCTION;
  info->symbol = (Symbol){.kind = SYMBOL_FUNCTION,
                          .flags = attributes.flags,
                          .type = info->type,
                          .key = name,
                          .name = name};
  if (type_info(s, info->type)->noreturn)
    info->symbol.flags |= SYMBOL_NORETURN;
  if (returns_twice(name))
    info->symbol.flags |= SYMBOL_RETURNS_TWICE;
  if (system)
    info->symbol.flags |= SYMBOL_SYSTEM;
  if (internal) {
    info->symbol.flags |= SYMBOL_INTERNAL;
    if (!system)
      info->symbol.key = internal_key(s, declaration, name);
  } else if (attributes.assembler_name && !system) {
    /* glibc renames its own (open to open64): those keep the name that models know. */
    info->symbol.key = attributes.assembler_name;
  }
  if (!system)
    annotate_function(s, declaration, info, attributes.annotated);
}

/* Of an array, what its elements are. */
static uint32_t qualifiers_of(CXType type) {
  CXType t = clang_getCanonicalType(type);
  uint32_t flags = clang_isVolatileQualifiedType(type) ? SYMBOL_VOLATILE : 0;
  while (t.kind == CXType_ConstantArray || t.kind == CXType_IncompleteArray)
    t = clang_getCanonicalType(clang_getArrayElementType(t));
  flags |= clang_isConstQualifiedType(t) ? SYMBOL_CONST : 0;
  return flags | (t.kind == CXType_Atomic ? SYMBOL_ATOMIC : 0);
}

static void fill_global(State *s, CXCursor declaration, NameInfo *info) {
  const char *name = cursor_name(s->arena, declaration);
  AttributeVisit attributes = attributes_of(s, declaration);
  CXType type = clang_getCursorType(declaration);
  info->kind = NAME_GLOBAL;
  info->symbol = (Symbol){.kind = SYMBOL_GLOBAL,
                          .flags = attributes.flags,
                          .type = info->type,
                          .key = name,
                          .name = name};
  if (clang_getCursorTLSKind(declaration) != CXTLS_None)
    info->symbol.flags |= SYMBOL_THREAD_LOCAL;
  info->symbol.flags |= qualifiers_of(type);
  if (clang_Location_isInSystemHeader(clang_getCursorLocation(declaration)))
    info->symbol.flags |= SYMBOL_SYSTEM;
  if (clang_getCursorLinkage(declaration) == CXLinkage_Internal) {
    info->symbol.flags |= SYMBOL_INTERNAL;
    info->symbol.key = internal_key(s, declaration, name);
  } else if (attributes.assembler_name && !(info->symbol.flags & SYMBOL_SYSTEM)) {
    info->symbol.key = attributes.assembler_name;
  }
}

static bool is_pointer(const FieldInfo *field) {
  return clang_getCanonicalType(field->type).kind == CXType_Pointer;
}

/* The pointers of a union are one: `u.any` is what was stored in `u.file`. Other members are left
 * apart, for who tells them by a tag thinks of different things. */
CXCursor name_overlaid(State *s, CXCursor declaration) {
  CXCursor parent = clang_getCursorSemanticParent(declaration);
  if (clang_getCursorKind(parent) != CXCursor_UnionDecl)
    return clang_getNullCursor();
  const RecordInfo *record =
      &s->records.at[record_of(s, clang_getCanonicalType(clang_getCursorType(parent)))];
  CXCursor first = clang_getNullCursor();
  bool is_one = false;
  for (uint32_t i = 0; i < record->field_count; i++) {
    if (!is_pointer(&record->fields[i]))
      continue;
    if (clang_Cursor_isNull(first))
      first = record->fields[i].cursor;
    is_one |= clang_equalCursors(record->fields[i].cursor, declaration);
  }
  return is_one ? first : clang_getNullCursor();
}

static void fill_field(State *s, CXCursor declaration, NameInfo *info) {
  CXCursor parent = clang_getCursorSemanticParent(declaration);
  uint32_t record = record_of(s, clang_getCanonicalType(clang_getCursorType(parent)));
  const RecordInfo *inner = &s->records.at[record];
  const char *owner = s->records.at[inner->owner].key;
  info->kind = NAME_FIELD;
  info->symbol = (Symbol){.kind = SYMBOL_FIELD,
                          .flags = qualifiers_of(clang_getCursorType(declaration)) &
                                   (SYMBOL_VOLATILE | SYMBOL_ATOMIC),
                          .type = info->type};
  if (clang_Location_isInSystemHeader(clang_getCursorLocation(declaration)))
    info->symbol.flags |= SYMBOL_SYSTEM;
  info->symbol.name = cursor_name(s->arena, declaration);
  if (strchr(info->symbol.name, '(')) // an anonymous member, described in words
    info->symbol.name = "";
  info->symbol.key = arena_printf(s->arena, "%s.%s", owner, info->symbol.name);
  for (uint32_t i = 0; i < inner->field_count; i++)
    if (clang_equalCursors(inner->fields[i].cursor, declaration))
      info->symbol.offset = inner->fields[i].offset;
  CXCursor overlaid = name_overlaid(s, declaration);
  if (!clang_Cursor_isNull(overlaid))
    info->symbol.flags |=
        clang_equalCursors(overlaid, declaration) ? SYMBOL_OVERLAID : SYMBOL_OVERLAY;
}

NameInfo *name_new(State *s, CXCursor declaration, NameInfo info) {
  NameInfo *stable = arena_copy(s->scratch, &info, sizeof info);
  list_push(s->scratch, &s->names, stable);
  map_put(s->scratch, &s->name_map, map_key(declaration.data[0]), (uint32_t)s->names.count - 1);
  return stable;
}

NameInfo *name_known(State *s, CXCursor declaration) {
  uint32_t known = map_get(&s->name_map, map_key(declaration.data[0]));
  return known == MAP_NONE ? NULL : s->names.at[known];
}

/* What a header defines for everybody is lowered when something here refers to it. */
static void want_definition(State *s, CXCursor declaration) {
  CXCursor definition = clang_getCursorDefinition(declaration);
  if (is_header_static(definition))
    list_push(s->scratch, &s->wanted, definition);
}

static void fill(State *s, CXCursor declaration, NameInfo *info) {
  info->type = type_of(s, clang_getCursorType(declaration));
  switch (clang_getCursorKind(declaration)) {
  case CXCursor_FunctionDecl:
    fill_function(s, declaration, info);
    break;
  case CXCursor_FieldDecl:
    fill_field(s, declaration, info);
    break;
  case CXCursor_EnumConstantDecl:
    info->kind = NAME_ENUMERATOR;
    info->value = clang_getEnumConstantDeclValue(declaration);
    info->symbol.name = cursor_name(s->arena, declaration);
    break;
  default:
    fill_global(s, declaration, info);
    break;
  }
}

NameInfo *name_of(State *s, CXCursor declaration) {
  NameInfo *known = name_known(s, declaration);
  if (known)
    return known;
  NameInfo info = {.local = MAP_NONE};
  fill(s, declaration, &info);
  if (info.symbol.flags & SYMBOL_INTERNAL)
    want_definition(s, declaration);
  NameInfo *named = name_new(s, declaration, info);
  // only now: locks that name each other are asked for each other's names
  if ((info.kind == NAME_GLOBAL || info.kind == NAME_FIELD) && !(info.symbol.flags & SYMBOL_SYSTEM))
    annotate_data(s, declaration, named);
  return named;
}

/* ---- functions by name, for cleanup attributes, and variables, for annotations */

static enum CXChildVisitResult add_named(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  State *s = data;
  enum CXCursorKind kind = clang_getCursorKind(cursor);
  if (kind != CXCursor_FunctionDecl && kind != CXCursor_VarDecl)
    return CXChildVisit_Continue;
  const char *name = cursor_name(s->scratch, cursor);
  list_push(s->scratch, &s->named_cursors, cursor);
  map_put(s->scratch, kind == CXCursor_VarDecl ? &s->variable_by_name : &s->function_by_name,
          hash_text(name).low | 1, (uint32_t)s->named_cursors.count - 1);
  return CXChildVisit_Continue;
}

static CXCursor find_named(State *s, const Map *names, const char *name) {
  if (!s->named_cursors.count)
    clang_visitChildren(clang_getTranslationUnitCursor(s->tu), add_named, s);
  uint32_t index = map_get(names, hash_text(name).low | 1);
  if (index == MAP_NONE && s->prefix) // what the prefix declares is not visited
    s->doubtful = true;
  return index == MAP_NONE ? clang_getNullCursor() : s->named_cursors.at[index];
}

CXCursor function_named(State *s, const char *name) {
  return find_named(s, &s->function_by_name, name);
}

CXCursor variable_named(State *s, const char *name) {
  return find_named(s, &s->variable_by_name, name);
}

/* ---- Unit.globals */

void global_listed(State *s, NameInfo *info, CXCursor declaration) {
  if (info->listed || info->kind != NAME_GLOBAL)
    return;
  info->listed = true;
  CXCursor definition = clang_getCursorDefinition(declaration);
  bool tentative = clang_Cursor_getStorageClass(declaration) != CX_SC_Extern;
  if (!clang_Cursor_isNull(definition))
    declaration = definition;
  Position at = position_expansion(s, clang_getCursorLocation(declaration));
  Global global = {.key = info->symbol.key,
                   .name = info->symbol.name,
                   .flags = info->symbol.flags,
                   .type = info->type,
                   .source = at.source == NO_SOURCE ? "" : s->sources.at[at.source].path,
                   .line = at.line,
                   .is_definition = tentative || !clang_Cursor_isNull(definition)};
  list_push(s->scratch, &s->globals, global);
}
