/* concurrency.c - see concurrency.h. Sets of roots are handed on along the graph of who makes whom
 * run until nothing changes. */
#include "race/concurrency.h"

#include <string.h>

#include "base/array.h"
#include "base/guard.h"
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
  bool is_often = !edge->is_once && often.runs >= RUNS_COUNTED && !often.assumed;
  bool again = is_often || (!edge->is_once && edge->repeats > REPEATS_ONCE);
  root->is_made_often |= is_often;
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

/* ---- loops of libraries */

static bool waits_for_events(const Summary *model, TextId events) {
  for (uint32_t i = 0; i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++)
      if (model->cases[i].effects[k].action == ACTION_BLOCK &&
          model->cases[i].effects[k].text == events)
        return true;
  return false;
}

static bool runs_events(const Finding *x, uint32_t id, TextId events) {
  const ProgramFunction *function = &x->program->functions[id];
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->call_count; i++) {
    Targets targets;
    const Summary *model = runs_model(x->program, function, links->call_symbols[i], &targets);
    if (model && waits_for_events(model, events))
      return true;
  }
  return false;
}

/* Who runs a library's loop calls what others have registered with the library.
 * Imprecise: with whichever of its loops. */
static void follow_events(Finding *x) {
  Concurrency *c = x->c;
  TextId events = text_find(x->program->symbols, "events");
  RootSet before;
  do {
    before = c->loops;
    for (uint32_t i = 0; i < x->program->function_count && events; i++)
      if ((c->may[i] | c->loops) != c->loops && runs_events(x, i, events))
        c->loops |= c->may[i];
    for (uint32_t e = 0; e < c->graph->edge_count && c->loops; e++)
      if (c->graph->edges[e].kind == RUNS_LATER && c->may[c->graph->edges[e].from])
        reach(x, c->graph->edges[e].to, c->loops, 0);
    follow_all(x);
  } while (before != c->loops);
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
  if (into->root_count > 1 && guard_on("race-event-loops"))
    follow_events(&x);
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
    beside |= all & ~bit & ~(is_sure ? c->apart[i] : 0);
    if (is_sure ? c->roots[i].is_many : c->roots[i].may_be_many)
      beside |= bit;
  }
  return beside;
}

typedef struct {
  const RunsGraph *graph;
  const RootSet *set; // of the threads by which each node is reached
  uint32_t root;
  bool sure;
  uint32_t *before; // per node: whence, plus 1
  uint32_t *queue, last;
} Way;

static void step(Way *w, uint32_t from, uint32_t to) {
  if (w->before[to] || !(w->set[to] >> w->root & 1))
    return;
  w->before[to] = from + 1;
  w->queue[w->last++] = to;
}

static void step_on(Way *w, const Concurrency *c, uint32_t node) {
  const RunsGraph *graph = w->graph;
  for (uint32_t e = graph->out_starts[node]; e < graph->out_starts[node + 1]; e++)
    if (graph->edges[e].kind != RUNS_SPAWN && (!w->sure || is_sure_way(graph, e)))
      step(w, node, graph->edges[e].to);
  bool is_loop = node == c->roots[w->root].function && c->loops >> w->root & 1;
  for (uint32_t e = 0; e < graph->edge_count && is_loop; e++)
    if (graph->edges[e].kind == RUNS_LATER)
      step(w, node, graph->edges[e].to);
}

uint32_t *way_from_root(Arena *arena, const Program *program, const Concurrency *c, uint32_t root,
                        uint32_t function, uint32_t *count) {
  bool sure = c->sure[function] >> root & 1;
  Arena *scratch = arena_new();
  Way w = {.graph = c->graph,
           .set = sure ? c->sure : c->may,
           .root = root,
           .sure = sure,
           .before = arena_new_array(scratch, uint32_t, c->graph->node_count),
           .queue = arena_new_array(scratch, uint32_t, c->graph->node_count)};
  uint32_t first = c->roots[root].function;
  step(&w, first, first);
  for (uint32_t i = 0; i < w.last && !w.before[function]; i++)
    step_on(&w, c, w.queue[i]);
  uint32_t *way = arena_new_array(arena, uint32_t, w.last + 1u);
  *count = 0;
  for (uint32_t at = function; w.before[function]; at = w.before[at] - 1) {
    if (at < program->function_count)
      way[(*count)++] = at;
    if (at == first)
      break;
  }
  arena_free(scratch);
  return way;
}
