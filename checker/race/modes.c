/* modes.c - see modes.h. */
#include "race/modes.h"

#include "base/array.h"
#include "base/guard.h"

enum { MAKERS = 16 };

/* Functions that create the threads of a root, as far as they surely run, or are done with them
 * when they return. */
typedef struct {
  uint32_t at[MAKERS];
  uint32_t count;
  bool stay; // none of them returns while such a thread is there
} Makers;

typedef struct {
  Program *program;
  const Sequence *sequence;
  Concurrency *c;
  Makers makers[ROOT_LIMIT];
} Modes;

static bool is_function(const Modes *x, uint32_t node) { return node < x->program->function_count; }

static bool stays(const Modes *x, uint32_t maker, uint32_t root) {
  return summary_never_returns(program_summary(x->program, maker)) ||
         (ends_with_threads(x->sequence, maker, root) && guard_on("race-rounds"));
}

static Makers makers_of(const Modes *x, uint32_t root) {
  const Concurrency *c = x->c;
  const RunsGraph *graph = c->graph;
  uint32_t function = c->roots[root].function;
  Makers makers = {.stay = root != 0 && root + 1 < ROOT_LIMIT};
  for (uint32_t i = graph->in_starts[function]; i < graph->in_starts[function + 1]; i++) {
    const RunsEdge *edge = &graph->edges[graph->in_edges[i]];
    if (edge->kind == RUNS_CALL || !c->may[edge->from])
      continue;
    bool known = edge->kind == RUNS_SPAWN && is_function(x, edge->from) && makers.count < MAKERS;
    makers.stay &= known;
    if (!known || !(c->sure[edge->from] || stays(x, edge->from, root)))
      continue;
    makers.at[makers.count++] = edge->from;
    makers.stay &= stays(x, edge->from, root);
  }
  makers.stay &= makers.count > 0;
  return makers;
}

static bool is_among(const Makers *makers, uint32_t function) {
  for (uint32_t i = 0; i < makers->count; i++)
    if (makers->at[i] == function)
      return true;
  return false;
}

/* Does one of them come to one of the others? */
static bool lead_to(const Modes *x, const Makers *makers, const Makers *others) {
  const RunsGraph *graph = x->c->graph;
  Arena *scratch = arena_new();
  bool *queued = arena_new_array(scratch, bool, graph->node_count);
  uint32_t *queue = arena_new_array(scratch, uint32_t, graph->node_count + MAKERS);
  uint32_t count = 0;
  bool found = false;
  for (uint32_t i = 0; i < makers->count; i++) {
    queue[count++] = makers->at[i];
    queued[makers->at[i]] = true;
  }
  for (uint32_t i = 0; i < count && !found; i++) {
    uint32_t node = queue[i];
    found = is_function(x, node) && is_among(others, node);
    for (uint32_t e = graph->out_starts[node]; e < graph->out_starts[node + 1]; e++)
      if (!queued[graph->edges[e].to]) {
        queued[graph->edges[e].to] = true;
        queue[count++] = graph->edges[e].to;
      }
  }
  arena_free(scratch);
  return found;
}

/* `measure()` and `stress()` start threads and end the process: it does one of them. Or they join
 * what they have started: it does one after the other. */
void find_apart(Program *program, Concurrency *c, const Sequence *sequence) {
  Modes x = {.program = program, .sequence = sequence, .c = c};
  if (c->root_count <= 2 || !guard_on("race-modes"))
    return;
  for (uint32_t i = 0; i < c->root_count; i++)
    x.makers[i] = makers_of(&x, i);
  for (uint32_t i = 0; i < c->root_count; i++)
    for (uint32_t k = i + 1; k < c->root_count; k++)
      if (x.makers[i].stay && x.makers[k].stay && !lead_to(&x, &x.makers[i], &x.makers[k]) &&
          !lead_to(&x, &x.makers[k], &x.makers[i])) {
        c->apart[i] |= (RootSet)1 << k;
        c->apart[k] |= (RootSet)1 << i;
      }
}
