/* renewals.c - see renewals.h. Who makes something in a region is known by the models, and of
 * functions that hand it on, callees first.
 *
 * Unsound: what is handed on in a field of what a function gives is not followed. */
#include "growth/renewals.h"

#include <string.h>

#include "base/array.h"
#include "base/guard.h"
#include "link/called.h"

enum { GIVE_LIMIT = 4, WAY = 4, AS_RESULT = 0xffff };

/* What it gives as the result, or by the parameter `out`, lives as long as what `region` is. */
typedef struct {
  uint16_t region, out;
} Give;

typedef struct {
  Give at[GIVE_LIMIT];
  uint32_t count;
} Gives;

typedef struct {
  Renewal renewal;
  TextId field;    // last of the place
  TextId way[WAY]; // fields and variables on the way to the region, the last one first
} Found;

typedef struct {
  Arena *arena;
  Program *program;
  Gives *gives; // by function id
  bool *freed;  // per text: what this field or global leads to is given back by somebody
  bool *moved;  // per text: it gets another value, and not only where it had none
  ARRAY(Found) found;
} Renewing;

/* Something new, by one call. */
typedef struct {
  uint32_t instruction;
  PathId region;
  PathId place; // of the result, or where the call puts it
} Made;

typedef struct {
  uint32_t instruction;
  Index block;
  Places places;
  Meanings value;
} Put;

/* The function at hand. */
typedef struct {
  Renewing *all;
  const ProgramFunction *function;
  const Function *f;
  PathTable *paths;
  Values *values;
  ARRAY(Made) made;
  ARRAY(Put) puts;
  ARRAY(Put) loads;
  ARRAY(Put) given; // to calls: places whose address is
  Gives gives;
} Renewer;

static PathKind kind_of(const Renewer *x, PathId path) {
  return (PathKind)path_at(x->paths, path)->kind;
}

/* ---- who makes something */

static void add_give(Gives *gives, uint32_t region, uint32_t out) {
  for (uint32_t i = 0; i < gives->count; i++)
    if (gives->at[i].region == region && gives->at[i].out == out)
      return;
  if (gives->count < GIVE_LIMIT)
    gives->at[gives->count++] = (Give){(uint16_t)region, (uint16_t)out};
}

static Gives gives_of_model(const Summary *model) {
  Gives gives = {0};
  for (uint32_t c = 0; model && c < model->case_count; c++)
    for (uint32_t i = 0; i < model->cases[c].effect_count; i++) {
      const Effect *effect = &model->cases[c].effects[i];
      if (effect->action != ACTION_LIVE)
        continue;
      const Term *region = term_at(model->terms, effect->other);
      if (region->kind == TERM_PARAM && term_at(model->terms, effect->place)->kind == TERM_RESULT)
        add_give(&gives, region->a, AS_RESULT);
    }
  return gives;
}

static Gives gives_of_call(const Renewer *x, uint32_t instruction) {
  const Program *program = x->all->program;
  TextId callee = called_by_name(x->function, instruction);
  const Summary *model = callee ? models_find(program->models, callee) : NULL;
  if (!callee)
    return (Gives){0};
  if (model)
    return gives_of_model(model);
  Targets targets = program_resolve(program, x->function, callee);
  return targets.count == 1 ? x->all->gives[targets.ids[0]] : (Gives){0};
}

/* ---- one function */

/* The place that an argument can only be the content, or the address, of; 0: it is not known. */
static PathId only_place(Renewer *x, NodeId arg, MeaningKind kind) {
  Meanings value = values_of(x->values, arg);
  bool told = value.count == 1 && value.at[0].kind == kind && !value.at[0].moved;
  return told && kind_of(x, value.at[0].path) != PATH_UNKNOWN ? value.at[0].path : 0;
}

/* Where what is pointed to is put: *out. */
static PathId place_behind(Renewer *x, NodeId arg) {
  PathId address = only_place(x, arg, MEANS_ADDRESS), content = only_place(x, arg, MEANS_CONTENT);
  return address ? address : content ? path_target(x->paths, content) : 0;
}

static void note_given(Renewer *x, uint32_t instruction, Index block, NodeId arg) {
  Meanings value = values_of(x->values, arg);
  Put put = {.instruction = instruction, .block = block};
  for (uint32_t i = 0; i < value.count; i++)
    if (value.at[i].kind == MEANS_ADDRESS)
      put.places.at[put.places.count++] = value.at[i].path;
  if (put.places.count)
    array_push(&x->given, put);
}

