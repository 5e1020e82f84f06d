/* program.c - see program.h. The name tables are made in one pass over all links; the components by
 * Tarjan's algorithm (1972), with an explicit stack. */
#include "link/program.h"

#include "base/array.h"
#include "base/guard.h"
#include "link/borrow.h"
#include "link/components.h"
#include "link/linkage.h"
#include "link/name_table.h"
#include "link/pointer_fates.h"
#include "link/resolve.h"

Program *program_new(Arena *arena, TextPool *symbols, const ModelSet *models,
                     FunctionSource source) {
  Program *program = arena_new_one(arena, Program);
  program->arena = arena;
  program->symbols = symbols;
  program->models = models;
  program->source = source;
  program->names = arena_new_one(arena, NameTable);
  program->slots = arena_new_one(arena, NameTable);
  program->kept = kept_codes_new(arena);
  return program;
}

void program_set_units(Program *program, const ProgramUnit *units, uint32_t count) {
  program->units = units;
  program->unit_count = count;
}

void program_free(Program *program) {
  name_table_free(program->names);
  name_table_free(program->slots);
  linkage_free(program->linkage);
  kept_codes_free(program->kept);
  memory_free(program->functions);
}

void program_add(Program *program, const Declaration *declared) {
  uint32_t id = program->function_count++;
  if (!(id & (id - 1)) || !id) // room is doubled at powers of two
    program->functions =
        memory_resize(program->functions, sizeof *program->functions * (id ? id * 2 : 1));
  ProgramFunction *function = &program->functions[id];
  *function = (ProgramFunction){.declared = *declared, .id = id};
  function->key = text_intern(program->symbols, declared->key);
  function->name = text_intern(program->symbols, declared->name);
  if (declared->flags & FUNCTION_INITIALISER)
    return;
  function->has_model = models_find(program->models, function->key) != NULL;
  name_add(program->names, function->key, id);
}

/* ---- code */

void program_load(Program *program, ProgramFunction *function, Arena *arena) {
  const Function *body = program->source.code(program->source.context, arena, function->id);
  function->body = body;
  function->symbols = arena_new_array(arena, TextId, body->symbol_count);
  for (uint32_t i = 0; i < body->symbol_count; i++)
    function->symbols[i] = text_intern(program->symbols, body->symbols[i].key);
}

void program_unload(ProgramFunction *function) {
  function->body = NULL;
  function->symbols = NULL;
}

const Summary *program_summary(Program *program, uint32_t id) {
  ProgramFunction *function = &program->functions[id];
  if (function->has_summary && !function->summary)
    function->summary = program->source.summary(program->source.context, program->arena, id);
  return function->summary;
}

void program_set_summary(ProgramFunction *function, const Summary *summary) {
  function->has_summary = true;
  function->summary = summary;
  function->summary_hash = summary->hash;
}

Targets program_slot_targets(const Program *program, TextId symbol) {
  const NameEntry *entry = name_find(program->slots, symbol);
  if (!entry)
    return (Targets){.open = true};
  return (Targets){.ids = entry->ids.at,
                   .count = (uint32_t)entry->ids.count,
                   .open = entry->open,
                   .library = entry->several ? 0 : entry->outside};
}

/* ---- one pass over all links */

static void add_slot_store(Program *program, const ProgramFunction *function,
                           const SlotStore *store) {
  NameEntry *entry = name_entry(program->slots, text_intern(program->symbols, store->slot));
  if (!store->function) {
    entry->open = true;
    return;
  }
  TextId symbol = text_intern(program->symbols, store->function);
  const Targets targets = program_resolve(program, function, symbol);
  entry->open |= !targets.count;
  if (!targets.count) {
    entry->several |= entry->outside && entry->outside != symbol;
    entry->outside = symbol;
  }
  for (uint32_t i = 0; i < targets.count; i++)
    name_add(program->slots, entry->symbol, targets.ids[i]);
}

static void note_handed_on(Program *program, PointerFates *fates, NameTable *handed,
                           const ProgramFunction *function, const PointerFlow *flow) {
  if (flow->source != FLOW_FUNCTION || flow->fate != FLOW_PASSED)
    return;
  PointerFate fate = pointer_fate(fates, function, flow->callee, flow->argument);
  if (!fate.slot_count)
    return;
  Targets targets =
      program_resolve(program, function, function->declared.links->taken_symbols[flow->number]);
  for (uint32_t i = 0; i < fate.slot_count; i++)
    for (uint32_t t = 0; t < targets.count; t++)
      name_add(handed, fate.slots[i], targets.ids[t]);
}

/* Functions that come as parameters to who stores them: `observe(tell)` for `o->changed = changed`.
 * The slot stays open: others may bring more.
 * Unsound: only where the program has one such function. What is handed to a function is one list
 * for all its callers, and of several the wrong one is meant nearly always. */
