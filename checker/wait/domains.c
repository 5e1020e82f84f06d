/* domains.c - see domains.h. */
#include "wait/domains.h"

#include "base/array.h"
#include "link/runs_graph.h"

typedef struct {
  const Program *program;
  const Multiplicities *all;
  const RunsGraph *graph;
  Domains *domains;
  uint32_t *number; // per function: of its domain, plus 1
  uint64_t *nodes;  // per node: the domains that it runs in
  uint64_t *mains;  // per node: the programs that it belongs to, by way of threads, too
  ARRAY(uint32_t) queue;
} Builder;

static uint32_t add_domain(Builder *b, DomainKind kind, uint32_t function) {
  Domains *domains = b->domains;
  bool fits = domains->count < DOMAINS - 1;
  uint32_t number = fits ? domains->count++ : DOMAINS - 1;
  if (!fits)
    domains->count = DOMAINS;
  bool is_many = !fits || (kind == DOMAIN_OUTSIDE && b->domains->is_library) ||
                 (kind == DOMAIN_THREAD && multiplicity_of(b->all, function).runs > RUNS_ONCE);
  domains->at[number] = (Domain){.kind = kind, .function = function, .is_many = is_many};
  return number;
}

/* Along all edges, or along those that stay in the thread. */
static void spread(Builder *b, uint64_t *bits, bool through_threads) {
  for (size_t i = 0; i < b->queue.count; i++) {
    uint32_t node = b->queue.at[i];
    for (uint32_t e = b->graph->out_starts[node]; e < b->graph->out_starts[node + 1]; e++) {
      const RunsEdge *edge = &b->graph->edges[e];
      if ((edge->kind == RUNS_SPAWN && !through_threads) ||
          (bits[edge->to] | bits[node]) == bits[edge->to])
        continue;
      bits[edge->to] |= bits[node];
      array_push(&b->queue, edge->to);
    }
  }
  b->queue.count = 0;
}

static void begin(Builder *b, uint64_t *bits, uint32_t node, uint32_t domain) {
  bits[node] |= 1ull << domain;
  array_push(&b->queue, node);
}

static void find_mains(Builder *b) {
  TextId name = text_find(b->program->symbols, "main");
  for (uint32_t i = 0; i < b->program->function_count; i++)
    if (name && b->program->functions[i].key == name) {
      uint32_t domain = add_domain(b, DOMAIN_MAIN, i);
      b->number[i] = domain + 1;
      begin(b, b->mains, i, domain);
    }
  b->domains->is_library = !b->domains->count;
  spread(b, b->mains, true);
}

static void find_threads(Builder *b) {
  for (uint32_t e = 0; e < b->graph->edge_count; e++) {
    const RunsEdge *edge = &b->graph->edges[e];
    if (edge->kind != RUNS_SPAWN)
      continue;
    b->domains->has_threads = true;
    bool is_seen = b->domains->is_library || b->mains[edge->from];
    if (edge->to < b->program->function_count && !b->number[edge->to] && is_seen)
      b->number[edge->to] = add_domain(b, DOMAIN_THREAD, edge->to) + 1;
  }
}

/* A thread's function that is kept in a slot: all that are stored there. */
static void find_slot_threads(Builder *b) {
  for (uint32_t e = 0; e < b->graph->edge_count; e++) {
    const RunsEdge *edge = &b->graph->edges[e];
    if (edge->kind != RUNS_SPAWN || edge->to < b->program->function_count)
      continue;
    for (uint32_t k = b->graph->out_starts[edge->to]; k < b->graph->out_starts[edge->to + 1]; k++) {
      uint32_t to = b->graph->edges[k].to;
      if (to < b->program->function_count && !b->number[to])
        b->number[to] = add_domain(b, DOMAIN_THREAD, to) + 1;
    }
  }
}

static bool is_exported(const ProgramFunction *function) {
  return !(function->declared.flags & (FUNCTION_INTERNAL | FUNCTION_INITIALISER));
}

/* Only what nobody else runs, and a program that starts no threads has none: a library's own
 * threads are known better. */
static void find_outside(Builder *b) {
  uint32_t domain = add_domain(b, DOMAIN_OUTSIDE, 0);
  uint32_t functions = b->program->function_count;
  for (uint32_t i = 0; i < b->graph->node_count; i++) {
    bool is_slot = i >= functions && b->graph->in_starts[i] == b->graph->in_starts[i + 1];
    bool is_function =
        i < functions && b->domains->is_library && is_exported(&b->program->functions[i]);
    if ((is_slot || is_function) && !b->nodes[i])
      begin(b, b->nodes, i, domain);
  }
  spread(b, b->nodes, false);
}

Domains *domains_new(Arena *arena, const Program *program, const Multiplicities *all) {
  Arena *scratch = arena_new();
  const RunsGraph *graph = multiplicity_graph(all);
  Builder b = {.program = program,
               .all = all,
               .graph = graph,
               .domains = arena_new_one(arena, Domains),
               .number = arena_new_array(scratch, uint32_t, program->function_count),
               .nodes = arena_new_array(arena, uint64_t, graph->node_count),
               .mains = arena_new_array(scratch, uint64_t, graph->node_count)};
  find_mains(&b);
  find_threads(&b);
  find_slot_threads(&b);
  for (uint32_t i = 0; i < program->function_count; i++)
    if (b.number[i])
      begin(&b, b.nodes, i, b.number[i] - 1);
  spread(&b, b.nodes, false);
  for (uint32_t i = 0; i < b.domains->count && i < DOMAINS - 1; i++)
    b.domains->at[i].mains = b.mains[b.domains->at[i].function];
  if (b.domains->is_library || b.domains->has_threads)
    find_outside(&b);
  b.domains->of = b.nodes;
  array_free(&b.queue);
  arena_free(scratch);
  return b.domains;
}

bool domains_meet(const Domains *domains, uint32_t a, uint32_t b) {
  const Domain *x = &domains->at[a], *y = &domains->at[b];
  if (x->mains && y->mains && !(x->mains & y->mains))
    return false;
  return a != b || x->is_many;
}
