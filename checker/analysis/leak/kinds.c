/* kinds.c - a function of a library that gives back other kinds of things than what it is
 * given: `fclose` of what `popen` has opened. */
#include "analysis/leak/leak.h"

#include "base/guard.h"
#include "ir/parts.h"

/* Does anybody else get what was read there, as it is? */
static bool is_handed_on(Flow *flow, uint32_t temp) {
  const Function *f = flow->e->f;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    bool stored = inst->kind == INST_STORE && f->nodes[inst->a].kind != NODE_LOCAL;
    if (stored && f->nodes[inst->b].kind == NODE_TEMP && f->nodes[inst->b].a == temp)
      return true;
    for (uint32_t k = 0; inst->kind == INST_CALL && k < inst->arg_count; k++) {
      const Node *arg = &f->nodes[without_casts(f, f->args[inst->args + k])];
      if (arg->kind == NODE_TEMP && arg->a == temp &&
          owner_fates(flow->e, inst, NULL, FATES_POSSIBLE).keeps & fate_bit(k))
        return true;
    }
  }
  return false;
}

static bool is_pointer(const Function *f, uint32_t temp) {
  for (uint32_t i = 0; i < f->node_count; i++)
    if (f->nodes[i].kind == NODE_TEMP && f->nodes[i].a == temp)
      return f->types[f->nodes[i].type].kind == TYPE_POINTER;
  return false;
}

/* Somebody else has got its elements one by one, and what is left is the array. Unsound: it may
 * not have been all of them. */
static uint32_t emptied(Flow *flow, uint32_t which) {
  const Function *f = flow->e->f;
  uint32_t empty = 0;
  for (uint32_t i = 0; i < f->instruction_count && which & ~empty; i++) {
    const Instruction *inst = &f->instructions[i];
    const Node *place = inst->kind == INST_LOAD ? &f->nodes[inst->a] : NULL;
    if (place && place->kind == NODE_DEREF && holders_carried(&flow->holders, place->a) & which &&
        is_pointer(f, inst->result) && is_handed_on(flow, inst->result) &&
        guard_on("elements-taken"))
      empty |= holders_carried(&flow->holders, place->a) & which;
  }
  return empty;
}

/* A model that names no kind is of all. */
uint32_t leak_mistaken(Flow *flow, const Instruction *call, uint32_t closed) {
  const Summary *summary = closed ? owner_callee(flow->e, call) : NULL;
  if (!summary || !(summary->flags & SUMMARY_MODEL) || !guard_on("kinds"))
    return 0;
  for (uint32_t i = 0; i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++) {
      const Effect *effect = &summary->cases[i].effects[k];
      for (uint32_t n = 0; n < flow->site_count && effect->action == ACTION_CLOSE; n++)
        if (!effect->text || flow->sites[n].kind == effect->text)
          closed &= ~(1u << n);
    }
  return closed & ~emptied(flow, closed);
}
