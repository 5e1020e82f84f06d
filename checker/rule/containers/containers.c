/* containers.c - what functions do to containers, as it is remembered of each function, put
 * together for the whole program, and what rules ask of it. */
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "base/message.h"
#include "link/called.h"
#include "link/linkage.h"
#include "rule/pass.h"

/* ---- one function */

/* As bytes: read when all are known, in the order of their functions, so that what comes of them
 * does not hang on which of them were made in this run. */
void remember_containers(Pass *pass, Values *values) {
  const Engine *e = pass->engine;
  ByteWriter out = {0};
  PathTable *paths = paths_new(pass->program->symbols);
  GrowthFacts facts =
      facts_of_growth(e->arena, e->arena, pass->program, e->function, values, paths);
  growth_facts_write(&out, &facts, paths, pass->program->symbols);
  paths_free(paths);
  array_push(&pass->container_rows,
             (ContainerRow){.function = e->function,
                            .bytes = arena_copy(pass->arena, out.at, out.count),
                            .count = out.count});
  bytes_free(&out);
}

void container_row_write(const Pass *pass, ByteWriter *out, const ContainerRow *row) {
  (void)pass;
  bytes_put_u(out, row->count);
  bytes_put_raw(out, row->bytes, row->count);
}

ContainerRow container_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  ContainerRow row = {.function = function, .count = bytes_get_count(in, 1)};
  const void *bytes = bytes_get_raw(in, row.count);
  row.bytes = bytes ? arena_copy(pass->arena, bytes, row.count) : NULL;
  return row;
}

/* ---- the program */

static int by_function(const void *left, const void *right) {
  const ContainerRow *a = left, *b = right;
  return (a->function->id > b->function->id) - (a->function->id < b->function->id);
}

void find_containers(Pass *pass) {
  size_t count = pass->container_rows.count;
  if (!count)
    return;
  pass->paths = paths_new(pass->program->symbols);
  qsort(pass->container_rows.at, count, sizeof *pass->container_rows.at, by_function);
  GrowthFacts *facts = arena_new_array(pass->arena, GrowthFacts, count);
  for (size_t i = 0; i < count; i++) {
    const ContainerRow *row = &pass->container_rows.at[i];
    ByteReader in = bytes_reader(row->bytes, row->count);
    facts[i] =
        growth_facts_read(pass->arena, &in, row->function, pass->paths, pass->program->symbols);
    if (in.failed)
      bug("what is stored of containers in '%s' cannot be read", row->function->declared.key);
    if (facts[i].too_large)
      array_push(&pass->unread, row->function->id);
  }
  pass->effects = growth_effects(pass->arena, pass->program, pass->paths, facts, (uint32_t)count);
  pass->containers = containers_find(pass->arena, pass->program, pass->paths, &pass->effects,
                                     &pass->container_count);
  pass->intakes = intakes_find(pass->arena, pass->program, pass->paths, facts, (uint32_t)count,
                               &pass->intake_count);
  pass->object_containers = object_containers_find(pass->arena, pass->program, pass->paths,
                                                   &pass->effects, facts, (uint32_t)count);
  pass->renewals = renewals_find(pass->arena, pass->program, pass->paths, facts, (uint32_t)count,
                                 &pass->renewal_count);
  pass->untrimmed = untrimmed_find(pass->arena, pass->program, pass->paths, facts, (uint32_t)count,
                                   &pass->untrimmed_count);
}

void tell_containers(Pass *pass) {
  if (pass->rule->on_containers)
    pass->rule->on_containers(pass, pass->containers, pass->container_count);
  if (pass->rule->on_intakes)
    pass->rule->on_intakes(pass, pass->intakes, pass->intake_count);
  if (pass->rule->on_object_containers)
    pass->rule->on_object_containers(pass, &pass->object_containers);
  if (pass->rule->on_renewals)
    pass->rule->on_renewals(pass, pass->renewals, pass->renewal_count);
  if (pass->rule->on_untrimmed)
    pass->rule->on_untrimmed(pass, pass->untrimmed, pass->untrimmed_count);
}

void containers_free(Pass *pass) {
  array_free(&pass->unread);
  growth_effects_free(&pass->effects);
  if (pass->paths)
    paths_free(pass->paths);
}

/* ---- what the rules ask */

const GrowthEffect *effect_at(const Pass *pass, uint32_t effect) {
  return &pass->effects.at[effect];
}

const ProgramFunction *effect_function(const Pass *pass, const GrowthEffect *effect) {
  return &pass->program->functions[effect->function];
}

