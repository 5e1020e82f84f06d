/* lower_block.c - blocks, `^{ ... }` (-fblocks), as far as a cleanup attribute runs them.
 *
 * Scope guards in C for clang are a variable of a block pointer type with a cleanup attribute whose
 * function calls it. Following that call through the pointer would lose what the block captured,
 * so from the assignment on, every way out of the scope runs the block's statements in place.
 * Imprecise: a captured variable is read when the scope is left, not when the block is made, which
 * differs when it is not `__block` and changes in between.
 */
#include "frontend/lower.h"

static enum CXChildVisitResult find_body(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  CXCursor *body = data;
  if (clang_getCursorKind(cursor) == CXCursor_CompoundStmt) {
    *body = cursor;
    return CXChildVisit_Break;
  }
  bool declares = clang_getCursorKind(cursor) == CXCursor_UnexposedDecl;
  return declares ? CXChildVisit_Recurse : CXChildVisit_Continue;
}

/* What would leave the block only, or be taken for the function's own. */
static enum CXChildVisitResult find_jump(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  bool *found = data;
  enum CXCursorKind kind = clang_getCursorKind(cursor);
  if (kind != CXCursor_ReturnStmt && kind != CXCursor_GotoStmt && kind != CXCursor_LabelStmt)
    return CXChildVisit_Recurse;
  *found = true;
  return CXChildVisit_Break;
}

bool lower_is_block(CXCursor expression) {
  return clang_getCursorKind(cursor_strip(expression)) == CXCursor_BlockExpr;
}

static Live *guard_of(Lower *l, CXCursor variable) {
  CXCursor name = cursor_strip(variable);
  if (clang_getCursorKind(name) != CXCursor_DeclRefExpr)
    return NULL;
  NameInfo *info = name_known(l->state, clang_getCursorReferenced(name));
  if (!info || info->kind != NAME_LOCAL || info->epoch != l->state->epoch)
    return NULL;
  for (Live *live = l->live; live; live = live->below)
    if (live->local == info->local)
      return live->cleanup ? live : NULL;
  return NULL;
}

/* False when the block cannot be run in place. */
bool lower_guard_by(Live *live, CXCursor block) {
  CXCursor body = clang_getNullCursor();
  bool jumps = false;
  clang_visitChildren(cursor_strip(block), find_body, &body);
  if (!clang_Cursor_isNull(body))
    clang_visitChildren(body, find_jump, &jumps);
  if (clang_Cursor_isNull(body) || jumps)
    return false;
  live->block = body;
  live->has_block = true;
  return true;
}

bool lower_block_assigned(Lower *l, CXCursor variable, CXCursor value) {
  Live *live = lower_is_block(value) ? guard_of(l, variable) : NULL;
  return live && lower_guard_by(live, value);
}

void lower_guard_block(Lower *l, const Live *live) {
  l->guard_blocks++;
  (void)lower_compound(l, live->block, false);
  l->guard_blocks--;
}
