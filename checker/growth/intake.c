/* intake.c - see intake.h.
 *
 * Unsound: what is read from a descriptor by read() may as well be a file of one's own, and is left
 * alone. So is what is put in through pointers to functions. */
#include "growth/intake.h"

#include <string.h>

#include "base/array.h"
#include "growth/deeds.h"
#include "growth/intake_loop.h"
#include "growth/library.h"
#include "ir/parts.h"
#include "link/called.h"

typedef struct {
  Arena *arena;
  Callees callees;
  ARRAY(Intake) found;
} Intaking;

/* What the function at hand does in one loop. */
typedef struct {
  Intaking *all;
  const ProgramFunction *function;
  const Function *f;
  Values *values;
  bool *receiving; // per instruction of the loop: a call that receives something
  FedLoop loop;

  Arena *arena;
} FedFunction;

/* ---- one loop */

static bool receives(const FedFunction *x, uint32_t instruction) {
  bool by_pointer;
  const Intaking *all = x->all;
  TextId callee = called_symbol(x->function, instruction, &by_pointer);
  if (!by_pointer && model_receives(all->callees.program, callee))
    return true;
  Targets targets = by_pointer ? program_slot_targets(all->callees.program, callee)
                               : program_resolve(all->callees.program, x->function, callee);
  for (uint32_t i = 0; i < targets.count; i++)
    if (callee_receives(&all->callees, targets.ids[i]))
      return true;
  return false;
}

/* The object that an argument is the address of, when it can be no other one; 0: none. */
static PathId object_given(const FedFunction *x, NodeId arg) {
  Meanings value = values_of(x->values, arg);
  if (value.count != 1 || x->f->types[x->f->nodes[arg].type].kind != TYPE_POINTER ||
      (value.at[0].kind != MEANS_CONTENT && value.at[0].kind != MEANS_ADDRESS))
    return 0;
  PathId object = meaning_target(x->values->paths, &value.at[0]);
  return path_at(x->values->paths, object)->kind == PATH_UNKNOWN ? 0 : object;
}

static uint32_t library_deeds(const FedFunction *x, uint32_t instruction, const Summary *model,
                              PathId object) {
  const Instruction *inst = &x->f->instructions[instruction];
  GrowthCall call = {.args = arena_new_array(x->arena, HandedOn, inst->arg_count + 1u)};
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    Meanings value = values_of(x->values, x->f->args[inst->args + i]);
    bool is_told = value.count == 1 &&
                   (value.at[0].kind == MEANS_CONTENT || value.at[0].kind == MEANS_ADDRESS);
    if (is_told)
      call.args[call.arg_count++] = (HandedOn){value.at[0].kind, (uint16_t)i, value.at[0].path};
  }
  LibraryCall library = {x->arena, x->values->paths, x->f, inst, &call};
  Touches touches = library_touches(&library, model);
  uint32_t deeds = 0;
  for (uint32_t i = 0; i < touches.count; i++)
    if (touches.at[i].path == object ||
        touches.at[i].path == path_container(x->values->paths, object))
      deeds |= deed_of(&touches.at[i]);
  return deeds;
}

/* What the call does to the object. */
static uint32_t call_deeds(const FedFunction *x, uint32_t instruction, PathId object) {
  const Instruction *inst = &x->f->instructions[instruction];
  const Program *program = x->all->callees.program;
  TextId callee = called_by_name(x->function, instruction);
  const Summary *model = callee ? models_find(program->models, callee) : NULL;
  uint32_t deeds = 0;
  if (model)
    return library_deeds(x, instruction, model, object);
  Targets targets = callee ? program_resolve(program, x->function, callee) : (Targets){0};
  for (uint32_t i = 0; i < inst->arg_count; i++)
    for (uint32_t t = 0; t < targets.count && object_given(x, x->f->args[inst->args + i]) == object;
         t++)
      deeds |= callee_deeds(&x->all->callees, targets.ids[t], i);
  return deeds;
}

/* A store that empties the object, or begins another one in its place. */
static bool store_empties(const FedFunction *x, const Instruction *inst, PathId object) {
  PathTable *paths = x->values->paths;
  Places places = values_places(x->values, inst->a);
  Meanings value = values_of(x->values, inst->b);
  bool is_zero = value.count == 1 && value.at[0].kind == MEANS_ZERO;
  for (uint32_t i = 0; i < places.count; i++) {
    PathId at = places.at[i];
    while (at && at != object && path_at(paths, at)->kind == PATH_FIELD)
      at = path_at(paths, at)->parent;
    if (at == object && is_zero)
      return true;
  }
  return false;
}

