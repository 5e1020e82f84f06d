/* lower_expr.c - expressions as values and as places.
 *
 * libclang shows implicit conversions as unexposed expressions with one child; which conversion it
 * was follows from the two types. A load is made where a place is asked for its value.
 */
#include "base/text.h"
#include "frontend/lower.h"

/* libclang gives parameters the type they were written with: "int a[]". So an expression that has
 * an array type is an array only when it denotes an object other than a parameter. */
static bool denotes_array(CXCursor cursor) {
  cursor = cursor_strip(cursor);
  switch (clang_getCursorKind(cursor)) {
  case CXCursor_DeclRefExpr:
    return clang_getCursorKind(clang_getCursorReferenced(cursor)) != CXCursor_ParmDecl;
  case CXCursor_MemberRefExpr:
  case CXCursor_ArraySubscriptExpr:
  case CXCursor_StringLiteral:
  case CXCursor_CompoundLiteralExpr:
  case CXCursor_InitListExpr:
    return true;
  case CXCursor_UnaryOperator: {
    enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
    return kind == CXUnaryOperator_Deref || kind == CXUnaryOperator_Extension;
  }
  default:
    return false;
  }
}

Index lower_type_of(Lower *l, CXCursor cursor) {
  Index type = type_of(l->state, clang_getCursorType(cursor));
  if (type_at(l->state, type)->kind != TYPE_ARRAY || denotes_array(cursor))
    return type;
  return type_pointer_to(l->state, type_at(l->state, type)->element);
}

/* The value of a place: arrays and functions turn into pointers, the rest is read. */
NodeId lower_load(Lower *l, Index type, NodeId place) {
  State *s = l->state;
  Builder *b = l->builder;
  TypeKind kind = type_at(s, type)->kind;
  if (kind == TYPE_ARRAY) {
    Index element = type_at(s, type)->element;
    NodeId first = lower_constant(l, type_plain(s, TYPE_SIGNED, 8), 0, "");
    return build_address(b, lower_type(l, type_pointer_to(s, element)),
                         build_index(b, lower_type(l, element), place, first));
  }
  if (kind == TYPE_FUNCTION || kind == TYPE_VOID)
    return build_address(b, lower_type(l, type_pointer_to(s, type)), place);
  return build_load(b, lower_type(l, type), place);
}

/* A place for a value that has none: the result of a call that returns a struct. */
NodeId lower_spill(Lower *l, Index type, NodeId value) {
  NodeId place = build_local_place(l->builder, lower_hidden(l, type));
  if (value)
    build_store(l->builder, place, value);
  return place;
}

/* ---- names and places */

static NodeId name_place(Lower *l, CXCursor cursor, NameInfo **name) {
  CXCursor declaration = clang_getCursorReferenced(cursor);
  *name = NULL;
  if (clang_Cursor_isNull(declaration))
    return 0;
  NameInfo *info = *name = lower_local_name(l, declaration);
  if (info->kind == NAME_LOCAL)
    return build_local_place(l->builder, info->local);
  if (info->kind == NAME_GLOBAL) {
    global_listed(l->state, info, declaration);
    return build_global(l->builder, lower_symbol(l, info));
  }
  return 0;
}

static NodeId name_value(Lower *l, CXCursor cursor) {
  NameInfo *name;
  NodeId place = name_place(l, cursor, &name);
  if (!name)
    return lower_unseen(l, cursor, "a name that libclang does not resolve");
  if (name->kind == NAME_FUNCTION)
    return build_function_value(l->builder, lower_symbol(l, name));
  if (name->kind == NAME_ENUMERATOR)
    return lower_constant(l, lower_type_of(l, cursor), name->value, name->symbol.name);
  if (!place)
    return lower_unseen(l, cursor, "a name that libclang does not resolve");
  uint32_t fixed = l->fixed.used && name->kind == NAME_LOCAL
                       ? map_get(&l->fixed, (uint64_t)name->local + 1)
                       : MAP_NONE;
  if (fixed != MAP_NONE)
    return fixed;
  if (build_node(l->builder, place)->kind == NODE_GLOBAL ||
      type_at(l->state, name->type)->kind == TYPE_ARRAY)
    lower_at(l, cursor);
  return lower_load(l, name->type, place);
}

