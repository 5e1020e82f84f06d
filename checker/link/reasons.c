/* reasons.c - why a function runs as often as it does: the chain of calls from a root, see
 * multiplicity.h; and that chain in words. */
#include <string.h>

#include "base/array.h"
#include "ir/print.h"
#include "link/runs_inside.h"

/* ---- what multiplicity.c needs, too */

bool runs_is_function(const Multiplicities *m, uint32_t node) {
  return node < m->program->function_count;
}

bool runs_is_dependent(const RunsEdge *edge) {
  return !edge->is_once && (edge->kind == RUNS_CALL || edge->kind == RUNS_SPAWN);
}

bool runs_is_recursion(const Multiplicities *m, const RunsEdge *edge) {
  return runs_is_dependent(edge) && m->order.component[edge->from] == m->order.component[edge->to];
}

OpenedCode runs_open_code(Multiplicities *m, uint32_t id) {
  OpenedCode opened = {.borrowed = program_borrow(m->program, id)};
  opened.function = opened.borrowed.function;
  Arena *scratch = opened.borrowed.arena;
  const Function *f = opened.function->body;
  bool shaped = function_has_loop(f) || function_has_guard(scratch, f);
  opened.repetition = repetition_new(scratch, f, shaped ? cfg_new(scratch, f) : NULL);
  opened.guards = guards_new(scratch, opened.repetition);
  return opened;
}

void runs_close_code(OpenedCode *opened) { program_return(&opened->borrowed); }

bool runs_is_guarded(const Multiplicities *m, const OpenedCode *opened, Index block) {
  Index guard = opened->guards->symbols[block];
  return guard != NO_GUARD && runs_guard_holds(m->graph, opened->function->symbols[guard]);
}

/* ---- reasons */

static RunsCause cause_of_edge(const Multiplicities *m, const RunsEdge *edge) {
  if (edge->is_once)
    return CAUSE_ONCE;
  switch (edge->kind) {
  case RUNS_SPAWN:
    return CAUSE_THREAD;
  case RUNS_LATER:
    return CAUSE_CALLBACK;
  case RUNS_EXIT:
    return CAUSE_EXIT;
  default:
    if (runs_is_recursion(m, edge))
      return CAUSE_RECURSION;
    return runs_is_function(m, edge->from) && runs_is_function(m, edge->to) ? CAUSE_CALLED
                                                                            : CAUSE_SLOT;
  }
}

/* Is this call the one that the entry of the links is about? */
static bool is_site(const ProgramFunction *function, const Repetition *repetition,
                    const Instruction *inst, const RunsEdge *edge) {
  const Function *f = function->body;
  const FunctionLinks *links = function->declared.links;
  const Node *node = &f->nodes[inst->a];
  const PointerFlow *flow = edge->entry == ENTRY_FLOW ? &links->flows[edge->number] : NULL;
  if (flow && flow->fate != FLOW_PASSED)
    return flow->fate == FLOW_CALLED && inst->kind == INST_CALL && node->kind != NODE_FUNCTION;
  if (inst->kind != INST_CALL || (flow && flow->argument >= inst->arg_count))
    return false;
  const Node *argument = flow ? &f->nodes[f->args[inst->args + flow->argument]] : NULL;
  if (argument && argument->kind == NODE_FUNCTION &&
      (flow->source != FLOW_FUNCTION ||
       strcmp(f->symbols[argument->a].key, links->taken[flow->number]) != 0))
    return false;
  uint32_t number = flow ? flow->callee : edge->number;
  bool by_name = edge->entry == ENTRY_CALL || (flow && number < links->call_count);
  if (number == NO_CALLEE)
    return node->kind != NODE_FUNCTION;
  if (by_name)
    return node->kind == NODE_FUNCTION && !strcmp(f->symbols[node->a].key, links->calls[number]);
  NodeId place = node->kind == NODE_TEMP ? repetition->loads[node->a] : 0;
  Index slot = place ? slot_of_place(f, place) : NO_SYMBOL;
  return slot != NO_SYMBOL &&
         !strcmp(f->symbols[slot].key, links->slots[flow ? number - links->call_count : number]);
}

static bool is_not(const Function *f, NodeId id) {
  return f->nodes[id].kind == NODE_UNARY && f->nodes[id].operator== OPERATOR_NOT;
}

/* The local on the left of a condition: `fd` of `fd >= 0`, which is kept as `!(fd < 0)`. */
static NodeId left_local(const Function *f, NodeId id) {
  while (is_not(f, id) || f->nodes[id].kind == NODE_BINARY)
    id = f->nodes[id].a;
  return f->nodes[id].kind == NODE_VAR ? id : 0;
}

