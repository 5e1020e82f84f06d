/* lower_decl.c - functions, their parameters and their local declarations.
 *
 * A static local is a global of the analysis: it lives as long as the program, and its key says
 * which function and which of the same-named ones it is.
 */
#include <string.h>

#include "frontend/lower.h"

static bool in_memory(Lower *l, CXCursor declaration, CXType type) {
  return clang_isVolatileQualifiedType(type) ||
         map_get(&l->taken, map_key(declaration.data[0])) != MAP_NONE;
}

static bool is_aggregate(State *s, Index type) {
  TypeKind kind = type_at(s, type)->kind;
  return kind == TYPE_ARRAY || kind == TYPE_RECORD;
}

static NameInfo *new_local(Lower *l, CXCursor declaration, uint32_t flags) {
  State *s = l->state;
  CXType type = clang_getCursorType(declaration);
  Index own = type_of(s, type);
  TypeKind kind = type_at(s, own)->kind;
  if ((flags & LOCAL_PARAMETER) && (kind == TYPE_ARRAY || kind == TYPE_FUNCTION))
    own = type_pointer_to(s, kind == TYPE_ARRAY ? type_at(s, own)->element : own);
  if (in_memory(l, declaration, type) || is_aggregate(s, own) || (flags & LOCAL_CLEANUP))
    flags |= LOCAL_ADDRESS_TAKEN;
  NameInfo info = {.kind = NAME_LOCAL, .type = own, .epoch = s->epoch};
  info.local = lower_new_local(l, cursor_name(s->body, declaration), own, flags);
  return name_new(s, declaration, info);
}

/* A local that is referred to before its declaration was lowered: in its own initialiser, or in a
 * type that names it. */
NameInfo *lower_local_name(Lower *l, CXCursor declaration) {
  State *s = l->state;
  NameInfo *known = name_known(s, declaration);
  if (known && (known->kind != NAME_LOCAL || known->epoch == s->epoch))
    return known;
  enum CXCursorKind kind = clang_getCursorKind(declaration);
  bool local =
      kind == CXCursor_ParmDecl ||
      (kind == CXCursor_VarDecl && clang_getCursorLinkage(declaration) == CXLinkage_NoLinkage);
  return local && !l->initialiser ? new_local(l, declaration, 0) : name_of(s, declaration);
}

/* ---- local variables */

static void static_local(Lower *l, CXCursor declaration) {
  State *s = l->state;
  const char *name = cursor_name(s->arena, declaration);
  uint64_t name_key = hash_text(name).low | 1;
  uint32_t ordinal = map_get(&l->local_names, name_key);
  ordinal = ordinal == MAP_NONE ? 0 : ordinal;
  map_put(s->body, &l->local_names, name_key, ordinal + 1);
  NameInfo *info = name_of(s, declaration);
  info->symbol.flags |= SYMBOL_INTERNAL;
  info->symbol.key =
      arena_printf(s->arena, "%s:%s:%s#%u", l->function->source, l->function->name, name, ordinal);
  global_listed(s, info, declaration);
  list_push(s->scratch, &s->pending_initialisers, declaration);
}

/* sizeof of the whole array is asked for later, when the variables in its length may have changed.
 * The outermost length is the last child. */
static void keep_size(Lower *l, CXType type, Index local, NodeId length) {
  State *s = l->state;
  uint64_t element = type_at(s, type_of(s, clang_getArrayElementType(type)))->size;
  if (!length || !element)
    return;
  Index size_type = lower_type(l, type_plain(s, TYPE_UNSIGNED, s->pointer_size));
  NodeId factor = build_constant(l->builder, size_type, (int64_t)element, "");
  NodeId size = build_binary(l->builder, OPERATOR_MULTIPLY, size_type,
                             build_cast(l->builder, size_type, length), factor);
  map_put(s->body, &l->vla_sizes, (uint64_t)local + 1, build_copy(l->builder, size_type, size));
}

