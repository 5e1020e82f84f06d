/* lower_operator.c - unary and binary operators, assignment, increment. */
#include "frontend/lower.h"

static Operator operator_of(enum CXBinaryOperatorKind kind) {
  switch (kind) {
  case CXBinaryOperator_Add:
  case CXBinaryOperator_AddAssign:
    return OPERATOR_ADD;
  case CXBinaryOperator_Sub:
  case CXBinaryOperator_SubAssign:
    return OPERATOR_SUBTRACT;
  case CXBinaryOperator_Mul:
  case CXBinaryOperator_MulAssign:
    return OPERATOR_MULTIPLY;
  case CXBinaryOperator_Div:
  case CXBinaryOperator_DivAssign:
    return OPERATOR_DIVIDE;
  case CXBinaryOperator_Rem:
  case CXBinaryOperator_RemAssign:
    return OPERATOR_REMAINDER;
  case CXBinaryOperator_Shl:
  case CXBinaryOperator_ShlAssign:
    return OPERATOR_SHIFT_LEFT;
  case CXBinaryOperator_Shr:
  case CXBinaryOperator_ShrAssign:
    return OPERATOR_SHIFT_RIGHT;
  case CXBinaryOperator_And:
  case CXBinaryOperator_AndAssign:
    return OPERATOR_AND;
  case CXBinaryOperator_Or:
  case CXBinaryOperator_OrAssign:
    return OPERATOR_OR;
  case CXBinaryOperator_Xor:
  case CXBinaryOperator_XorAssign:
    return OPERATOR_XOR;
  case CXBinaryOperator_EQ:
    return OPERATOR_EQ;
  case CXBinaryOperator_NE:
    return OPERATOR_NE;
  case CXBinaryOperator_LT:
    return OPERATOR_LT;
  case CXBinaryOperator_GT:
    return OPERATOR_GT;
  case CXBinaryOperator_LE:
    return OPERATOR_LE;
  case CXBinaryOperator_GE:
    return OPERATOR_GE;
  default:
    return OPERATOR_NONE;
  }
}

static bool is_pointer(State *s, Index type) {
  TypeKind kind = type_at(s, type)->kind;
  return kind == TYPE_POINTER || kind == TYPE_ARRAY;
}

static NodeId negated(Lower *l, NodeId index) {
  Index type = build_node(l->builder, index)->type;
  return build_unary(l->builder, OPERATOR_NEGATE, type, index);
}

/* The value of one of the arithmetic operators; pointers move by elements. */
static NodeId combine(Lower *l, Operator op, Index type, Index left_type, NodeId left,
                      NodeId right) {
  State *s = l->state;
  Builder *b = l->builder;
  Index own = lower_type(l, type);
  bool moves = op == OPERATOR_ADD || op == OPERATOR_SUBTRACT;
  if (!left || !right)
    return build_unknown(b, own);
  if (!moves || !is_pointer(s, type))
    return build_binary(b, op, own, left, right);
  bool left_moves = is_pointer(s, left_type);
  NodeId pointer = left_moves ? left : right, index = left_moves ? right : left;
  return build_shift(b, own, pointer, op == OPERATOR_ADD ? index : negated(l, index));
}

static NodeId assign(Lower *l, CXCursor cursor, const Children *parts) {
  Builder *b = l->builder;
  NodeId place = lower_place(l, child_at(parts, 0));
  bool guards = lower_block_assigned(l, child_at(parts, 0), child_at(parts, 1));
  NodeId value = guards ? 0 : lower_value(l, child_at(parts, 1));
  lower_at(l, cursor);
  if (!value)
    value = build_unknown(b, lower_type(l, lower_type_of(l, cursor)));
  build_store(b, place, value);
  const Node *node = build_node(b, place);
  if (node->kind != NODE_LOCAL || build_constant_of(b, value))
    return value;
  Index type = lower_type_of(l, child_at(parts, 0));
  TypeKind kind = type_at(l->state, type)->kind;
  bool in_memory = build_local_of(b, node->a)->flags & LOCAL_ADDRESS_TAKEN;
  return kind == TYPE_RECORD || in_memory ? value : build_var(b, node->a);
}

