/* helpers.c - callees that may count and test for their callers, looked into when they are met. */
#include "depth/facts.h"

enum { HELPER_BLOCKS = 64, HELPER_DEPTH = 3 };

struct Helpers {
  Arena *arena;
  Program *program;
  const Facts **known; // per function
  bool *looked;
  uint32_t depth;
  bool refused; // something was too deep to be looked into
};

Helpers *helpers_new(Arena *arena, Program *program) {
  Helpers *helpers = arena_new_one(arena, Helpers);
  *helpers = (Helpers){.arena = arena,
                       .program = program,
                       .known = arena_new_array(arena, const Facts *, program->function_count),
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

const Facts *helpers_find(Helpers *helpers, const ProgramFunction *caller, TextId symbol) {
  Targets targets = program_resolve(helpers->program, caller, symbol);
  if (targets.count != 1 || targets.open || models_find(helpers->program->models, symbol))
    return NULL;
  uint32_t id = targets.ids[0];
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