static NodeId member_place(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  CXCursor field = clang_getCursorReferenced(cursor);
  if (!parts.count || clang_Cursor_isNull(field) ||
      clang_getCursorKind(field) != CXCursor_FieldDecl)
    return 0;
  CXCursor base = child_at(&parts, 0);
  Index base_type = lower_type_of(l, base);
  NodeId place;
  if (type_at(l->state, base_type)->kind == TYPE_POINTER) {
    Index pointee = type_at(l->state, base_type)->element;
    place = build_deref(l->builder, lower_type(l, pointee), lower_value(l, base));
  } else {
    place = lower_place(l, base);
  }
  NameInfo *name = name_of(l->state, field);
  if (!*name->symbol.name) // a step into an anonymous member: its fields are those of the base
    return place;
  if (name->symbol.flags & SYMBOL_OVERLAY)
    lower_symbol(l, name_of(l->state, name_overlaid(l->state, field)));
  return build_field(l->builder, lower_type(l, name->type), place, lower_symbol(l, name));
}

static NodeId subscript_place(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count < 2)
    return 0;
  CXCursor one = child_at(&parts, 0), other = child_at(&parts, 1);
  Builder *b = l->builder;
  Index type = lower_type(l, lower_type_of(l, cursor));
  Index first_type = lower_type_of(l, one);
  TypeKind first = type_at(l->state, first_type)->kind;
  TypeKind second = type_at(l->state, lower_type_of(l, other))->kind;
  if (first != TYPE_POINTER && second != TYPE_POINTER) // a vector
    return build_index(b, type, lower_place(l, one), lower_value(l, other));
  NodeId left = lower_value(l, one), right = lower_value(l, other);
  NodeId pointer = first == TYPE_POINTER ? left : right;
  NodeId index = first == TYPE_POINTER ? right : left;
  Index pointer_type = first == TYPE_POINTER ? first_type : lower_type_of(l, other);
  return build_deref(b, type, build_shift(b, lower_type(l, pointer_type), pointer, index));
}

static NodeId literal_place(Lower *l, CXCursor cursor) {
  State *s = l->state;
  Children parts;
  children_collect(&parts, s->body, cursor);
  CXType type = clang_getCursorType(cursor);
  Index own = type_of(s, type);
  NodeId place;
  if (l->initialiser) { // outside functions it lives for ever
    char *key = arena_printf(s->arena, "%s#literal%u", l->function->key, ++l->nameless);
    NameInfo info = {.kind = NAME_GLOBAL, .type = own};
    info.symbol = (Symbol){.kind = SYMBOL_GLOBAL,
                           .flags = SYMBOL_INTERNAL,
                           .type = own,
                           .key = key,
                           .name = "(literal)"};
    place = build_global(l->builder, lower_symbol(l, &info));
  } else {
    Index local = lower_new_local(l, "", own, LOCAL_HIDDEN | LOCAL_ADDRESS_TAKEN);
    lower_at(l, cursor);
    build_simple(l->builder, INST_DECLARE, local, NULL, 0);
    scope_declare(l, (Live){.local = local, .type = own, .memory = true});
    place = build_local_place(l->builder, local);
  }
  if (parts.count)
    lower_init(l, place, type, child_last(&parts));
  return place;
}

static NodeId dereference(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (!parts.count)
    return 0;
  NodeId pointer = lower_value(l, child_at(&parts, 0));
  return build_deref(l->builder, lower_type(l, lower_type_of(l, cursor)), pointer);
}

