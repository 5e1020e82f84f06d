/* lower_call.c - calls, builtins, and the atomics whose names libclang hides. */
#include <string.h>

#include "base/guard.h"
#include "base/text.h"
#include "frontend/lower.h"

typedef struct {
  CXCursor cursor;
  NodeId callee;
  NameInfo *name; // NULL: indirect
  NodeId *args;
  uint32_t count;
} Call;

NodeId lower_named_call(Lower *l, Index type, const char *name, const NodeId *args,
                        uint32_t count) {
  State *s = l->state;
  NameInfo info = {.kind = NAME_FUNCTION, .type = type_plain(s, TYPE_FUNCTION, 0)};
  info.symbol =
      (Symbol){.kind = SYMBOL_FUNCTION, .flags = SYMBOL_SYSTEM, .key = name, .name = name};
  NodeId callee = build_function_value(l->builder, lower_symbol(l, &info));
  return build_call(l->builder, lower_type(l, type), callee, args, count, 0);
}

/* ---- builtins that are not calls */

static NodeId constant_or(Lower *l, CXCursor cursor, int64_t otherwise) {
  int64_t value;
  if (!cursor_integer(cursor, &value))
    value = otherwise;
  return lower_constant(l, lower_type_of(l, cursor), value, "");
}

/* True when the builtin was dealt with. */
static bool builtin(Lower *l, CXCursor cursor, const char *name, const Children *parts,
                    NodeId *value) {
  if (!text_starts(name, "__builtin_"))
    return false;
  const char *what = name + strlen("__builtin_");
  if (text_starts(what, "expect") && parts->count > 1) {
    *value = lower_value(l, child_at(parts, 1));
    for (uint32_t i = 2; i < parts->count; i++)
      lower_effect(l, child_at(parts, i));
  } else if (strcmp(what, "constant_p") == 0) {
    *value = constant_or(l, cursor, 0);
  } else if (strcmp(what, "object_size") == 0 || strcmp(what, "dynamic_object_size") == 0) {
    *value = constant_or(l, cursor, -1);
  } else if (strcmp(what, "assume_aligned") == 0 && parts->count > 1) {
    *value = lower_value(l, child_at(parts, 1));
  } else if (strcmp(what, "unreachable") == 0) {
    lower_at(l, cursor);
    build_unreachable(l->builder);
    build_switch_to(l->builder, build_block(l->builder));
    *value = 0;
  } else {
    return false;
  }
  return true;
}

/* ---- pthread_cleanup_push in its setjmp form
 *
 * glibc's macro saves the context with __sigsetjmp; its second return is the cancellation of this
 * very call, which runs the routine and never comes back. It is lowered as "returns 0": the
 * registration calls still show that a handler is there. Unsound: a lock that is taken again in
 * the handler is not seen.
 */
static bool is_cancel_setjmp(Lower *l, const Call *call) {
  if (!call->name || !call->count || strncmp(call->name->symbol.name, "__sigsetjmp", 11) != 0)
    return false;
  const Node *node = build_node(l->builder, call->args[0]);
  while (node->kind == NODE_ADDRESS || node->kind == NODE_INDEX || node->kind == NODE_FIELD)
    node = build_node(l->builder, node->a);
  return node->kind == NODE_LOCAL &&
         strcmp(build_local_of(l->builder, node->a)->name, "__cancel_buf") == 0;
}

/* ---- calls */

static void find_callee(Lower *l, Call *call, CXCursor callee) {
  CXCursor inner = cursor_strip(callee);
  if (clang_getCursorKind(inner) == CXCursor_DeclRefExpr) {
    CXCursor declaration = clang_getCursorReferenced(inner);
    if (clang_getCursorKind(declaration) == CXCursor_FunctionDecl)
      call->name = name_of(l->state, declaration);
  }
}

/* C leaves the order open. Ours is that of the text; tests/cfg_differential.py asks for gcc's. */
static void arguments(Lower *l, Call *call, const Children *parts) {
  bool last_first = test_hook("OVERSTAY_LAST_ARGUMENT_FIRST") != NULL;
  call->args = arena_new_array(l->state->body, NodeId, parts->count);
  call->count = parts->count - 1;
  for (uint32_t i = 0; i < call->count; i++) {
    uint32_t at = last_first ? call->count - 1 - i : i;
    NodeId value = lower_value(l, child_at(parts, at + 1));
    call->args[at] = value ? value : build_unknown(l->builder, 0);
  }
}

static bool callee_is_noreturn(Lower *l, CXCursor callee) {
  Index type = lower_type_of(l, callee);
  if (type_at(l->state, type)->kind == TYPE_POINTER)
    type = type_at(l->state, type)->element;
  return type_info(l->state, type)->noreturn;
}

/* ---- `memcpy(out, &made, sizeof made)`: an assignment, where types stand in the way of one */

static NodeId bare_pointer(Lower *l, NodeId value) {
  while (build_node(l->builder, value)->kind == NODE_CAST)
    value = build_node(l->builder, value)->a;
  return value;
}

/* The variable, or field, of one value that is just as large and whose address it is; 0: none. */
static NodeId whole_scalar(Lower *l, NodeId pointer, int64_t size) {
  const Node *address = build_node(l->builder, bare_pointer(l, pointer));
  if (address->kind != NODE_ADDRESS)
    return 0;
  const Type *type = build_type_of(l->builder, build_node(l->builder, address->a)->type);
  bool is_value = type->kind == TYPE_POINTER || type->kind == TYPE_SIGNED ||
                  type->kind == TYPE_UNSIGNED || type->kind == TYPE_BOOL;
  return is_value && size > 0 && type->size == (uint64_t)size ? address->a : 0;
}