Multiplicity effect_runs(Pass *pass, const GrowthEffect *effect) {
  Multiplicity often = multiplicity_of(multiplicities(pass), effect->function);
  uint32_t parts = often.life;
  if (parts & (parts - 1)) // the function has code of several parts of the process's life
    often = multiplicity_at(multiplicities(pass), effect->function, effect->touch.instruction);
  if (often.runs != RUNS_NEVER && (Runs)(effect->touch.repeats + 1) > often.runs)
    often.runs = (Runs)(effect->touch.repeats + 1);
  return often;
}

const GrowthEffect *effect_that_names(const Pass *pass, const Container *container,
                                      const GrowthEffect *effect) {
  while (effect->inner != NO_EFFECT && container->field) {
    const GrowthEffect *inner = effect_at(pass, effect->inner);
    PathId path = inner->touch.path;
    while (path && (path_at(pass->paths, path)->kind != PATH_FIELD ||
                    path_at(pass->paths, path)->number != container->field))
      path = path_at(pass->paths, path)->parent;
    if (!path)
      break;
    effect = inner;
  }
  return effect;
}

static bool reaches(const Function *f, Arena *arena, Index from, Index to) {
  bool *seen = arena_new_array(arena, bool, f->block_count);
  Index *work = arena_new_array(arena, Index, f->block_count);
  uint32_t count = 0;
  seen[from] = true;
  work[count++] = from;
  while (count && !seen[to]) {
    const Block *block = &f->blocks[work[--count]];
    for (uint32_t e = 0; e < block->edge_count; e++) {
      Index next = f->edges[block->edges + e].block;
      if (!seen[next])
        work[count++] = next;
      seen[next] = true;
    }
  }
  return seen[to];
}

/* One run of the function can do both: count it in there, or anywhere else, and take it out. */
static bool on_one_way(Pass *pass, const GrowthEffect *growth, const GrowthEffect *removal) {
  BorrowedCode code = program_borrow(pass->program, growth->function);
  const Function *f = code.function->body;
  Index out = block_of_instruction(f, removal->touch.instruction);
  bool together = false;
  for (uint32_t i = pass->effects.first[growth->function];
       i < pass->effects.last[growth->function] && !together; i++) {
    const Touch *touch = &effect_at(pass, i)->touch;
    bool is_same = touch->kind == TOUCH_COUNTS_UP && touch->path == growth->touch.path;
    if (!is_same && effect_at(pass, i) != growth)
      continue;
    Index in = block_of_instruction(f, touch->instruction);
    together = reaches(f, code.arena, in, out) || reaches(f, code.arena, out, in);
  }
  program_return(&code);
  return together;
}

static bool has_guard(const GrowthEffect *effect, PathId guard) {
  for (uint32_t i = 0; i < GUARDS; i++)
    if (effect->guards[i] == guard)
      return true;
  return false;
}

/* Both happen on the way through one function, once, and no limit decides about the removal. */
bool is_part_of_insertion(Pass *pass, const GrowthEffect *growth, const GrowthEffect *removal) {
  bool is_limited = false;
  for (uint32_t i = 0; i < GUARDS && removal->guards[i]; i++)
    is_limited |= path_at(pass->paths, removal->guards[i])->kind != PATH_UNKNOWN &&
                  !has_guard(growth, removal->guards[i]);
  bool drains = removal->touch.repeats != REPEATS_ONCE && !(growth->touch.flags & TOUCH_COUNTED);
  if (growth->function != removal->function || is_limited || drains)
    return false;
  while (growth->inner != NO_EFFECT && removal->inner != NO_EFFECT &&
         growth->touch.instruction == removal->touch.instruction &&
         effect_at(pass, growth->inner)->function == effect_at(pass, removal->inner)->function) {
    growth = effect_at(pass, growth->inner);
    removal = effect_at(pass, removal->inner);
  }
  return strcmp(effect_function(pass, growth)->declared.name, "main") != 0 &&
         on_one_way(pass, growth, removal);
}

void note_inside(Pass *pass, Finding *finding, const GrowthEffect *effect,
                 const GrowthEffect *last) {
  while (effect != last && effect->inner != NO_EFFECT) {
    effect = effect_at(pass, effect->inner);
    const ProgramFunction *function = effect_function(pass, effect);
    if (effect != last)
      note_there(pass, finding, STEP_EVENT, position_of(function, effect->touch.instruction, false),
                 effect->inner == NO_EFFECT ? "'%s' puts it in here" : "'%s' hands it on here",
                 function->declared.name);
  }
}