/* a + b + c + ...: as deep on the left as it is long, so the spine is walked first. */
static NodeId arithmetic(Lower *l, CXCursor cursor, Operator op) {
  Arena *arena = l->state->body;
  LIST(CXCursor) spine = {0};
  Children parts;
  for (;;) {
    list_push(arena, &spine, cursor);
    children_collect(&parts, arena, cursor);
    if (parts.count < 2)
      return build_unknown(l->builder, lower_type(l, lower_type_of(l, cursor)));
    CXCursor left = child_at(&parts, 0);
    if (clang_getCursorKind(left) != CXCursor_BinaryOperator ||
        operator_of(clang_getCursorBinaryOperatorKind(left)) == OPERATOR_NONE)
      break;
    cursor = left;
  }
  NodeId value = lower_value(l, child_at(&parts, 0));
  Index left_type = lower_type_of(l, child_at(&parts, 0));
  for (size_t i = spine.count; i-- > 0;) {
    if (i + 1 < spine.count)
      children_collect(&parts, arena, spine.at[i]);
    op = operator_of(clang_getCursorBinaryOperatorKind(spine.at[i]));
    NodeId right = lower_value(l, child_at(&parts, 1));
    Index type = lower_type_of(l, spine.at[i]);
    value = combine(l, op, type, left_type, value, right);
    left_type = type;
  }
  return value;
}

NodeId lower_binary(Lower *l, CXCursor cursor) {
  enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(cursor);
  if (kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr)
    return lower_logical(l, cursor);
  Operator op = operator_of(kind);
  if (op != OPERATOR_NONE)
    return arithmetic(l, cursor, op);
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count < 2)
    return build_unknown(l->builder, lower_type(l, lower_type_of(l, cursor)));
  if (kind == CXBinaryOperator_Assign)
    return assign(l, cursor, &parts);
  lower_effect(l, child_at(&parts, 0));
  return lower_value(l, child_at(&parts, 1));
}

/* ---- op= and ++ */

/* The type in which `left op= right` is computed. */
static Index wider(Lower *l, Index left, Index right) {
  State *s = l->state;
  const Type *a = type_at(s, left), *b = type_at(s, right);
  if (a->kind == TYPE_POINTER || a->kind == TYPE_OTHER)
    return left;
  if (a->kind == TYPE_FLOAT || b->kind == TYPE_FLOAT) {
    if (a->kind != b->kind)
      return a->kind == TYPE_FLOAT ? left : right;
    return a->size >= b->size ? left : right;
  }
  if (a->size < sizeof(int) && b->size <= sizeof(int) && b->kind != TYPE_UNSIGNED)
    return lower_int(l);
  if (a->size == b->size)
    return a->kind == TYPE_UNSIGNED ? left : right;
  return a->size > b->size ? left : right;
}

NodeId lower_compound_assign(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  Builder *b = l->builder;
  if (parts.count < 2)
    return build_unknown(b, lower_type(l, lower_type_of(l, cursor)));
  Index left_type = lower_type_of(l, child_at(&parts, 0));
  Index right_type = lower_type_of(l, child_at(&parts, 1));
  Operator op = operator_of(clang_getCursorBinaryOperatorKind(cursor));
  bool shift = op == OPERATOR_SHIFT_LEFT || op == OPERATOR_SHIFT_RIGHT;
  Index type = wider(l, left_type, shift ? left_type : right_type);
  NodeId place = lower_place(l, child_at(&parts, 0));
  NodeId right = lower_value(l, child_at(&parts, 1));
  lower_at(l, cursor);
  NodeId old = lower_load(l, left_type, place);
  if (right && !shift && !is_pointer(l->state, type))
    right = build_cast(b, lower_type(l, type), right);
  NodeId value = combine(l, op, type, left_type, build_cast(b, lower_type(l, type), old), right);
  value = build_cast(b, lower_type(l, left_type), value);
  build_store(b, place, value);
  const Node *node = build_node(b, place);
  bool is_var =
      node->kind == NODE_LOCAL && !(build_local_of(b, node->a)->flags & LOCAL_ADDRESS_TAKEN);
  return is_var ? build_var(b, node->a) : value;
}