static bool is_same_local(const Function *f, NodeId place, NodeId value) {
  return f->nodes[place].kind == NODE_LOCAL && f->nodes[place].a == f->nodes[value].a;
}

/* `(fd = accept(s, 0, 0)) >= 0`, when the block of the condition stores what is compared. */
static const char *condition_text(Arena *arena, const Function *f, const Block *block, NodeId id) {
  const char *text = node_text(arena, f, id);
  NodeId local = left_local(f, id);
  const char *name = local ? node_text(arena, f, local) : "";
  size_t length = strlen(name);
  for (uint32_t i = block->first + block->count; local && i-- > block->first;) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_STORE && is_same_local(f, inst->a, local) &&
        f->nodes[inst->b].kind == NODE_TEMP && !strncmp(text, name, length))
      return arena_printf(arena, text[length] ? "(%s = %s)%s" : "%s = %s%s", name,
                          node_text(arena, f, inst->b), text + length);
  }
  return text;
}

/* `a >= b` for `a < b`. */
static const char *opposite_text(Arena *arena, const Function *f, NodeId id) {
  const Node *node = &f->nodes[id];
  if (node->kind != NODE_BINARY)
    return arena_printf(arena, "!%s", node_text(arena, f, id));
  const char *between = node->operator== OPERATOR_EQ   ? "!="
                        : node->operator== OPERATOR_NE ? "=="
                        : node->operator== OPERATOR_LT ? ">="
                                                       : NULL;
  if (!between)
    return arena_printf(arena, "!(%s)", node_text(arena, f, id));
  return arena_printf(arena, "%s %s %s", node_text(arena, f, node->a), between,
                      node_text(arena, f, node->b));
}

/* "while (accept(listener, NULL, NULL) >= 0)", as far as the loop's head decides about it. */
static const char *loop_text(Arena *arena, const OpenedCode *opened, Index loop) {
  const Function *f = opened->function->body;
  const Cfg *cfg = opened->repetition->cfg;
  const Block *head = &f->blocks[cfg->loops[loop].header];
  if (head->terminator != TERM_BRANCH)
    return "";
  bool goes_on = cfg_in_loop(cfg, loop, f->edges[head->edges].block);
  if (goes_on == cfg_in_loop(cfg, loop, f->edges[head->edges + 1].block))
    return "";
  NodeId value = head->value;
  if (!goes_on && is_not(f, value)) {
    value = f->nodes[value].a;
    goes_on = true;
  }
  return arena_printf(arena, "while (%s)",
                      goes_on ? condition_text(arena, f, head, value)
                              : opposite_text(arena, f, value));
}

/* What the step says of its instruction: where it is, and what repeats it. */
static void tell_site(const Multiplicities *m, const OpenedCode *opened, Arena *arena,
                      RunsStep *step) {
  const Function *f = opened->function->body;
  const Repetition *repetition = opened->repetition;
  Index block = block_of_instruction(f, step->instruction);
  step->line = location_line(f, &f->locations[f->instruction_locations[step->instruction]]);
  if (step->cause == CAUSE_ONCE) {
    Index guard = opened->guards->symbols[block];
    if (guard == NO_GUARD)
      return;
    step->guard = text_of(m->program->symbols, opened->function->symbols[guard]);
    if (f->symbols[guard].kind == SYMBOL_FUNCTION)
      step->cause = CAUSE_CHILD;
    return;
  }
  Index loop = repetition_cause(repetition, block);
  if (loop == NO_LOOP || repetition->blocks[block] == REPEATS_ONCE)
    return;
  step->loop = cfg_loop_place(repetition->cfg, loop);
  step->loop_line = location_line(f, &f->locations[f->blocks[step->loop].location]);
  step->loop_text = loop_text(arena, opened, loop);
}

static void find_site(Multiplicities *m, const RunsEdge *edge, RunsStep *step) {
  OpenedCode opened = runs_open_code(m, edge->from);
  const Function *f = opened.function->body;
  const Repetition *repetition = opened.repetition;
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      bool better =
          step->instruction == NO_RUNS_INSTRUCTION ||
          repetition->blocks[b] > repetition->blocks[block_of_instruction(f, step->instruction)];
      if (better && is_site(opened.function, repetition, &f->instructions[i], edge))
        step->instruction = i;
    }
  if (step->instruction != NO_RUNS_INSTRUCTION)
    tell_site(m, &opened, m->arena, step);
  if (edge->is_call_once)
    step->guard = NULL; // the control of pthread_once is no variable of ours
  runs_close_code(&opened);
}

