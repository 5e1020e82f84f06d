/* runs_graph.c - see runs_graph.h */
#include "link/runs_graph.h"

#include "base/array.h"
#include "base/guard.h"
#include "ir/forks.h"
#include "link/linkage.h"
#include "link/name_table.h"
#include "link/pointer_fates.h"

typedef struct {
  Arena *arena;
  Program *program;
  PointerFates *fates;
  uint32_t *slot_nodes; // by text: number among the slots, plus 1
  size_t slot_room;     // of slot_nodes
  ARRAY(TextId) slots;
  ARRAY(RunsEdge) edges;
  RunsGraph *graph;
} Builder;

const Summary *runs_model(const Program *program, const ProgramFunction *caller, TextId symbol,
                          Targets *targets) {
  *targets = (Targets){.count = 0};
  const Summary *model = models_find(program->models, symbol);
  if (model)
    return model;
  *targets = program_resolve(program, caller, symbol);
  return targets->count ? NULL : models_fallback(program->models, symbol);
}

bool runs_guard_holds(const RunsGraph *graph, TextId global) {
  return global && global < graph->text_count && !graph->cleared[global] && guard_on("once-guards");
}

/* ---- nodes */

static uint32_t slot_node(Builder *b, TextId slot) {
  if (slot >= b->slot_room) {
    size_t room = b->slot_room;
    b->slot_nodes =
        arena_grow(b->arena, b->slot_nodes, sizeof *b->slot_nodes, room, &b->slot_room, slot + 1u);
    for (size_t i = room; i < b->slot_room; i++)
      b->slot_nodes[i] = 0;
  }
  if (!b->slot_nodes[slot]) {
    array_push(&b->slots, slot);
    b->slot_nodes[slot] = (uint32_t)b->slots.count;
  }
  return b->program->function_count + b->slot_nodes[slot] - 1;
}

static uint32_t slot_node_of(Builder *b, const char *key) {
  return slot_node(b, text_intern(b->program->symbols, key));
}

/* ---- edges */

static void add_edge(Builder *b, RunsEdge edge, const Sites *sites) {
  edge.repeats = edge.repeats > sites->repeats ? edge.repeats : sites->repeats;
  if (sites->guard && runs_guard_holds(b->graph, text_find(b->program->symbols, sites->guard))) {
    edge.repeats = sites->guarded;
    edge.is_once = true;
  }
  array_push(&b->edges, edge);
}

/* A function, or what a slot holds, goes the way that a fate says. */
static void add_fate(Builder *b, RunsEdge edge, const PointerFate *fate, const Sites *sites) {
  RunsEdge each = edge;
  if (fate->now) {
    each.kind = RUNS_CALL, each.repeats = fate->now_repeats;
    add_edge(b, each, sites);
  }
  each.repeats = REPEATS_ONCE;
  if (fate->spawns) {
    each.kind = RUNS_SPAWN, each.repeats = fate->spawn_repeats;
    add_edge(b, each, sites);
  }
  each.repeats = REPEATS_ONCE;
  if (fate->exit) {
    each.kind = RUNS_EXIT;
    add_edge(b, each, sites);
  }
  if (fate->once) {
    each.kind = RUNS_CALL, each.is_once = each.is_call_once = true;
    array_push(&b->edges, each);
  }
  each = edge;
  if (fate->later) {
    each.kind = RUNS_LATER;
    array_push(&b->edges, each);
  }
  for (uint32_t i = 0; i < fate->slot_count; i++)
    array_push(
        &b->edges,
        (RunsEdge){.from = slot_node(b, fate->slots[i]), .to = edge.to, .entry = ENTRY_MEMBER});
}

