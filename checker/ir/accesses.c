/* accesses.c - see accesses.h. */
#include "ir/accesses.h"

#include <string.h>

Atomic atomic_kind(const Function *f, const Instruction *call) {
  static const struct {
    const char *name;
    Atomic kind;
  } names[] = {
      {"__c11_atomic_load", ATOMIC_READ},
      {"__atomic_load_n", ATOMIC_READ},
      {"__c11_atomic_store", ATOMIC_WRITE},
      {"__c11_atomic_init", ATOMIC_WRITE},
      {"__atomic_store_n", ATOMIC_WRITE},
      {"__c11_atomic_exchange", ATOMIC_EXCHANGE},
      {"__atomic_exchange_n", ATOMIC_EXCHANGE},
      {"__atomic_test_and_set", ATOMIC_EXCHANGE},
      {"__sync_lock_test_and_set", ATOMIC_EXCHANGE},
      {"__sync_bool_compare_and_swap", ATOMIC_COMPARE},
      {"__atomic_compare_exchange_n", ATOMIC_COMPARE},
      {"__c11_atomic_compare_exchange_strong", ATOMIC_COMPARE},
      {"__c11_atomic_compare_exchange_weak", ATOMIC_COMPARE},
  };
  const Node *callee = call->kind == INST_CALL ? &f->nodes[call->a] : NULL; // else no node
  if (!callee || callee->kind != NODE_FUNCTION || !call->arg_count)
    return ATOMIC_NONE;
  const char *name = f->symbols[callee->a].name;
  if (name[0] != '_' || name[1] != '_')
    return ATOMIC_NONE;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(name, names[i].name))
      return names[i].kind;
  return ATOMIC_NONE;
}

static NodeId first_place(const Function *f, const Instruction *call) {
  const Node *address = &f->nodes[f->args[call->args]];
  return address->kind == NODE_ADDRESS ? address->a : 0;
}

NodeId place_read(const Function *f, const Instruction *inst) {
  if (inst->kind == INST_LOAD)
    return inst->a;
  return atomic_kind(f, inst) == ATOMIC_READ ? first_place(f, inst) : 0;
}

NodeId place_written(const Function *f, const Instruction *inst, NodeId *value) {
  *value = inst->b;
  if (inst->kind == INST_STORE)
    return inst->a;
  if (atomic_kind(f, inst) != ATOMIC_WRITE || inst->arg_count < 2)
    return 0;
  *value = f->args[inst->args + 1];
  return first_place(f, inst);
}
