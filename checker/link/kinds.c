/* kinds.c - see kinds.h. Three passes: over calls that set attributes to recursive, over calls that
 * initialise locks, and over calls of functions that initialise a parameter with such an attribute.
 * The links tell which functions make such calls; the code of no other is loaded. */
#include "link/kinds.h"

#include <string.h>
#include <uthash.h>

#include "base/array.h"

enum { RECURSIVE_VALUE = 1, WRAPPER_ROUNDS = 3, NAMELESS = 0 };

typedef struct {
  TextId symbol;
  LockKind kind;
  UT_hash_handle hh;
} ClassKind;

typedef struct {
  uint32_t function, parameter;
} Wrapper; // initialises what its parameter points to as a recursive lock

struct LockKinds {
  Program *program;
  ClassKind *classes;
  ARRAY(Wrapper) wrappers;
  bool any_recursive;
  bool changed;
};

static void set_kind(LockKinds *kinds, TextId symbol, LockKind kind) {
  ClassKind *entry = NULL;
  HASH_FIND(hh, kinds->classes, &symbol, sizeof symbol, entry);
  if (!entry) {
    entry = memory_resize(NULL, sizeof *entry);
    *entry = (ClassKind){.symbol = symbol, .kind = KIND_PLAIN};
    HASH_ADD(hh, kinds->classes, symbol, sizeof symbol, entry);
  }
  if (kind == KIND_RECURSIVE && entry->kind != KIND_RECURSIVE) {
    entry->kind = KIND_RECURSIVE;
    kinds->changed = true;
  }
}

/* The field or global that a pointer argument designates; 0 for others. */
static TextId designated(const ProgramFunction *function, NodeId argument) {
  const Function *f = function->body;
  const Node *node = &f->nodes[argument];
  NodeId place = node->kind == NODE_ADDRESS ? node->a : 0;
  while (place) {
    node = &f->nodes[place];
    if (node->kind == NODE_FIELD)
      return function->symbols[node->b];
    if (node->kind == NODE_GLOBAL)
      return function->symbols[node->a];
    place = node->kind == NODE_INDEX ? node->a : 0;
  }
  return 0;
}

static int64_t constant_or(const Function *f, NodeId node, int64_t otherwise) {
  return f->nodes[node].kind == NODE_CONSTANT ? f->constants[f->nodes[node].a].value : otherwise;
}

/* The parameter that a model's place stands on; -1 when it is something else. */
static int parameter_of(const Summary *summary, TermId id) {
  while (id) {
    const Term *term = term_at(summary->terms, id);
    if (term->kind == TERM_PARAM)
      return (int)term->a;
    if (term->kind != TERM_DEREF && term->kind != TERM_FIELD && term->kind != TERM_LOAD)
      return -1;
    id = term->a;
  }
  return -1;
}

static const Summary *called_model(const LockKinds *kinds, const ProgramFunction *function,
                                   const Instruction *inst) {
  const Node *callee = &function->body->nodes[inst->a];
  if (inst->kind != INST_CALL || callee->kind != NODE_FUNCTION)
    return NULL;
  return models_find(kinds->program->models, function->symbols[callee->a]);
}

static NodeId argument_of(const Function *f, const Instruction *inst, int number) {
  return number >= 0 && number < inst->arg_count ? f->args[inst->args + (uint32_t)number] : 0;
}

/* The value of a model's term for the arguments of a call, where they are constants. */
static bool evaluate(const Summary *model, TermId id, const Function *f, const Instruction *inst,
                     int64_t *value) {
  const Term *term = term_at(model->terms, id);
  if (term->kind == TERM_PARAM) {
    const Node *given = &f->nodes[argument_of(f, inst, (int)term->a)];
    if (given->kind == NODE_CONSTANT)
      *value = f->constants[given->a].value;
    return given->kind == NODE_CONSTANT;
  }
  *value = term->value;
  int64_t left, right;
  if (term->kind != TERM_BINARY || !evaluate(model, term->a, f, inst, &left) ||
      !evaluate(model, term->b, f, inst, &right))
    return term->kind == TERM_CONSTANT;
  switch (term->operator) {
  case OPERATOR_EQ:
    *value = left == right;
    return true;
  case OPERATOR_LT:
    *value = left < right;
    return true;
  case OPERATOR_AND:
    *value = left & right;
    return true;
  default:
    return false;
  }
}

