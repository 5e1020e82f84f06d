/* lower_scope.c - what happens when a block is left: cleanup calls and the end of locals.
 *
 * The live variables are a chain, so that every way out (end of block, break, goto, return) emits
 * the same thing: the links between here and there, newest first.
 */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "frontend/lower.h"

/* "int *p __attribute__((cleanup(f))) = 0" as printed by libclang: the only way to learn f. */
static const char *cleanup_name(State *s, CXCursor declaration) {
  CXPrintingPolicy policy = clang_getCursorPrintingPolicy(declaration);
  clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1);
  const char *text = text_take(s->body, clang_getCursorPrettyPrinted(declaration, policy));
  clang_PrintingPolicy_dispose(policy);
  // as a word: the variable and its type may be called something with cleanup as well
  for (const char *at = strstr(text, "cleanup("); at; at = strstr(at + 1, "cleanup(")) {
    if (at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '_'))
      continue;
    at += strlen("cleanup(");
    return arena_text_n(s->arena, at, strcspn(at, ") "));
  }
  return NULL;
}

static enum CXChildVisitResult see_cleanup(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  bool *seen = data;
  *seen = *seen || clang_getCursorKind(cursor) == CXCursor_UnexposedAttr;
  return CXChildVisit_Continue;
}

NameInfo *scope_cleanup_of(Lower *l, CXCursor declaration) {
  bool unexposed = false;
  if (clang_Cursor_hasAttrs(declaration))
    clang_visitChildren(declaration, see_cleanup, &unexposed);
  const char *name = unexposed ? cleanup_name(l->state, declaration) : NULL;
  if (!name)
    return NULL;
  CXCursor function = function_named(l->state, name);
  if (!clang_Cursor_isNull(function))
    return name_of(l->state, function);
  lower_incomplete(l, "cleanup function not found");
  return NULL;
}

void scope_declare(Lower *l, Live live) {
  if (!live.memory && !live.cleanup) // a scalar in no memory needs no end
    return;
  live.below = l->live;
  live.depth = l->live ? l->live->depth + 1 : 1;
  l->live = arena_copy(l->state->body, &live, sizeof live);
}

static NodeId field_load(Lower *l, NodeId frame, CXType type, const char *name) {
  uint32_t record = record_of(l->state, clang_getCanonicalType(type));
  const RecordInfo *info = &l->state->records.at[record];
  for (uint32_t i = 0; i < info->field_count; i++) {
    if (strcmp(info->fields[i].name, name) != 0)
      continue;
    NameInfo *field = name_of(l->state, info->fields[i].cursor);
    Index own = lower_type(l, field->type);
    return build_load(l->builder, own, build_field(l->builder, own, frame, lower_symbol(l, field)));
  }
  return 0;
}

/* glibc's frame form of pthread_cleanup_push: if (frame.__do_it) frame.__cancel_routine(arg). The
 * helper that does it is in a system header and is not lowered, so it is spelled out here. */
static bool emit_frame(Lower *l, const Live *live) {
  if (strcmp(live->cleanup->symbol.name, "__pthread_cleanup_routine") != 0)
    return false;
  Builder *b = l->builder;
  NodeId frame = build_local_place(b, live->local);
  CXType type = type_info(l->state, live->type)->clang;
  NodeId wanted = field_load(l, frame, type, "__do_it");
  NodeId routine = field_load(l, frame, type, "__cancel_routine");
  NodeId argument = field_load(l, frame, type, "__cancel_arg");
  if (!wanted || !routine || !argument)
    return false;
  Index run = build_block(b), after = build_block(b);
  build_branch(b, wanted, run, after);
  build_switch_to(b, run);
  build_call(b, 0, routine, &argument, 1, CALL_SCOPE_CLEANUP);
  build_jump(b, after);
  build_switch_to(b, after);
  return true;
}

static void emit_one(Lower *l, const Live *live, bool cleanups_only) {
  Builder *b = l->builder;
  if (live->has_block) {
    lower_guard_block(l, live);
  } else if (live->cleanup && !emit_frame(l, live)) {
    Index pointer = lower_type(l, type_pointer_to(l->state, live->type));
    NodeId argument = build_address(b, pointer, build_local_place(b, live->local));
    NodeId callee = build_function_value(b, lower_symbol(l, live->cleanup));
    uint32_t flags = CALL_SCOPE_CLEANUP;
    if (live->cleanup->symbol.flags & SYMBOL_NORETURN)
      flags |= CALL_NORETURN;
    build_call(b, 0, callee, &argument, 1, flags);
  }
  if (live->memory && !cleanups_only)
    build_simple(b, INST_SCOPE_END, live->local, NULL, 0);
}

void scope_emit(Lower *l, Live *from, Live *until, bool cleanups_only) {
  if (!build_is_open(l->builder))
    return;
  for (Live *live = from; live != until; live = live->below)
    emit_one(l, live, cleanups_only);
}

void scope_leave(Lower *l, Live *until) {
  scope_emit(l, l->live, until, false);
  l->live = until;
}

Live *scope_common(Live *one, Live *other) {
  while (one != other) {
    uint32_t depth = one ? one->depth : 0, other_depth = other ? other->depth : 0;
    if (depth >= other_depth)
      one = one->below;
    if (other_depth >= depth)
      other = other->below;
  }
  return one;
}
