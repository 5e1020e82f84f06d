/* shown.c - values that are handed to functions which are called through pointers: a destructor
 * that knows what is in an object (`ops->free_data(object)`). Of what these read nothing is known.
 */
#include "analysis/owner.h"

/* By a call, of what it is given as this argument. */
static bool shows(Engine *e, const Instruction *call, uint32_t argument) {
  if (owner_callee(e, call))
    return owner_fates(e, call, NULL, FATES_POSSIBLE).shows & fate_bit(argument);
  return e->f->nodes[call->a].kind != NODE_FUNCTION;
}

/* Of those that variables and temps hold anywhere in the function. */
uint32_t shown_values(const Holders *h) {
  const Function *f = h->e->f;
  uint32_t shown = 0;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    for (uint32_t k = 0; inst->kind == INST_CALL && k < inst->arg_count; k++) {
      uint32_t carried = holders_carried(h, f->args[inst->args + k]) & ~shown;
      if (carried && shows(h->e, inst, k))
        shown |= carried;
    }
  }
  return shown;
}