static const char *slot_name(const Multiplicities *m, uint32_t node) {
  return text_of(m->program->symbols, m->graph->slots[node - m->program->function_count]);
}

static KnownStep find_step(Multiplicities *m, uint32_t node) {
  const NodeRuns *runs = &m->nodes[node];
  KnownStep known = {.step = {.function = node,
                              .cause = runs->root,
                              .caller = NO_RUNS_CALLER,
                              .instruction = NO_RUNS_INSTRUCTION,
                              .loop = NO_BLOCK},
                     .before = NO_EDGE};
  if (runs->reason == NO_EDGE)
    return known;
  const RunsEdge *edge = &m->graph->edges[runs->reason];
  known.step.cause = cause_of_edge(m, edge);
  known.step.repeats = edge->repeats;
  if (runs_is_dependent(edge) && known.step.cause != CAUSE_RECURSION)
    known.before = edge->from;
  if (runs_is_function(m, edge->from)) {
    known.step.caller = edge->from;
    find_site(m, edge, &known.step);
  } else {
    known.step.slot = slot_name(m, edge->from);
  }
  return known;
}

/* The step that leads to `node`, and the node before it; NO_EDGE at a root. */
static RunsStep step_to(Multiplicities *m, uint32_t node, uint32_t *before) {
  if (!m->steps[node]) {
    KnownStep known = find_step(m, node);
    m->steps[node] = arena_copy(m->arena, &known, sizeof known);
  }
  *before = m->steps[node]->before;
  return m->steps[node]->step;
}

/* The last step, from the function to its own instruction: false when that adds nothing. */
static bool own_step(Multiplicities *m, Arena *arena, uint32_t function, RunsStep *step) {
  OpenedCode opened = runs_open_code(m, function);
  Index block = block_of_instruction(opened.function->body, step->instruction);
  bool guarded = runs_is_guarded(m, &opened, block);
  step->cause = guarded ? CAUSE_ONCE : CAUSE_HERE;
  step->repeats = guarded ? opened.guards->repeats[block] : opened.repetition->blocks[block];
  tell_site(m, &opened, arena, step);
  runs_close_code(&opened);
  return guarded || step->repeats != REPEATS_ONCE;
}

static bool is_once(const RunsStep *step) {
  return step->cause == CAUSE_ONCE || step->cause == CAUSE_CHILD;
}

/* Threads that create each other go round. */
static bool is_told(const RunsStep *steps, size_t count, uint32_t node) {
  for (size_t i = 0; i < count; i++)
    if (steps[i].function == node && steps[i].cause != CAUSE_HERE && !is_once(&steps[i]))
      return true;
  return false;
}

const RunsStep *multiplicity_reason(Multiplicities *m, Arena *arena, uint32_t function,
                                    uint32_t instruction, uint32_t *count) {
  ARRAY(RunsStep) steps = {0};
  uint32_t node = m->nodes[function].runs == RUNS_NEVER ? NO_EDGE : function;
  RunsStep own = {.function = function, .caller = function, .instruction = instruction};
  own.loop = NO_BLOCK;
  if (node != NO_EDGE && instruction != NO_RUNS_INSTRUCTION && own_step(m, arena, function, &own)) {
    array_push(&steps, own);
    node = is_once(&own) ? NO_EDGE : function;
  }
  while (node != NO_EDGE && !is_told(steps.at, steps.count, node)) {
    uint32_t before;
    RunsStep step = step_to(m, node, &before);
    while (before != NO_EDGE && !runs_is_function(m, before)) { // through slots: one step for all
      const char *slot = slot_name(m, before);
      step = step_to(m, before, &before);
      step.function = node;
      step.slot = slot;
    }
    array_push(&steps, step);
    node = before;
  }
  RunsStep *list = arena_new_array(arena, RunsStep, steps.count);
  for (size_t i = 0; i < steps.count; i++)
    list[i] = steps.at[steps.count - 1 - i];
  *count = (uint32_t)steps.count;
  array_free(&steps);
  return list;
}

/* ---- in words */

static const char *name_of(const Multiplicities *m, uint32_t function) {
  return m->program->functions[function].declared.name;
}

