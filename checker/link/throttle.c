/* throttle.c - see throttle.h. Only the part of the way that is repeated counts: from the last step
 * that happens any number of times down to the creation. */
#include "link/throttle.h"

#include <string.h>

#include "base/guard.h"
#include "ir/accesses.h"
#include "ir/cfg.h"
#include "ir/parts.h"
#include "link/runs_graph.h"

enum { WAY_LIMIT = 32, VALUE_DEPTH = 12, WAIT_DEPTH = 2 };

/* One function on the way, and where it goes on. */
typedef struct {
  uint32_t function, instruction;
} Stop;

typedef struct {
  Program *program;
  Stop way[WAY_LIMIT];
  uint32_t way_count;
  Targets entries;
  bool loops;  // it begins with a loop of its first function
  bool counts; // only what is counted is asked for: a loop's end is no limit by itself
} Way;

typedef struct {
  Way *way;
  const ProgramFunction *function;
  const Function *f;
  const Cfg *cfg;
  Index block; // of the instruction
  bool loops;  // around it goes what is repeated
} Site;

/* ---- memory that the creation changes */

static bool stores_more(const Function *f, const char *key) {
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    NodeId value, place = place_written(f, &f->instructions[i], &value);
    Index symbol = place ? slot_of_place(f, place) : NO_SYMBOL;
    if (symbol != NO_SYMBOL && !strcmp(f->symbols[symbol].key, key) &&
        f->nodes[value].kind != NODE_CONSTANT)
      return true;
  }
  return false;
}

static bool lists(const Summary *summary, TextId symbol) {
  for (uint32_t i = 0; summary && i < summary->write_count; i++)
    if (summary->writes[i] == symbol)
      return true;
  return false;
}

static bool is_changed_by(const Way *way, uint32_t id, const char *key) {
  TextId symbol = text_find(way->program->symbols, key);
  if (!way->counts)
    return symbol && lists(program_summary(way->program, id), symbol);
  BorrowedCode code = program_borrow(way->program, id);
  bool changes = stores_more(code.function->body, key);
  program_return(&code);
  return changes;
}

static bool is_changed(const Way *way, const char *key) {
  for (uint32_t i = 0; i < way->way_count; i++)
    if (is_changed_by(way, way->way[i].function, key))
      return true;
  for (uint32_t i = 0; i < way->entries.count; i++)
    if (is_changed_by(way, way->entries.ids[i], key))
      return true;
  return false;
}

/* ---- tests that hang on it */

static bool hangs_on_call(const Site *site, const Instruction *call) {
  const Node *callee = &site->f->nodes[call->a];
  if (callee->kind != NODE_FUNCTION)
    return false;
  const Program *program = site->way->program;
  Targets targets;
  runs_model(program, site->function, site->function->symbols[callee->a], &targets);
  for (uint32_t t = 0; t < targets.count; t++) {
    const Summary *summary = program_summary(site->way->program, targets.ids[t]);
    for (uint32_t i = 0; summary && i < summary->read_count; i++)
      if (is_changed(site->way, text_of(program->symbols, summary->reads[i])))
        return true;
  }
  return false;
}

static bool hangs_on_changes(const Site *site, NodeId id, uint32_t depth);

static Index outermost_loop(const Site *site) {
  Index loop = site->cfg->innermost[site->block];
  while (loop != NO_LOOP && site->cfg->loops[loop].parent != NO_LOOP)
    loop = site->cfg->loops[loop].parent;
  return loop;
}

static bool is_step(const Function *f, NodeId value, Index local) {
  const Node *node = &f->nodes[value];
  return is_sum(node) && f->nodes[node->a].kind == NODE_VAR && f->nodes[node->a].a == local;
}

/* A local that the loop counts with, and never sets anew. */
static bool is_counter(const Site *site, Index local) {
  const Function *f = site->f;
  Index loop = site->loops && !site->way->counts ? outermost_loop(site) : NO_LOOP;
  bool steps = false;
  for (uint32_t b = 0; loop != NO_LOOP && b < site->cfg->loops[loop].block_count; b++) {
    const Block *block = &f->blocks[site->cfg->loops[loop].blocks[b]];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      const Instruction *inst = &f->instructions[i];
      if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL ||
          f->nodes[inst->a].a != local)
        continue;
      if (!is_step(f, inst->b, local))
        return false;
      steps = true;
    }
  }
  return steps;
}