/* va_arg(list, T) has one child like a conversion, but the child is a va_list. */
static bool is_va_arg(Lower *l, CXCursor cursor, CXCursor operand) {
  Index from = lower_type_of(l, operand);
  const Type *type = type_at(l->state, from);
  if (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY)
    type = type_at(l->state, type->element);
  if (type->kind != TYPE_RECORD || strstr(type->key, "__va_list") == NULL)
    return false;
  const char *word = lex_word(l, cursor);
  return text_ends(word, "va_arg");
}

static NodeId place_of_kind(Lower *l, CXCursor cursor) {
  NameInfo *name;
  Children parts;
  switch (clang_getCursorKind(cursor)) {
  case CXCursor_DeclRefExpr:
    return name_place(l, cursor, &name);
  case CXCursor_MemberRefExpr:
    return member_place(l, cursor);
  case CXCursor_ArraySubscriptExpr:
    return subscript_place(l, cursor);
  case CXCursor_CompoundLiteralExpr:
    return literal_place(l, cursor);
  case CXCursor_StringLiteral:
    return build_deref(l->builder, lower_type(l, lower_type_of(l, cursor)),
                       lower_string(l, cursor));
  case CXCursor_UnaryOperator:
    if (clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_Deref)
      return dereference(l, cursor);
    if (clang_getCursorUnaryOperatorKind(cursor) != CXUnaryOperator_Extension)
      return 0;
    children_collect(&parts, l->state->body, cursor);
    return parts.count ? lower_place(l, child_at(&parts, 0)) : 0;
  default:
    return 0;
  }
}

/* As cursor_strip, but a va_arg is not a conversion of its list. */
static CXCursor strip(Lower *l, CXCursor cursor) {
  for (;;) {
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind != CXCursor_ParenExpr && kind != CXCursor_UnexposedExpr)
      return cursor;
    Children parts;
    children_collect(&parts, l->state->body, cursor);
    if (parts.count != 1 || !is_expression(child_at(&parts, 0)) ||
        (kind == CXCursor_UnexposedExpr && is_va_arg(l, cursor, child_at(&parts, 0))))
      return cursor;
    cursor = child_at(&parts, 0);
  }
}

NodeId lower_place(Lower *l, CXCursor cursor) {
  if (l->depth >= DEPTH_LIMIT) {
    lower_incomplete(l, "nested too deeply");
    return lower_spill(l, lower_type_of(l, cursor), 0);
  }
  l->depth++;
  CXCursor inner = strip(l, cursor);
  NodeId place = place_of_kind(l, inner);
  if (!place)
    place = lower_spill(l, lower_type_of(l, inner), lower_value(l, inner));
  l->depth--;
  return place;
}

static NodeId place_value(Lower *l, CXCursor cursor, NodeId place) {
  if (!place)
    return lower_unseen(l, cursor, "a place that libclang does not show");
  Index type = lower_type_of(l, cursor);
  lower_at(l, cursor);
  return lower_load(l, type, place);
}

/* ---- wrappers */

static NodeId cast(Lower *l, CXCursor cursor, CXCursor operand) {
  NodeId value = lower_value(l, operand);
  Index type = lower_type_of(l, cursor);
  if (!value || type_at(l->state, type)->kind == TYPE_VOID)
    return 0;
  return build_cast(l->builder, lower_type(l, type), value);
}

static NodeId explicit_cast(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  return parts.count ? cast(l, cursor, child_last(&parts)) : lower_unknown(l, cursor);
}

static NodeId va_arg_value(Lower *l, CXCursor cursor, CXCursor list) {
  NodeId argument = lower_value(l, list);
  lower_at(l, cursor);
  return lower_named_call(l, lower_type_of(l, cursor), "__builtin_va_arg", &argument, 1);
}

/* `offsetof(struct table, rows[i])` is a number that hangs on `i`; others are constants. */
static NodeId offset_of(Lower *l, CXCursor cursor, const Children *parts) {
  int64_t value;
  if (strcmp(lex_word(l, cursor), "__builtin_offsetof") != 0 || cursor_integer(cursor, &value))
    return lower_evaluated(l, cursor, "an expression that libclang does not show");
  for (uint32_t i = 0; i < parts->count; i++)
    if (is_expression(child_at(parts, i)))
      lower_effect(l, child_at(parts, i));
  return lower_unknown(l, cursor);
}

