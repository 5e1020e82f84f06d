/* lower_prepass.c - what must be known of a body before its first statement is lowered: labels,
 * labels whose address is taken, and locals that live in memory because of "&".
 */
#include "frontend/lower.h"

static void mark_taken(Lower *l, CXCursor expression) {
  CXCursor inner = cursor_strip(expression);
  if (clang_getCursorKind(inner) != CXCursor_DeclRefExpr)
    return;
  CXCursor declaration = clang_getCursorReferenced(inner);
  map_put(l->state->body, &l->taken, map_key(declaration.data[0]), 1);
}

static enum CXChildVisitResult mark_operand(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  mark_taken(data, cursor);
  return CXChildVisit_Continue;
}

/* An output of asm is written where it stands; an input is a value, and shown as a conversion. */
static enum CXChildVisitResult mark_output(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  if (clang_getCursorKind(cursor) != CXCursor_UnexposedExpr)
    mark_taken(data, cursor);
  return CXChildVisit_Continue;
}

static uint32_t label_of(Lower *l, CXCursor statement) {
  uint64_t key = map_key(statement.data[1]); // the statement's own address
  uint32_t known = map_get(&l->label_map, key);
  if (known != MAP_NONE)
    return known;
  list_push(l->state->body, &l->labels,
            (Label){.cursor = statement, .block = build_block(l->builder)});
  known = (uint32_t)l->labels.count - 1;
  map_put(l->state->body, &l->label_map, key, known);
  return known;
}

static enum CXChildVisitResult mark_label(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  Lower *l = data;
  if (clang_getCursorKind(cursor) == CXCursor_LabelRef) {
    CXCursor statement = clang_getCursorReferenced(cursor);
    if (clang_Cursor_isNull(statement))
      return CXChildVisit_Continue;
    uint32_t label = label_of(l, statement); // may move the table
    l->labels.at[label].address_taken = true;
  }
  return CXChildVisit_Continue;
}

static enum CXChildVisitResult look(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  Lower *l = data;
  switch (clang_getCursorKind(cursor)) {
  case CXCursor_UnaryExpr: // not evaluated
    return CXChildVisit_Continue;
  case CXCursor_UnaryOperator:
    if (clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_AddrOf)
      clang_visitChildren(cursor, mark_operand, l);
    break;
  case CXCursor_GCCAsmStmt:
    clang_visitChildren(cursor, mark_output, l);
    break;
  case CXCursor_LabelStmt:
    label_of(l, cursor);
    break;
  case CXCursor_AddrLabelExpr:
    clang_visitChildren(cursor, mark_label, l);
    break;
  default:
    break;
  }
  return CXChildVisit_Recurse;
}

void lower_prepass(Lower *l, CXCursor body) { clang_visitChildren(body, look, l); }
