/* numbers.c - what a function does to numbers that may count references. */
#include <string.h>

#include "refs/gathering.h"

#include "ir/parts.h"

static bool is_one(const Function *f, NodeId id) {
  const Node *node = &f->nodes[without_casts(f, id)];
  return node->kind == NODE_CONSTANT && f->constants[node->a].value == 1;
}

static bool is_step_of_one(const Function *f, NodeId id) {
  const Node *node = &f->nodes[without_casts(f, id)];
  int64_t by = node->kind == NODE_BINARY && f->nodes[node->b].kind == NODE_CONSTANT
                   ? f->constants[f->nodes[node->b].a].value
                   : 0;
  return by == 1 || by == -1;
}

/* A part of a record; or all that a parameter points to: of what, the caller knows. */
static bool may_be_count(const Gathering *g, PathId path) {
  const PathNode *node = path_at(g->paths, path);
  return node->kind == PATH_FIELD ||
         (node->kind == PATH_TARGET && path_at(g->paths, node->parent)->kind == PATH_PARAMETER);
}

void refer_number_store(Gathering *g, Index block, uint32_t instruction) {
  const Instruction *inst = &g->f->instructions[instruction];
  bool begins = is_one(g->f, inst->b);
  if (!begins && !is_step_of_one(g->f, inst->b))
    return;
  Places places = values_places(g->values, inst->a);
  Meanings value = values_of(g->values, inst->b);
  for (uint32_t i = 0; i < places.count && i < REFER_VALUES; i++) {
    ReferEvent event = {.instruction = instruction, .place = places.at[i], .kind = REFER_BEGIN};
    bool counts = begins && refer_root(g, event.place) != PATH_UNKNOWN;
    for (uint32_t m = 0; m < value.count && !begins; m++)
      if (value.at[m].kind == MEANS_CONTENT && value.at[m].path == event.place &&
          value.at[m].moved) {
        event.kind = value.at[m].moved > 0 ? REFER_UP : REFER_DOWN;
        counts = true;
      }
    if (counts && may_be_count(g, event.place))
      refer_add(g, block, event);
  }
}

static bool is_small(const Function *f, NodeId id) {
  const Node *node = &f->nodes[id];
  return node->kind == NODE_CONSTANT && (uint64_t)f->constants[node->a].value <= 1;
}

/* What compilers provide: 1 up, -1 down, 0 neither. */
static int atomic_step(const Function *f, const Instruction *inst) {
  static const struct {
    const char *part;
    int step;
  } known[] = {{"fetch_add", 1},  {"add_fetch", 1},  {"fetch_and_add", 1},  {"add_and_fetch", 1},
               {"fetch_sub", -1}, {"sub_fetch", -1}, {"fetch_and_sub", -1}, {"sub_and_fetch", -1}};
  const Node *callee = &f->nodes[inst->a], *by;
  if (callee->kind != NODE_FUNCTION || inst->arg_count < 2)
    return 0;
  const char *name = f->symbols[callee->a].name;
  if (!text_starts(name, "__atomic_") && !text_starts(name, "__sync_") &&
      !text_starts(name, "__c11_atomic_"))
    return 0;
  by = &f->nodes[without_casts(f, f->args[inst->args + 1])];
  int64_t value = by->kind == NODE_CONSTANT ? f->constants[by->a].value : 0;
  if (value != 1 && value != -1)
    return 0;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strstr(name, known[i].part))
      return known[i].step * (int)value;
  return 0;
}

static bool begins_atomic(const Function *f, const Instruction *inst) {
  static const char *const names[] = {"__c11_atomic_init", "__c11_atomic_store",
                                      "__atomic_store_n"};
  const Node *callee = &f->nodes[inst->a];
  bool known = false;
  for (size_t i = 0; i < sizeof names / sizeof *names && callee->kind == NODE_FUNCTION; i++)
    known |= !strcmp(f->symbols[callee->a].name, names[i]);
  return known && inst->arg_count >= 2 && is_one(f, f->args[inst->args + 1]);
}

