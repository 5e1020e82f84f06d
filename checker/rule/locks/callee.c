/* callee.c - does the callee do it in any case, as far as its caller can see? */
#include "base/guard.h"
#include "rule/pass.h"

static bool does(const Case *one, const Effect *effect) {
  for (uint32_t i = 0; i < one->effect_count; i++) {
    const Effect *other = &one->effects[i];
    if (other->action == effect->action && other->resource == effect->resource &&
        other->place == effect->place)
      return true;
  }
  return false;
}

bool is_up_to_callee(Pass *pass, const Transition *t) {
  const Function *f = pass->engine->f;
  const Node *callee = &f->nodes[f->instructions[t->instruction].a];
  if (!t->effect || callee->kind != NODE_FUNCTION || is_direct(pass, t->instruction) ||
      !guard_on("up-to-callee"))
    return false;
  const Summary *summary = engine_summary(pass->engine, pass->engine->function->symbols[callee->a]);
  for (uint32_t i = 0; summary && i < summary->case_count; i++) {
    const Case *one = &summary->cases[i];
    if (!one->condition_count && !one->no_return && !does(one, t->effect))
      return true;
  }
  return false;
}
