/* cursor.c - see cursor.h. Traversal is written once, here. */
#include "frontend/cursor.h"

#include <stdint.h>
#include <string.h>

static enum CXChildVisitResult collect(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  Children *children = data;
  enum CXCursorKind kind = clang_getCursorKind(cursor);
  if (kind == CXCursor_TypeRef || clang_isAttribute(kind))
    return CXChildVisit_Continue;
  if (children->count < CHILDREN_INLINE) {
    children->near[children->count++] = cursor;
    return CXChildVisit_Continue;
  }
  size_t used = children->far ? children->count : 0;
  children->far = arena_grow(children->arena, children->far, sizeof cursor, used,
                             &children->capacity, (size_t)children->count + 1);
  if (!used)
    memcpy(children->far, children->near, sizeof children->near);
  children->far[children->count++] = cursor;
  return CXChildVisit_Continue;
}

void children_collect(Children *children, Arena *arena, CXCursor parent) {
  children->far = NULL;
  children->capacity = 0;
  children->count = 0;
  children->arena = arena;
  clang_visitChildren(parent, collect, children);
}

const char *text_take(Arena *arena, CXString string) {
  const char *text = clang_getCString(string);
  const char *copy = arena_text(arena, text ? text : "");
  clang_disposeString(string);
  return copy;
}

const char *cursor_name(Arena *arena, CXCursor cursor) {
  return text_take(arena, clang_getCursorSpelling(cursor));
}

bool cursor_integer(CXCursor cursor, int64_t *value) {
  CXEvalResult result = clang_Cursor_Evaluate(cursor);
  if (!result)
    return false;
  bool is_integer = clang_EvalResult_getKind(result) == CXEval_Int;
  if (is_integer && clang_EvalResult_isUnsignedInt(result))
    *value = (int64_t)clang_EvalResult_getAsUnsigned(result);
  else if (is_integer)
    *value = clang_EvalResult_getAsLongLong(result);
  clang_EvalResult_dispose(result);
  return is_integer;
}

bool cursor_floating(CXCursor cursor, double *value) {
  CXEvalResult result = clang_Cursor_Evaluate(cursor);
  if (!result)
    return false;
  bool is_floating = clang_EvalResult_getKind(result) == CXEval_Float;
  if (is_floating)
    *value = clang_EvalResult_getAsDouble(result);
  clang_EvalResult_dispose(result);
  return is_floating;
}

bool is_header_static(CXCursor cursor) {
  enum CXCursorKind kind = clang_getCursorKind(cursor);
  if ((kind != CXCursor_FunctionDecl && kind != CXCursor_VarDecl) ||
      clang_getCursorLinkage(cursor) != CXLinkage_Internal ||
      clang_getCursorKind(clang_getCursorSemanticParent(cursor)) != CXCursor_TranslationUnit)
    return false;
  CXSourceLocation location = clang_getCursorLocation(cursor);
  return !clang_Location_isFromMainFile(location) && !clang_Location_isInSystemHeader(location);
}

static enum CXChildVisitResult keep_only(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  CXCursor *only = data;
  bool first = clang_Cursor_isNull(only[0]);
  only[first ? 0 : 1] = cursor;
  return first ? CXChildVisit_Continue : CXChildVisit_Break;
}

CXCursor cursor_strip(CXCursor cursor) {
  for (;;) {
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind != CXCursor_ParenExpr && kind != CXCursor_UnexposedExpr)
      return cursor;
    CXCursor only[2] = {clang_getNullCursor(), clang_getNullCursor()};
    clang_visitChildren(cursor, keep_only, only);
    if (clang_Cursor_isNull(only[0]) || !clang_Cursor_isNull(only[1]))
      return cursor;
    cursor = only[0];
  }
}
