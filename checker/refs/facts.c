/* facts.c - see facts.h. */
#include "refs/facts.h"

#include <string.h>

#include "link/called.h"
#include "refs/gathering.h"

enum { NEAR = 64 };

bool refer_is_told(const Meaning *meaning) {
  return meaning->kind == MEANS_CONTENT || meaning->kind == MEANS_ADDRESS;
}

PathKind refer_root(const Gathering *g, PathId path) {
  return (PathKind)path_at(g->paths, path_first(g->paths, path))->kind;
}

static bool is_zero_only(const Meanings *values) {
  for (uint32_t i = 0; i < values->count; i++)
    if (values->at[i].kind != MEANS_ZERO)
      return false;
  return values->count;
}

void refer_add(Gathering *g, Index block, ReferEvent event) {
  array_push(&g->events, event);
  array_push(&g->blocks, block);
}

/* What a call gave, as a path. */
PathId refer_result(const Gathering *g, uint32_t instruction) {
  const Instruction *inst = &g->f->instructions[instruction];
  return inst->result ? path_root(g->paths, PATH_RESULT, instruction,
                                  g->values->pointees[g->values->temp_types[inst->result]])
                      : 0;
}

/* The places that an argument points to. */
Places refer_pointed_to(Gathering *g, const Instruction *inst, uint32_t arg) {
  Places places = {0};
  Meanings value =
      arg < inst->arg_count ? values_of(g->values, g->f->args[inst->args + arg]) : (Meanings){0};
  for (uint32_t i = 0; i < value.count && places.count < REFER_VALUES; i++)
    if (refer_is_told(&value.at[i]))
      places.at[places.count++] = meaning_target(g->paths, &value.at[i]);
  return places;
}

/* ---- pointers */

/* Of a pointer to one, by however many stars. */
static bool leads_to_record(const Function *f, Index type) {
  bool is_pointer = false;
  while (f->types[type].kind == TYPE_POINTER || f->types[type].kind == TYPE_ARRAY) {
    is_pointer |= f->types[type].kind == TYPE_POINTER;
    type = f->types[type].element;
  }
  return is_pointer && f->types[type].kind == TYPE_RECORD;
}

static void note_pointer(Gathering *g, Index block, uint32_t instruction) {
  const Instruction *inst = &g->f->instructions[instruction];
  if (!leads_to_record(g->f, g->f->nodes[inst->a].type))
    return;
  Places places = values_places(g->values, inst->a);
  Meanings value = values_of(g->values, inst->b);
  for (uint32_t i = 0; i < places.count && i < REFER_VALUES; i++) {
    if (!member_of_place(g->paths, places.at[i]))
      continue;
    if (is_zero_only(&value))
      refer_add(
          g, block,
          (ReferEvent){.kind = REFER_CLEAR, .instruction = instruction, .place = places.at[i]});
    for (uint32_t m = 0; m < value.count && m < REFER_VALUES; m++)
      if (refer_is_told(&value.at[m]))
        refer_add(g, block,
                  (ReferEvent){.kind = REFER_STORE,
                               .instruction = instruction,
                               .place = places.at[i],
                               .value = value.at[m].path,
                               .address = value.at[m].kind == MEANS_ADDRESS});
  }
}

static void note_return(Gathering *g, Index block) {
  const Block *b = &g->f->blocks[block];
  if (b->terminator != TERM_RETURN || !b->value)
    return;
  if (g->f->types[g->f->nodes[b->value].type].kind != TYPE_POINTER) {
    refer_answer(g, b->value);
    return;
  }
  Meanings value = values_of(g->values, b->value);
  for (uint32_t m = 0; m < value.count && m < REFER_VALUES; m++)
    if (refer_is_told(&value.at[m]))
      refer_add(g, block,
                (ReferEvent){.kind = REFER_RETURN,
                             .instruction = b->count ? b->first + b->count - 1 : b->first,
                             .value = value.at[m].path,
                             .address = value.at[m].kind == MEANS_ADDRESS});
}

/* ---- calls */

/* What a term of a model means that is a place behind an argument, or behind the result. */
static Places meant_by(Gathering *g, uint32_t instruction, const TermTable *terms, TermId id) {
  const Term *term = term_at(terms, id);
  if (term->kind == TERM_DEREF)
    term = term_at(terms, term->a);
  if (term->kind == TERM_PARAM)
    return refer_pointed_to(g, &g->f->instructions[instruction], term->a);
  PathId result = term->kind == TERM_RESULT ? refer_result(g, instruction) : 0;
  Places places = {0};
  if (result)
    places.at[places.count++] = path_target(g->paths, result);
  return places;
}

static bool is_of_result(const TermTable *terms, TermId place) {
  const Term *term = term_at(terms, place);
  return term->kind == TERM_RESULT ||
         (term->kind == TERM_DEREF && term_at(terms, term->a)->kind == TERM_RESULT);
}

