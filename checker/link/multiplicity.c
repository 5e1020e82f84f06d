/* multiplicity.c - see multiplicity.h. First what is reached at all and in which parts of the life,
 * to a fixpoint; then how often, callers first. An edge whose count does not hang on how often its
 * caller runs (a callback, a once-guard) is no part of that order, so what is left of the circles
 * is recursion. */
#include "link/multiplicity.h"

#include <string.h>

#include "base/array.h"
#include "link/linkage.h"
#include "link/runs_inside.h"

/* One linked program, or what is left when all are done. */
typedef struct {
  Multiplicities *m;
  uint32_t linked; // number of the program, or NO_EDGE: all functions
  bool rest;       // only what no program reaches
  uint8_t *roots;  // per node: Runs as a root
  RunsCause *causes;
  uint8_t *life;    // per node
  uint8_t *members; // per node: 0 before anybody asked
  NodeRuns *nodes;
  ARRAY(uint32_t) queue;
} Pass;

static bool find_member(const Pass *pass, uint32_t node) {
  const Multiplicities *m = pass->m;
  if (!runs_is_function(m, node))
    return true;
  if (pass->rest && m->nodes[node].runs != RUNS_NEVER)
    return false;
  const ProgramFunction *function = &m->program->functions[node];
  return pass->linked == NO_EDGE || linkage_member(m->program, function, pass->linked) ||
         linkage_is_free(m->program, function);
}

/* Asked once for each edge that leads there. */
static bool is_member(const Pass *pass, uint32_t node) {
  enum { UNKNOWN, MEMBER, OTHER };
  if (pass->members[node] == UNKNOWN)
    pass->members[node] = find_member(pass, node) ? MEMBER : OTHER;
  return pass->members[node] == MEMBER;
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

static Runs times(Runs runs, Repeats repeats) {
  Runs factor = (Runs)(repeats + 1);
  return runs == RUNS_NEVER || runs > factor ? runs : factor;
}

static Runs runs_by_edge(const Pass *pass, const RunsEdge *edge) {
  if (!pass->life[edge->from])
    return RUNS_NEVER;
  if (edge->kind == RUNS_LATER)
    return RUNS_ANY;
  if (!runs_is_dependent(edge))
    return times(RUNS_ONCE, edge->repeats);
  if (runs_is_recursion(pass->m, edge))
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
    bool recursion = runs_is_recursion(pass->m, edge);
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

/* Its handlers are in a union without a name. Imprecise: signal() is a registration like any
 * other. */
static bool is_of_signals(const Multiplicities *m, uint32_t slot) {
  const char *key =
      text_of(m->program->symbols, m->graph->slots[slot - m->program->function_count]);
  return text_starts(key, "struct sigaction#") || text_starts(key, "union (struct sigaction.");
}

static void add_outside_slots(Pass *pass) {
  const RunsGraph *graph = pass->m->graph;
  for (uint32_t n = pass->m->program->function_count; n < graph->node_count; n++)
    if (graph->in_starts[n] == graph->in_starts[n + 1])
      add_root(pass, n, RUNS_ANY, is_of_signals(pass->m, n) ? CAUSE_SIGNAL : CAUSE_OUTSIDE,
               LIFE_RUN);
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
  memset(pass->members, 0, count);
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
               .members = arena_new_array(scratch, uint8_t, count),
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
      if (runs_is_dependent(&graph->edges[e]))
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
  m->inside = arena_new_array(arena, InsideRuns *, program->function_count);
  m->steps = arena_new_array(arena, KnownStep *, m->graph->node_count);
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

const RunsGraph *multiplicity_graph(const Multiplicities *all) { return all->graph; }

bool multiplicity_serves(Multiplicities *m, uint32_t function) {
  return life_serves(m->life, function);
}

Multiplicity multiplicity_of(const Multiplicities *m, uint32_t function) {
  Multiplicity whole = answer(&m->nodes[function]);
  whole.life = life_of_function(m->life, function, whole.life);
  return whole;
}

static InsideRuns *look_inside(Multiplicities *m, uint32_t function) {
  OpenedCode opened = runs_open_code(m, function);
  const Function *f = opened.function->body;
  InsideRuns *inside = arena_new_one(m->arena, InsideRuns);
  *inside = (InsideRuns){.count = f->instruction_count,
                         .repeats = arena_new_array(m->arena, uint8_t, f->instruction_count + 1u),
                         .is_guarded = arena_new_array(m->arena, bool, f->instruction_count + 1u)};
  for (Index b = f->block_count; b-- > 0;) { // what is none is taken to be in the first one
    bool is_guarded = runs_is_guarded(m, &opened, b);
    Repeats repeats = is_guarded ? opened.guards->repeats[b] : opened.repetition->blocks[b];
    uint32_t end = f->blocks[b].first + f->blocks[b].count;
    for (uint32_t i = f->blocks[b].first; i <= end; i++) {
      uint32_t at = i < end ? i : f->instruction_count;
      inside->repeats[at] = (uint8_t)repeats;
      inside->is_guarded[at] = is_guarded;
    }
  }
  runs_close_code(&opened);
  return inside;
}

Multiplicity multiplicity_at(Multiplicities *m, uint32_t function, uint32_t instruction) {
  Multiplicity here = answer(&m->nodes[function]);
  if (here.runs == RUNS_NEVER)
    return here;
  if (!m->inside[function])
    m->inside[function] = look_inside(m, function);
  const InsideRuns *inside = m->inside[function];
  uint32_t at = instruction < inside->count ? instruction : inside->count;
  here.runs = times(inside->is_guarded[at] ? RUNS_ONCE : here.runs, (Repeats)inside->repeats[at]);
  here.life = life_of_instruction(m->life, function, instruction, here.life);
  return here;
}
