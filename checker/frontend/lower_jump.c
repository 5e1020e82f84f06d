/* lower_jump.c - goto, computed goto, break, continue, return: ways out of scopes. */
#include "frontend/lower.h"

static void written_jump(Lower *l, Index block) {
  if (build_is_open(l->builder))
    build_written_jump(l->builder, block);
}

void lower_leave_for(Lower *l, CXCursor cursor, Live *until, Index target) {
  lower_at(l, cursor);
  scope_emit(l, l->live, until, false);
  if (target)
    written_jump(l, target);
  else
    lower_incomplete(l, "break or continue outside a loop");
}

void lower_goto(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  CXCursor statement =
      parts.count ? clang_getCursorReferenced(child_at(&parts, 0)) : clang_getNullCursor();
  uint32_t label = map_get(&l->label_map, map_key(statement.data[1]));
  lower_at(l, cursor);
  if (label == MAP_NONE) {
    lower_incomplete(l, "goto to an unknown label");
    build_unreachable(l->builder);
  } else if (!l->live) {
    written_jump(l, l->labels.at[label].block);
  } else { // where the label stands decides which variables die on the way
    Index pad = build_block(l->builder);
    lower_jump(l, pad);
    list_push(l->state->body, &l->gotos,
              (Goto){.pad = pad, .live = l->live, .label = label, .cursor = cursor});
  }
}

void lower_finish_gotos(Lower *l) {
  for (size_t i = 0; i < l->gotos.count; i++) {
    const Goto *from = &l->gotos.at[i];
    const Label *to = &l->labels.at[from->label];
    build_switch_to(l->builder, from->pad);
    lower_at(l, from->cursor);
    scope_emit(l, from->live, scope_common(from->live, to->live), false);
    written_jump(l, to->block);
  }
}

void lower_label(Lower *l, CXCursor cursor) {
  uint32_t label = map_get(&l->label_map, map_key(cursor.data[1]));
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (label != MAP_NONE) {
    lower_enter(l, l->labels.at[label].block);
    l->labels.at[label].placed = true;
    l->labels.at[label].live = l->live;
  }
  if (parts.count)
    lower_statement(l, child_last(&parts));
}

void lower_jump_anywhere(Lower *l, NodeId value, bool only_taken, Index fall) {
  LIST(Edge) edges = {0};
  for (size_t i = 0; i < l->labels.count; i++)
    if (!only_taken || l->labels.at[i].address_taken)
      list_push(l->state->body, &edges, (Edge){.block = l->labels.at[i].block});
  if (fall)
    list_push(l->state->body, &edges, (Edge){.block = fall});
  if (edges.count)
    build_indirect(l->builder, value, edges.at, (uint32_t)edges.count);
  else
    build_unreachable(l->builder);
}

/* Unsound: cleanups of scopes that a computed goto leaves are not run; gcc refuses most of them. */
void lower_indirect_goto(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  NodeId value = parts.count ? lower_value(l, child_at(&parts, 0)) : 0;
  lower_at(l, cursor);
  l->function->flags |= FUNCTION_COMPUTED_GOTO;
  lower_jump_anywhere(l, value, true, 0);
}

void lower_return(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  NodeId value = parts.count ? lower_value(l, child_at(&parts, 0)) : 0;
  lower_at(l, cursor);
  scope_emit(l, l->live, NULL, true);
  if (!build_is_open(l->builder))
    build_switch_to(l->builder, build_block(l->builder));
  if (type_at(l->state, l->result_type)->kind == TYPE_VOID)
    value = 0;
  build_return(l->builder, value);
}

void lower_end(Lower *l, bool is_main) {
  if (!build_is_open(l->builder))
    return;
  lower_at_end(l);
  scope_emit(l, l->live, NULL, true);
  build_return(l->builder, is_main ? lower_constant(l, lower_int(l), 0, "") : 0);
}
