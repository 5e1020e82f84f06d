/* program.c - see program.h. The name tables are made in one pass over all instructions; the
 * components by Tarjan's algorithm (1972), with an explicit stack. */
#include "link/program.h"

#include <string.h>
#include <uthash.h>

#include "base/array.h"
#include "link/components.h"

typedef struct {
  TextId symbol;
  ARRAY(uint32_t) ids;
  bool open;
  UT_hash_handle hh;
} NameEntry;

typedef struct NameTable {
  NameEntry *entries;
} NameTable;

static NameEntry *name_entry(NameTable *table, TextId symbol, bool create) {
  NameEntry *entry = NULL;
  HASH_FIND(hh, table->entries, &symbol, sizeof symbol, entry);
  if (entry || !create)
    return entry;
  entry = memory_resize(NULL, sizeof *entry);
  *entry = (NameEntry){.symbol = symbol};
  HASH_ADD(hh, table->entries, symbol, sizeof symbol, entry);
  return entry;
}

static void name_add(NameTable *table, TextId symbol, uint32_t id) {
  NameEntry *entry = name_entry(table, symbol, true);
  for (size_t i = 0; i < entry->ids.count; i++)
    if (entry->ids.at[i] == id)
      return;
  array_push(&entry->ids, id);
}

static NameTable *name_table_new(Arena *arena) { return arena_new_one(arena, NameTable); }

static void name_table_free(NameTable *table) {
  NameEntry *entry, *next;
  HASH_ITER(hh, table->entries, entry, next) {
    HASH_DEL(table->entries, entry);
    array_free(&entry->ids);
    memory_free(entry);
  }
}

Program *program_new(Arena *arena, TextPool *symbols, const ModelSet *models) {
  Program *program = arena_new_one(arena, Program);
  program->arena = arena;
  program->symbols = symbols;
  program->models = models;
  program->names = name_table_new(arena);
  program->slots = name_table_new(arena);
  return program;
}

void program_free(Program *program) {
  name_table_free(program->names);
  name_table_free(program->slots);
  memory_free(program->functions);
}

void program_add(Program *program, const Function *body) {
  uint32_t id = program->function_count++;
  if (!(id & (id - 1)) || !id) // room is doubled at powers of two
    program->functions =
        memory_resize(program->functions, sizeof *program->functions * (id ? id * 2 : 1));
  ProgramFunction *function = &program->functions[id];
  *function = (ProgramFunction){.body = body, .id = id};
  function->key = text_intern(program->symbols, body->key);
  function->name = text_intern(program->symbols, body->name);
  function->symbols = arena_new_array(program->arena, TextId, body->symbol_count);
  for (uint32_t i = 0; i < body->symbol_count; i++)
    function->symbols[i] = text_intern(program->symbols, body->symbols[i].key);
  if (body->flags & FUNCTION_INITIALISER)
    return;
  function->has_model = models_find(program->models, function->key) != NULL;
  name_add(program->names, function->key, id);
}

/* ---- resolution */

/* Length of the common directory part of two paths. */
static size_t common_folder(const char *a, const char *b) {
  size_t last = 0;
  for (size_t i = 0; a[i] && a[i] == b[i]; i++)
    if (a[i] == '/')
      last = i + 1;
  return last;
}

/* A file with a main of its own is another program, unless the caller stands in it. */
static bool is_other_program(const Program *program, const ProgramFunction *caller,
                             const ProgramFunction *target) {
  if (!strcmp(caller->body->source, target->body->source))
    return false;
  const NameEntry *mains = name_entry(program->names, text_find(program->symbols, "main"), false);
  for (size_t i = 0; mains && i < mains->ids.count; i++)
    if (!strcmp(program->functions[mains->ids.at[i]].body->source, target->body->source))
      return true;
  return false;
}

/* Of several definitions of a name, the one that shares most of the caller's folder and is not of
 * another program; on a tie all of them (DESIGN 9). */
static Targets nearest(const Program *program, const ProgramFunction *caller,
                       const NameEntry *entry) {
  size_t best = 0;
  uint32_t *ids = arena_new_array(program->arena, uint32_t, entry->ids.count);
  uint32_t count = 0;
  for (size_t i = 0; i < entry->ids.count; i++) {
    const ProgramFunction *target = &program->functions[entry->ids.at[i]];
    size_t rank = common_folder(caller->body->source, target->body->source) * 4 + 1;
    if (!strcmp(caller->body->source, target->body->source))
      rank = SIZE_MAX;
    else if (!is_other_program(program, caller, target))
      rank += 2;
    if (!count || rank > best) {
      best = rank;
      count = 0;
    }
    if (rank == best)
      ids[count++] = target->id;
  }
  return (Targets){.ids = ids, .count = count};
}