static bool is_content_of(const FedFunction *x, NodeId id, NodeId place) {
  const Node *node = &x->f->nodes[without_casts(x->f, id)], *at = &x->f->nodes[place];
  if (node->kind == NODE_VAR)
    return at->kind == NODE_LOCAL && at->a == node->a;
  return node->kind == NODE_TEMP && x->loop.repetition->loads[node->a] == place;
}

static bool gives_back(const FedFunction *x, uint32_t instruction, NodeId place) {
  const Instruction *inst = &x->f->instructions[instruction];
  TextId callee = called_by_name(x->function, instruction);
  const Summary *model = callee ? models_find(x->all->callees.program->models, callee) : NULL;
  for (uint32_t i = 0; model && !inst->result && i < inst->arg_count; i++) {
    NodeId arg = x->f->args[inst->args + i];
    PathId object = is_content_of(x, arg, place) ? object_given(x, arg) : 0;

    if (object && library_deeds(x, instruction, model, object) & DEED_EMPTIES)
      return true;
  }
  return false;
}

/* Where the object is emptied or begins anew, and which calls are given it otherwise. */
static void find_stops(const FedFunction *x, Filling *filling, bool *is_given) {
  const Loop *loop = &x->loop.cfg->loops[x->loop.loop];
  PathTable *paths = x->values->paths;
  PathNode root = {0}; // a copy: the table moves when it grows
  if (filling->object)
    root = *path_at(paths, path_first(paths, filling->object));
  for (uint32_t i = 0; i < loop->block_count; i++) {
    Index block = loop->blocks[i];
    const Block *b = &x->f->blocks[block];
    if (!x->values->entry[block])
      continue;
    values_enter(x->values, block);
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      const Instruction *inst = &x->f->instructions[k];
      bool stops = false;
      if (filling->object && root.kind == PATH_RESULT && root.number == k)
        stops = true;
      else if (inst->kind == INST_DECLARE)
        stops = filling->object && root.kind == PATH_LOCAL && root.number == inst->a;
      else if (inst->kind == INST_STORE && filling->object)
        stops = store_empties(x, inst, filling->object);
      else if (inst->kind == INST_STORE)
        stops = inst->a == filling->place && k != filling->instruction;
      else if (inst->kind == INST_CALL && filling->object && k != filling->instruction) {
        uint32_t deeds = call_deeds(x, k, filling->object);
        stops = deeds & DEED_EMPTIES && !makes_longer(deeds);
        for (uint32_t a = 0; a < inst->arg_count && !deeds; a++)
          is_given[k] |= object_given(x, x->f->args[inst->args + a]) == filling->object;
      } else if (inst->kind == INST_CALL && !filling->object) {
        stops = gives_back(x, k, filling->place);
        for (uint32_t a = 0; a < inst->arg_count && !stops; a++)
          is_given[k] |= is_content_of(x, x->f->args[inst->args + a], filling->place);
      }
      filling->stops[block] |= stops;
      values_step(x->values, k);
    }
  }
}

static const char *name_of(const FedFunction *x, NodeId id) {
  const Node *node = &x->f->nodes[id];
  while (node->kind == NODE_ADDRESS || node->kind == NODE_CAST || node->kind == NODE_INDEX)
    node = &x->f->nodes[node->a];
  if (node->kind == NODE_TEMP && x->loop.repetition->loads[node->a])
    node = &x->f->nodes[x->loop.repetition->loads[node->a]];
  if (node->kind == NODE_FIELD)
    return arena_text(x->all->arena, x->f->symbols[node->b].name);
  if (node->kind == NODE_VAR || node->kind == NODE_LOCAL)
    return arena_text(x->all->arena, x->f->locals[node->a].name);
  return "";
}