static NodeId step(Lower *l, CXCursor cursor, CXCursor operand, bool up, bool old_wanted) {
  Builder *b = l->builder;
  Index type = lower_type_of(l, operand);
  NodeId place = lower_place(l, operand);
  lower_at(l, cursor);
  NodeId old = lower_load(l, type, place);
  if (old_wanted && build_node(b, old)->kind == NODE_VAR)
    old = build_copy(b, lower_type(l, type), old);
  NodeId one = lower_constant(l, lower_int(l), 1, "");
  Index wide = wider(l, type, lower_int(l));
  NodeId value = combine(
      l, up ? OPERATOR_ADD : OPERATOR_SUBTRACT, wide, type, build_cast(b, lower_type(l, wide), old),
      is_pointer(l->state, wide) ? one : build_cast(b, lower_type(l, wide), one));
  value = build_cast(b, lower_type(l, type), value);
  build_store(b, place, value);
  if (old_wanted)
    return old;
  const Node *node = build_node(b, place);
  bool is_var =
      node->kind == NODE_LOCAL && !(build_local_of(b, node->a)->flags & LOCAL_ADDRESS_TAKEN);
  return is_var ? build_var(b, node->a) : value;
}

/* i++ for its effect needs no copy of the old value. False when it is something else. */
bool lower_step_effect(Lower *l, CXCursor cursor) {
  if (clang_getCursorKind(cursor) != CXCursor_UnaryOperator)
    return false;
  enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
  if (kind != CXUnaryOperator_PostInc && kind != CXUnaryOperator_PostDec)
    return false;
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (!parts.count)
    return false;
  step(l, cursor, child_at(&parts, 0), kind == CXUnaryOperator_PostInc, false);
  return true;
}

/* ---- unary */

static NodeId address_of(Lower *l, CXCursor cursor, CXCursor operand) {
  Index type = lower_type_of(l, operand);
  if (type_at(l->state, type)->kind == TYPE_FUNCTION)
    return lower_value(l, operand);
  NodeId place = lower_place(l, operand);
  return build_address(l->builder, lower_type(l, lower_type_of(l, cursor)), place);
}

static NodeId dereferenced(Lower *l, CXCursor cursor, CXCursor operand) {
  Index type = lower_type_of(l, cursor);
  NodeId pointer = lower_value(l, operand);
  TypeKind kind = type_at(l->state, type)->kind;
  if (kind == TYPE_FUNCTION || kind == TYPE_VOID)
    return pointer; // *f is f
  lower_at(l, cursor);
  return lower_load(l, type, build_deref(l->builder, lower_type(l, type), pointer));
}

NodeId lower_unary(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  Builder *b = l->builder;
  Index type = lower_type(l, lower_type_of(l, cursor));
  if (!parts.count)
    return build_unknown(b, type);
  CXCursor operand = child_at(&parts, 0);
  switch (clang_getCursorUnaryOperatorKind(cursor)) {
  case CXUnaryOperator_PostInc:
    return step(l, cursor, operand, true, true);
  case CXUnaryOperator_PostDec:
    return step(l, cursor, operand, false, true);
  case CXUnaryOperator_PreInc:
    return step(l, cursor, operand, true, false);
  case CXUnaryOperator_PreDec:
    return step(l, cursor, operand, false, false);
  case CXUnaryOperator_AddrOf:
    return address_of(l, cursor, operand);
  case CXUnaryOperator_Deref:
    return dereferenced(l, cursor, operand);
  case CXUnaryOperator_Plus:
  case CXUnaryOperator_Extension:
    return lower_value(l, operand);
  case CXUnaryOperator_Minus:
    return build_unary(b, OPERATOR_NEGATE, type, lower_value(l, operand));
  case CXUnaryOperator_Not:
    return build_unary(b, OPERATOR_COMPLEMENT, type, lower_value(l, operand));
  case CXUnaryOperator_LNot:
    return build_unary(b, OPERATOR_NOT, type, lower_value(l, operand));
  default: // __real, __imag
    lower_effect(l, operand);
    return build_unknown(b, type);
  }
}