/* True when it was lowered as one. */
static bool copies_value(Lower *l, const Call *call) {
  enum { ARGUMENTS = 3 };
  const Symbol *symbol = call->name ? &call->name->symbol : NULL;
  if (!symbol || call->count != ARGUMENTS || !(symbol->flags & SYMBOL_SYSTEM) ||
      (strcmp(symbol->name, "memcpy") != 0 && strcmp(symbol->name, "memmove") != 0))
    return false;
  const Constant *size = build_constant_of(l->builder, call->args[2]);
  NodeId to = size ? whole_scalar(l, call->args[0], size->value) : 0;
  NodeId from = size ? whole_scalar(l, call->args[1], size->value) : 0;
  if ((!to && !from) || !guard_on("copied-value"))
    return false;
  Index type = build_node(l->builder, from ? from : to)->type;
  if (!from)
    from = build_deref(l->builder, type, bare_pointer(l, call->args[1]));
  if (!to)
    to = build_deref(l->builder, type, bare_pointer(l, call->args[0]));
  build_store(l->builder, to, build_load(l->builder, type, from));
  return true;
}

NodeId lower_call(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  Index type = lower_type_of(l, cursor);
  if (!parts.count) {
    lower_incomplete(l, "a call that libclang does not show");
    return build_unknown(l->builder, lower_type(l, type));
  }
  Call call = {.cursor = cursor};
  CXCursor callee = child_at(&parts, 0);
  find_callee(l, &call, callee);
  NodeId value;
  if (call.name && builtin(l, cursor, call.name->symbol.name, &parts, &value))
    return value;
  if (call.name)
    call.callee = build_function_value(l->builder, lower_symbol(l, call.name));
  else
    call.callee = lower_value(l, callee);
  if (!call.callee)
    call.callee = build_unknown(l->builder, 0);
  arguments(l, &call, &parts);
  if (is_cancel_setjmp(l, &call)) {
    l->cancel_setjmp = true;
    return lower_constant(l, type, 0, "");
  }
  lower_at(l, cursor);
  if (copies_value(l, &call))
    return call.args[0];
  bool pops = l->guard_blocks ||
              (!call.name && build_node(l->builder, call.callee)->kind == NODE_FUNCTION &&
               strcmp(lex_word(l, callee), "__cancel_routine") == 0);
  bool noreturn =
      call.name ? (call.name->symbol.flags & SYMBOL_NORETURN) != 0 : callee_is_noreturn(l, callee);
  lower_at(l, cursor);
  uint32_t flags = (noreturn ? CALL_NORETURN : 0u) | (pops ? CALL_SCOPE_CLEANUP : 0u);
  return build_call(l->builder, lower_type(l, type), call.callee, call.args, call.count, flags);
}

/* ---- unexposed expressions with several children */

static bool same_place(CXCursor one, CXCursor other) {
  return clang_equalRanges(clang_getCursorExtent(one), clang_getCursorExtent(other)) != 0;
}

/* libclang keeps the operands of an atomic as (pointer, order, value, failure order, second value,
 * weak): back to the order in which they were written. */
static const uint8_t *atomic_order(const char *name, uint32_t count) {
  static const uint8_t as_is[] = {0, 1, 2, 3, 4, 5, 6, 7}, three[] = {0, 2, 1},
                       four[] = {0, 2, 3, 1}, five[] = {0, 2, 4, 1, 3}, six[] = {0, 2, 4, 5, 1, 3};
  (void)name;
  switch (count) {
  case 3:
    return three;
  case 4:
    return four;
  case 5:
    return five;
  case 6:
    return six;
  default:
    return as_is;
  }
}

static NodeId atomic(Lower *l, CXCursor cursor, const char *name, const Children *parts) {
  const uint8_t *order = atomic_order(name, parts->count);
  NodeId args[8];
  uint32_t count = parts->count > 8 ? 8 : parts->count;
  for (uint32_t i = 0; i < count; i++) {
    args[i] = lower_value(l, child_at(parts, order[i]));
    if (!args[i])
      args[i] = build_unknown(l->builder, 0);
  }
  lower_at(l, cursor);
  return lower_named_call(l, lower_type_of(l, cursor), name, args, count);
}

static NodeId chosen(Lower *l, CXCursor cursor, const Children *parts) {
  int64_t which;
  if (parts->count >= 3 && cursor_integer(child_at(parts, 0), &which))
    return lower_value(l, child_at(parts, which ? 1 : 2));
  lower_incomplete(l, "the chosen arm of a __builtin_choose_expr");
  return build_unknown(l->builder, lower_type(l, lower_type_of(l, cursor)));
}

NodeId lower_hidden_call(Lower *l, CXCursor cursor, const Children *parts) {
  if (parts->count == 4 && same_place(child_at(parts, 0), child_at(parts, 1)) &&
      same_place(child_at(parts, 0), child_at(parts, 2)))
    return lower_elvis(l, cursor, parts);
  const char *name = lex_word(l, cursor);
  if (text_starts(name, "__atomic_") || text_starts(name, "__c11_atomic_") ||
      text_starts(name, "__scoped_atomic_"))
    return atomic(l, cursor, name, parts);
  if (strcmp(name, "__builtin_choose_expr") == 0)
    return chosen(l, cursor, parts);
  if (text_starts(name, "__builtin_")) { // shufflevector and the like: values only
    for (uint32_t i = 0; i < parts->count; i++)
      if (is_expression(child_at(parts, i)))
        lower_effect(l, child_at(parts, i));
    return build_unknown(l->builder, lower_type(l, lower_type_of(l, cursor)));
  }
  lower_incomplete(l, "an expression that libclang does not show");
  lower_at(l, cursor);
  build_simple(l->builder, INST_HIDDEN, 0, NULL, 0);
  return build_unknown(l->builder, lower_type(l, lower_type_of(l, cursor)));
}