/* The sizes of a variable length array are what stands in its declaration besides the value. */
static void declare_array(Lower *l, CXCursor declaration, Index local) {
  Children children;
  NodeId sizes[8];
  uint32_t count = 0;
  children_collect(&children, l->state->body, declaration);
  for (uint32_t i = 0; i < children.count && count < 8; i++) {
    CXCursor child = child_at(&children, i);
    if (is_expression(child) && clang_getCursorKind(child) != CXCursor_InitListExpr)
      sizes[count++] = lower_value(l, child);
  }
  lower_at(l, declaration);
  build_simple(l->builder, INST_DECLARE, local, sizes, count);
  if (count)
    keep_size(l, clang_getCursorType(declaration), local, sizes[count - 1]);
}

/* Two locals of glibc's pthread_cleanup_push never change: the routine, which pop then calls by
 * name, and the answer of setjmp, which lower_call made 0. */
static void fix_value(Lower *l, Index local, CXCursor value) {
  const char *name = build_local_of(l->builder, local)->name;
  NodeId fixed = 0;
  if (clang_Cursor_isNull(value) || strncmp(name, "__", 2) != 0)
    return;
  if (strcmp(name, "__cancel_routine") == 0)
    fixed = lower_value(l, value);
  else if (strcmp(name, "__not_first_call") == 0 && l->cancel_setjmp)
    fixed = lower_constant(l, lower_int(l), 0, "");
  NodeKind kind = fixed ? (NodeKind)build_node(l->builder, fixed)->kind : NODE_NONE;
  if (kind == NODE_FUNCTION || kind == NODE_CONSTANT)
    map_put(l->state->body, &l->fixed, (uint64_t)local + 1, fixed);
}

static void local_variable(Lower *l, CXCursor declaration) {
  State *s = l->state;
  CXType type = clang_getCursorType(declaration);
  bool vla = clang_getCanonicalType(type).kind == CXType_VariableArray;
  NameInfo *cleanup = scope_cleanup_of(l, declaration);
  uint32_t flags = (vla ? (uint32_t)LOCAL_VLA : 0u) | (cleanup ? (uint32_t)LOCAL_CLEANUP : 0u);
  NameInfo *info = new_local(l, declaration, flags);
  bool memory = cleanup || is_aggregate(s, info->type) || in_memory(l, declaration, type);
  CXCursor value = clang_Cursor_getVarDeclInitializer(declaration);
  bool has_value = !clang_Cursor_isNull(value);
  bool guards = cleanup && has_value && lower_is_block(value);
  lower_at(l, declaration);
  if (vla)
    declare_array(l, declaration, info->local);
  else if (memory || !has_value)
    build_simple(l->builder, INST_DECLARE, info->local, NULL, 0);
  if (has_value && !guards)
    lower_init(l, build_local_place(l->builder, info->local), type, value);
  fix_value(l, info->local, value);
  scope_declare(
      l, (Live){.local = info->local, .type = info->type, .memory = memory, .cleanup = cleanup});
  if (guards && !lower_guard_by(l->live, value))
    lower_incomplete(l, "a block with jumps in a scope guard");
}

/* struct { ... } a; in a function: the record is called after the variable. */
static void name_nameless(Lower *l, CXCursor declaration) {
  CXCursor record = record_decl_inside(clang_getCursorType(declaration));
  if (clang_Cursor_isNull(record))
    return;
  record_name_hint(l->state, record,
                   arena_printf(l->state->body, "%s:%s.%s", l->function->source, l->function->name,
                                cursor_name(l->state->body, declaration)));
}

void lower_declaration(Lower *l, CXCursor declaration) {
  if (clang_getCursorKind(declaration) != CXCursor_VarDecl)
    return;
  name_nameless(l, declaration);
  enum CX_StorageClass storage = clang_Cursor_getStorageClass(declaration);
  if (storage == CX_SC_Static)
    static_local(l, declaration);
  else if (storage != CX_SC_Extern)
    local_variable(l, declaration);
}

/* ---- functions */

