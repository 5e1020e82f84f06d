/* feeding.c - see feeding.h. That a field is called "next" says that there is a list, and not how
 * long it gets: of modules, of worker processes, of what a path has in it there are few. So who
 * sets the field is looked for, and how often that runs: in a loop that ends when the input does,
 * or in what such a loop calls.
 *
 * Unsound: only who stands in the same file, as who builds a list nearly always does, is asked. */
#include "depth/feeding.h"

#include <string.h>

#include "depth/facts.h"
#include "depth/input.h"

enum { CALLERS_FAR = 3, READERS_FAR = 3 };

/* ---- does it read? */

/* Does something that is called in the loop, or anywhere for NO_LOOP? */
static bool reads_in_loop(Program *program, const ProgramFunction *function,
                          const Repetition *repetition, Index loop) {
  const Function *f = function->body;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Node *callee = &f->nodes[f->instructions[i].a];
    if (f->instructions[i].kind != INST_CALL || callee->kind != NODE_FUNCTION ||
        (loop != NO_LOOP && !cfg_in_loop(repetition->cfg, loop, block_of_instruction(f, i))))
      continue;
    if (input_of_name(f->symbols[callee->a].name) & INPUT_BYTES)
      return true;
    Targets targets = program_resolve(program, function, function->symbols[callee->a]);
    for (uint32_t k = 0; k < targets.count; k++)
      if (input_is_read(program, targets.ids[k], READERS_FAR))
        return true;
  }
  return false;
}

/* ---- how often does it run? */

static bool is_fed_by_callers(Program *, const ProgramFunction *, uint32_t far);

/* What stands at this instruction runs as often as there is something to read. */
static bool is_fed_at(Program *program, const ProgramFunction *function,
                      const Repetition *repetition, uint32_t instruction, uint32_t far) {
  Index block = block_of_instruction(function->body, instruction);
  switch (repetition->blocks[block]) {
  case REPEATS_ANY:
    return reads_in_loop(program, function, repetition, repetition_cause(repetition, block));
  case REPEATS_COUNTED:
    return false;
  default:
    return function->recursive ? reads_in_loop(program, function, repetition, NO_LOOP)
                               : is_fed_by_callers(program, function, far);
  }
}

static const Repetition *repetition_of(const BorrowedCode *code) {
  const Function *f = code->function->body;
  return repetition_new(code->arena, f, cfg_new(code->arena, f));
}

static bool is_fed_by(Program *program, const BorrowedCode *code, TextId callee, uint32_t far) {
  const ProgramFunction *caller = code->function;
  const Repetition *repetition = repetition_of(code);
  for (uint32_t i = 0; i < caller->body->instruction_count; i++) {
    bool by_pointer;
    if (caller->body->instructions[i].kind == INST_CALL &&
        called_symbol(caller, i, &by_pointer) == callee && !by_pointer &&
        is_fed_at(program, caller, repetition, i, far))
      return true;
  }
  return false;
}

static bool is_fed_by_callers(Program *program, const ProgramFunction *function, uint32_t far) {
  bool fed = false;
  for (uint32_t i = 0; i < function->caller_count && far && !fed; i++) {
    BorrowedCode code = program_borrow(program, function->callers[i]);
    fed = is_fed_by(program, &code, function->key, far - 1);
    program_return(&code);
  }
  return fed;
}

/* ---- who sets the field? */

static bool sets_field(const ProgramFunction *function, TextId field, uint32_t instruction) {
  const Function *f = function->body;
  const Instruction *inst = &f->instructions[instruction];
  const Node *place = &f->nodes[inst->a];
  return inst->kind == INST_STORE && place->kind == NODE_FIELD &&
         f->nodes[place->a].kind == NODE_DEREF && function->symbols[place->b] == field;
}

static bool feeds(Program *program, const BorrowedCode *code, TextId field) {
  const ProgramFunction *function = code->function;
  const Repetition *repetition = NULL;
  for (uint32_t i = 0; i < function->body->instruction_count; i++) {
    if (!sets_field(function, field, i))
      continue;
    if (!repetition)
      repetition = repetition_of(code);
    if (is_fed_at(program, function, repetition, i, CALLERS_FAR))
      return true;
  }
  return false;
}

bool list_is_fed(Program *program, const ProgramFunction *walker, const char *field) {
  TextId symbol = text_intern(program->symbols, field);
  bool fed = false;
  for (uint32_t i = 0; i < program->function_count && !fed; i++) {
    const ProgramFunction *function = &program->functions[i];
    if (function->component == walker->component || // what walks a list takes it apart at most
        strcmp(function->declared.source, walker->declared.source))
      continue;
    BorrowedCode code = program_borrow(program, i);
    fed = feeds(program, &code, symbol);
    program_return(&code);
  }
  return fed;
}
