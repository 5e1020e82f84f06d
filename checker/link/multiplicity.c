/* multiplicity.c - see multiplicity.h. First what is reached at all and in which parts of the life,
 * to a fixpoint; then how often, callers first. An edge whose count does not hang on how often its
 * caller runs (a callback, a once-guard) is no part of that order, so what is left of the circles
 * is recursion. */
#include "link/multiplicity.h"

#include <string.h>

#include "base/array.h"
#include "ir/guards.h"
#include "link/components.h"
#include "link/life.h"
#include "link/linkage.h"
#include "link/runs_graph.h"

enum { NO_EDGE = 0xffffffffu };

typedef struct {
  uint8_t runs, life, assumed;
  RunsCause root;  // when no edge is the reason
  uint32_t reason; // edge, or NO_EDGE
} NodeRuns;

struct Multiplicities {
  Arena *arena;
  Program *program;
  RunsGraph *graph;
  Components order;
  Life *life;
  NodeRuns *nodes; // the largest over the programs
};

/* One linked program, or what is left when all are done. */
typedef struct {
  Multiplicities *m;
  uint32_t linked; // number of the program, or NO_EDGE: all functions
  bool rest;       // only what no program reaches
  uint8_t *roots;  // per node: Runs as a root
  RunsCause *causes;
  uint8_t *life; // per node
  NodeRuns *nodes;
  ARRAY(uint32_t) queue;
} Pass;

static bool is_function(const Multiplicities *m, uint32_t node) {
  return node < m->program->function_count;
}

static bool is_member(const Pass *pass, uint32_t node) {
  const Multiplicities *m = pass->m;
  if (!is_function(m, node))
    return true;
  if (pass->rest && m->nodes[node].runs != RUNS_NEVER)
    return false;
  const ProgramFunction *function = &m->program->functions[node];
  return pass->linked == NO_EDGE || linkage_member(m->program, function, pass->linked) ||
         linkage_is_free(m->program, function);
}

/* ---- what is reached */

static void reach(Pass *pass, uint32_t node, uint32_t life) {
  if ((pass->life[node] | life) == pass->life[node] || !is_member(pass, node))
    return;
  pass->life[node] |= (uint8_t)life;
  array_push(&pass->queue, node);
}

static void add_root(Pass *pass, uint32_t node, Runs runs, RunsCause cause, uint32_t life) {
  if (!is_member(pass, node) || pass->roots[node] >= runs)
    return;
  pass->roots[node] = (uint8_t)runs;
  pass->causes[node] = cause;
  reach(pass, node, life);
}

static void reach_all(Pass *pass) {
  const RunsGraph *graph = pass->m->graph;
  for (size_t i = 0; i < pass->queue.count; i++) {
    uint32_t node = pass->queue.at[i];
    for (uint32_t e = graph->out_starts[node]; e < graph->out_starts[node + 1]; e++)
      reach(pass, graph->edges[e].to,
            life_of_edge(pass->m->life, &graph->edges[e], pass->life[node]));
  }
  pass->queue.count = 0;
}

/* ---- how often */

/* Does the count of the edge hang on how often its caller runs? */
static bool is_dependent(const RunsEdge *edge) {
  return !edge->is_once && (edge->kind == RUNS_CALL || edge->kind == RUNS_SPAWN);
}

static bool is_recursion(const Multiplicities *m, const RunsEdge *edge) {
  return is_dependent(edge) && m->order.component[edge->from] == m->order.component[edge->to];
}

static Runs times(Runs runs, Repeats repeats) {
  Runs factor = (Runs)(repeats + 1);
  return runs == RUNS_NEVER || runs > factor ? runs : factor;
}

static Runs runs_by_edge(const Pass *pass, const RunsEdge *edge) {
  if (!pass->life[edge->from])
    return RUNS_NEVER;
  if (edge->kind == RUNS_LATER)
    return RUNS_ANY;
  if (!is_dependent(edge))
    return times(RUNS_ONCE, edge->repeats);
  if (is_recursion(pass->m, edge))
    return RUNS_ANY;
  return times(pass->nodes[edge->from].runs, edge->repeats);
}