static bool case_may_apply(const Summary *model, const Case *c, const Function *f,
                           const Instruction *inst) {
  int64_t value;
  for (uint32_t i = 0; i < c->condition_count; i++)
    if (evaluate(model, c->conditions[i].value, f, inst, &value) &&
        (value != 0) != c->conditions[i].is_true)
      return false;
  return true;
}

static const Effect *find_init(const Summary *model, const Function *f, const Instruction *inst) {
  for (uint32_t i = 0; model && i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++)
      if (model->cases[i].effects[k].action == ACTION_INIT &&
          case_may_apply(model, &model->cases[i], f, inst))
        return &model->cases[i].effects[k];
  return NULL;
}

/* The attribute object that a call sets to recursive (the field "recursive" of the models); 0 when
 * it does no such thing. */
static NodeId recursive_attribute(const LockKinds *kinds, const ProgramFunction *function,
                                  const Instruction *inst) {
  const Summary *model = called_model(kinds, function, inst);
  if (!model)
    return 0;
  TextId recursive = text_find(kinds->program->symbols, "recursive");
  int64_t value;
  for (uint32_t i = 0; recursive && i < model->case_count; i++) {
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++) {
      const Effect *set = &model->cases[i].effects[k];
      if (set->action != ACTION_SET || term_at(model->terms, set->place)->kind != TERM_FIELD ||
          term_at(model->terms, set->place)->b != recursive ||
          (evaluate(model, set->other, function->body, inst, &value) && !value))
        continue;
      return argument_of(function->body, inst, parameter_of(model, set->place));
    }
  }
  return 0;
}

/* Is this attribute object set to recursive: in the same function when it is a local, anywhere
 * when it has a name? Its class is marked by scan_attributes(). */
static bool attribute_is_recursive(const LockKinds *kinds, const ProgramFunction *function,
                                   NodeId attribute) {
  const Function *f = function->body;
  TextId symbol = designated(function, attribute);
  if (symbol)
    return kinds_of(kinds, symbol) == KIND_RECURSIVE;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    if (recursive_attribute(kinds, function, &f->instructions[i]) == attribute)
      return true;
  }
  return false;
}

static void scan_attributes(LockKinds *kinds, const ProgramFunction *function) {
  const Function *f = function->body;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    NodeId attribute = recursive_attribute(kinds, function, &f->instructions[i]);
    if (!attribute)
      continue;
    kinds->any_recursive = true;
    if (designated(function, attribute))
      set_kind(kinds, designated(function, attribute), KIND_RECURSIVE);
  }
}

static void initialise(LockKinds *kinds, const ProgramFunction *function, NodeId lock,
                       LockKind kind) {
  const Function *f = function->body;
  TextId symbol = designated(function, lock);
  if (symbol)
    set_kind(kinds, symbol, kind);
  const Node *node = &f->nodes[lock];
  bool is_parameter = node->kind == NODE_VAR && node->a < f->parameter_count;
  if (kind != KIND_RECURSIVE || symbol || !is_parameter)
    return;
  for (size_t i = 0; i < kinds->wrappers.count; i++)
    if (kinds->wrappers.at[i].function == function->id &&
        kinds->wrappers.at[i].parameter == node->a)
      return;
  array_push(&kinds->wrappers, (Wrapper){function->id, node->a});
  kinds->changed = true;
}

static void scan_initialisations(LockKinds *kinds, const ProgramFunction *function) {
  const Function *f = function->body;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    const Summary *model = called_model(kinds, function, inst);
    const Effect *init = find_init(model, f, inst);
    if (!init)
      continue;
    NodeId lock = argument_of(f, inst, parameter_of(model, init->place));
    NodeId attribute = init->with ? argument_of(f, inst, parameter_of(model, init->with)) : 0;
    bool recursive =
        (init->flags & LOCK_RECURSIVE) || (attribute && constant_or(f, attribute, 1) != 0 &&
                                           attribute_is_recursive(kinds, function, attribute));
    if (recursive)
      kinds->any_recursive = true;
    initialise(kinds, function, lock, recursive ? KIND_RECURSIVE : KIND_PLAIN);
  }
}

static void scan_wrapper_calls(LockKinds *kinds, const ProgramFunction *function) {
  const Function *f = function->body;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    const Node *callee = &f->nodes[inst->a];
    if (inst->kind != INST_CALL || callee->kind != NODE_FUNCTION)
      continue;
    const Targets targets = program_resolve(kinds->program, function, function->symbols[callee->a]);
    for (uint32_t t = 0; t < targets.count; t++)
      for (size_t w = 0; w < kinds->wrappers.count; w++)
        if (kinds->wrappers.at[w].function == targets.ids[t] &&
            kinds->wrappers.at[w].parameter < inst->arg_count)
          initialise(kinds, function, f->args[inst->args + kinds->wrappers.at[w].parameter],
                     KIND_RECURSIVE);
  }
}

