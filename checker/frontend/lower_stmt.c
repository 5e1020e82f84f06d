/* lower_stmt.c - statements to blocks and edges.
 *
 * Code after a jump is kept, in blocks that nothing reaches, because a label may follow. Chains of
 * else-if are walked in a loop: generated code has thousands of them.
 */
#include "frontend/lower.h"

void lower_jump(Lower *l, Index block) {
  if (build_is_open(l->builder))
    build_jump(l->builder, block);
}

void lower_enter(Lower *l, Index block) {
  lower_jump(l, block);
  build_switch_to(l->builder, block);
}
/* ---- selection */

static void if_statement(Lower *l, CXCursor cursor) {
  Index after = build_block(l->builder);
  for (;;) {
    Children parts;
    children_collect(&parts, l->state->body, cursor);
    if (parts.count < 2) {
      lower_incomplete(l, "if without condition");
      break;
    }
    Index then = build_block(l->builder);
    Index otherwise = parts.count > 2 ? build_block(l->builder) : after;
    lower_condition(l, child_at(&parts, 0), then, otherwise);
    build_switch_to(l->builder, then);
    lower_statement(l, child_at(&parts, 1));
    lower_jump(l, after);
    if (parts.count < 3)
      break;
    build_switch_to(l->builder, otherwise);
    cursor = child_at(&parts, 2);
    if (clang_getCursorKind(cursor) == CXCursor_IfStmt)
      continue;
    lower_statement(l, cursor);
    lower_jump(l, after);
    break;
  }
  build_switch_to(l->builder, after);
}

static bool case_value(Lower *l, CXCursor cursor, int64_t *value) {
  if (cursor_integer(cursor, value))
    return true;
  NodeId node = lower_value(l, cursor);
  const Constant *constant = node ? build_constant_of(l->builder, node) : NULL;
  *value = constant ? constant->value : 0;
  return constant != NULL;
}

/* Nested cases (case 1: case 2: stmt) are children of each other. */
static void case_statement(Lower *l, CXCursor cursor) {
  for (;;) {
    bool is_default = clang_getCursorKind(cursor) == CXCursor_DefaultStmt;
    Children parts;
    children_collect(&parts, l->state->body, cursor);
    Index block = build_block(l->builder);
    lower_enter(l, block);
    Switch *inside = l->switches;
    if (!inside || !parts.count) {
      lower_incomplete(l, "case outside a switch");
      return;
    }
    if (is_default) {
      inside->otherwise = block;
    } else {
      Edge edge = {.block = block};
      bool known = case_value(l, child_at(&parts, 0), &edge.low);
      edge.high = edge.low;
      if (parts.count > 2)
        known = case_value(l, child_at(&parts, 1), &edge.high) && known;
      if (!known)
        lower_incomplete(l, "case label that libclang does not evaluate");
      list_push(l->state->body, &inside->edges, edge);
    }
    cursor = child_last(&parts);
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind != CXCursor_CaseStmt && kind != CXCursor_DefaultStmt)
      break;
  }
  lower_statement(l, cursor);
}

static void switch_statement(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count < 2) {
    lower_incomplete(l, "switch without body");
    return;
  }
  Switch self = {.outer = l->switches, .otherwise = MAP_NONE};
  NodeId value = lower_value(l, child_at(&parts, 0));
  lower_at(l, child_at(&parts, 0));
  CXCursor head_cursor = child_at(&parts, 0);
  if (!build_is_open(l->builder))
    build_switch_to(l->builder, build_block(l->builder));
  Index head = build_current(l->builder), after = build_block(l->builder);
  Index outer_break = l->break_block;
  Live *outer_live = l->break_live;
  l->break_block = after;
  l->break_live = l->live;
  l->switches = &self;
  build_switch_to(l->builder, build_block(l->builder)); // before the first case: dead
  lower_statement(l, child_last(&parts));
  lower_jump(l, after);
  l->switches = self.outer;
  l->break_block = outer_break;
  l->break_live = outer_live;
  build_switch_to(l->builder, head);
  lower_at(l, head_cursor);
  Edge last = {.block = self.otherwise == MAP_NONE ? after : self.otherwise};
  list_push(l->state->body, &self.edges, last);
  build_switch(l->builder, value, self.edges.at, (uint32_t)self.edges.count);
  build_switch_to(l->builder, after);
}