static void count_node(const Pass *pass, uint32_t node) {
  const RunsGraph *graph = pass->m->graph;
  NodeRuns *runs = &pass->nodes[node];
  bool by_once = false, by_recursion = false;
  uint32_t ways = pass->roots[node] == RUNS_ONCE;
  *runs = (NodeRuns){.runs = pass->roots[node],
                     .life = pass->life[node],
                     .assumed = pass->rest,
                     .root = pass->causes[node],
                     .reason = NO_EDGE};
  for (uint32_t e = graph->in_starts[node]; e < graph->in_starts[node + 1]; e++) {
    const RunsEdge *edge = &graph->edges[graph->in_edges[e]];
    Runs by_edge = runs_by_edge(pass, edge);
    ways += by_edge == RUNS_ONCE && !(edge->is_call_once && by_once);
    by_once |= edge->is_call_once && by_edge == RUNS_ONCE;
    bool recursion = is_recursion(pass->m, edge);
    if (by_edge < runs->runs || (by_edge == runs->runs && (!by_recursion || recursion)))
      continue; // recursion is a reason where there is no better one
    by_recursion = recursion;
    runs->runs = (uint8_t)by_edge;
    runs->reason = graph->in_edges[e];
  }
  if (ways > 1 && runs->runs == RUNS_ONCE)
    runs->runs = RUNS_BOUNDED;
}

static void count_all(const Pass *pass) {
  const Components *order = &pass->m->order;
  for (uint32_t i = pass->m->graph->node_count; i-- > 0;) // callers first
    if (pass->life[order->order[i]])
      count_node(pass, order->order[i]);
  for (uint32_t i = 0; i < pass->m->graph->node_count; i++) {
    NodeRuns *best = &pass->m->nodes[i];
    const NodeRuns *here = &pass->nodes[i];
    if (!pass->life[i] || !is_member(pass, i))
      continue;
    uint32_t life = best->life | here->life;
    if (here->runs > best->runs)
      *best = *here;
    best->life = (uint8_t)life;
  }
}

/* ---- passes */

static void add_outside_slots(Pass *pass) {
  const RunsGraph *graph = pass->m->graph;
  for (uint32_t n = pass->m->program->function_count; n < graph->node_count; n++)
    if (graph->in_starts[n] == graph->in_starts[n + 1])
      add_root(pass, n, RUNS_ANY, CAUSE_OUTSIDE, LIFE_RUN);
}

static void add_program_roots(Pass *pass, const uint32_t *mains, uint32_t main_count) {
  const Multiplicities *m = pass->m;
  for (uint32_t i = 0; i < main_count; i++)
    add_root(pass, mains[i], RUNS_ONCE, CAUSE_MAIN, life_begins(m->life, mains[i]));
  for (uint32_t i = 0; i < m->program->function_count; i++) {
    uint32_t flags = m->program->functions[i].declared.flags;
    if (flags & FUNCTION_CONSTRUCTOR)
      add_root(pass, i, RUNS_ONCE, CAUSE_CONSTRUCTOR, LIFE_INIT);
    if (flags & FUNCTION_DESTRUCTOR)
      add_root(pass, i, RUNS_ONCE, CAUSE_DESTRUCTOR, LIFE_TEARDOWN);
  }
  add_outside_slots(pass);
}

static bool is_exported(const ProgramFunction *function) {
  return !(function->declared.flags & (FUNCTION_INTERNAL | FUNCTION_INITIALISER));
}

/* Calls itself, or nobody else calls it. */
static bool has_caller(const RunsGraph *graph, uint32_t node) {
  for (uint32_t e = graph->in_starts[node]; e < graph->in_starts[node + 1]; e++)
    if (graph->edges[graph->in_edges[e]].from != node)
      return true;
  return false;
}

static void begin_pass(Pass *pass) {
  uint32_t count = pass->m->graph->node_count;
  memset(pass->roots, 0, count);
  memset(pass->life, 0, count);
  memset(pass->nodes, 0, sizeof *pass->nodes * count);
}

static void end_pass(Pass *pass) {
  reach_all(pass);
  count_all(pass);
}

/* What no program reaches is for those who link the library: all that it exports when there is no
 * main at all, else what nobody calls, and then what only such circles call. */