static void add_flow(Builder *b, const ProgramFunction *function, uint32_t number, uint32_t to) {
  const PointerFlow *flow = &function->declared.links->flows[number];
  RunsEdge edge = {.from = function->id, .to = to, .entry = ENTRY_FLOW, .number = number};
  switch (flow->fate) {
  case FLOW_CALLED:
    add_edge(b, edge, &flow->sites);
    break;
  case FLOW_PASSED: {
    PointerFate fate = pointer_fate(b->fates, function, flow->callee, flow->argument);
    add_fate(b, edge, &fate, &flow->sites);
    break;
  }
  case FLOW_STORED:
    array_push(&b->edges,
               (RunsEdge){.from = slot_node_of(b, flow->target), .to = to, .entry = ENTRY_MEMBER});
    break;
  default:
    edge.kind = RUNS_LATER;
    array_push(&b->edges, edge);
  }
}

static void add_flows(Builder *b, const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->flow_count; i++) {
    const PointerFlow *flow = &links->flows[i];
    if (flow->source == FLOW_SLOT)
      add_flow(b, function, i, slot_node_of(b, flow->slot));
    if (flow->source != FLOW_FUNCTION)
      continue;
    TextId symbol = links->taken_symbols[flow->number];
    Targets targets = program_resolve(b->program, function, symbol);
    for (uint32_t t = 0; t < targets.count; t++)
      add_flow(b, function, i, targets.ids[t]);
  }
}

/* A definition that no linked program has chosen may be that of another one, whose root is the
 * same: one main() that calls the cmd_main() of each tool. */
static void add_others(Builder *b, RunsEdge edge, TextId symbol, Targets chosen,
                       const Sites *sites) {
  const NameEntry *entry = name_find(b->program->names, symbol);
  if (!entry || entry->ids.count <= chosen.count || !linkage_count(b->program))
    return;
  for (size_t i = 0; i < entry->ids.count; i++) {
    const ProgramFunction *other = &b->program->functions[entry->ids.at[i]];
    bool taken = (other->declared.flags & FUNCTION_INTERNAL) || !linkage_is_free(b->program, other);
    for (uint32_t t = 0; t < chosen.count; t++)
      taken |= chosen.ids[t] == other->id;
    edge.to = other->id;
    if (!taken)
      add_edge(b, edge, sites);
  }
}

static void add_calls(Builder *b, const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  RunsEdge edge = {.from = function->id, .entry = ENTRY_CALL};
  for (uint32_t i = 0; i < links->call_count; i++) {
    TextId symbol = links->call_symbols[i];
    Targets targets = program_resolve(b->program, function, symbol);
    edge.number = i;
    for (uint32_t t = 0; t < targets.count; t++) {
      edge.to = targets.ids[t];
      add_edge(b, edge, &links->call_sites[i]);
    }
    if (targets.count)
      add_others(b, edge, symbol, targets, &links->call_sites[i]);
  }
  edge.entry = ENTRY_SLOT;
  for (uint32_t i = 0; i < links->slot_count; i++) {
    edge.number = i;
    edge.to = slot_node_of(b, links->slots[i]);
    add_edge(b, edge, &links->slot_sites[i]);
  }
}

static void add_members(Builder *b) {
  for (uint32_t i = 0; i < b->slots.count; i++) {
    Targets targets = program_slot_targets(b->program, b->slots.at[i]);
    for (uint32_t t = 0; t < targets.count; t++)
      array_push(&b->edges, (RunsEdge){.from = b->program->function_count + i,
                                       .to = targets.ids[t],
                                       .entry = ENTRY_MEMBER});
  }
}

/* Does a function with such a name hand on what fork() says? */
static bool makes_processes(const Builder *b, const ProgramFunction *caller, TextId symbol) {
  Targets targets = program_resolve(b->program, caller, symbol);
  for (uint32_t t = 0; t < targets.count; t++)
    if (!(b->program->functions[targets.ids[t]].declared.links->flags & LINKS_FORKS))
      return false;
  return targets.count || is_fork(text_of(b->program->symbols, symbol));
}

