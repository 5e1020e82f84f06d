/* concurrency.c - see concurrency.h. Sets of roots are handed on along the graph of who makes whom
 * run until nothing changes. */
#include "race/concurrency.h"

#include <string.h>

#include "base/array.h"
#include "link/linkage.h"

typedef struct {
  Program *program;
  const Multiplicities *multiplicities;
  Concurrency *c;
  uint8_t *members; // per node: 0 before anybody asked
  bool *queued;     // per node
  bool *followed;   // likewise
  ARRAY(uint32_t) queue;
} Finding;

static bool is_function(const Finding *x, uint32_t node) {
  return node < x->program->function_count;
}

static bool is_member(Finding *x, uint32_t node) {
  enum { UNKNOWN, MEMBER, OTHER };
  if (!is_function(x, node) || x->c->linked == NO_LINKED)
    return true;
  if (x->members[node] == UNKNOWN) {
    const ProgramFunction *function = &x->program->functions[node];
    bool member =
        linkage_member(x->program, function, x->c->linked) || linkage_is_free(x->program, function);
    x->members[node] = member ? MEMBER : OTHER;
  }
  return x->members[node] == MEMBER;
}

static void reach(Finding *x, uint32_t node, RootSet may, RootSet sure) {
  Concurrency *c = x->c;
  if (((c->may[node] | may) == c->may[node] && (c->sure[node] | sure) == c->sure[node]) ||
      !is_member(x, node))
    return;
  c->may[node] |= may;
  c->sure[node] |= sure;
  if (!x->queued[node])
    array_push(&x->queue, node);
  x->queued[node] = true;
}

/* ---- threads */

static uint32_t root_of(Concurrency *c, uint32_t function) {
  for (uint32_t i = 1; i < c->root_count; i++)
    if (c->roots[i].function == function)
      return i;
  if (c->root_count == ROOT_LIMIT) {
    c->roots[ROOT_LIMIT - 1].may_be_many = true;
    return ROOT_LIMIT - 1;
  }
  c->roots[c->root_count] = (ThreadRoot){.function = function, .spawner = NO_RUNS_CALLER};
  return c->root_count++;
}

/* An edge comes by once, whoever runs its beginning. */
static void add_thread(Finding *x, const RunsEdge *edge, uint32_t function) {
  ThreadRoot *root = &x->c->roots[root_of(x->c, function)];
  Multiplicity often = multiplicity_of(x->multiplicities, edge->from);
  if (!is_function(x, edge->from))
    often = (Multiplicity){.runs = RUNS_ONCE};
  bool again = !edge->is_once &&
               (edge->repeats > REPEATS_ONCE || (often.runs >= RUNS_COUNTED && !often.assumed));
  root->is_many |= again;
  root->may_be_many |= again || often.runs > RUNS_ONCE ||
                       (root->spawner != NO_RUNS_CALLER && root->spawner != edge->from);
  root->spawner = edge->from;
  RootSet bit = (RootSet)1 << (root - x->c->roots);
  reach(x, function, bit, bit);
}

static void spawn(Finding *x, const RunsEdge *edge) {
  const RunsGraph *graph = x->c->graph;
  if (is_function(x, edge->to)) {
    if (is_member(x, edge->to))
      add_thread(x, edge, edge->to);
    return;
  }
  for (uint32_t e = graph->out_starts[edge->to]; e < graph->out_starts[edge->to + 1]; e++)
    if (is_function(x, graph->edges[e].to) && is_member(x, graph->edges[e].to))
      add_thread(x, edge, graph->edges[e].to);
}

/* ---- ways */

/* Of several functions that a name or a slot means one is called, nobody knows which. */
static bool is_one_of_several(const RunsGraph *graph, uint32_t e) {
  const RunsEdge *edge = &graph->edges[e];
  for (uint32_t other = graph->out_starts[edge->from]; other < graph->out_starts[edge->from + 1];
       other++) {
    const RunsEdge *with = &graph->edges[other];
    if (other != e && with->entry == edge->entry &&
        (edge->entry == ENTRY_MEMBER || with->number == edge->number))
      return true;
  }
  return false;
}

static bool is_sure_way(const RunsGraph *graph, uint32_t e) {
  return graph->edges[e].kind == RUNS_CALL && !is_one_of_several(graph, e);
}

