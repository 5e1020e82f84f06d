/* variadic.c - what becomes of the arguments behind the last parameter. A `va_list` holds them all:
 * who takes the next one from it may have any, and who is handed the list has them. */
#include <string.h>

#include "analysis/owner.h"

#include "base/guard.h"

static bool is_call_of(const Engine *e, const Instruction *inst, const char *name) {
  const Node *callee = &e->f->nodes[inst->a];
  return inst->kind == INST_CALL && callee->kind == NODE_FUNCTION &&
         !strcmp(e->f->symbols[callee->a].name, name);
}

uint32_t variadic_taken(const Holders *h, const Instruction *inst) {
  if (!is_call_of(h->e, inst, "__builtin_va_arg") || !inst->arg_count)
    return 0;
  uint32_t given = holders_carried(h, h->e->f->args[inst->args]);
  return h->variadic | (guard_on("handed-arguments") ? given : 0);
}

void variadic_begin(Holders *h, const Instruction *inst) {
  bool starts = is_call_of(h->e, inst, "__builtin_va_start");
  bool copies = is_call_of(h->e, inst, "__builtin_va_copy");
  if ((!starts && !copies) || inst->arg_count < 2 || !guard_on("handed-arguments"))
    return;
  const uint32_t *args = h->e->f->args + inst->args;
  Index list = holders_addressed(h, args[0]), from = holders_addressed(h, args[1]);
  if (list == NO_BLOCK)
    return;
  h->masks[list] |= starts ? h->variadic : holders_carried(h, args[1]);
  h->masks[list] |= copies && from != NO_BLOCK ? h->masks[from] : 0;
}

static bool is_list(const Holders *h, Index local) {
  const Function *f = h->e->f;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    bool begins =
        is_call_of(h->e, inst, "__builtin_va_start") || is_call_of(h->e, inst, "__builtin_va_copy");
    if (begins && inst->arg_count && holders_addressed(h, f->args[inst->args]) == local)
      return true;
  }
  return false;
}

/* Who takes what is in the list changes the list, and keeps nothing by that. */
bool variadic_only_read(const Holders *h, Index local, uint32_t argument, const Fates *fates) {
  return !((fates->keeps | fates->closes) & fate_bit(argument)) && is_list(h, local);
}
