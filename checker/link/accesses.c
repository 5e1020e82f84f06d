/* accesses.c - see accesses.h. */
#include "link/accesses.h"

const Instruction *access_definition(const Function *f, uint32_t temp) {
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].result == temp)
      return &f->instructions[i];
  return NULL;
}

/* The model of an atomic access, by name. */
static const Summary *model_of(const Program *program, const Function *f, const Instruction *inst) {
  const Node *callee = &f->nodes[inst->a];
  if (inst->kind != INST_CALL || callee->kind != NODE_FUNCTION || inst->arg_count < 1)
    return NULL;
  TextId name = text_find(program->symbols, f->symbols[callee->a].key);
  const Summary *model = name ? models_find(program->models, name) : NULL;
  return model && model->case_count == 1 ? model : NULL;
}

static bool is_behind_first(const TermTable *terms, TermId place) {
  const Term *term = term_at(terms, place);
  if (term->kind != TERM_DEREF)
    return false;
  term = term_at(terms, term->a);
  return term->kind == TERM_PARAM && term->a == 0;
}

NodeId access_read(const Program *program, const Function *f, const Instruction *inst) {
  if (inst->kind == INST_LOAD)
    return inst->a;
  const Summary *model = model_of(program, f, inst);
  TermId result = model ? model->cases[0].result : 0;
  const Term *term = result ? term_at(model->terms, result) : NULL;
  const Node *first = &f->nodes[model ? f->args[inst->args] : 0];
  return term && term->kind == TERM_LOAD && is_behind_first(model->terms, term->a) &&
                 first->kind == NODE_ADDRESS
             ? first->a
             : 0;
}

NodeId access_written(const Program *program, const Function *f, const Instruction *inst,
                      NodeId *value) {
  *value = inst->b;
  if (inst->kind == INST_STORE)
    return inst->a;
  const Summary *model = model_of(program, f, inst);
  const Effect *effect = model && model->cases[0].effect_count ? &model->cases[0].effects[0] : NULL;
  if (!effect || effect->action != ACTION_SET || !is_behind_first(model->terms, effect->place))
    return 0;
  const Term *other = term_at(model->terms, effect->other);
  const Node *first = &f->nodes[f->args[inst->args]];
  if (other->kind != TERM_PARAM || other->a >= inst->arg_count || first->kind != NODE_ADDRESS)
    return 0;
  *value = f->args[inst->args + other->a];
  return first->a;
}