static bool local_hangs_on_changes(const Site *site, Index local, uint32_t depth) {
  const Function *f = site->f;
  if (is_counter(site, local))
    return true;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
        f->nodes[inst->a].a == local && hangs_on_changes(site, inst->b, depth))
      return true;
  }
  return false;
}

static bool temp_hangs_on_changes(const Site *site, uint32_t temp, uint32_t depth) {
  const Function *f = site->f;
  const Instruction *inst = temp_definition(f, temp);
  NodeId place = inst ? place_read(f, inst) : 0;
  Index symbol = place ? slot_of_place(f, place) : NO_SYMBOL;
  if (symbol != NO_SYMBOL)
    return is_changed(site->way, f->symbols[symbol].key);
  if (!inst || place)
    return false;
  return inst->kind == INST_CALL ? hangs_on_call(site, inst)
                                 : hangs_on_changes(site, inst->a, depth);
}

static bool hangs_on_changes(const Site *site, NodeId id, uint32_t depth) {
  const Node *node = &site->f->nodes[id];
  if (!depth--)
    return false;
  switch ((NodeKind)node->kind) {
  case NODE_TEMP:
    return temp_hangs_on_changes(site, node->a, depth);
  case NODE_VAR:
    return local_hangs_on_changes(site, node->a, depth);
  case NODE_UNARY:
  case NODE_CAST:
    return hangs_on_changes(site, node->a, depth);
  case NODE_BINARY:
  case NODE_SHIFT:
    return node->operator!= OPERATOR_REMAINDER && // each n-th time is no limit
        (hangs_on_changes(site, node->a, depth) || hangs_on_changes(site, node->b, depth));
  default:
    return false;
  }
}

/* `while (running)`: that it ends some time limits nothing. `while (count < limit)` does. */
static bool leaves_loop(const Site *site, Index test) {
  Index loop = site->cfg->innermost[test];
  const Block *block = &site->f->blocks[test];
  for (uint32_t k = 0; k < block->edge_count && loop != NO_LOOP; k++)
    if (!cfg_in_loop(site->cfg, loop, site->f->edges[block->edges + k].block))
      return true;
  return false;
}

/* Tests that hang on what the creation changes, per block. */
static bool *find_tests(const Site *site, Arena *scratch) {
  bool *tests = arena_new_array(scratch, bool, site->f->block_count);
  for (uint32_t i = 0; i < site->cfg->order_count; i++) {
    Index test = site->cfg->order[i];
    const Block *block = &site->f->blocks[test];
    if (test == site->block ||
        (block->terminator != TERM_BRANCH && block->terminator != TERM_SWITCH))
      continue;
    site->way->counts = leaves_loop(site, test);
    tests[test] = hangs_on_changes(site, block->value, VALUE_DEPTH);
  }
  return tests;
}

/* Blocks from which the creation is reached without passing a test. */
static const bool *reaching(const Site *site, const bool *tests, Arena *scratch) {
  const Cfg *cfg = site->cfg;
  bool *marks = arena_new_array(scratch, bool, site->f->block_count);
  Index *stack = arena_new_array(scratch, Index, site->f->block_count + 1u);
  uint32_t depth = 0;
  stack[depth++] = site->block;
  marks[site->block] = true;
  while (depth) {
    Index block = stack[--depth];
    for (uint32_t i = 0; i < cfg->predecessor_counts[block]; i++) {
      Index before = cfg->predecessors[block][i];
      if (tests[before] || marks[before])
        continue;
      marks[before] = true;
      stack[depth++] = before;
    }
  }
  return marks;
}

/* Takes out a test all of whose edges lead to the creation: it decides nothing. */
static bool drop_idle(const Site *site, const bool *marks, bool *tests) {
  bool dropped = false;
  for (uint32_t i = 0; i < site->cfg->order_count; i++) {
    Index test = site->cfg->order[i];
    const Block *block = &site->f->blocks[test];
    bool all = tests[test];
    for (uint32_t k = 0; k < block->edge_count && all; k++)
      all = marks[site->f->edges[block->edges + k].block];
    if (all)
      tests[test] = false;
    dropped |= all;
  }
  return dropped;
}