static int kind_of_effect(const Effect *effect) {
  switch ((Action)effect->action) {
  case ACTION_COUNT_UP:
    return REFER_UP;
  case ACTION_COUNT_DOWN:
    return REFER_DOWN;
  case ACTION_CLOSE:
    return effect->resource == RESOURCE_MEMORY ? REFER_FREE : -1;
  default:
    return -1;
  }
}

static bool is_known(const Gathering *g, const ReferEvent *event) {
  for (size_t i = g->events.count; i-- > 0 && g->events.at[i].instruction == event->instruction;)
    if (g->events.at[i].kind == event->kind && g->events.at[i].place == event->place)
      return true;
  return false;
}

static bool note_model(Gathering *g, Index block, uint32_t instruction, TextId callee) {
  const Summary *model = models_find(g->program->models, callee);
  for (uint32_t c = 0; model && c < model->case_count; c++) {
    const Case *one = &model->cases[c];
    for (uint32_t i = 0; i < one->effect_count; i++) {
      int kind = kind_of_effect(&one->effects[i]);
      bool is_new = kind == REFER_UP && is_of_result(model->terms, one->effects[i].place);
      Places places = {0};
      if (kind >= 0)
        places = meant_by(g, instruction, model->terms, one->effects[i].place);
      if (kind == REFER_FREE && !places.count) // an object around what it was given
        places = (Places){.count = 1, .at = {path_root(g->paths, PATH_UNKNOWN, 0, 0)}};
      for (uint32_t p = 0; p < places.count; p++) {
        ReferEvent event = {.kind = (uint8_t)(is_new ? REFER_BEGIN : kind),
                            .instruction = instruction,
                            .place = places.at[p]};
        if (!is_known(g, &event))
          refer_add(g, block, event);
      }
    }
  }
  return model != NULL;
}

static bool is_object_type(const Function *f, Index type) {
  if (f->types[type].kind != TYPE_POINTER)
    return false;
  TypeKind pointee = f->types[f->types[type].element].kind;
  return pointee == TYPE_RECORD || pointee == TYPE_VOID || pointee == TYPE_POINTER ||
         pointee == TYPE_SIGNED || pointee == TYPE_UNSIGNED;
}

/* Something that others may know, too, and that has to do with records. */
static bool concerns_records(const Gathering *g, const Meaning *meaning, Index type) {
  const PathNode *node = path_at(g->paths, meaning->path);
  PathKind root = refer_root(g, meaning->path);
  TypeKind pointee = g->f->types[g->f->types[type].element].kind;
  if (root == PATH_LOCAL || (root == PATH_UNKNOWN && node->kind == PATH_UNKNOWN))
    return false;
  if (meaning->kind == MEANS_ADDRESS)
    return node->kind != PATH_GLOBAL && path_member(g->paths, meaning->path);
  return pointee == TYPE_RECORD || node->pointee ||
         (node->kind == PATH_PARAMETER && pointee == TYPE_VOID);
}

static void add_arguments(Gathering *g, ReferEvent *call, const Instruction *inst, uint32_t i) {
  NodeId arg = g->f->args[inst->args + i];
  const Node *node = &g->f->nodes[arg];
  Meanings value = values_of(g->values, arg);
  uint32_t before = call->arg_count;
  if (node->kind == NODE_FUNCTION) {
    call->args[call->arg_count++] =
        (ReferArg){MEANS_FUNCTION, (uint16_t)i, g->function->symbols[node->a]};
    return;
  }
  for (uint32_t m = 0; m < value.count && call->arg_count - before < REFER_VALUES; m++)
    if (refer_is_told(&value.at[m]) && concerns_records(g, &value.at[m], node->type))
      call->args[call->arg_count++] = (ReferArg){value.at[m].kind, (uint16_t)i, value.at[m].path};
  if (is_zero_only(&value))
    call->args[call->arg_count++] = (ReferArg){MEANS_ZERO, (uint16_t)i, 0};
}

static bool is_worth_following(const ReferEvent *call) {
  for (uint32_t i = 0; i < call->arg_count; i++)
    if (call->args[i].kind == MEANS_CONTENT || call->args[i].kind == MEANS_ADDRESS)
      return true;
  return false;
}

static void note_call(Gathering *g, Index block, uint32_t instruction) {
  const Instruction *inst = &g->f->instructions[instruction];
  const Node *callee = &g->f->nodes[inst->a];
  if (refer_atomic(g, block, instruction))
    return;
  ReferEvent call = {
      .kind = REFER_CALL, .instruction = instruction, .place = refer_result(g, instruction)};
  call.callee = called_symbol(g->function, instruction, &call.by_pointer);
  if (!call.by_pointer && note_model(g, block, instruction, call.callee))
    return;
  if (!call.by_pointer && g->f->symbols[callee->a].flags & SYMBOL_SYSTEM)
    return;
  call.args = arena_new_array(g->arena, ReferArg, inst->arg_count * (REFER_VALUES + 1u) + 1u);
  for (uint32_t i = 0; i < inst->arg_count; i++)
    if (is_object_type(g->f, g->f->nodes[g->f->args[inst->args + i]].type) ||
        g->f->nodes[g->f->args[inst->args + i]].kind == NODE_FUNCTION)
      add_arguments(g, &call, inst, i);
  bool gives = inst->result && g->values->pointees[g->values->temp_types[inst->result]];
  if (is_worth_following(&call) || gives)
    refer_add(g, block, call);
}