static void add_handed_on(Program *program) {
  Arena *arena = arena_new();
  PointerFates *fates = pointer_fates_new(arena, program);
  NameTable handed = {0};
  for (uint32_t i = 0; i < program->function_count && guard_on("handed-on"); i++) {
    const FunctionLinks *links = program->functions[i].declared.links;
    for (uint32_t k = 0; k < links->flow_count; k++)
      note_handed_on(program, fates, &handed, &program->functions[i], &links->flows[k]);
  }
  for (size_t i = 0; i < handed.entries.count; i++) {
    const NameEntry *entry = handed.entries.at[i];
    NameEntry *slot = name_entry(program->slots, entry->symbol);
    if (!slot->ids.count && entry->ids.count == 1)
      name_add(program->slots, entry->symbol, entry->ids.at[0]);
    slot->open = true;
  }
  name_table_free(&handed);
  arena_free(arena);
}

static void mark_address(Program *program, const ProgramFunction *function, TextId symbol) {
  const Targets targets = program_resolve(program, function, symbol);
  for (uint32_t i = 0; i < targets.count; i++)
    program->functions[targets.ids[i]].address_taken = true;
}

typedef ARRAY(uint32_t) IdList;

static void add_targets(IdList *ids, Targets targets) {
  if (targets.count > 16)
    return; // Unsound: an over-used slot says nothing about this call
  for (uint32_t i = 0; i < targets.count; i++)
    array_push(ids, targets.ids[i]);
}

static void count_name(CallCounts *calls, Targets targets) {
  calls->one += targets.count == 1;
  calls->several += targets.count > 1;
  calls->none += !targets.count;
}

static void count_slot(CallCounts *calls, Targets targets) {
  calls->slot_open += targets.count && targets.open;
  calls->slot_one += targets.count == 1 && !targets.open;
  calls->slot_several += targets.count > 1 && !targets.open;
  calls->slot_none += !targets.count;
}

static void collect_callees(Program *program, ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  IdList ids = {0};
  for (uint32_t i = 0; i < links->call_count; i++) {
    TextId symbol = links->call_symbols[i];
    const Targets targets = program_resolve(program, function, symbol);
    count_name(&program->calls, targets);
    add_targets(&ids, targets);
  }
  for (uint32_t i = 0; i < links->slot_count; i++) {
    TextId symbol = links->slot_symbols[i];
    const Targets targets = program_slot_targets(program, symbol);
    count_slot(&program->calls, targets);
    add_targets(&ids, targets);
  }
  program->calls.other += (links->flags & LINKS_CALLS_ANY) != 0;
  if (ids.count)
    qsort(ids.at, ids.count, sizeof *ids.at, compare_ids);
  function->callees = arena_new_array(program->arena, uint32_t, ids.count);
  for (size_t i = 0; i < ids.count; i++)
    if (!i || ids.at[i] != ids.at[i - 1])
      function->callees[function->callee_count++] = ids.at[i];
  array_free(&ids);
}

static void invert_callees(Program *program) {
  for (uint32_t i = 0; i < program->function_count; i++)
    for (uint32_t k = 0; k < program->functions[i].callee_count; k++)
      program->functions[program->functions[i].callees[k]].caller_count++;
  for (uint32_t i = 0; i < program->function_count; i++) {
    ProgramFunction *function = &program->functions[i];
    function->callers = arena_new_array(program->arena, uint32_t, function->caller_count);
    function->caller_count = 0;
  }
  for (uint32_t i = 0; i < program->function_count; i++)
    for (uint32_t k = 0; k < program->functions[i].callee_count; k++) {
      ProgramFunction *callee = &program->functions[program->functions[i].callees[k]];
      callee->callers[callee->caller_count++] = i;
    }
}

void program_link(Program *program) {
  program->functions = memory_resize(program->functions, // no more are added
                                     sizeof *program->functions * program->function_count);
  linkage_find(program);
  for (uint32_t i = 0; i < program->function_count; i++)
    resolve_all(program, &program->functions[i]);
  for (uint32_t i = 0; i < program->function_count; i++) {
    const ProgramFunction *function = &program->functions[i];
    const FunctionLinks *links = function->declared.links;
    for (uint32_t k = 0; k < links->taken_count; k++)
      mark_address(program, function, links->taken_symbols[k]);
    for (uint32_t k = 0; k < links->store_count; k++)
      add_slot_store(program, function, &links->stores[k]);
  }
  add_handed_on(program);
  for (uint32_t i = 0; i < program->function_count; i++)
    collect_callees(program, &program->functions[i]);
  invert_callees(program);
  components_order(program);
}