static void try_filling(const FedFunction *x, Filling filling, NodeId named) {
  const char *name = name_of(x, named);
  bool *is_given = arena_new_array(x->arena, bool, x->f->instruction_count + 1u);
  for (size_t i = 0; i < x->all->found.count; i++)
    if (x->all->found.at[i].function == x->function->id && !strcmp(x->all->found.at[i].name, name))
      return;
  if (!*name)
    return;
  filling.stops = arena_new_array(x->arena, bool, x->f->block_count);
  find_stops(x, &filling, is_given);
  const Loop *loop = &x->loop.cfg->loops[x->loop.loop];
  for (uint32_t i = 0; i < loop->block_count; i++) {
    const Block *b = &x->f->blocks[loop->blocks[i]];
    for (uint32_t k = b->first; k < b->first + b->count; k++)
      if (x->receiving[k] && fed_loop_is_unlimited(&x->loop, &filling, is_given, loop->blocks[i])) {
        array_push(&x->all->found, (Intake){.function = x->function->id,
                                            .puts_in = filling.instruction,
                                            .receives = k,
                                            .name = name});
        return;
      }
  }
}

/* The call is given what the place holds and, for another one, what that has made. */
static bool is_given_both(const FedFunction *x, uint32_t instruction, NodeId place, PathId made) {
  const Instruction *inst = &x->f->instructions[instruction];
  bool is_given = false, is_made = !made;
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    NodeId arg = x->f->args[inst->args + i];
    Meanings value = values_of(x->values, arg);
    bool is_new =
        made && value.count == 1 && value.at[0].kind == MEANS_CONTENT && value.at[0].path == made;
    is_given |= !is_new && is_content_of(x, arg, place);
    is_made |= is_new;
  }
  return is_given && is_made;
}

/* What a block holds is moved to a larger one: the call that makes it is given the old one, or
 * another call copies it there. */
static bool is_moved_on(const FedFunction *x, NodeId place, uint32_t made) {
  const Instruction *inst = &x->f->instructions[made];
  const Loop *loop = &x->loop.cfg->loops[x->loop.loop];
  PathId result = path_root(x->values->paths, PATH_RESULT, made, 0);
  bool is_sized = false;
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    const Node *arg = &x->f->nodes[x->f->args[inst->args + i]];
    is_sized |= x->f->types[arg->type].kind != TYPE_POINTER &&
                fed_loop_is_fed(&x->loop, x->f->args[inst->args + i]) &&
                fed_loop_counts(&x->loop, x->f->args[inst->args + i]);
  }
  for (uint32_t i = 0; i < loop->block_count && is_sized; i++) {
    const Block *b = &x->f->blocks[loop->blocks[i]];
    if (!x->values->entry[loop->blocks[i]])
      continue;
    values_enter(x->values, loop->blocks[i]);
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      if (x->f->instructions[k].kind == INST_CALL &&
          is_given_both(x, k, place, k == made ? 0 : result))
        return true;
      values_step(x->values, k);
    }
  }
  return false;
}

/* Something that may make an object longer. */
typedef struct {
  uint32_t instruction;
  PathId object;
  NodeId place, named;
  uint32_t made; // the call that gives the larger block
} Candidate;

typedef ARRAY(Candidate) Candidates;

/* Has the call made it? So it has, unless it is seen where else it is from. */
static bool is_made(const FedFunction *x, uint32_t call) {
  TextId callee = called_by_name(x->function, call);
  Targets targets = callee ? program_resolve(x->all->callees.program, x->function, callee)
                           : (Targets){.open = true};
  for (uint32_t t = 0; t < targets.count; t++)
    if (callee_returns_known(&x->all->callees, targets.ids[t]))
      return false;
  return callee != 0;
}

/* It begins in this function, or is what that was given: what others keep has another life. */
static bool is_own(const FedFunction *x, PathId object) {
  const PathTable *paths = x->values->paths;
  const PathNode *root = path_at(paths, path_first(paths, object));
  uint32_t pointers = 0;
  for (PathId at = object; at; at = path_at(paths, at)->parent)
    pointers += path_at(paths, at)->kind == PATH_TARGET;
  switch ((PathKind)root->kind) {
  case PATH_LOCAL:
    return !pointers;
  case PATH_PARAMETER:
    return pointers == 1 && path_at(paths, object)->kind == PATH_TARGET;
  case PATH_RESULT:
    return pointers == 1 && is_made(x, root->number);
  default:
    return false;
  }
}

/* What the call is given besides the object hangs on what was received. */
static bool is_given_fed(const FedFunction *x, const Instruction *inst, uint32_t object) {
  for (uint32_t i = 0; i < inst->arg_count; i++)
    if (i != object && fed_loop_is_fed(&x->loop, x->f->args[inst->args + i]))
      return true;
  return false;
}