static NodeId unexposed(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  uint32_t references = 0;
  for (uint32_t i = 0; i < parts.count; i++)
    references += clang_isReference(clang_getCursorKind(child_at(&parts, i))) != 0;
  if (parts.count == 0 || references)
    return offset_of(l, cursor, &parts);
  if (parts.count > 1)
    return lower_hidden_call(l, cursor, &parts);
  CXCursor operand = child_at(&parts, 0);
  if (is_va_arg(l, cursor, operand))
    return va_arg_value(l, cursor, operand);
  return cast(l, cursor, operand);
}

static NodeId only_child(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  return parts.count ? lower_value(l, child_at(&parts, 0)) : 0;
}

static NodeId statement_expression(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  return parts.count ? lower_compound(l, child_at(&parts, 0), true) : 0;
}

/* A scalar in braces. */
static NodeId braced(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count)
    return lower_value(l, child_at(&parts, 0));
  return lower_constant(l, lower_int(l), 0, "");
}

static NodeId value_of_kind(Lower *l, CXCursor cursor) {
  switch (clang_getCursorKind(cursor)) {
  case CXCursor_UnexposedExpr:
    return unexposed(l, cursor);
  case CXCursor_DeclRefExpr:
    return name_value(l, cursor);
  case CXCursor_ParenExpr:
    return only_child(l, cursor);
  case CXCursor_IntegerLiteral:
  case CXCursor_CharacterLiteral:
    return lower_integer(l, cursor);
  case CXCursor_FloatingLiteral:
    return lower_floating(l, cursor);
  case CXCursor_StringLiteral:
    return lower_string(l, cursor);
  case CXCursor_MemberRefExpr:
    return place_value(l, cursor, member_place(l, cursor));
  case CXCursor_ArraySubscriptExpr:
    return place_value(l, cursor, subscript_place(l, cursor));
  case CXCursor_CompoundLiteralExpr:
    return place_value(l, cursor, literal_place(l, cursor));
  case CXCursor_CallExpr:
    return lower_call(l, cursor);
  case CXCursor_UnaryOperator:
    return lower_unary(l, cursor);
  case CXCursor_BinaryOperator:
    return lower_binary(l, cursor);
  case CXCursor_CompoundAssignOperator:
    return lower_compound_assign(l, cursor);
  case CXCursor_ConditionalOperator:
    return lower_conditional(l, cursor);
  case CXCursor_CStyleCastExpr:
    return explicit_cast(l, cursor);
  case CXCursor_StmtExpr:
    return statement_expression(l, cursor);
  case CXCursor_InitListExpr:
    return braced(l, cursor);
  case CXCursor_UnaryExpr:
    return lower_size(l, cursor);
  case CXCursor_AddrLabelExpr:
    return lower_unknown(l, cursor);
  case CXCursor_GenericSelectionExpr:
    return lower_generic(l, cursor);
  default:
    return lower_unseen(l, cursor, "an expression that libclang does not show");
  }
}

NodeId lower_value(Lower *l, CXCursor cursor) {
  if (l->depth >= DEPTH_LIMIT)
    return lower_unseen(l, cursor, "nested too deeply");
  l->depth++;
  NodeId value = value_of_kind(l, cursor);
  l->depth--;
  return value;
}

void lower_effect(Lower *l, CXCursor cursor) {
  CXCursor inner = strip(l, cursor);
  while (clang_getCursorKind(inner) == CXCursor_CStyleCastExpr) { // (void)x
    Children parts;
    children_collect(&parts, l->state->body, inner);
    if (!parts.count)
      return;
    inner = strip(l, child_last(&parts));
  }
  if (!lower_step_effect(l, inner) && !lower_branch_effect(l, inner))
    (void)lower_value(l, inner);
}