static void count_rest(Pass *pass, bool is_library) {
  const Multiplicities *m = pass->m;
  pass->rest = true;
  pass->linked = NO_EDGE;
  for (int round = is_library ? 1 : 0; round < 2; round++) {
    begin_pass(pass);
    add_outside_slots(pass);
    for (uint32_t i = 0; i < m->program->function_count; i++)
      if (is_exported(&m->program->functions[i]) && (round || !has_caller(m->graph, i)))
        add_root(pass, i, RUNS_ANY, CAUSE_EXPORTED, LIFE_RUN);
    end_pass(pass);
  }
}

static void count_programs(Multiplicities *m, const uint32_t *mains, uint32_t main_count) {
  uint32_t count = m->graph->node_count;
  Arena *scratch = arena_new();
  Pass pass = {.m = m,
               .roots = arena_new_array(scratch, uint8_t, count),
               .causes = arena_new_array(scratch, RunsCause, count),
               .life = arena_new_array(scratch, uint8_t, count),
               .nodes = arena_new_array(scratch, NodeRuns, count)};
  uint32_t programs = linkage_count(m->program);
  for (uint32_t i = 0; main_count && i < (programs ? programs : 1); i++) {
    pass.linked = programs ? i : NO_EDGE;
    begin_pass(&pass);
    add_program_roots(&pass, mains, main_count);
    end_pass(&pass);
  }
  if (!main_count) { // what runs when a library is loaded and unloaded
    pass.linked = NO_EDGE;
    begin_pass(&pass);
    add_program_roots(&pass, mains, 0);
    end_pass(&pass);
  }
  count_rest(&pass, !main_count);
  array_free(&pass.queue);
  arena_free(scratch);
}

static Components order_graph(Arena *arena, const RunsGraph *graph) {
  uint32_t *starts = arena_new_array(arena, uint32_t, graph->node_count + 1u);
  uint32_t *targets = arena_new_array(arena, uint32_t, graph->edge_count), count = 0;
  for (uint32_t n = 0; n < graph->node_count; n++) {
    for (uint32_t e = graph->out_starts[n]; e < graph->out_starts[n + 1]; e++)
      if (is_dependent(&graph->edges[e]))
        targets[count++] = graph->edges[e].to;
    starts[n + 1] = count;
  }
  return components_find(arena, graph->node_count, starts, targets);
}

Multiplicities *multiplicities_new(Program *program) {
  Arena *arena = arena_new();
  Multiplicities *m = arena_new_one(arena, Multiplicities);
  *m =
      (Multiplicities){.arena = arena, .program = program, .graph = runs_graph_new(arena, program)};
  m->order = order_graph(arena, m->graph);
  m->nodes = arena_new_array(arena, NodeRuns, m->graph->node_count);
  ARRAY(uint32_t) mains = {0};
  TextId name = text_find(program->symbols, "main");
  for (uint32_t i = 0; i < program->function_count; i++)
    if (name && program->functions[i].key == name)
      array_push(&mains, i);
  m->life = life_new(arena, program, m->graph, mains.at, (uint32_t)mains.count);
  count_programs(m, mains.at, (uint32_t)mains.count);
  array_free(&mains);
  return m;
}

void multiplicities_free(Multiplicities *m) {
  if (m)
    arena_free(m->arena);
}

/* ---- answers */

static Multiplicity answer(const NodeRuns *node) {
  return (Multiplicity){.runs = (Runs)node->runs, .life = node->life, .assumed = node->assumed};
}

Multiplicity multiplicity_of(const Multiplicities *m, uint32_t function) {
  Multiplicity whole = answer(&m->nodes[function]);
  whole.life = life_of_function(m->life, function, whole.life);
  return whole;
}

typedef struct {
  ProgramFunction *function;
  const Repetition *repetition;
  const Guards *guards;
  bool loaded; // by us
} Opened;

static Opened open_code(Multiplicities *m, Arena *scratch, uint32_t id) {
  Opened opened = {.function = &m->program->functions[id]};
  if (!opened.function->body) {
    program_load(m->program, opened.function, scratch);
    opened.loaded = true;
  }
  const Function *f = opened.function->body;
  bool shaped = function_has_loop(f) || function_has_guard(scratch, f);
  opened.repetition = repetition_new(scratch, f, shaped ? cfg_new(scratch, f) : NULL);
  opened.guards = guards_new(scratch, opened.repetition);
  return opened;
}

static void close_code(Opened *opened) {
  if (opened->loaded)
    program_unload(opened->function);
}