static void asm_statement(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  NodeId *args = arena_new_array(l->state->body, NodeId, parts.count);
  uint32_t count = 0;
  for (uint32_t i = 0; i < parts.count; i++) {
    CXCursor operand = child_at(&parts, i);
    if (!is_expression(operand))
      continue;
    CXCursor inner = cursor_strip(operand);
    enum CXCursorKind kind = clang_getCursorKind(inner);
    bool place = kind == CXCursor_DeclRefExpr || kind == CXCursor_MemberRefExpr ||
                 kind == CXCursor_ArraySubscriptExpr;
    Index type = lower_type_of(l, operand);
    TypeKind kind_of_type = type_at(l->state, type)->kind;
    if (clang_equalCursors(inner, operand) && place && kind_of_type != TYPE_FUNCTION)
      args[count++] = build_address(l->builder, lower_type(l, type_pointer_to(l->state, type)),
                                    lower_place(l, operand));
    else
      args[count++] = lower_value(l, operand);
  }
  lower_at(l, cursor);
  build_simple(l->builder, INST_ASM, 0, args, count);
  if (!lex_asm_has_goto(l, cursor))
    return;
  Index after = build_block(l->builder);
  lower_jump_anywhere(l, 0, false, after);
  build_switch_to(l->builder, after);
}

static void declarations(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  for (uint32_t i = 0; i < parts.count; i++)
    lower_declaration(l, child_at(&parts, i));
}

/* The value of ({ ... }) is that of its last expression; it must not read locals that die. */
NodeId lower_compound(Lower *l, CXCursor cursor, bool wants_value) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  Live *before = l->live;
  NodeId value = 0;
  for (uint32_t i = 0; i < parts.count; i++) {
    CXCursor child = child_at(&parts, i);
    if (wants_value && i + 1 == parts.count && is_expression(child)) {
      value = lower_value(l, child);
      const Node *node = value ? build_node(l->builder, value) : NULL;
      if (node && node->kind != NODE_TEMP && node->kind != NODE_CONSTANT)
        value = build_copy(l->builder, node->type, value);
    } else {
      lower_statement(l, child);
    }
  }
  if (clang_equalCursors(cursor, l->body)) // the way out of the function is lower_end's
    return 0;
  lower_at(l, cursor);
  scope_leave(l, before);
  return value;
}

/* Attributed statements hold their statement; anything else is something we do not know. */
static void other_statement(Lower *l, CXCursor cursor) {
  if (is_expression(cursor)) {
    lower_effect(l, cursor);
    return;
  }
  if (clang_isDeclaration(clang_getCursorKind(cursor))) {
    lower_declaration(l, cursor);
    return;
  }
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  for (uint32_t i = 0; i < parts.count; i++)
    lower_statement(l, child_at(&parts, i));
  if (parts.count || clang_getCursorKind(cursor) == CXCursor_UnexposedStmt)
    return;
  lower_at(l, cursor);
  build_simple(l->builder, INST_HIDDEN, 0, NULL, 0);
  lower_incomplete(l, "a statement that libclang does not show");
}

void lower_statement(Lower *l, CXCursor cursor) {
  if (l->depth >= DEPTH_LIMIT) {
    lower_incomplete(l, "nested too deeply");
    return;
  }
  l->depth++;
  switch (clang_getCursorKind(cursor)) {
  case CXCursor_CompoundStmt:
    lower_compound(l, cursor, false);
    break;
  case CXCursor_DeclStmt:
    declarations(l, cursor);
    break;
  case CXCursor_IfStmt:
    if_statement(l, cursor);
    break;
  case CXCursor_SwitchStmt:
    switch_statement(l, cursor);
    break;
  case CXCursor_CaseStmt:
  case CXCursor_DefaultStmt:
    case_statement(l, cursor);
    break;
  case CXCursor_WhileStmt:
    lower_while(l, cursor);
    break;
  case CXCursor_DoStmt:
    lower_do(l, cursor);
    break;
  case CXCursor_ForStmt:
    lower_for(l, cursor);
    break;
  case CXCursor_GotoStmt:
    lower_goto(l, cursor);
    break;
  case CXCursor_IndirectGotoStmt:
    lower_indirect_goto(l, cursor);
    break;
  case CXCursor_LabelStmt:
    lower_label(l, cursor);
    break;
  case CXCursor_BreakStmt:
    lower_leave_for(l, cursor, l->break_live, l->break_block);
    break;
  case CXCursor_ContinueStmt:
    lower_leave_for(l, cursor, l->continue_live, l->continue_block);
    break;
  case CXCursor_ReturnStmt:
    lower_return(l, cursor);
    break;
  case CXCursor_GCCAsmStmt:
  case CXCursor_MSAsmStmt:
    asm_statement(l, cursor);
    break;
  case CXCursor_NullStmt:
    break;
  default:
    other_statement(l, cursor);
    break;
  }
  l->depth--;
}
