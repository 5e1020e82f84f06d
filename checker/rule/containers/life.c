/* life.c - how long a process goes on in which something is put into a container, and
 * what it hangs on how often that is. */
#include <string.h>

#include "base/guard.h"
#include "depth/beginnings.h"
#include "link/called.h"
#include "link/linkage.h"
#include "rule/pass.h"

static bool has_way_out(const Function *f, const Cfg *cfg, Index loop) {
  for (uint32_t i = 0; i < cfg->loops[loop].block_count; i++) {
    const Block *block = &f->blocks[cfg->loops[loop].blocks[i]];
    if (block->terminator == TERM_RETURN)
      return true;
    for (uint32_t e = 0; e < block->edge_count; e++)
      if (!cfg_in_loop(cfg, loop, f->edges[block->edges + e].block))
        return true;
  }
  return false;
}

/* A loop around the instruction has no end. */
static bool goes_on(Pass *pass, uint32_t function, uint32_t instruction) {
  BorrowedCode code = program_borrow(pass->program, function);
  const Function *f = code.function->body;
  const Cfg *cfg = cfg_new(code.arena, f);
  Index loop = instruction < f->instruction_count
                   ? cfg->innermost[block_of_instruction(f, instruction)]
                   : NO_LOOP;
  while (loop != NO_LOOP && has_way_out(f, cfg, loop))
    loop = cfg->loops[loop].parent;
  program_return(&code);
  return loop != NO_LOOP;
}

/* The function's loop has no end, or waits for the outside. */
static bool serves(Pass *pass, uint32_t function, uint32_t instruction) {
  return multiplicity_serves(multiplicities(pass), function) ||
         goes_on(pass, function, instruction);
}

/* A library that is known to call what it is given any number of times. */
static bool is_known_to_call(Pass *pass, const RunsStep *step) {
  if (step->caller == NO_RUNS_CALLER || step->instruction == NO_RUNS_INSTRUCTION)
    return false;
  BorrowedCode code = program_borrow(pass->program, step->caller);
  bool by_pointer;
  const Function *f = code.function->body;
  TextId callee = f->instructions[step->instruction].kind == INST_CALL
                      ? called_symbol(code.function, step->instruction, &by_pointer)
                      : 0;
  bool known = callee && models_find(pass->program->models, callee);
  program_return(&code);
  return known;
}

static bool has_main(const Program *program) {
  for (uint32_t i = 0; i < program->function_count; i++)
    if (!strcmp(program->functions[i].declared.name, "main"))
      return true;
  return false;
}

/* Which linked programs live by a loop that waits for requests; the last one is all of them
 * together. */
static const bool *serving_programs(Pass *pass) {
  Multiplicities *m = multiplicities(pass);
  uint32_t count = linkage_count(pass->program);
  if (pass->serving)
    return pass->serving;
  pass->serving = arena_new_array(pass->arena, bool, count + 1u);
  for (uint32_t i = 0; i < pass->program->function_count; i++) {
    uint32_t steps, both = LIFE_INIT | LIFE_RUN;
    if ((multiplicity_of(m, i).life & both) != both || !multiplicity_serves(m, i))
      continue; // it is not the loop, or not between it and main
    const RunsStep *reason = multiplicity_reason(m, pass->arena, i, NO_RUNS_INSTRUCTION, &steps);
    bool from_main = steps && reason[0].cause == CAUSE_MAIN;
    pass->serving[count] |= from_main;
    for (uint32_t k = 0; k < count; k++)
      pass->serving[k] |=
          from_main && linkage_member(pass->program, &pass->program->functions[i], k);
  }
  return pass->serving;
}

/* All programs do that it is linked into, or may be. */
static bool is_of_servers(Pass *pass, const ProgramFunction *function) {
  const bool *serving = serving_programs(pass);
  uint32_t count = linkage_count(pass->program);
  bool is_free = linkage_is_free(pass->program, function);
  for (uint32_t k = 0; k < count; k++)
    if (!serving[k] && (is_free || linkage_member(pass->program, function, k)))
      return false;
  return serving[count];
}