void note_size(Pass *pass, Finding *finding, const GrowthEffect *effect) {
  while (effect->inner != NO_EFFECT)
    effect = effect_at(pass, effect->inner);
  if (!effect->touch.made)
    return;
  uint32_t made = effect->touch.made - 1;
  BorrowedCode code = program_borrow(pass->program, effect->function);
  const Function *f = code.function->body;
  const Instruction *call = &f->instructions[made];
  uint64_t bytes = call->kind == INST_CALL && call->arg_count ? 1 : 0;
  for (uint32_t i = 0; i < call->arg_count && bytes; i++) { // calloc(1, size)
    const Node *arg = &f->nodes[f->args[call->args + i]];
    bytes = arg->kind == NODE_CONSTANT ? bytes * (uint64_t)f->constants[arg->a].value : 0;
  }
  const char *maker = bytes > 1 && f->nodes[call->a].kind == NODE_FUNCTION
                          ? arena_text(pass->arena, f->symbols[f->nodes[call->a].a].name)
                          : NULL;
  program_return(&code);
  if (maker)
    note_there(pass, finding, STEP_EVENT, position_of(effect_function(pass, effect), made, false),
               "'%s' gives %s bytes for it here", maker, bytes_in_words(pass, bytes, bytes));
}

bool is_element_freed(Pass *pass, const Container *container) {
  uint32_t count;
  uint32_t *frees = effects_freeing(pass->arena, pass->program, pass->paths, &pass->effects,
                                    container->element, &count);
  for (uint32_t i = 0; i < count; i++) {
    const GrowthEffect *freed = effect_at(pass, frees[i]);
    bool is_inserter = false;
    for (uint32_t k = 0; k < container->growth_count; k++)
      for (const GrowthEffect *at = effect_at(pass, container->growths[k]);;
           at = effect_at(pass, at->inner)) {
        is_inserter |= at->function == freed->function;
        if (at->inner == NO_EFFECT)
          break;
      }
    Multiplicity often = effect_runs(pass, freed);
    if (!is_inserter && often.runs != RUNS_NEVER && often.life & LIFE_RUN)
      return true;
  }
  return false;
}

bool frees_elements(const Pass *pass, const Container *container, const GrowthEffect *effect) {
  uint32_t last = pass->effects.last[effect->function];
  for (uint32_t i = pass->effects.first[effect->function]; i < last; i++) {
    const Touch *touch = &effect_at(pass, i)->touch;
    TextId record = path_at(pass->paths, touch->path)->pointee;
    if (touch->kind == TOUCH_FREES && (!container->element || record == container->element))
      return true;
  }
  return !guard_on("growth-worked-off");
}

/* ---- evidence of absence */

typedef struct {
  uint32_t function;
  bool puts_in, reads;
} Toucher;

static void add_toucher(Pass *pass, Toucher *all, uint32_t *count, uint32_t effect, bool puts_in) {
  uint32_t function = effect_at(pass, effect)->function;
  uint32_t i = 0;
  while (i < *count && all[i].function != function)
    i++;
  if (i == *count)
    all[(*count)++] = (Toucher){.function = function};
  all[i].puts_in |= puts_in;
}

void note_touching(Pass *pass, Finding *finding, const Container *container) {
  uint32_t count = 0, inserting = 0;
  Toucher *all = arena_new_array(pass->arena, Toucher,
                                 container->growth_count + container->reader_count +
                                     container->reset_count + 1u);
  for (uint32_t i = 0; i < container->growth_count; i++)
    add_toucher(pass, all, &count, container->growths[i], true);
  inserting = count;
  for (uint32_t i = 0; i < container->reader_count; i++)
    add_toucher(pass, all, &count, container->readers[i], false);
  note_evidence(pass, finding,
                "%u function%s touch%s '%s': %u insert%s, %u only look, none removes", count,
                count == 1 ? "" : "s", count == 1 ? "es" : "", container->name, inserting,
                inserting == 1 ? "s" : "", count - inserting);
}

/* The function's code has one of the names by which the container is known. */
static bool names(const Pass *pass, const Function *f, const Container *container) {
  const char *field = text_of(pass->program->symbols, container->field);
  for (uint32_t i = 0; i < f->symbol_count; i++) {
    const char *key = f->symbols[i].key;
    if (!strcmp(key, container->root) || (*field && !strcmp(key, field)) ||
        (*container->member && !strcmp(key, container->member)))
      return true;
  }
  return false;
}

const char *not_seen(Pass *pass, const Container *container) {
  TextId callee = container_given_to(pass->paths, &pass->effects, container);
  if (callee)
    return arena_printf(pass->arena, "'%s' is given it, or an element of it, and was not analysed",
                        text_of(pass->program->symbols, callee));
  for (size_t i = 0; i < pass->unread.count; i++) {
    BorrowedCode code = program_borrow(pass->program, pass->unread.at[i]);
    bool has_to_do = names(pass, code.function->body, container);
    program_return(&code);
    if (has_to_do)
      return arena_printf(pass->arena, "'%s' has to do with it, and is too large to be looked into",
                          code.function->declared.name);
  }
  return NULL;
}