static Index block_of(const Function *f, uint32_t instruction) {
  for (Index b = 0; b < f->block_count; b++)
    if (instruction >= f->blocks[b].first && instruction < f->blocks[b].first + f->blocks[b].count)
      return b;
  return 0;
}

Multiplicity multiplicity_at(Multiplicities *m, uint32_t function, uint32_t instruction) {
  Multiplicity here = answer(&m->nodes[function]);
  if (here.runs == RUNS_NEVER)
    return here;
  Arena *scratch = arena_new();
  Opened opened = open_code(m, scratch, function);
  Index block = block_of(opened.function->body, instruction);
  Index guard = opened.guards->symbols[block];
  if (guard != NO_GUARD && runs_guard_holds(m->graph, opened.function->symbols[guard]))
    here.runs = times(RUNS_ONCE, opened.guards->repeats[block]);
  else
    here.runs = times(here.runs, opened.repetition->blocks[block]);
  here.life = life_of_instruction(m->life, function, instruction, here.life);
  close_code(&opened);
  arena_free(scratch);
  return here;
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
    if (is_recursion(m, edge))
      return CAUSE_RECURSION;
    return is_function(m, edge->from) && is_function(m, edge->to) ? CAUSE_CALLED : CAUSE_SLOT;
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

static void find_site(Multiplicities *m, const RunsEdge *edge, RunsStep *step) {
  Arena *scratch = arena_new();
  Opened opened = open_code(m, scratch, edge->from);
  const Function *f = opened.function->body;
  const Repetition *repetition = opened.repetition;
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      bool better = step->instruction == NO_RUNS_INSTRUCTION ||
                    repetition->blocks[b] > repetition->blocks[block_of(f, step->instruction)];
      if (better && is_site(opened.function, repetition, &f->instructions[i], edge))
        step->instruction = i;
    }
  if (step->instruction != NO_RUNS_INSTRUCTION) {
    Index block = block_of(f, step->instruction);
    Index guard = opened.guards->symbols[block];
    Index loop = edge->is_once ? NO_LOOP : repetition_cause(repetition, block);
    step->line = location_line(f, &f->locations[f->instruction_locations[step->instruction]]);
    if (edge->is_once && !edge->is_call_once && guard != NO_GUARD)
      step->guard = text_of(m->program->symbols, opened.function->symbols[guard]);
    if (loop != NO_LOOP && repetition->blocks[block] != REPEATS_ONCE) {
      step->loop = repetition->cfg->loops[loop].header;
      step->loop_line = location_line(f, &f->locations[f->blocks[step->loop].location]);
    }
  }
  close_code(&opened);
  arena_free(scratch);
}

static const char *slot_name(const Multiplicities *m, uint32_t node) {
  return text_of(m->program->symbols, m->graph->slots[node - m->program->function_count]);
}

/* The step that leads to `node`, and the node before it; NO_EDGE at a root. */
static RunsStep step_to(Multiplicities *m, uint32_t node, uint32_t *before) {
  const NodeRuns *runs = &m->nodes[node];
  RunsStep step = {.function = node,
                   .cause = runs->root,
                   .caller = NO_RUNS_CALLER,
                   .instruction = NO_RUNS_INSTRUCTION,
                   .loop = NO_BLOCK};
  *before = NO_EDGE;
  if (runs->reason == NO_EDGE)
    return step;
  const RunsEdge *edge = &m->graph->edges[runs->reason];
  step.cause = cause_of_edge(m, edge);
  step.repeats = edge->repeats;
  if (is_dependent(edge) && step.cause != CAUSE_RECURSION)
    *before = edge->from;
  if (is_function(m, edge->from)) {
    step.caller = edge->from;
    find_site(m, edge, &step);
  } else {
    step.slot = slot_name(m, edge->from);
  }
  return step;
}

const RunsStep *multiplicity_reason(Multiplicities *m, Arena *arena, uint32_t function,
                                    uint32_t *count) {
  ARRAY(RunsStep) steps = {0};
  *count = 0;
  for (uint32_t node = function; node != NO_EDGE && m->nodes[function].runs != RUNS_NEVER;) {
    uint32_t before;
    RunsStep step = step_to(m, node, &before);
    while (before != NO_EDGE && !is_function(m, before)) { // through slots: one step for all
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