/* Guards that are functions hold when they fork. */
static void clear_others(Builder *b, const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  for (uint32_t k = 0; k < links->call_count; k++)
    if (may_fork(links->calls[k]) && !makes_processes(b, function, links->call_symbols[k]))
      b->graph->cleared[links->call_symbols[k]] = true;
}

static void find_cleared(Builder *b) {
  RunsGraph *graph = b->graph;
  graph->text_count = text_count(b->program->symbols);
  graph->cleared = arena_new_array(b->arena, bool, graph->text_count);
  for (uint32_t i = 0; i < b->program->function_count; i++) {
    const FunctionLinks *links = b->program->functions[i].declared.links;
    clear_others(b, &b->program->functions[i]);
    for (uint32_t k = 0; k < links->clear_count; k++) {
      TextId text = text_find(b->program->symbols, links->clears[k]);
      if (text)
        graph->cleared[text] = true;
    }
  }
}

/* Names of globals are interned before they are marked. */
static void intern_guards(Program *program) {
  for (uint32_t i = 0; i < program->function_count; i++) {
    const FunctionLinks *links = program->functions[i].declared.links;
    for (uint32_t k = 0; k < links->call_count; k++)
      if (links->call_sites[k].guard)
        text_intern(program->symbols, links->call_sites[k].guard);
    for (uint32_t k = 0; k < links->slot_count; k++)
      if (links->slot_sites[k].guard)
        text_intern(program->symbols, links->slot_sites[k].guard);
    for (uint32_t k = 0; k < links->flow_count; k++)
      if (links->flows[k].sites.guard)
        text_intern(program->symbols, links->flows[k].sites.guard);
  }
}

/* ---- in order */

/* A stable counting sort by `from`, and the numbers of the sorted by `to`. */
static void order_edges(const Builder *b) {
  RunsGraph *graph = b->graph;
  uint32_t nodes = graph->node_count, count = (uint32_t)b->edges.count;
  graph->out_starts = arena_new_array(b->arena, uint32_t, nodes + 2u);
  graph->in_starts = arena_new_array(b->arena, uint32_t, nodes + 2u);
  graph->edges = arena_new_array(b->arena, RunsEdge, count);
  graph->in_edges = arena_new_array(b->arena, uint32_t, count);
  graph->edge_count = count;
  for (uint32_t i = 0; i < count; i++) {
    graph->out_starts[b->edges.at[i].from + 2]++;
    graph->in_starts[b->edges.at[i].to + 2]++;
  }
  for (uint32_t n = 0; n < nodes; n++) {
    graph->out_starts[n + 2] += graph->out_starts[n + 1];
    graph->in_starts[n + 2] += graph->in_starts[n + 1];
  }
  for (uint32_t i = 0; i < count; i++)
    graph->edges[graph->out_starts[b->edges.at[i].from + 1]++] = b->edges.at[i];
  for (uint32_t i = 0; i < count; i++)
    graph->in_edges[graph->in_starts[graph->edges[i].to + 1]++] = i;
}

RunsGraph *runs_graph_new(Arena *arena, Program *program) {
  RunsGraph *graph = arena_new_one(arena, RunsGraph);
  Builder b = {.arena = arena, .program = program, .graph = graph};
  intern_guards(program);
  find_cleared(&b);
  b.fates = pointer_fates_new(arena, program);
  for (uint32_t i = 0; i < program->function_count; i++) {
    const ProgramFunction *function = &program->functions[i];
    const FunctionLinks *links = function->declared.links;
    for (uint32_t k = 0; k < links->store_count; k++)
      slot_node_of(&b, links->stores[k].slot);
    if (function->declared.flags & FUNCTION_INITIALISER)
      continue;
    add_calls(&b, function);
    add_flows(&b, function);
  }
  add_members(&b);
  graph->node_count = program->function_count + (uint32_t)b.slots.count;
  graph->slots = arena_copy(arena, b.slots.at, sizeof(TextId) * b.slots.count);
  order_edges(&b);
  array_free(&b.slots);
  array_free(&b.edges);
  return graph;
}
