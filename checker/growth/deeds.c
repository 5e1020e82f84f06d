/* deeds.c - see deeds.h. Who receives what is known by the models, and reaches callers that are
 * near. */
#include "growth/deeds.h"

#include <string.h>

enum { FAR = 4, DEEP = 3, NEVER = 0xff };

/* ---- who receives */

bool model_receives(const Program *program, TextId callee) {
  const Summary *model = models_find(program->models, callee);
  if (!model)
    model = models_fallback(program->models, callee);
  return model && model->flags & SUMMARY_RECEIVES;
}

static void find_receivers(Callees *x, Arena *arena) {
  const Program *program = x->program;
  uint32_t *work = arena_new_array(arena, uint32_t, program->function_count), count = 0;
  memset(x->far, NEVER, program->function_count);
  for (uint32_t f = 0; f < program->function_count; f++) {
    const FunctionLinks *links = program->functions[f].declared.links;
    for (uint32_t i = 0; i < links->call_count && x->far[f]; i++)
      if (model_receives(program, links->call_symbols[i])) {
        x->far[f] = 0;
        work[count++] = f;
      }
  }
  for (uint32_t i = 0; i < count; i++) { // the nearest first
    const ProgramFunction *function = &program->functions[work[i]];
    for (uint32_t k = 0; k < function->caller_count && x->far[work[i]] < FAR; k++)
      if (x->far[function->callers[k]] == NEVER) {
        x->far[function->callers[k]] = (uint8_t)(x->far[work[i]] + 1);
        work[count++] = function->callers[k];
      }
  }
}

/* ---- what callees do */

/* It is the object that the parameter points to, or a part of it. */
static bool is_of_parameter(const PathTable *paths, PathId path, uint32_t number) {
  const PathNode *root = path_at(paths, path_first(paths, path));
  uint32_t pointers = 0;
  for (PathId at = path; at; at = path_at(paths, at)->parent)
    pointers += path_at(paths, at)->kind == PATH_TARGET;
  return root->kind == PATH_PARAMETER && root->number == number && pointers <= 1;
}

uint32_t deed_of(const Touch *touch) {
  switch ((TouchKind)touch->kind) {
  case TOUCH_GROWS:
    return touch->flags & TOUCH_ARRAY ? DEED_FILLS : DEED_LINKS;
  case TOUCH_RESIZES:
    return DEED_RESIZES;
  case TOUCH_SHRINKS:
  case TOUCH_COUNTS_DOWN:
  case TOUCH_FREES:
    return DEED_EMPTIES;
  case TOUCH_RESETS:
    return touch->flags & TOUCH_OF_NUMBER && !(touch->flags & TOUCH_TO_ZERO) ? 0 : DEED_EMPTIES;
  default:
    return 0;
  }
}

static uint32_t deeds_of(const Callees *x, uint32_t id, uint32_t number, uint32_t depth) {
  const GrowthFacts *facts = x->facts[id];
  uint32_t deeds = 0;
  for (uint32_t i = 0; facts && i < facts->touch_count; i++)
    if (is_of_parameter(x->paths, facts->touches[i].path, number))
      deeds |= deed_of(&facts->touches[i]);
  for (uint32_t i = 0; facts && depth && i < facts->call_count; i++) {
    const GrowthCall *call = &facts->calls[i];
    for (uint32_t k = 0; k < call->arg_count && !call->by_pointer && !call->makes; k++) {
      if (!is_of_parameter(x->paths, call->args[k].path, number))
        continue;
      Targets targets = program_resolve(x->program, facts->function, call->callee);
      for (uint32_t t = 0; t < targets.count; t++)
        deeds |= deeds_of(x, targets.ids[t], call->args[k].number, depth - 1);
    }
  }
  return deeds;
}

bool makes_longer(uint32_t deeds) {
  return deeds & DEED_LINKS || (deeds & DEED_FILLS && deeds & DEED_RESIZES);
}

uint32_t callee_deeds(const Callees *x, uint32_t id, uint32_t parameter) {
  return deeds_of(x, id, parameter, DEEP);
}

bool callee_returns_known(const Callees *x, uint32_t id) {
  const GrowthFacts *facts = x->facts[id];
  for (uint32_t i = 0; facts && i < facts->touch_count; i++)
    if (facts->touches[i].kind == TOUCH_RETURNS && !(facts->touches[i].flags & TOUCH_FRESH))
      return true;
  return false;
}

bool callee_receives(const Callees *x, uint32_t id) { return x->far[id] < FAR; }

bool callee_may_receive_in_loop(const Callees *x, uint32_t id) { return x->far[id] <= FAR; }

Callees callees_new(Arena *arena, Program *program, const PathTable *paths,
                    const GrowthFacts *facts, uint32_t count) {
  Callees x = {.program = program,
               .paths = paths,
               .facts = arena_new_array(arena, const GrowthFacts *, program->function_count),
               .far = arena_new_array(arena, uint8_t, program->function_count)};
  for (uint32_t i = 0; i < count; i++)
    x.facts[facts[i].function->id] = &facts[i];
  find_receivers(&x, arena);
  return x;
}
