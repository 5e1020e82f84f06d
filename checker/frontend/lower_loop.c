/* lower_loop.c - while, do, for. The test stands before the body as in the source, so that the
 * blocks come in source order. */
#include "frontend/lower.h"

typedef struct {
  Index break_block, continue_block;
  Live *break_live, *continue_live;
} LoopFrame;

static LoopFrame loop_enter(Lower *l, Index on_break, Index on_continue) {
  LoopFrame outer = {l->break_block, l->continue_block, l->break_live, l->continue_live};
  l->break_block = on_break;
  l->continue_block = on_continue;
  l->break_live = l->continue_live = l->live;
  return outer;
}

static void loop_leave(Lower *l, LoopFrame outer) {
  l->break_block = outer.break_block;
  l->continue_block = outer.continue_block;
  l->break_live = outer.break_live;
  l->continue_live = outer.continue_live;
}

void lower_while(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count < 2) {
    lower_incomplete(l, "while without condition");
    return;
  }
  Builder *b = l->builder;
  Index head = build_block(b), body = build_block(b), after = build_block(b);
  lower_enter(l, head);
  lower_condition(l, child_at(&parts, 0), body, after);
  LoopFrame outer = loop_enter(l, after, head);
  build_switch_to(b, body);
  lower_statement(l, child_last(&parts));
  lower_at(l, cursor);
  lower_jump(l, head);
  loop_leave(l, outer);
  build_switch_to(b, after);
}

void lower_do(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  if (parts.count < 2) {
    lower_incomplete(l, "do without condition");
    return;
  }
  Builder *b = l->builder;
  Index body = build_block(b), test = build_block(b), after = build_block(b);
  lower_enter(l, body);
  LoopFrame outer = loop_enter(l, after, test);
  lower_statement(l, child_at(&parts, 0));
  loop_leave(l, outer);
  lower_enter(l, test);
  lower_condition(l, child_last(&parts), body, after);
  build_switch_to(b, after);
}

void lower_for(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  ForParts present = lex_for_parts(l, cursor, &parts);
  Builder *b = l->builder;
  Live *before = l->live;
  uint32_t next = 0;
  if (present.start)
    lower_statement(l, child_at(&parts, next++));
  Index head = build_block(b), body = build_block(b), step = build_block(b), after = build_block(b);
  lower_enter(l, head);
  if (present.condition)
    lower_condition(l, child_at(&parts, next++), body, after);
  else
    build_jump(b, body);
  LoopFrame outer = loop_enter(l, after, step);
  build_switch_to(b, body);
  lower_statement(l, child_last(&parts));
  loop_leave(l, outer);
  lower_enter(l, step);
  if (present.step)
    lower_effect(l, child_at(&parts, next));
  lower_at(l, cursor);
  lower_jump(l, head);
  build_switch_to(b, after);
  scope_leave(l, before);
}