static void follow(Finding *x, uint32_t node) {
  const Concurrency *c = x->c;
  const RunsGraph *graph = c->graph;
  uint32_t first = graph->out_starts[node], last = graph->out_starts[node + 1];
  bool is_again = x->followed[node];
  x->followed[node] = true;
  for (uint32_t e = first; e < last; e++) {
    const RunsEdge *edge = &graph->edges[e];
    if (edge->kind == RUNS_SPAWN && !is_again)
      spawn(x, edge);
    else if (edge->kind != RUNS_SPAWN)
      reach(x, edge->to, c->may[node], c->sure[node] && is_sure_way(graph, e) ? c->sure[node] : 0);
  }
}

static void follow_all(Finding *x) {
  for (size_t i = 0; i < x->queue.count; i++) {
    uint32_t node = x->queue.at[i];
    x->queued[node] = false;
    follow(x, node);
  }
  x->queue.count = 0;
}

static void add_roots(Finding *x) {
  Concurrency *c = x->c;
  const Program *program = x->program;
  c->root_count = 1;
  for (uint32_t i = 0; i < program->function_count; i++)
    if (!strcmp(program->functions[i].declared.key, "main") && is_member(x, i)) {
      c->roots[0].function = i;
      c->has_main = true;
      reach(x, i, 1, 1);
    }
  for (uint32_t i = 0; i < program->function_count; i++) {
    uint32_t flags = program->functions[i].declared.flags;
    bool exported = !(flags & (FUNCTION_INTERNAL | FUNCTION_INITIALISER));
    if (flags & FUNCTION_CONSTRUCTOR || (!c->has_main && exported))
      reach(x, i, 1, 1);
  }
  c->roots[0].may_be_many = !c->has_main;
}

bool concurrency_find(Arena *arena, Program *program, const Multiplicities *multiplicities,
                      uint32_t linked, Concurrency *into) {
  const RunsGraph *graph = multiplicity_graph(multiplicities);
  Arena *scratch = arena_new();
  *into = (Concurrency){.graph = graph, .linked = linked};
  into->may = arena_new_array(arena, RootSet, graph->node_count);
  into->sure = arena_new_array(arena, RootSet, graph->node_count);
  Finding x = {.program = program,
               .multiplicities = multiplicities,
               .c = into,
               .members = arena_new_array(scratch, uint8_t, graph->node_count),
               .queued = arena_new_array(scratch, bool, graph->node_count),
               .followed = arena_new_array(scratch, bool, graph->node_count)};
  add_roots(&x);
  follow_all(&x);
  array_free(&x.queue);
  arena_free(scratch);
  return into->root_count > 1;
}

bool creates_threads(const RunsGraph *graph) {
  for (uint32_t e = 0; e < graph->edge_count; e++)
    if (graph->edges[e].kind == RUNS_SPAWN)
      return true;
  return false;
}

RootSet roots_beside(const Concurrency *c, RootSet roots, bool is_sure) {
  RootSet beside = 0;
  for (uint32_t i = 0; i < c->root_count; i++) {
    RootSet bit = (RootSet)1 << i,
            all = c->root_count == ROOT_LIMIT ? ~(RootSet)0 : ((RootSet)1 << c->root_count) - 1;
    if (!(roots & bit))
      continue;
    beside |= all & ~bit;
    if (is_sure ? c->roots[i].is_many : c->roots[i].may_be_many)
      beside |= bit;
  }
  return beside;
}

uint32_t *way_from_root(Arena *arena, const Program *program, const Concurrency *c, uint32_t root,
                        uint32_t function, uint32_t *count) {
  const RunsGraph *graph = c->graph;
  bool sure = c->sure[function] >> root & 1;
  Arena *scratch = arena_new();
  uint32_t *before = arena_new_array(scratch, uint32_t, graph->node_count); // plus 1
  uint32_t *queue = arena_new_array(scratch, uint32_t, graph->node_count), last = 0;
  uint32_t first = c->roots[root].function;
  before[first] = first + 1;
  queue[last++] = first;
  for (uint32_t i = 0; i < last && !before[function]; i++)
    for (uint32_t e = graph->out_starts[queue[i]]; e < graph->out_starts[queue[i] + 1]; e++) {
      uint32_t to = graph->edges[e].to;
      const RootSet *set = sure ? c->sure : c->may;
      if (before[to] || graph->edges[e].kind == RUNS_SPAWN || !(set[to] >> root & 1) ||
          (sure && !is_sure_way(graph, e)))
        continue;
      before[to] = queue[i] + 1;
      queue[last++] = to;
    }
  uint32_t *way = arena_new_array(arena, uint32_t, last + 1u);
  *count = 0;
  for (uint32_t at = function; before[function]; at = before[at] - 1) {
    if (at < program->function_count)
      way[(*count)++] = at;
    if (at == first)
      break;
  }
  arena_free(scratch);
  return way;
}