/* What a library's function gives back is what it was given. */
static void pass_on(Gathering *g, uint32_t instruction) {
  const Instruction *inst = &g->f->instructions[instruction];
  const Node *callee = &g->f->nodes[inst->a];
  const Summary *model = callee->kind == NODE_FUNCTION && inst->result
                             ? models_find(g->program->models, g->function->symbols[callee->a])
                             : NULL;
  const Term *term =
      model && model->case_count ? term_at(model->terms, model->cases[0].result) : NULL;
  if (term && term->kind == TERM_PARAM && term->a < inst->arg_count)
    g->values->temps[inst->result] = values_of(g->values, g->f->args[inst->args + term->a]);
}

/* ---- the function */

static void gather(Gathering *g) {
  const Cfg *cfg = g->values->cfg;
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    Index block = cfg->order[i];
    const Block *b = &g->f->blocks[block];
    if (!g->values->entry[block])
      continue;
    values_enter(g->values, block);
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      const Instruction *inst = &g->f->instructions[k];
      const Node *place = &g->f->nodes[inst->a];
      TypeKind type = g->f->types[place->type].kind;
      if (inst->kind == INST_CALL)
        note_call(g, block, k);
      else if (inst->kind == INST_STORE && place->kind != NODE_LOCAL && type == TYPE_POINTER)
        note_pointer(g, block, k);
      else if (inst->kind == INST_STORE && place->kind != NODE_LOCAL)
        refer_number_store(g, block, k);
      values_step(g->values, k);
      if (inst->kind == INST_CALL)
        pass_on(g, k);
    }
    if (b->terminator == TERM_BRANCH)
      refer_test(g, block);
    note_return(g, block);
  }
}

static bool has_root(const Gathering *g, const ReferEvent *event, PathId root) {
  if (event->place && path_first(g->paths, event->place) == root)
    return true;
  for (uint32_t i = 0; i < event->arg_count; i++)
    if (event->args[i].kind <= MEANS_ADDRESS && path_first(g->paths, event->args[i].path) == root)
      return true;
  return false;
}

static bool share_object(const Gathering *g, const ReferEvent *a, const ReferEvent *b) {
  if (a->place && has_root(g, b, path_first(g->paths, a->place)))
    return true;
  for (uint32_t i = 0; i < a->arg_count; i++)
    if (a->args[i].kind <= MEANS_ADDRESS && has_root(g, b, path_first(g->paths, a->args[i].path)))
      return true;
  return false;
}

/* What a count that went down to zero lets happen comes after it. Imprecise: only the NEAR ones
 * before are looked at. */
static void order(Gathering *g) {
  for (size_t i = 0; i < g->events.count; i++) {
    Index block = g->blocks.at[i];
    for (size_t k = i, left = NEAR; k-- > 0 && left--;) {
      bool is_before = g->blocks.at[k] != block &&
                       cfg_dominates(g->values->cfg, g->blocks.at[k], block) &&
                       share_object(g, &g->events.at[k], &g->events.at[i]);
      if (!is_before)
        continue;
      g->events.at[i].after = (uint32_t)k + 1;
      break;
    }
  }
}

/* Their names, which other units have with a number. */
static void note_declared(const Gathering *g, ReferFacts *facts) {
  facts->records = arena_new_array(g->arena, TextId, g->f->type_count);
  for (Index i = 0; i < g->f->type_count; i++)
    if (g->f->types[i].kind == TYPE_RECORD && !strchr(g->f->types[i].key, '#'))
      facts->records[facts->record_count++] = text_intern(g->program->symbols, g->f->types[i].key);
}

ReferFacts facts_of_references(Arena *arena, const Program *program,
                               const ProgramFunction *function, Values *values) {
  Gathering g = {.arena = arena,
                 .program = program,
                 .function = function,
                 .f = function->body,
                 .values = values,
                 .paths = values->paths};
  gather(&g);
  refer_drop_tests(&g);
  order(&g);
  ReferFacts facts = {.function = function,
                      .events =
                          arena_copy(arena, g.events.at, sizeof *g.events.at * g.events.count),
                      .count = (uint32_t)g.events.count};
  for (uint32_t i = 0; i < facts.count; i++)
    if (facts.events[i].kind == REFER_DOWN)
      facts.is_primitive |= facts.events[i].ends = refer_ends(&g, &facts, i);
    else if (facts.events[i].kind == REFER_UP)
      facts.is_primitive |= path_at(g.paths, facts.events[i].place)->kind == PATH_TARGET;
  note_declared(&g, &facts);
  array_free(&g.events);
  array_free(&g.blocks);
  return facts;
}