static void note_call(const FedFunction *x, uint32_t instruction, Candidates *candidates) {
  const Instruction *inst = &x->f->instructions[instruction];
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    NodeId arg = x->f->args[inst->args + i];
    PathId object = object_given(x, arg);
    if (object && is_given_fed(x, inst, i) && is_own(x, object) &&
        makes_longer(call_deeds(x, instruction, object)))

      array_push(candidates,
                 (Candidate){.instruction = instruction, .object = object, .named = arg});
  }
}

static void note_store(const FedFunction *x, uint32_t instruction, Candidates *candidates) {
  const Instruction *inst = &x->f->instructions[instruction];
  Meanings made = values_of(x->values, inst->b);
  const PathNode *node = path_at(x->values->paths, made.at[0].path);
  if (x->f->types[x->f->nodes[inst->a].type].kind != TYPE_POINTER || made.count != 1 ||
      made.at[0].kind != MEANS_CONTENT || node->kind != PATH_RESULT ||
      !cfg_in_loop(x->loop.cfg, x->loop.loop, block_of_instruction(x->f, node->number)))
    return;
  array_push(candidates, (Candidate){.instruction = instruction,
                                     .place = inst->a,
                                     .named = inst->a,
                                     .made = node->number});
}

static void look_at_loop(FedFunction *x) {
  const Loop *loop = &x->loop.cfg->loops[x->loop.loop];
  Candidates candidates = {0};
  for (uint32_t i = 0; i < loop->block_count; i++) {
    const Block *b = &x->f->blocks[loop->blocks[i]];
    if (!x->values->entry[loop->blocks[i]])
      continue;
    values_enter(x->values, loop->blocks[i]);
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      if (x->f->instructions[k].kind == INST_CALL)
        note_call(x, k, &candidates);
      else if (x->f->instructions[k].kind == INST_STORE)
        note_store(x, k, &candidates);
      values_step(x->values, k);
    }
  }
  for (size_t i = 0; i < candidates.count; i++) {
    const Candidate *one = &candidates.at[i];
    if (one->object || is_moved_on(x, one->place, one->made))
      try_filling(x,
                  (Filling){.instruction = one->instruction,
                            .object = one->object,
                            .place = one->place,
                            .made = one->made},
                  one->named);
  }
  array_free(&candidates);
}

/* ---- all functions */

static bool receives_in_loop(const FedFunction *x, const Cfg *cfg, Index loop, bool *receiving) {
  bool any = false;
  for (uint32_t i = 0; i < cfg->loops[loop].block_count; i++) {
    const Block *b = &x->f->blocks[cfg->loops[loop].blocks[i]];
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      receiving[k] = x->f->instructions[k].kind == INST_CALL && receives(x, k);
      any |= receiving[k];
    }
  }
  return any;
}

static void look_at(Intaking *all, uint32_t function) {
  BorrowedCode code = program_borrow(all->callees.program, function);
  FedFunction x = {
      .all = all, .function = code.function, .f = code.function->body, .arena = code.arena};
  const Cfg *cfg = cfg_new(code.arena, x.f);
  const Repetition *repetition = repetition_new(code.arena, x.f, cfg);
  PathTable *paths = NULL;
  x.receiving = arena_new_array(code.arena, bool, x.f->instruction_count + 1u);
  for (uint32_t i = 0; i < cfg->loop_count; i++) {
    if (repetition->loops[i].repeats != REPEATS_ANY || !receives_in_loop(&x, cfg, i, x.receiving))
      continue;
    if (!paths) {
      paths = paths_new(all->callees.program->symbols);
      x.values = values_new(code.arena, all->callees.program, code.function, cfg, paths);
    }
    if (!x.values)
      break;
    x.loop = fed_loop(code.arena, x.values, repetition, i, x.receiving);
    look_at_loop(&x);
  }
  if (paths)
    paths_free(paths);
  program_return(&code);
}

Intake *intakes_find(Arena *arena, Program *program, const PathTable *paths,
                     const GrowthFacts *facts, uint32_t fact_count, uint32_t *count) {
  Intaking x = {.arena = arena, .callees = callees_new(arena, program, paths, facts, fact_count)};
  for (uint32_t i = 0; i < fact_count; i++) {
    const ProgramFunction *function = facts[i].function;
    if (callee_may_receive_in_loop(&x.callees, function->id) &&
        strcmp(function->declared.name, "main") != 0)
      look_at(&x, function->id);
  }
  *count = (uint32_t)x.found.count;
  Intake *found = arena_copy(arena, x.found.at, sizeof *found * x.found.count);
  array_free(&x.found);
  return found;
}
