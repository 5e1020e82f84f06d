/* cursor.h - the gaps of libclang's C interface, filled once. */
#ifndef FRONTEND_CURSOR_H
#define FRONTEND_CURSOR_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { CHILDREN_INLINE = 4 };

/* The children of a cursor, without references to types and attributes. */
typedef struct {
  CXCursor near[CHILDREN_INLINE];
  CXCursor *far;
  size_t capacity;
  uint32_t count;
  Arena *arena;
} Children;

void children_collect(Children *, Arena *, CXCursor parent);
static inline CXCursor child_at(const Children *children, uint32_t i) {
  return children->far ? children->far[i] : children->near[i];
}
static inline CXCursor child_last(const Children *children) {
  return child_at(children, children->count - 1);
}

const char *text_take(Arena *, CXString); // copies and disposes
const char *cursor_name(Arena *, CXCursor);
/* The value of an integer expression; false when libclang cannot tell. Never for init lists. */
bool cursor_integer(CXCursor, int64_t *value);
bool cursor_floating(CXCursor, double *value);

static inline bool is_expression(CXCursor cursor) {
  return clang_isExpression(clang_getCursorKind(cursor)) != 0;
}
/* Whether the location comes from a macro. libclang has no call for that; the top bit of the
 * encoded location says so (clang's SourceLocation::MacroIDBit), and asking for two positions to
 * compare them is what made lowering slow. */
static inline bool location_in_macro(CXSourceLocation location) {
  return (location.int_data & 0x80000000u) != 0;
}
/* A static function or table in a header is code of those units only that refer to it; most refer
 * to few of them. */
bool is_header_static(CXCursor definition);
CXCursor cursor_strip(CXCursor); // parentheses and one-child unexposed wrappers

#endif