static bool is_tainted(State *s, Position start, Position end) {
  for (size_t i = 0; i < s->errors.count; i++) {
    ErrorPlace *error = &s->errors.at[i];
    if (error->source == start.source && error->line >= start.line && error->line <= end.line)
      return true;
  }
  return false;
}

static uint32_t head_flags(CXCursor definition, const NameInfo *info) {
  static const struct {
    uint32_t symbol, function;
  } same[] = {{SYMBOL_INTERNAL, FUNCTION_INTERNAL},
              {SYMBOL_WEAK, FUNCTION_WEAK},
              {SYMBOL_NORETURN, FUNCTION_NORETURN},
              {NAME_CONSTRUCTOR, FUNCTION_CONSTRUCTOR},
              {NAME_DESTRUCTOR, FUNCTION_DESTRUCTOR}};
  uint32_t flags = 0;
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    if (info->symbol.flags & same[i].symbol)
      flags |= same[i].function;
  if (clang_Cursor_isFunctionInlined(definition))
    flags |= FUNCTION_INLINE;
  if (clang_Cursor_isVariadic(definition))
    flags |= FUNCTION_VARIADIC;
  return flags;
}

static void parameters(Lower *l, CXCursor definition) {
  int count = clang_Cursor_getNumArguments(definition);
  for (int i = 0; i < count; i++)
    new_local(l, clang_Cursor_getArgument(definition, (unsigned)i), LOCAL_PARAMETER);
}

static CXCursor body_of(State *s, CXCursor definition) {
  Children children;
  children_collect(&children, s->body, definition);
  for (uint32_t i = children.count; i-- > 0;)
    if (clang_getCursorKind(child_at(&children, i)) == CXCursor_CompoundStmt)
      return child_at(&children, i);
  return clang_getNullCursor();
}

void lower_head(Lower *l, CXCursor definition) {
  State *s = l->state;
  Function *f = l->function;
  l->definition = definition;
  CXSourceRange range = clang_getCursorExtent(definition);
  Position start = position_expansion(s, clang_getRangeStart(range));
  Position end = position_expansion(s, clang_getRangeEnd(range));
  f->source = start.source == NO_SOURCE ? s->unit->source : s->sources.at[start.source].path;
  f->line = l->line = start.line;
  f->end_line = end.line;
  l->source = start.source;
  if (!clang_Location_isFromMainFile(clang_getCursorLocation(definition)))
    f->flags |= FUNCTION_IN_HEADER;
  if (is_tainted(s, start, end))
    f->flags |= FUNCTION_TAINTED;
  build_file(l->builder, f->source);
}

/* The initialisers of static locals were put off, for they are functions of their own. */
static void pending_initialisers(State *s, size_t from) {
  for (size_t i = from; i < s->pending_initialisers.count; i++) {
    CXCursor variable = s->pending_initialisers.at[i];
    lower_initialiser(s, variable, name_of(s, variable));
  }
  s->pending_initialisers.count = from;
}

void lower_function(State *s, CXCursor definition) {
  arena_reset(s->body);
  CXCursor body = body_of(s, definition);
  if (clang_Cursor_isNull(body))
    return;
  NameInfo *info = name_of(s, definition);
  s->epoch++;
  Lower lower = {.state = s, .body = body, .at_cursor = clang_getNullCursor()};
  Lower *l = &lower;
  l->builder = build_new(s->arena, info->symbol.key, info->symbol.name);
  l->function = build_function(l->builder);
  lower_head(l, definition);
  l->function->flags |= head_flags(definition, info);
  l->result_type = type_of(s, clang_getCursorResultType(definition));
  l->function->result_type = lower_type(l, l->result_type);
  lower_prepass(l, body);
  parameters(l, definition);
  lower_compound(l, body, false);
  lower_end(l, strcmp(info->symbol.key, "main") == 0);
  lower_finish_gotos(l);
  list_push(s->scratch, &s->functions, *build_finish(l->builder));
  pending_initialisers(s, 0);
}