Lifetime lifetime_of(Pass *pass, const GrowthEffect *effect) {
  uint32_t count;
  const RunsStep *steps = multiplicity_reason(multiplicities(pass), pass->arena, effect->function,
                                              effect->touch.instruction, &count);
  bool in_thread = false, is_unknown = false;
  for (uint32_t i = 0; i < count; i++) {
    const RunsStep *step = &steps[i];
    bool loops = step->caller != NO_RUNS_CALLER && step->repeats == REPEATS_ANY;
    in_thread |= step->cause == CAUSE_THREAD;
    is_unknown |= step->cause == CAUSE_CALLBACK || step->cause == CAUSE_SIGNAL ||
                  step->cause == CAUSE_EXPORTED || step->cause == CAUSE_OUTSIDE;
    if ((step->cause == CAUSE_CALLBACK && is_known_to_call(pass, step)) ||
        (loops && ((in_thread && step->cause != CAUSE_THREAD) ||
                   serves(pass, step->caller, step->instruction))))
      return LIFETIME_LONG;
  }
  if (effect->touch.repeats == REPEATS_ANY &&
      (in_thread || serves(pass, effect->function, effect->touch.instruction)))
    return LIFETIME_LONG;
  bool from_inside =
      count && (steps[0].cause == CAUSE_OUTSIDE || steps[0].cause == CAUSE_RECURSION);
  if (from_inside && is_of_servers(pass, effect_function(pass, effect)))
    return LIFETIME_LONG;
  return is_unknown && !has_main(pass->program) ? LIFETIME_UNKNOWN : LIFETIME_SHORT;
}

bool is_called_back(Pass *pass, const GrowthEffect *effect) {
  uint32_t count;
  const RunsStep *steps = multiplicity_reason(multiplicities(pass), pass->arena, effect->function,
                                              effect->touch.instruction, &count);
  for (uint32_t i = 0; i < count; i++)
    if (steps[i].cause == CAUSE_CALLBACK)
      return true;
  return false;
}

/* ---- what there are only so many of */

static bool opens_library(const Pass *pass, const Summary *model) {
  for (uint32_t c = 0; model && c < model->case_count; c++)
    for (uint32_t i = 0; i < model->cases[c].effect_count; i++) {
      const Effect *effect = &model->cases[c].effects[i];
      if (effect->action == ACTION_OPEN &&
          !strcmp(text_of(pass->program->symbols, effect->text), "library"))
        return true;
    }
  return false;
}

static bool loads_code(const Pass *pass, uint32_t function) {
  const FunctionLinks *links = pass->program->functions[function].declared.links;
  for (uint32_t i = 0; i < links->call_count; i++)
    if (opens_library(pass, models_find(pass->program->models, links->call_symbols[i])))
      return true;
  return false;
}

/* By a function of its own: `handle = open_module(name, &error)`. */
static bool calls_loader(const Pass *pass, uint32_t function) {
  const ProgramFunction *caller = &pass->program->functions[function];
  const FunctionLinks *links = caller->declared.links;
  for (uint32_t i = 0; i < links->call_count; i++) {
    Targets targets = program_resolve(pass->program, caller, links->call_symbols[i]);
    for (uint32_t k = 0; k < targets.count; k++)
      if (loads_code(pass, targets.ids[k]))
        return guard_on("growth-loaders");
  }
  return false;
}

bool is_of_modules(Pass *pass, const GrowthEffect *effect) {
  uint32_t count;
  const RunsStep *steps = multiplicity_reason(multiplicities(pass), pass->arena, effect->function,
                                              effect->touch.instruction, &count);
  bool loads = (loads_code(pass, effect->function) || calls_loader(pass, effect->function)) &&
               guard_on("growth-modules");
  for (uint32_t i = 0; i < count && !loads; i++)
    loads = steps[i].caller != NO_RUNS_CALLER && loads_code(pass, steps[i].caller) &&
            guard_on("growth-modules");
  return loads;
}

bool has_fixed_keys(Pass *pass, const GrowthEffect *effect) {
  const ProgramFunction *function = effect_function(pass, effect);
  if (!(effect->touch.flags & TOUCH_KEYED) || function->recursive || !guard_on("growth-keys"))
    return false;
  BorrowedCode code = program_borrow(pass->program, effect->function);
  const Function *f = code.function->body;
  Beginnings *beginnings = beginnings_new(code.arena, pass->program);
  bool all_fixed = f->parameter_count > 0;
  for (uint32_t i = 0; i < f->parameter_count && all_fixed; i++) {
    bool is_pointer = f->types[f->locals[i].type].kind == TYPE_POINTER, stands_here = false;
    if (is_pointer)
      all_fixed = beginnings_text(beginnings, function, (Token)i, &stands_here) && stands_here;
    else
      all_fixed = beginnings_number(beginnings, function, (Token)i).numbers;
  }
  program_return(&code);
  return all_fixed;
}