/* Does every way to the creation come by a test that decides about it: `if (n < least || (queued &&
 * n < most))` are two? */
static bool is_tested(const Site *site) {
  Arena *scratch = arena_new();
  bool *tests = find_tests(site, scratch);
  const bool *marks = reaching(site, tests, scratch);
  while (drop_idle(site, marks, tests))
    marks = reaching(site, tests, scratch);
  bool tested = !marks[site->cfg->order[0]];
  arena_free(scratch);
  return tested;
}

/* ---- waiting */

static bool model_waits(const Summary *model) {
  for (uint32_t i = 0; i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++) {
      const Effect *effect = &model->cases[i].effects[k];
      bool semaphore = effect->action == ACTION_ACQUIRE && effect->flags & LOCK_COUNTING;
      if (semaphore || effect->action == ACTION_WAIT || effect->action == ACTION_JOIN)
        return true;
    }
  return false;
}

static bool name_waits(const Program *program, const ProgramFunction *caller, TextId symbol,
                       uint32_t depth) {
  Targets targets;
  const Summary *model = runs_model(program, caller, symbol, &targets);
  if (model)
    return model_waits(model);
  for (uint32_t t = 0; t < targets.count && depth; t++) {
    const ProgramFunction *callee = &program->functions[targets.ids[t]];
    const FunctionLinks *links = callee->declared.links;
    for (uint32_t i = 0; i < links->call_count; i++)
      if (name_waits(program, callee, text_find(program->symbols, links->calls[i]), depth - 1))
        return true;
  }
  return false;
}

static bool waits(const Site *site, uint32_t before) {
  Index loop = site->cfg->innermost[site->block];
  for (uint32_t i = 0; i < site->cfg->order_count; i++) {
    Index at = site->cfg->order[i];
    if (!cfg_dominates(site->cfg, at, site->block) ||
        (loop != NO_LOOP && !cfg_in_loop(site->cfg, loop, at)))
      continue;
    const Block *block = &site->f->blocks[at];
    for (uint32_t k = block->first; k < block->first + block->count && k != before; k++) {
      const Instruction *inst = &site->f->instructions[k];
      const Node *callee = &site->f->nodes[inst->a];
      if (inst->kind == INST_CALL && callee->kind == NODE_FUNCTION &&
          name_waits(site->way->program, site->function, site->function->symbols[callee->a],
                     WAIT_DEPTH))
        return true;
    }
  }
  return false;
}

/* ---- the way */

static bool is_held_back(Way *way, const Stop *stop, bool loops) {
  BorrowedCode code = program_borrow(way->program, stop->function);
  Site site = {.way = way, .function = code.function, .f = code.function->body, .loops = loops};
  site.cfg = cfg_new(code.arena, site.f);
  site.block = block_of_instruction(site.f, stop->instruction);
  bool held = waits(&site, stop->instruction) || is_tested(&site);
  program_return(&code);
  return held;
}

static void add(Way *way, uint32_t function, uint32_t instruction) {
  if (way->way_count < WAY_LIMIT)
    way->way[way->way_count++] = (Stop){function, instruction};
}

bool is_throttled(Program *program, const ThrottleQuestion *question) {
  Way way = {.program = program, .entries = question->entries};
  for (uint32_t i = 0; i < question->step_count; i++) {
    const RunsStep *step = &question->steps[i];
    bool begins = step->repeats == REPEATS_ANY || step->cause == CAUSE_CALLBACK ||
                  step->cause == CAUSE_THREAD;
    if (begins) {
      way.way_count = 0;
      way.loops = step->repeats == REPEATS_ANY && step->cause != CAUSE_CALLBACK &&
                  step->cause != CAUSE_THREAD;
    }
    if (step->caller != NO_RUNS_CALLER && step->instruction != NO_RUNS_INSTRUCTION &&
        step->cause != CAUSE_CALLBACK && step->cause != CAUSE_THREAD && step->cause != CAUSE_HERE)
      add(&way, step->caller, step->instruction);
  }
  add(&way, question->function, question->instruction);
  for (uint32_t i = 0; i < way.way_count; i++)
    if (is_held_back(&way, &way.way[i], way.loops && !i))
      return guard_on("throttle");
  return false;
}
