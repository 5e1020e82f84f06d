/* atomics.c - see atomics.h. */
#include "growth/atomics.h"

#include "base/guard.h"
#include "ir/accesses.h"

void note_atomic(Facting *x, uint32_t instruction) {
  const Instruction *inst = &x->f->instructions[instruction];
  Atomic kind = atomic_kind(x->f, inst);
  uint32_t number = kind == ATOMIC_COMPARE ? 2 : 1; // of the argument that is stored
  if (kind == ATOMIC_NONE || kind == ATOMIC_READ || inst->arg_count <= number ||
      !guard_on("growth-atomics"))
    return;
  NodeId value = x->f->args[inst->args + number];
  Meanings pointer = values_of(x->values, x->f->args[inst->args]);
  Index block = block_of_instruction(x->f, instruction);
  Write write = {.instruction = instruction,
                 .value = values_of(x->values, value),
                 .is_pointer = is_pointer_type(x->f, x->f->nodes[value].type),
                 .in_loop = x->repetition->blocks[block] != REPEATS_ONCE};
  for (uint32_t i = 0; i < pointer.count && write.is_pointer; i++)
    if (pointer.at[i].kind != MEANS_ZERO)
      write.places.at[write.places.count++] = meaning_target(x->own, &pointer.at[i]);
  if (write.places.count)
    array_push(&x->writes, write);
}