static void note_call(Renewer *x, uint32_t instruction, Index block) {
  const Instruction *inst = &x->f->instructions[instruction];
  Gives gives = gives_of_call(x, instruction);
  for (uint32_t i = 0; i < inst->arg_count; i++)
    note_given(x, instruction, block, x->f->args[inst->args + i]);
  for (uint32_t i = 0; i < gives.count; i++) {
    uint32_t region = gives.at[i].region, out = gives.at[i].out;
    if (region >= inst->arg_count || (out != AS_RESULT && out >= inst->arg_count))
      continue;
    Made made = {.instruction = instruction,
                 .region = only_place(x, x->f->args[inst->args + region], MEANS_CONTENT)};
    if (out != AS_RESULT)
      made.place = place_behind(x, x->f->args[inst->args + out]);
    if (made.region && (made.place || out == AS_RESULT))
      array_push(&x->made, made);
    if (made.region && made.place)
      array_push(&x->puts, (Put){.instruction = instruction,
                                 .block = block,
                                 .places = {.count = 1, .at = {made.place}}});
  }
}

static void note_put(Renewer *x, uint32_t instruction, Index block, Places places, NodeId value) {
  Put put = {.instruction = instruction,
             .block = block,
             .places = places,
             .value = values_of(x->values, value)};
  if (places.count && x->f->types[x->f->nodes[value].type].kind == TYPE_POINTER)
    array_push(&x->puts, put);
}

static void gather(Renewer *x) {
  const Cfg *cfg = x->values->cfg;
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    Index block = cfg->order[i];
    const Block *b = &x->f->blocks[block];
    if (!x->values->entry[block])
      continue;
    values_enter(x->values, block);
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      const Instruction *inst = &x->f->instructions[k];
      if (inst->kind == INST_CALL)
        note_call(x, k, block);
      else if (inst->kind == INST_STORE)
        note_put(x, k, block, values_places(x->values, inst->a), inst->b);
      else if (inst->kind == INST_LOAD)
        array_push(
            &x->loads,
            (Put){.instruction = k, .block = block, .places = values_places(x->values, inst->a)});
      values_step(x->values, k);
    }
    Places returned = {.count = 1, .at = {path_root(x->paths, PATH_RETURNED, 0, 0)}};
    if (b->terminator == TERM_RETURN && b->value)
      note_put(x, b->first, block, returned, b->value);
  }
}

/* What is put there is what the call made, or nothing. */
static bool is_what_was_made(const Renewer *x, const Put *put, const Made *made) {
  bool found = put->instruction == made->instruction && put->places.at[0] == made->place;
  for (uint32_t i = 0; i < put->value.count; i++) {
    const Meaning *value = &put->value.at[i];
    const PathNode *node = path_at(x->paths, value->path);
    bool is_it = value->kind == MEANS_CONTENT &&
                 (made->place ? value->path == made->place
                              : node->kind == PATH_RESULT && node->number == made->instruction);
    if (!is_it && value->kind != MEANS_ZERO)
      return false;
    found |= is_it;
  }
  return found;
}

static bool holds(const Places *places, PathId path) {
  for (uint32_t i = 0; i < places->count; i++)
    if (places->at[i] == path)
      return true;
  return false;
}

/* ---- was it there before? */

static uint32_t pointers_in(const Renewer *x, PathId path) {
  uint32_t pointers = 0;
  for (; path; path = path_at(x->paths, path)->parent)
    pointers += kind_of(x, path) == PATH_TARGET;
  return pointers;
}

/* The pointer to the object that the place is a part of; 0: it is none, or an element. */
static PathId pointer_to_owner(const Renewer *x, PathId place) {
  while (kind_of(x, place) == PATH_FIELD)
    place = path_at(x->paths, place)->parent;
  return kind_of(x, place) == PATH_TARGET ? path_at(x->paths, place)->parent : 0;
}

/* Some pointer on the way to it is set here: it may be new. */
static bool is_set_here(const Renewer *x, PathId path) {
  for (; path; path = path_at(x->paths, path)->parent) {
    for (size_t i = 0; i < x->puts.count; i++)
      if (holds(&x->puts.at[i].places, path))
        return true;
    for (size_t i = 0; i < x->given.count; i++)
      if (holds(&x->given.at[i].places, path))
        return true;
  }
  return false;
}