/* PTHREAD_MUTEX_INITIALIZER and PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP store a kind inside. */
static void scan_initialiser(LockKinds *kinds, const ProgramFunction *function) {
  const Function *f = function->body;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    const Node *place = &f->nodes[inst->a];
    if (inst->kind != INST_STORE || place->kind != NODE_FIELD ||
        strcmp(f->symbols[place->b].name, "__kind"))
      continue;
    bool recursive = constant_or(f, inst->b, 0) == RECURSIVE_VALUE;
    LockKind kind = recursive ? KIND_RECURSIVE : KIND_PLAIN;
    const Node *data = &f->nodes[place->a]; // the union inside pthread_mutex_t
    const Node *lock = data->kind == NODE_FIELD ? &f->nodes[data->a] : data;
    kinds->any_recursive |= recursive;
    if (lock->kind == NODE_FIELD)
      set_kind(kinds, function->symbols[lock->b], kind);
    else if (lock->kind == NODE_GLOBAL)
      set_kind(kinds, function->symbols[lock->a], kind);
  }
}

/* ---- who is scanned */

typedef void Scan(LockKinds *, const ProgramFunction *);

static void scan_function(LockKinds *kinds, uint32_t id, Scan *scan) {
  BorrowedCode code = program_borrow(kinds->program, id);
  scan(kinds, code.function);
  program_return(&code);
}

static bool is_about_kinds(const Summary *model) {
  for (uint32_t i = 0; i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++)
      if (model->cases[i].effects[k].action == ACTION_INIT ||
          model->cases[i].effects[k].action == ACTION_SET)
        return true;
  return false;
}

static bool calls_about_kinds(const LockKinds *kinds, const FunctionLinks *links) {
  for (uint32_t i = 0; i < links->call_count; i++) {
    TextId symbol = links->call_symbols[i];
    const Summary *model = models_find(kinds->program->models, symbol);
    if (model && is_about_kinds(model))
      return true;
  }
  return false;
}

static void scan_callers(LockKinds *kinds, uint32_t wrapper) {
  const ProgramFunction *function = &kinds->program->functions[wrapper];
  for (uint32_t i = 0; i < function->caller_count; i++)
    scan_function(kinds, function->callers[i], scan_wrapper_calls);
}

LockKinds *kinds_new(Program *program) {
  LockKinds *kinds = memory_resize(NULL, sizeof *kinds);
  *kinds = (LockKinds){.program = program};
  ARRAY(uint32_t) speaking = {0};
  for (uint32_t i = 0; i < program->function_count; i++) {
    const Declaration *declared = &program->functions[i].declared;
    bool is_initialiser = declared->flags & FUNCTION_INITIALISER;
    if (is_initialiser && (declared->links->flags & LINKS_SETS_KIND))
      scan_function(kinds, i, scan_initialiser);
    if (!is_initialiser && calls_about_kinds(kinds, declared->links))
      array_push(&speaking, i);
  }
  for (size_t i = 0; i < speaking.count; i++)
    scan_function(kinds, speaking.at[i], scan_attributes);
  for (size_t i = 0; i < speaking.count; i++)
    scan_function(kinds, speaking.at[i], scan_initialisations);
  array_free(&speaking);
  kinds->changed = kinds->wrappers.count > 0;
  for (int round = 0; round < WRAPPER_ROUNDS && kinds->changed; round++) {
    kinds->changed = false;
    for (size_t i = 0; i < kinds->wrappers.count; i++)
      scan_callers(kinds, kinds->wrappers.at[i].function);
  }
  return kinds;
}

void kinds_free(LockKinds *kinds) {
  ClassKind *entry, *next;
  HASH_ITER(hh, kinds->classes, entry, next) {
    HASH_DEL(kinds->classes, entry);
    memory_free(entry);
  }
  array_free(&kinds->wrappers);
  memory_free(kinds);
}

LockKind kinds_of(const LockKinds *kinds, TextId class_symbol) {
  ClassKind *entry = NULL;
  if (class_symbol)
    HASH_FIND(hh, kinds->classes, &class_symbol, sizeof class_symbol, entry);
  if (entry)
    return entry->kind;
  return kinds->any_recursive ? KIND_UNKNOWN : KIND_PLAIN;
}
