/* asked.c - see asked.h. Callers first; in a cycle of calls until nothing is new. */
#include "growth/asked.h"

enum { ALL = 0xffffffffu, LAST = 31 }; // this one, and all behind it

typedef struct {
  const Program *program;
  const PathTable *paths;
  const GrowthCalls *calls;
  uint32_t *asked;
} Asking;

static uint32_t bit_of(uint32_t number) { return 1u << (number < LAST ? number : LAST); }

bool is_asked(uint32_t parameters, uint32_t number) { return parameters & bit_of(number); }

/* Of the callee's parameters; those that the caller's code says nothing of are anything. */
static uint32_t asked_by(const Asking *x, uint32_t caller, const GrowthCall *call) {
  uint32_t told = 0, asked = 0;
  for (uint32_t i = 0; i < call->arg_count; i++) {
    const PathNode *root = path_at(x->paths, path_first(x->paths, call->args[i].path));
    uint32_t bit = bit_of(call->args[i].number);
    bool is_own = root->kind == PATH_LOCAL ||
                  (root->kind == PATH_PARAMETER && !is_asked(x->asked[caller], root->number));
    told |= call->args[i].number < LAST ? bit : 0;
    asked |= is_own ? 0 : bit;
  }
  return asked | ~told;
}

static bool ask(const Asking *x, uint32_t caller) {
  const GrowthFacts *facts = x->calls->facts[caller];
  bool is_new = false;
  for (uint32_t i = 0; facts && i < facts->call_count; i++) {
    Targets targets = x->calls->targets[caller][i];
    uint32_t asked = targets.count ? asked_by(x, caller, &facts->calls[i]) : 0;
    for (uint32_t t = 0; t < targets.count; t++) {
      is_new |= asked & ~x->asked[targets.ids[t]];
      x->asked[targets.ids[t]] |= asked;
    }
  }
  return is_new;
}

bool is_called_elsewhere(const Program *program, const ProgramFunction *function) {
  for (uint32_t i = 0; i < function->caller_count; i++)
    if (program->functions[function->callers[i]].component != function->component)
      return true;
  return false;
}

uint32_t *parameters_asked(Arena *arena, const Program *program, const PathTable *paths,
                           const GrowthCalls *calls) {
  Asking x = {program, paths, calls, arena_new_array(arena, uint32_t, program->function_count)};
  for (uint32_t f = 0; f < program->function_count; f++)
    if (program->functions[f].address_taken ||
        !is_called_elsewhere(program, &program->functions[f]))
      x.asked[f] = ALL;
  for (uint32_t c = program->component_count; c-- > 0;) {
    uint32_t first = program->component_starts[c], end = program->component_starts[c + 1];
    for (bool again = true; again;) {
      again = false;
      for (uint32_t i = end; i-- > first;)
        again |= ask(&x, program->order[i]);
      again &= program->functions[program->order[first]].recursive;
    }
  }
  return x.asked;
}