Targets program_resolve(const Program *program, const ProgramFunction *caller, TextId symbol) {
  const NameEntry *entry = name_entry(program->names, symbol, false);
  if (!entry)
    return (Targets){0};
  if (entry->ids.count == 1)
    return (Targets){.ids = entry->ids.at, .count = 1};
  return nearest(program, caller, entry);
}

Targets program_slot_targets(const Program *program, TextId symbol) {
  const NameEntry *entry = name_entry(program->slots, symbol, false);
  if (!entry)
    return (Targets){.open = true};
  return (Targets){.ids = entry->ids.at, .count = (uint32_t)entry->ids.count, .open = entry->open};
}

/* ---- one pass over all instructions */

/* The field or global that a place belongs to; 0 for others. */
static TextId slot_of_place(const ProgramFunction *function, NodeId place) {
  for (;;) {
    const Node *node = &function->body->nodes[place];
    switch (node->kind) {
    case NODE_FIELD:
      return function->symbols[node->b];
    case NODE_GLOBAL:
      return function->symbols[node->a];
    case NODE_INDEX:
      place = node->a;
      break;
    default:
      return 0;
    }
  }
}

static bool is_function_pointer(const Function *f, const Node *node) {
  const Type *type = &f->types[node->type];
  return type->kind == TYPE_POINTER && f->types[type->element].kind == TYPE_FUNCTION;
}

static bool is_null(const Function *f, const Node *node) {
  return node->kind == NODE_CONSTANT && f->constants[node->a].value == 0;
}

static void scan_store(Program *program, const ProgramFunction *function, const Instruction *inst) {
  const Function *f = function->body;
  const Node *value = &f->nodes[inst->b];
  bool names_function = value->kind == NODE_FUNCTION;
  if (!names_function && !is_function_pointer(f, value))
    return;
  TextId slot = slot_of_place(function, inst->a);
  if (!slot || is_null(f, value))
    return;
  NameEntry *entry = name_entry(program->slots, slot, true);
  if (!names_function) {
    entry->open = true;
    return;
  }
  const Targets targets = program_resolve(program, function, function->symbols[value->a]);
  if (!targets.count)
    entry->open = true;
  for (uint32_t i = 0; i < targets.count; i++)
    name_add(program->slots, slot, targets.ids[i]);
}

static void mark_addresses(Program *program, const ProgramFunction *function) {
  const Function *f = function->body;
  bool *called = arena_new_array(program->arena, bool, f->node_count);
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].kind == INST_CALL)
      called[f->instructions[i].a] = true;
  for (NodeId n = 1; n < f->node_count; n++) {
    if (f->nodes[n].kind != NODE_FUNCTION)
      continue;
    bool taken = !called[n];
    for (uint32_t i = 0; i < f->arg_count && !taken; i++)
      taken = f->args[i] == n;
    if (!taken)
      continue;
    const Targets targets = program_resolve(program, function, function->symbols[f->nodes[n].a]);
    for (uint32_t i = 0; i < targets.count; i++)
      program->functions[targets.ids[i]].address_taken = true;
  }
}

/* The place a called value was loaded from, if it is loaded by an earlier instruction. */
static NodeId loaded_from(const Function *f, NodeId value) {
  if (f->nodes[value].kind != NODE_TEMP)
    return 0;
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].kind == INST_LOAD && f->instructions[i].result == f->nodes[value].a)
      return f->instructions[i].a;
  return 0;
}

static int compare_ids(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static Targets call_targets(const Program *program, const ProgramFunction *function,
                            const Instruction *call) {
  const Function *f = function->body;
  const Node *callee = &f->nodes[call->a];
  if (callee->kind == NODE_FUNCTION)
    return program_resolve(program, function, function->symbols[callee->a]);
  NodeId place = loaded_from(f, call->a);
  TextId slot = place ? slot_of_place(function, place) : 0;
  return slot ? program_slot_targets(program, slot) : (Targets){.open = true};
}

static void collect_callees(Program *program, ProgramFunction *function) {
  const Function *f = function->body;
  ARRAY(uint32_t) ids = {0};
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    if (f->instructions[i].kind != INST_CALL)
      continue;
    const Targets targets = call_targets(program, function, &f->instructions[i]);
    if (targets.count > 16)
      continue; // Unsound: an over-used slot says nothing about this call
    for (uint32_t k = 0; k < targets.count; k++)
      array_push(&ids, targets.ids[k]);
  }
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
  for (uint32_t i = 0; i < program->function_count; i++) {
    const ProgramFunction *function = &program->functions[i];
    mark_addresses(program, function);
    for (uint32_t k = 0; k < function->body->instruction_count; k++)
      if (function->body->instructions[k].kind == INST_STORE)
        scan_store(program, function, &function->body->instructions[k]);
  }
  for (uint32_t i = 0; i < program->function_count; i++)
    collect_callees(program, &program->functions[i]);
  invert_callees(program);
  components_order(program);
}
