/* lower_branch.c - what decides: &&, ||, !, ?: and a ?: b become edges. */
#include <string.h>

#include "frontend/lower.h"

static enum CXBinaryOperatorKind binary_kind(CXCursor cursor) {
  return clang_getCursorKind(cursor) == CXCursor_BinaryOperator
             ? clang_getCursorBinaryOperatorKind(cursor)
             : CXBinaryOperator_Invalid;
}

static bool is_not(CXCursor cursor) {
  return clang_getCursorKind(cursor) == CXCursor_UnaryOperator &&
         clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_LNot;
}

/* __builtin_expect(x, c): the x. */
static bool is_expect(Lower *l, CXCursor cursor, CXCursor *operand) {
  if (clang_getCursorKind(cursor) != CXCursor_CallExpr)
    return false;
  CXCursor callee = clang_getCursorReferenced(cursor);
  if (clang_Cursor_isNull(callee) || clang_getCursorKind(callee) != CXCursor_FunctionDecl)
    return false;
  NameInfo *name = name_of(l->state, callee);
  if (strncmp(name->symbol.name, "__builtin_expect", 16) != 0)
    return false;
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count < 2)
    return false;
  *operand = child_at(&parts, 1);
  return true;
}

/* -x: the x. Macros that give 0 or -1 are written -!(...). */
static bool is_minus(Lower *l, CXCursor cursor, CXCursor *operand) {
  if (clang_getCursorKind(cursor) != CXCursor_UnaryOperator ||
      clang_getCursorUnaryOperatorKind(cursor) != CXUnaryOperator_Minus)
    return false;
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (!parts.count)
    return false;
  *operand = child_at(&parts, 0);
  return true;
}

/* Casts around a truth value do not change which way it goes. */
static CXCursor look_through(Lower *l, CXCursor cursor) {
  for (;;) {
    CXCursor inner = cursor_strip(cursor), operand;
    enum CXBinaryOperatorKind kind = binary_kind(inner);
    if (kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr ||
        kind == CXBinaryOperator_Comma || is_not(inner) ||
        clang_getCursorKind(inner) == CXCursor_ConditionalOperator)
      return inner;
    if (!is_expect(l, inner, &operand) && !is_minus(l, inner, &operand))
      return cursor;
    cursor = operand;
  }
}

static void both(Lower *l, CXCursor cursor, bool is_and, Index if_true, Index if_false) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  Index middle = build_block(l->builder);
  if (is_and)
    lower_condition(l, child_at(&parts, 0), middle, if_false);
  else
    lower_condition(l, child_at(&parts, 0), if_true, middle);
  build_switch_to(l->builder, middle);
  lower_condition(l, child_last(&parts), if_true, if_false);
}

/* a ? b : c as a condition: each arm decides for itself, so no value has to be remembered. */
static void either(Lower *l, const Children *parts, Index if_true, Index if_false) {
  Index yes = build_block(l->builder), no = build_block(l->builder);
  lower_condition(l, child_at(parts, 0), yes, no);
  build_switch_to(l->builder, yes);
  lower_condition(l, child_at(parts, 1), if_true, if_false);
  build_switch_to(l->builder, no);
  lower_condition(l, child_at(parts, 2), if_true, if_false);
}

static void plain(Lower *l, CXCursor cursor, Index if_true, Index if_false) {
  NodeId value = lower_value(l, cursor);
  lower_at(l, cursor);
  if (!build_is_open(l->builder))
    build_switch_to(l->builder, build_block(l->builder));
  if (!value)
    value = build_unknown(l->builder, lower_type(l, lower_int(l)));
  build_branch(l->builder, value, if_true, if_false);
}

void lower_condition(Lower *l, CXCursor cursor, Index if_true, Index if_false) {
  if (l->depth >= DEPTH_LIMIT) {
    lower_incomplete(l, "nested too deeply");
    build_branch(l->builder, build_unknown(l->builder, lower_type(l, lower_int(l))), if_true,
                 if_false);
    return;
  }
  l->depth++;
  cursor = look_through(l, cursor);
  enum CXBinaryOperatorKind kind = binary_kind(cursor);
  Children parts = {0};
  if (clang_getCursorKind(cursor) == CXCursor_ConditionalOperator)
    children_collect(&parts, l->state->body, cursor);
  if (parts.count == 3) {
    either(l, &parts, if_true, if_false);
  } else if (kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr) {
    both(l, cursor, kind == CXBinaryOperator_LAnd, if_true, if_false);
  } else if (kind == CXBinaryOperator_Comma) {
    children_collect(&parts, l->state->body, cursor);
    lower_effect(l, child_at(&parts, 0));
    lower_condition(l, child_last(&parts), if_true, if_false);
  } else if (is_not(cursor)) {
    children_collect(&parts, l->state->body, cursor);
    lower_condition(l, child_at(&parts, 0), if_false, if_true);
  } else {
    plain(l, cursor, if_true, if_false);
  }
  l->depth--;
}

