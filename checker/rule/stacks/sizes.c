/* sizes.c - sizes of stacks that are set in one function and used in another: attributes in a
 * field or a global. In what order that happens is not asked; when all who set it say the same, it
 * is that. */
#include <string.h>

#include "rule/pass.h"

/* The parameter that a place of a model begins with, or -1. */
static int64_t parameter_of(const TermTable *terms, TermId place) {
  for (;;) {
    const Term *term = place ? term_at(terms, place) : NULL;
    if (!term || (term->kind != TERM_PARAM && term->kind != TERM_DEREF && term->kind != TERM_FIELD))
      return -1;
    if (term->kind == TERM_PARAM)
      return term->a;
    place = term->a;
  }
}

/* The model of what is called by its name, or NULL. */
static const Summary *model_of(const Pass *pass, const Instruction *in) {
  const Engine *e = pass->engine;
  const Node *callee = &e->f->nodes[in->a];
  return in->kind == INST_CALL && callee->kind == NODE_FUNCTION
             ? models_find(pass->program->models, e->function->symbols[callee->a])
             : NULL;
}

/* Key of the field or global whose address is an argument, or "". */
static const char *slot_of(const Pass *pass, const Instruction *in, int64_t argument) {
  const Engine *e = pass->engine;
  if (argument < 0 || argument >= in->arg_count)
    return "";
  const Node *node = &e->f->nodes[e->f->args[in->args + (uint32_t)argument]];
  Index slot = node->kind == NODE_ADDRESS ? slot_of_place(e->f, node->a) : NO_SYMBOL;
  return slot == NO_SYMBOL ? "" : text_of(pass->program->symbols, e->function->symbols[slot]);
}

static void remember_size(Pass *pass, const Instruction *in, const Summary *model,
                          const Effect *effect) {
  const Function *f = pass->engine->f;
  const Term *place = term_at(model->terms, effect->place);
  if (place->kind != TERM_FIELD || strcmp(text_of(pass->program->symbols, place->b), "stack") != 0)
    return;
  const char *slot = slot_of(pass, in, parameter_of(model->terms, effect->place));
  int64_t argument = parameter_of(model->terms, effect->other);
  if (!*slot || argument < 0 || argument >= in->arg_count) // what init does is no size
    return;
  const Node *size = &f->nodes[f->args[in->args + (uint32_t)argument]];
  bool known = size->kind == NODE_CONSTANT && f->constants[size->a].value > 0;
  array_push(&pass->sizes,
             (SizeRow){slot, known ? (uint64_t)f->constants[size->a].value : THREAD_STACK_UNKNOWN});
}

void remember_sizes(Pass *pass) {
  const Function *f = pass->engine->f;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    const Summary *model = in->kind == INST_CALL ? model_of(pass, in) : NULL;
    for (uint32_t k = 0; model && model->case_count && k < model->cases[0].effect_count; k++)
      if (model->cases[0].effects[k].action == ACTION_SET)
        remember_size(pass, in, model, &model->cases[0].effects[k]);
  }
}

const char *stack_slot_of(const Pass *pass, uint32_t instruction) {
  if (instruction == NO_INSTRUCTION)
    return "";
  const Instruction *in = &pass->engine->f->instructions[instruction];
  const Summary *model = in->kind == INST_CALL ? model_of(pass, in) : NULL;
  for (uint32_t i = 0; model && i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++) {
      const Effect *effect = &model->cases[i].effects[k];
      if (effect->action == ACTION_SPAWN && effect->with)
        return slot_of(pass, in, parameter_of(model->terms, effect->with));
    }
  return "";
}

/* ---- kept with what was judged of a function */

void size_row_write(const Pass *pass, ByteWriter *out, const SizeRow *row) {
  (void)pass;
  bytes_put_text(out, row->slot);
  bytes_put_u(out, row->bytes + 1); // what is unknown is 0
}

SizeRow size_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  (void)function;
  SizeRow row = {.slot = bytes_get_text(in, pass->arena)};
  row.bytes = bytes_get_u(in) - 1;
  return row;
}

/* ---- what is asked */

uint64_t size_in_slot(const Pass *pass, const char *slot) {
  uint64_t bytes = THREAD_STACK_UNKNOWN;
  bool any = false;
  for (size_t i = 0; i < pass->sizes.count; i++) {
    const SizeRow *row = &pass->sizes.at[i];
    if (strcmp(row->slot, slot) != 0)
      continue;
    if (any && row->bytes != bytes)
      return THREAD_STACK_UNKNOWN;
    bytes = row->bytes;
    any = true;
  }
  return bytes;
}
