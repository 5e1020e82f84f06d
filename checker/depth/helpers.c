/* helpers.c - callees that may count and test for their callers, looked into when they are met. */
#include "depth/facts.h"

enum { HELPER_BLOCKS = 20, HELPER_DEPTH = 3 };

struct Helpers {
  Arena *arena;
  Program *program;
  const Facts **known; // per function
  bool *looked;
  uint32_t depth;
  uint8_t *traits; // of each function and what it calls, HELPER_DEPTH calls deep
  bool refused;    // something was too deep to be looked into
};

/* Adds those of the callees, as often as is looked from one into the next. */
static uint8_t *gather_traits(Arena *arena, const Program *program, const uint8_t *own) {
  uint32_t count = program->function_count;
  uint8_t *traits = arena_copy(arena, own, count);
  for (int depth = 1; depth < HELPER_DEPTH; depth++) {
    const uint8_t *nearer = arena_copy(arena, traits, count);
    for (uint32_t i = 0; i < count; i++)
      for (uint32_t k = 0; k < program->functions[i].callee_count; k++)
        traits[i] |= nearer[program->functions[i].callees[k]];
  }
  return traits;
}

Helpers *helpers_new(Arena *arena, Program *program, const uint8_t *traits) {
  Helpers *helpers = arena_new_one(arena, Helpers);
  *helpers = (Helpers){.arena = arena,
                       .program = program,
                       .known = arena_new_array(arena, const Facts *, program->function_count),
                       .traits = gather_traits(arena, program, traits),
                       .looked = arena_new_array(arena, bool, program->function_count)};
  return helpers;
}

static const Facts *look_into(Helpers *helpers, uint32_t id) {
  ProgramFunction *function = &helpers->program->functions[id];
  Arena *code = arena_new();
  bool loaded = function->body != NULL;
  if (!loaded)
    program_load(helpers->program, function, code);
  const Facts *facts = NULL;
  helpers->depth++;
  if (function->body->block_count <= HELPER_BLOCKS)
    facts = facts_new(helpers->arena, helpers, helpers->program, function, (Wanted){0});
  helpers->depth--;
  if (!loaded)
    program_unload(function);
  arena_free(code);
  return facts;
}

const Facts *helpers_find(Helpers *helpers, const ProgramFunction *caller, TextId symbol,
                          uint8_t traits) {
  if (!helpers)
    return NULL;
  Targets targets = program_resolve(helpers->program, caller, symbol);
  if (targets.count != 1 || targets.open || models_find(helpers->program->models, symbol))
    return NULL;
  uint32_t id = targets.ids[0];
  if (traits && !(helpers->traits[id] & traits))
    return NULL;
  if (helpers->looked[id])
    return helpers->known[id];
  if (helpers->depth == HELPER_DEPTH) {
    helpers->refused = true;
    return NULL;
  }
  bool refused = helpers->refused;
  helpers->refused = false;
  helpers->looked[id] = true; // first: it may call itself
  const Facts *facts = helpers->known[id] = look_into(helpers, id);
  if (helpers->refused && helpers->depth) { // from nearer more is seen
    helpers->looked[id] = false;
    helpers->known[id] = NULL;
  }
  helpers->refused |= refused;
  return facts;
}
