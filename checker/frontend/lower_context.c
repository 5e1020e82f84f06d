/* lower_context.c - from the unit's tables to those of the function being built. */
#include <string.h>

#include "frontend/lower.h"

void lower_incomplete(Lower *l, const char *reason) {
  if (l->function->flags & FUNCTION_INCOMPLETE)
    return;
  l->function->flags |= FUNCTION_INCOMPLETE;
  l->function->incomplete = arena_text(l->state->arena, reason);
}

Index lower_type(Lower *l, Index type) {
  TypeInfo *info = type_info(l->state, type);
  if (info->epoch == l->state->epoch)
    return info->in_function;
  Type copy = info->type;
  if (copy.kind == TYPE_POINTER || copy.kind == TYPE_ARRAY)
    copy.element = lower_type(l, copy.element);
  info->in_function = build_type(l->builder, copy);
  info->epoch = l->state->epoch;
  return info->in_function;
}

Index lower_symbol(Lower *l, NameInfo *info) {
  if (info->epoch == l->state->epoch)
    return info->in_function;
  Symbol symbol = info->symbol;
  symbol.flags &= ~(uint32_t)(NAME_CONSTRUCTOR | NAME_DESTRUCTOR);
  symbol.type = lower_type(l, info->type);
  info->in_function = build_symbol(l->builder, symbol);
  info->epoch = l->state->epoch;
  return info->in_function;
}

Index lower_new_local(Lower *l, const char *name, Index type, uint32_t flags) {
  return build_local(l->builder,
                     (Local){.flags = flags, .type = lower_type(l, type), .name = name});
}

Index lower_hidden(Lower *l, Index type) { return lower_new_local(l, "", type, LOCAL_HIDDEN); }

NodeId lower_constant(Lower *l, Index type, int64_t value, const char *macro) {
  return build_constant(l->builder, lower_type(l, type), value, macro);
}

Index lower_int(Lower *l) { return type_plain(l->state, TYPE_SIGNED, sizeof(int)); }

/* ---- locations */

static uint16_t small(uint32_t value) { return value > UINT16_MAX ? UINT16_MAX : (uint16_t)value; }

static uint16_t file_index(Lower *l, Index source) {
  if (source == l->source || source == NO_SOURCE)
    return 0;
  uint32_t known = map_get(&l->file_map, (uint64_t)source + 1);
  if (known == MAP_NONE) {
    known = build_file(l->builder, l->state->sources.at[source].path);
    map_put(l->state->body, &l->file_map, (uint64_t)source + 1, known);
  }
  return small(known);
}

/* The closing brace of the body: where a function without return statement is left. */
void lower_at_end(Lower *l) {
  Position end = position_expansion(l->state, clang_getRangeEnd(clang_getCursorExtent(l->body)));
  int32_t line = (int32_t)end.line - (int32_t)l->line;
  unsigned column = end.column > 1 ? end.column - 1 : 1;
  l->at_cursor = clang_getNullCursor();
  build_at(l->builder, build_location(l->builder, (Location){.file = file_index(l, end.source),
                                                             .column = small(column),
                                                             .end_column = small(end.column),
                                                             .line = line,
                                                             .end_line = line,
                                                             .macro = ""}));
}

void lower_at(Lower *l, CXCursor cursor) {
  if (l->guard_blocks || clang_equalCursors(cursor, l->at_cursor))
    return; // what a scope guard runs stands where the scope is left
  l->at_cursor = cursor;
  State *s = l->state;
  CXSourceRange range = clang_getCursorExtent(cursor);
  CXSourceLocation first = clang_getRangeStart(range);
  Position start = position_expansion(s, first);
  Position end = position_expansion(s, clang_getRangeEnd(range));
  Position inner = location_in_macro(first) ? position_spelling(s, first) : start;
  Location location = {.file = file_index(l, start.source),
                       .column = small(start.column),
                       .end_column = small(end.column),
                       .line = (int32_t)start.line - (int32_t)l->line,
                       .end_line = (int32_t)end.line - (int32_t)l->line,
                       .macro = ""};
  if (inner.source != start.source || inner.offset != start.offset) {
    location.macro = source_word(s, s->body, start);
    location.spelling_file = file_index(l, inner.source);
    location.spelling_line = inner.source == NO_SOURCE ? 0 : (int32_t)inner.line;
  }
  build_at(l->builder, build_location(l->builder, location));
}
