/* helpers.c - callees that may count and test for their callers, looked into when they are met. */
#include "depth/facts.h"
#include "depth/traits.h"

enum { HELPER_BLOCKS = 20, GUARD_BLOCKS = 6, HELPER_DEPTH = 3 };

struct Helpers {
  Arena *arena;
  Program *program;
  const Facts **known;   // per function: all that there is to know
  const Facts **nearest; // what is known of it as a member's callee: less from farther away
  bool *looked;          // `known` is filled in, if only with NULL
  bool *busy;            // it is being looked into
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
                       .nearest = arena_new_array(arena, const Facts *, program->function_count),
                       .busy = arena_new_array(arena, bool, program->function_count),
                       .traits = gather_traits(arena, program, traits),
                       .looked = arena_new_array(arena, bool, program->function_count)};
  return helpers;
}

bool helpers_count(const Helpers *helpers, const ProgramFunction *caller) {
  for (uint32_t i = 0; i < caller->callee_count; i++)
    if (helpers->traits[caller->callees[i]] & TRAIT_COUNTS)
      return true;
  return false;
}

/* A member of a cycle that does more than to guard it is taken to leave counters as they were. */
static const Facts *look_into(Helpers *helpers, uint32_t id) {
  BorrowedCode code = program_borrow(helpers->program, id);
  const ProgramFunction *function = code.function;
  Facts *facts = NULL;
  helpers->depth++;
  if (function->body->block_count <= (function->recursive ? GUARD_BLOCKS : HELPER_BLOCKS))
    facts = facts_new(helpers->arena, helpers, helpers->program, function, (Wanted){0});
  helpers->depth--;
  program_return(&code);
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
  if (helpers->known[id] || helpers->looked[id])
    return helpers->known[id];
  if (!helpers->depth && helpers->nearest[id])
    return helpers->nearest[id];
  if (helpers->depth == HELPER_DEPTH || helpers->busy[id]) {
    helpers->refused = true;
    return NULL;
  }
  bool refused = helpers->refused;
  helpers->refused = false;
  helpers->busy[id] = true;
  const Facts *facts = look_into(helpers, id);
  helpers->busy[id] = false;
  if (!helpers->refused) {
    helpers->looked[id] = true;
    helpers->known[id] = facts;
  } else if (!helpers->depth) {
    helpers->nearest[id] = facts;
  }
  helpers->refused |= refused;
  return facts;
}
