/* called.c - see called.h. */
#include "link/called.h"

TextId called_symbol(const ProgramFunction *function, uint32_t instruction, bool *by_pointer) {
  const Function *f = function->body;
  const Node *callee = &f->nodes[f->instructions[instruction].a];
  *by_pointer = callee->kind != NODE_FUNCTION;
  if (!*by_pointer)
    return function->symbols[callee->a];
  while (callee->kind == NODE_CAST)
    callee = &f->nodes[callee->a];
  if (callee->kind != NODE_TEMP)
    return 0;
  for (uint32_t i = instruction; i-- > 0;) // near, nearly always
    if (f->instructions[i].result == callee->a) {
      if (f->instructions[i].kind != INST_LOAD)
        return 0;
      Index symbol = slot_of_place(f, f->instructions[i].a);
      return symbol == NO_SYMBOL ? 0 : function->symbols[symbol];
    }
  return 0;
}

TextId called_by_name(const ProgramFunction *function, uint32_t instruction) {
  bool by_pointer;
  TextId symbol = called_symbol(function, instruction, &by_pointer);
  return by_pointer ? 0 : symbol;
}