/* Is this step the one from which on it is any number of times? */
static bool is_endless(const RunsStep *step) {
  switch (step->cause) {
  case CAUSE_EXPORTED:
  case CAUSE_OUTSIDE:
  case CAUSE_SIGNAL:
  case CAUSE_CALLBACK:
  case CAUSE_RECURSION:
    return true;
  case CAUSE_ONCE:
  case CAUSE_CHILD:
    return false;
  default:
    return step->caller != NO_RUNS_CALLER && step->repeats == REPEATS_ANY;
  }
}

/* The step that made the answer what it is: of the largest count, the first. */
static const RunsStep *decisive(const RunsStep *steps, uint32_t count) {
  const RunsStep *best = &steps[0];
  for (uint32_t i = 0; i < count; i++)
    if (is_endless(&steps[i]))
      return &steps[i];
  for (uint32_t i = 1; i < count; i++)
    if (steps[i].caller != NO_RUNS_CALLER && steps[i].repeats > best->repeats)
      best = &steps[i];
  return best;
}

static const char *words_of(const Multiplicities *m, Arena *arena, const RunsStep *step) {
  const char *name = name_of(m, step->function);
  const char *caller = step->caller == NO_RUNS_CALLER ? step->slot : name_of(m, step->caller);
  switch (step->cause) {
  case CAUSE_MAIN:
    return "";
  case CAUSE_CONSTRUCTOR:
    return arena_printf(arena, "'%s' runs before main", name);
  case CAUSE_DESTRUCTOR:
    return arena_printf(arena, "'%s' runs after main", name);
  case CAUSE_EXPORTED:
    return arena_printf(arena, "whoever links this may call '%s'", name);
  case CAUSE_OUTSIDE:
    return arena_printf(arena, "'%s' is stored for others to call", name);
  case CAUSE_SIGNAL:
    return arena_printf(arena, "'%s' handles a signal", name);
  case CAUSE_CALLBACK:
    return arena_printf(arena, "'%s' is registered by '%s', to be called", name, caller);
  case CAUSE_EXIT:
    return arena_printf(arena, "'%s' is registered for the end of the process", name);
  case CAUSE_ONCE:
    return step->guard ? arena_printf(arena, "a variable lets '%s' do it once", caller)
                       : arena_printf(arena, "'%s' lets it run once", caller);
  case CAUSE_CHILD:
    return arena_printf(arena, "'%s' makes a process for it", caller);
  case CAUSE_RECURSION:
    return arena_printf(arena, "'%s' leads back to itself", name);
  default:
    if (step->repeats == REPEATS_ONCE)
      return "";
    return step->loop_text && *step->loop_text
               ? arena_printf(arena, "inside %s of '%s'", step->loop_text, caller)
               : arena_printf(arena, "inside a loop of '%s'", caller);
  }
}

/* From where the decisive step is reached. */
static const char *way_to(const Multiplicities *m, Arena *arena, const RunsStep *steps,
                          const RunsStep *last) {
  const char *thread = "";
  for (const RunsStep *step = steps; step <= last; step++)
    if (step->cause == CAUSE_THREAD && step != last)
      thread = arena_printf(arena, "in a thread that runs '%s', ", name_of(m, step->function));
  if (steps->cause == CAUSE_MAIN || steps->cause == CAUSE_CONSTRUCTOR)
    return arena_printf(arena, "%sreached from '%s'", thread, name_of(m, steps->function));
  if (last != steps)
    return arena_printf(arena, "%sreached from '%s'", thread, name_of(m, steps->function));
  return "";
}

const char *multiplicity_words(Multiplicities *m, Arena *arena, uint32_t function,
                               uint32_t instruction) {
  static const char *const how_often[] = {
      [RUNS_NEVER] = "never: nobody calls it, as far as is seen",
      [RUNS_ONCE] = "once",
      [RUNS_BOUNDED] = "a number of times that the program's text bounds",
      [RUNS_COUNTED] = "as often as is known when a loop begins",
      [RUNS_ANY] = "any number of times",
  };
  Multiplicity often = instruction == NO_RUNS_INSTRUCTION
                           ? multiplicity_of(m, function)
                           : multiplicity_at(m, function, instruction);
  uint32_t count;
  const RunsStep *steps = multiplicity_reason(m, arena, function, instruction, &count);
  if (!count)
    return how_often[often.runs];
  const RunsStep *step = decisive(steps, count);
  const char *why = words_of(m, arena, step), *way = way_to(m, arena, steps, step);
  return arena_printf(arena, "%s%s%s%s%s", how_often[often.runs], *why || *way ? ": " : "", why,
                      *why && *way ? ", " : "", way);
}
