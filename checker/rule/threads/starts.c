/* starts.c - uses that are over before the threads' creator goes on: it waits until they have
 * begun; and uses of a thread that has waited for the end of others. */
#include "rule/pass.h"
#include "wait/start.h"

/* By node: calls the function, by way of others. */
static const bool *find_leads(const Pass *pass, Arena *arena, uint32_t function) {
  const RunsGraph *graph = pass->concurrency->graph;
  bool *leads = arena_new_array(arena, bool, graph->node_count);
  uint32_t *stack = arena_new_array(arena, uint32_t, graph->node_count);
  uint32_t depth = 0;
  stack[depth++] = function;
  leads[function] = true;
  while (depth) {
    uint32_t node = stack[--depth];
    for (uint32_t i = graph->in_starts[node]; i < graph->in_starts[node + 1]; i++) {
      const RunsEdge *edge = &graph->edges[graph->in_edges[i]];
      if (edge->kind != RUNS_CALL || leads[edge->from])
        continue;
      leads[edge->from] = true;
      stack[depth++] = edge->from;
    }
  }
  return leads;
}

static StartDeed deed_of(const Pass *pass, Arena *arena, const Use *use) {
  return (StartDeed){.leads = find_leads(pass, arena, use->function),
                     .function = use->function,
                     .instruction = use->access->instruction};
}

/* Does each thread of that root do it before it wakes its creator? The creator is main. */
static bool starts_with(Pass *pass, uint32_t root, const StartDeed *deed, const StartDeed *later) {
  const RootSet main_thread = 1;
  const Concurrency *c = pass->concurrency;
  uint32_t entry = c->roots[root].function, creations = 0;
  for (const ThreadRow *row = next_creation(pass, NULL); row; row = next_creation(pass, row)) {
    Targets entries = thread_entries(pass, row);
    bool runs = false;
    for (uint32_t i = 0; i < entries.count; i++)
      runs |= entries.ids[i] == entry;
    ThreadStart start = {entry, row->function->id, row->instruction};
    if (!runs || !c->may[start.creator] || is_created_inside(pass, row))
      continue;
    if (c->may[start.creator] != main_thread || !is_done_at_start(waits(pass), &start, deed, later))
      return false;
    creations++;
  }
  return creations > 0;
}

bool are_over_at_start(Pass *pass, const Use *a, const Use *b) {
  const Use *uses[] = {a, b};
  Arena *scratch = arena_new();
  StartDeed deeds[] = {deed_of(pass, scratch, a), deed_of(pass, scratch, b)};
  bool over = ((a->may | b->may) & ~(RootSet)1) != 0;
  for (uint32_t root = 1; root < pass->concurrency->root_count && over; root++)
    for (uint32_t i = 0; i < 2 && over; i++)
      for (uint32_t k = 0; k < 2 && over && uses[i]->may >> root & 1; k++)
        over = starts_with(pass, root, &deeds[i], uses[k]->may & 1 ? &deeds[k] : NULL);
  arena_free(scratch);
  return over;
}

/* Unsound: others may be left. */
bool is_done_by_last(Pass *pass, const Use *use) {
  const RootSet main_thread = 1;
  Arena *scratch = arena_new();
  StartDeed deed = deed_of(pass, scratch, use);
  bool is_last = use->may && !(use->may & main_thread);
  for (uint32_t root = 1; root < pass->concurrency->root_count && is_last; root++)
    if (use->may >> root & 1)
      is_last = is_done_after_join(waits(pass), pass->concurrency->roots[root].function, &deed);
  arena_free(scratch);
  return is_last;
}