bool refer_atomic(Gathering *g, Index block, uint32_t instruction) {
  const Instruction *inst = &g->f->instructions[instruction];
  int step = atomic_step(g->f, inst);
  if (!step && !begins_atomic(g->f, inst))
    return false;
  ReferKind kind = step > 0 ? REFER_UP : step < 0 ? REFER_DOWN : REFER_BEGIN;
  Places places = refer_pointed_to(g, inst, 0);
  for (uint32_t i = 0; i < places.count; i++)
    if (may_be_count(g, places.at[i]))
      refer_add(
          g, block,
          (ReferEvent){.kind = (uint8_t)kind, .instruction = instruction, .place = places.at[i]});
  return true;
}

/* ---- tests */

void refer_test(Gathering *g, Index block) {
  const Block *b = &g->f->blocks[block];
  const Node *test = &g->f->nodes[b->value];
  while (test->kind == NODE_CAST || (test->kind == NODE_UNARY && test->operator== OPERATOR_NOT))
    test = &g->f->nodes[test->a];
  if (test->kind != NODE_BINARY || is_small(g->f, test->a) == is_small(g->f, test->b))
    return;
  Meanings value = values_of(g->values, is_small(g->f, test->a) ? test->b : test->a);
  for (uint32_t i = 0; i < value.count && i < REFER_VALUES; i++)
    if (value.at[i].kind == MEANS_CONTENT && may_be_count(g, value.at[i].path))
      refer_add(g, block,
                (ReferEvent){.kind = REFER_TEST,
                             .instruction = b->count ? b->first + b->count - 1 : b->first,
                             .place = value.at[i].path});
}

/* Only those of what goes down here. */
void refer_drop_tests(Gathering *g) {
  size_t kept = 0;
  for (size_t i = 0; i < g->events.count; i++) {
    bool is_kept = g->events.at[i].kind != REFER_TEST;
    for (size_t k = 0; k < g->events.count && !is_kept; k++)
      is_kept =
          g->events.at[k].kind == REFER_DOWN && g->events.at[k].place == g->events.at[i].place;
    if (!is_kept)
      continue;
    g->events.at[kept] = g->events.at[i];
    g->blocks.at[kept++] = g->blocks.at[i];
  }
  g->events.count = g->blocks.count = kept;
}

void refer_answer(Gathering *g, NodeId id) {
  const Node *node = &g->f->nodes[id];
  while (node->kind == NODE_CAST || node->kind == NODE_UNARY ||
         (node->kind == NODE_BINARY && is_small(g->f, node->b)))
    node = &g->f->nodes[id = node->a];
  Meanings value = values_of(g->values, id);
  for (uint32_t m = 0; m < value.count && g->answers.count < MEANING_LIMIT; m++)
    if (value.at[m].kind == MEANS_CONTENT)
      g->answers.at[g->answers.count++] = value.at[m].path;
}

/* ---- what a count that goes down may end */

/* Its answer is the number, or says how that compares. */
static bool tells(const Gathering *g, const ReferFacts *facts, uint32_t down) {
  const ReferEvent *event = &facts->events[down];
  PathId result = refer_result(g, event->instruction);
  for (uint32_t i = 0; i < g->answers.count; i++)
    if (g->answers.at[i] == event->place || (result && g->answers.at[i] == result))
      return true;
  TypeKind type = g->f->types[g->f->result_type].kind;
  bool is_number = type == TYPE_SIGNED || type == TYPE_UNSIGNED || type == TYPE_BOOL;
  for (uint32_t i = 0; i < facts->count && is_number; i++)
    if (facts->events[i].kind == REFER_TEST && facts->events[i].place == event->place)
      return true;
  return false;
}

uint8_t refer_ends(const Gathering *g, const ReferFacts *facts, uint32_t down) {
  PathId number = facts->events[down].place, object = object_of_place(g->paths, number);
  bool is_bare = path_at(g->paths, number)->kind != PATH_FIELD;
  uint8_t where = is_bare || tells(g, facts, down) ? ENDS_BY_CALLER : 0;
  for (uint32_t i = 0; i < facts->count; i++) {
    const ReferEvent *event = &facts->events[i];
    bool given = (event->kind == REFER_CALL || event->kind == REFER_FREE) &&
                 is_given(g->paths, event, object) && is_behind(facts, i, down, number);
    if (given)
      where |= event->kind == REFER_CALL && !event->callee ? ENDS_BY_CALLER : ENDS_HERE;
  }
  return where;
}