/* ---- as values: the arms store into a hidden local */

static void arm(Lower *l, Index block, Index after, NodeId place, NodeId value) {
  build_switch_to(l->builder, block);
  build_store(l->builder, place, value);
  build_jump(l->builder, after);
}

NodeId lower_logical(Lower *l, CXCursor cursor) {
  Builder *b = l->builder;
  Index type = lower_type_of(l, cursor);
  Index yes = build_block(b), no = build_block(b), after = build_block(b);
  Index hidden = lower_hidden(l, type);
  lower_condition(l, cursor, yes, no);
  lower_at(l, cursor);
  NodeId place = build_local_place(b, hidden);
  arm(l, yes, after, place, lower_constant(l, type, 1, ""));
  arm(l, no, after, place, lower_constant(l, type, 0, ""));
  build_switch_to(b, after);
  return build_var(b, hidden);
}

/* Stores the arm's value and goes on to `after`; the block may have changed meanwhile. */
static void arm_value(Lower *l, CXCursor cursor, NodeId place, Index after) {
  NodeId value = lower_value(l, cursor);
  lower_at(l, cursor);
  if (!build_is_open(l->builder))
    return;
  if (place && value)
    build_store(l->builder, place, value);
  build_jump(l->builder, after);
}

static NodeId result_of(Lower *l, Index type, NodeId place) {
  return place ? lower_load(l, type, place) : 0;
}

NodeId lower_conditional(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  Builder *b = l->builder;
  Index type = lower_type_of(l, cursor);
  if (parts.count < 3)
    return build_unknown(b, lower_type(l, type));
  bool is_void = type_at(l->state, type)->kind == TYPE_VOID;
  NodeId place = is_void ? 0 : build_local_place(b, lower_hidden(l, type));
  Index yes = build_block(b), no = build_block(b), after = build_block(b);
  lower_condition(l, child_at(&parts, 0), yes, no);
  build_switch_to(b, yes);
  arm_value(l, child_at(&parts, 1), place, after);
  build_switch_to(b, no);
  arm_value(l, child_at(&parts, 2), place, after);
  build_switch_to(b, after);
  return result_of(l, type, place);
}

NodeId lower_elvis(Lower *l, CXCursor cursor, const Children *parts) {
  Builder *b = l->builder;
  Index type = lower_type_of(l, cursor);
  bool is_void = type_at(l->state, type)->kind == TYPE_VOID;
  NodeId place = is_void ? 0 : build_local_place(b, lower_hidden(l, type));
  NodeId first = lower_value(l, child_at(parts, 0));
  Index yes = build_block(b), no = build_block(b), after = build_block(b);
  lower_at(l, cursor);
  build_branch(b, first, yes, no);
  build_switch_to(b, yes);
  if (place)
    build_store(b, place, build_cast(b, lower_type(l, type), first));
  build_jump(b, after);
  build_switch_to(b, no);
  arm_value(l, child_at(parts, 3), place, after);
  build_switch_to(b, after);
  return result_of(l, type, place);
}

static void conditional_effect(Lower *l, const Children *parts) {
  Builder *b = l->builder;
  Index yes = build_block(b), no = build_block(b), after = build_block(b);
  lower_condition(l, child_at(parts, 0), yes, no);
  build_switch_to(b, yes);
  lower_effect(l, child_at(parts, 1));
  lower_jump(l, after);
  build_switch_to(b, no);
  lower_effect(l, child_at(parts, 2));
  lower_jump(l, after);
  build_switch_to(b, after);
}

bool lower_branch_effect(Lower *l, CXCursor cursor) {
  enum CXBinaryOperatorKind kind = binary_kind(cursor);
  Children parts;
  if (kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr) {
    Index after = build_block(l->builder);
    lower_condition(l, cursor, after, after);
    build_switch_to(l->builder, after);
    return true;
  }
  if (clang_getCursorKind(cursor) != CXCursor_ConditionalOperator)
    return false;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count == 3)
    conditional_effect(l, &parts);
  return parts.count == 3;
}