static bool is_known_to_give(const Renewer *x, uint32_t call) {
  bool by_pointer;
  const Program *program = x->all->program;
  TextId callee = called_symbol(x->function, call, &by_pointer);
  return !callee || models_find(program->models, callee) ||
         program_resolve(program, x->function, callee).count;
}

static bool was_there(const Renewer *x, PathId place, PathId region) {
  const PathNode *root = path_at(x->paths, path_first(x->paths, place));
  if (is_set_here(x, region))
    return false;
  switch ((PathKind)root->kind) {
  case PATH_GLOBAL:
    return kind_of(x, path_first(x->paths, region)) == PATH_GLOBAL;
  case PATH_PARAMETER:
    return pointers_in(x, place) > 1 && pointer_to_owner(x, place) == region;
  case PATH_RESULT:
    return pointers_in(x, place) > 1 && pointer_to_owner(x, place) == region &&
           !is_known_to_give(x, root->number);
  default:
    return false;
  }
}

/* ---- does somebody look at what it was? */

static bool reaches(const Renewer *x, Index from, Index to) {
  bool *seen = arena_new_array(x->values->arena, bool, x->f->block_count);
  Index *work = arena_new_array(x->values->arena, Index, x->f->block_count + 1u);
  uint32_t count = 0;
  work[count++] = from;
  while (count) {
    const Block *b = &x->f->blocks[work[--count]];
    for (uint32_t i = 0; i < b->edge_count; i++) {
      Index next = x->f->edges[b->edges + i].block;
      if (next == to)
        return true;
      if (!seen[next])
        work[count++] = next;
      seen[next] = true;
    }
  }
  return false;
}

static bool is_before(const Renewer *x, const Put *one, const Put *put) {
  if (one->instruction == put->instruction)
    return false;
  return (one->block == put->block && one->instruction < put->instruction) ||
         reaches(x, one->block, put->block);
}

static bool is_looked_at(const Renewer *x, const Put *put, PathId place) {
  if (!guard_on("growth-forgotten"))
    return false;
  for (size_t i = 0; i < x->loads.count; i++)
    if (holds(&x->loads.at[i].places, place) && is_before(x, &x->loads.at[i], put))
      return true;
  for (size_t i = 0; i < x->given.count; i++)
    if (holds(&x->given.at[i].places, place) && is_before(x, &x->given.at[i], put))
      return true;
  return false;
}

/* The field or variable that the place is; 0: neither. */
static TextId symbol_of(const PathTable *paths, PathId path) {
  const PathNode *node = path_at(paths, path);
  return node->kind == PATH_FIELD || node->kind == PATH_GLOBAL ? node->number : 0;
}

static const char *name_of(const Renewer *x, PathId path) {
  const char *words = path_in_words(x->all->arena, x->paths, x->all->program->symbols, path);
  return strncmp(words, "->", 2) == 0 ? words + 2 : words;
}

static void try_renewal(Renewer *x, const Put *put, const Made *made) {
  PathId place = put->places.at[0];
  TextId field = symbol_of(x->paths, place);
  if (put->places.count != 1 || !field || path_starts(x->paths, made->region, place) ||
      !was_there(x, place, made->region) || is_looked_at(x, put, place))
    return;
  Renewal one = {.function = x->function->id,
                 .stores = put->instruction,
                 .made = made->instruction,
                 .name = name_of(x, place),
                 .region = name_of(x, made->region),
                 .is_global = kind_of(x, path_first(x->paths, place)) == PATH_GLOBAL};
  Found found = {.renewal = one, .field = field};
  uint32_t count = 0;
  for (PathId at = made->region; at && count < WAY; at = path_at(x->paths, at)->parent)
    if (symbol_of(x->paths, at))
      found.way[count++] = symbol_of(x->paths, at);
  array_push(&x->all->found, found);
}

/* ---- what it gives on */

static void note_gives(Renewer *x, const Put *put, const Made *made) {
  const PathNode *region = path_at(x->paths, made->region);
  PathId place = put->places.at[0];
  const PathNode *behind = path_at(x->paths, path_at(x->paths, place)->parent);
  if (region->kind != PATH_PARAMETER || put->places.count != 1)
    return;
  if (kind_of(x, place) == PATH_RETURNED)
    add_give(&x->gives, region->number, AS_RESULT);
  else if (kind_of(x, place) == PATH_TARGET && behind->kind == PATH_PARAMETER)
    add_give(&x->gives, region->number, behind->number);
}

