/* lower_literal.c - values that stand in the source as they are, that libclang computes (sizeof),
 * or that it does not show: those make the function incomplete. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "frontend/lower.h"

enum { STRING_KEPT = 256 };

NodeId lower_unknown(Lower *l, CXCursor cursor) {
  return build_unknown(l->builder, lower_type(l, lower_type_of(l, cursor)));
}

NodeId lower_unseen(Lower *l, CXCursor cursor, const char *reason) {
  lower_incomplete(l, reason);
  return lower_unknown(l, cursor);
}

/* The macro that is this number: `#define EBUSY 16`. Not one that merely holds it. */
static const char *macro_of(Lower *l, CXCursor cursor) {
  CXSourceLocation start = clang_getRangeStart(clang_getCursorExtent(cursor));
  if (!location_in_macro(start))
    return "";
  Position in_file = position_file(l->state, start);
  const char *word = source_word(l->state, l->state->body, in_file);
  if (!*word || !lex_is_call(l, in_file, word))
    return word;
  return lex_defined_name(l, position_spelling(l->state, start));
}

NodeId lower_integer(Lower *l, CXCursor cursor) {
  int64_t value;
  if (!cursor_integer(cursor, &value))
    return lower_unknown(l, cursor);
  const char *macro =
      clang_getCursorKind(cursor) == CXCursor_IntegerLiteral ? macro_of(l, cursor) : "";
  return lower_constant(l, lower_type_of(l, cursor), value, macro);
}

NodeId lower_floating(Lower *l, CXCursor cursor) {
  double value;
  if (!cursor_floating(cursor, &value))
    return lower_unknown(l, cursor);
  char text[40];
  snprintf(text, sizeof text, "%.17g", value);
  return build_floating(l->builder, lower_type(l, lower_type_of(l, cursor)), text);
}

/* What stands between the quotes of "...", without the simplest escapes. */
static const char *unquoted(Arena *arena, const char *text) {
  const char *from = strchr(text, '"');
  size_t length = strlen(text);
  if (!from || length < 2 || text[length - 1] != '"')
    return text;
  const char *end = text + length - 1;
  char *result = arena_alloc(arena, length), *to = result;
  for (from++; from < end; from++) {
    static const char letters[] = "ntr\\\"'?", values[] = "\n\t\r\\\"'?";
    const char *known = *from == '\\' && from + 1 < end ? strchr(letters, from[1]) : NULL;
    *to++ = known && *known ? values[known - letters] : *from;
    from += known && *known;
  }
  return result;
}

/* Long texts are kept by their start and a hash. */
NodeId lower_string(Lower *l, CXCursor cursor) {
  State *s = l->state;
  const char *text = unquoted(s->body, cursor_name(s->body, cursor));
  text = roots_hide((struct Arena *)s->body, s->job->roots, text);
  size_t length = strlen(text);
  if (length > STRING_KEPT)
    text = arena_printf(s->body, "%.*s...#%016llx", STRING_KEPT, text,
                        (unsigned long long)hash_bytes(text, length).low);
  Index type = lower_type_of(l, cursor);
  Index element = type_at(s, type)->kind == TYPE_ARRAY ? type_at(s, type)->element : type;
  return build_string(l->builder, lower_type(l, type_pointer_to(s, element)),
                      text_valid_utf8((struct Arena *)s->body, text));
}

/* sizeof, alignof, offsetof, __builtin_types_compatible_p: numbers, unless an array has a variable
 * length. */
NodeId lower_evaluated(Lower *l, CXCursor cursor, const char *reason) {
  int64_t value;
  Index type = lower_type_of(l, cursor);
  TypeKind kind = type_at(l->state, type)->kind;
  bool integer = kind == TYPE_SIGNED || kind == TYPE_UNSIGNED || kind == TYPE_BOOL;
  if (integer && cursor_integer(cursor, &value))
    return lower_constant(l, type, value, "");
  return lower_unseen(l, cursor, reason);
}

/* sizeof x, x being an array of variable length in this function. */
static NodeId vla_size(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count != 1 || strcmp(lex_word(l, cursor), "sizeof") != 0)
    return 0;
  CXCursor operand = cursor_strip(child_at(&parts, 0));
  if (clang_getCursorKind(operand) != CXCursor_DeclRefExpr)
    return 0;
  NameInfo *name = name_known(l->state, clang_getCursorReferenced(operand));
  if (!name || name->kind != NAME_LOCAL || name->epoch != l->state->epoch)
    return 0;
  uint32_t size = map_get(&l->vla_sizes, (uint64_t)name->local + 1);
  return size == MAP_NONE ? 0 : size;
}

NodeId lower_size(Lower *l, CXCursor cursor) {
  NodeId size = l->vla_sizes.used ? vla_size(l, cursor) : 0;
  return size ? size : lower_evaluated(l, cursor, "the size of an array of variable length");
}