static void look_at(Renewing *all, uint32_t function) {
  BorrowedCode code = program_borrow(all->program, function);
  Renewer x = {.all = all, .function = code.function, .f = code.function->body};
  x.paths = paths_new(all->program->symbols);
  x.values = values_new(code.arena, all->program, code.function, cfg_new(code.arena, x.f), x.paths);
  if (x.values)
    gather(&x);
  for (size_t i = 0; i < x.puts.count; i++)
    for (size_t k = 0; k < x.made.count; k++) {
      if (!is_what_was_made(&x, &x.puts.at[i], &x.made.at[k]))
        continue;
      note_gives(&x, &x.puts.at[i], &x.made.at[k]);
      try_renewal(&x, &x.puts.at[i], &x.made.at[k]);
    }
  all->gives[function] = x.gives;
  array_free(&x.made);
  array_free(&x.puts);
  array_free(&x.loads);
  array_free(&x.given);
  paths_free(x.paths);
  program_return(&code);
}

/* ---- the program */

static bool calls_maker(const Renewing *x, const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->call_count; i++)
    if (gives_of_model(models_find(x->program->models, links->call_symbols[i])).count)
      return true;
  for (uint32_t i = 0; i < function->callee_count; i++)
    if (x->gives[function->callees[i]].count)
      return true;
  return false;
}

static void note_touch(Renewing *x, const PathTable *paths, const Touch *touch) {
  PathId path = touch->path;
  bool empties = touch->kind == TOUCH_RESETS && touch->flags & TOUCH_BY_LIBRARY;
  bool moves = (touch->kind == TOUCH_RESETS || touch->kind == TOUCH_SHRINKS) &&
               !(touch->flags & TOUCH_WHEN_EMPTY);
  while (path && path_at(paths, path)->kind == PATH_TARGET)
    path = path_at(paths, path)->parent;
  TextId symbol = path ? symbol_of(paths, path) : 0;
  x->freed[symbol] |= touch->kind == TOUCH_FREES || empties;
  x->moved[symbol] |= moves;
}

/* It is only called where a test has found nothing there. */
static bool is_filled_when_empty(const Renewing *x, const PathTable *paths,
                                 const GrowthFacts *facts, uint32_t fact_count, const Found *one) {
  const ProgramFunction *function = &x->program->functions[one->renewal.function];
  for (uint32_t i = 0; i < fact_count; i++)
    for (uint32_t k = 0; k < facts[i].call_count; k++)
      for (uint32_t e = 0; e < GUARD_LIMIT && facts[i].calls[k].callee == function->key; e++)
        if (facts[i].calls[k].empty[e] &&
            symbol_of(paths, facts[i].calls[k].empty[e]) == one->field)
          return true;
  return false;
}

Renewal *renewals_find(Arena *arena, Program *program, const PathTable *paths,
                       const GrowthFacts *facts, uint32_t fact_count, uint32_t *count) {
  bool *has_facts = arena_new_array(arena, bool, program->function_count);
  Renewing x = {.arena = arena,
                .program = program,
                .gives = arena_new_array(arena, Gives, program->function_count)};
  for (uint32_t i = 0; i < fact_count; i++)
    has_facts[facts[i].function->id] = !facts[i].too_large;
  for (uint32_t i = 0; i < program->function_count; i++) {
    const ProgramFunction *function = &program->functions[program->order[i]];
    if (has_facts[function->id] && !function->has_model && calls_maker(&x, function))
      look_at(&x, function->id);
  }
  Renewal *found = arena_new_array(arena, Renewal, x.found.count + 1u);
  x.freed = arena_new_array(arena, bool, text_count(program->symbols));
  x.moved = arena_new_array(arena, bool, text_count(program->symbols));
  for (uint32_t i = 0; i < fact_count && x.found.count; i++)
    for (uint32_t k = 0; k < facts[i].touch_count; k++)
      note_touch(&x, paths, &facts[i].touches[k]);
  x.freed[0] = x.moved[0] = false;
  *count = 0;
  for (size_t i = 0; i < x.found.count; i++) {
    Found *one = &x.found.at[i];
    for (uint32_t k = 0; k < WAY; k++)
      one->renewal.is_passing |= x.moved[one->way[k]];
    if (!x.freed[one->field] && !x.freed[one->way[0]] &&
        !is_filled_when_empty(&x, paths, facts, fact_count, one))
      found[(*count)++] = one->renewal;
  }
  array_free(&x.found);
  return found;
}
