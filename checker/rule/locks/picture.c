/* picture.c - see store/lock_graph.h. The order that is proposed for all locks goes against as
 * few of the ways that were found as a greedy choice gives (Eades, Lin, Smyth, "A fast and
 * effective heuristic for the feedback arc set problem", 1993); what leads through pointers counts
 * least. */
#include <stdlib.h>

#include "rule/pass.h"

enum { BY_NAME = 4 }; // a way without pointers counts as so many

static LockStep step_at(Pass *pass, const ProgramFunction *function, uint32_t instruction) {
  LockStep step = {.function = function->declared.name};
  step.path = place_of_call(pass, function, instruction, &step.line);
  return step;
}

static void tell_steps(Pass *pass, const LockOrder *order, LockArrow *arrow) {
  arrow->steps = arena_new_array(pass->arena, LockStep, order->call_count + 1);
  arrow->steps[arrow->step_count++] = step_at(pass, order->held->function, order->acquired);
  for (uint32_t i = 0; i + 1 < order->call_count; i++) {
    uint32_t call =
        i ? call_between(pass, order->calls[i], order->calls[i + 1]) : order->held->instruction;
    if (call != NO_INSTRUCTION)
      arrow->steps[arrow->step_count++] =
          step_at(pass, &pass->program->functions[order->calls[i]], call);
  }
  arrow->steps[arrow->step_count++] =
      step_at(pass, order->taken->function, order->taken->instruction);
}

static LockArrow arrow_of(Pass *pass, const LockOrder *order) {
  LockArrow arrow = {.from = order->from_number,
                     .to = order->to_number,
                     .ways = 1,
                     .thread = "",
                     .by_pointer = order->by_pointer,
                     .is_try = (order->to_flags & LOCK_TRY) != 0,
                     .is_read = (order->to_flags & LOCK_READ) != 0};
  tell_steps(pass, order, &arrow);
  return arrow;
}

/* ---- the proposed order */

typedef struct {
  const LockGraph *graph;
  const uint32_t *weights; // by arrow
  bool *placed;            // by lock
} Ranking;

/* What leads on from the lock, less what leads to it, among those that have no position yet. */
static int64_t balance(const Ranking *r, uint32_t lock, bool *is_sink) {
  int64_t out = 0, in = 0;
  for (uint32_t i = 0; i < r->graph->arrow_count; i++) {
    const LockArrow *arrow = &r->graph->arrows[i];
    if (arrow->from == lock && !r->placed[arrow->to])
      out += r->weights[i];
    if (arrow->to == lock && !r->placed[arrow->from])
      in += r->weights[i];
  }
  *is_sink = !out;
  return out - in;
}

static void propose_order(Pass *pass, LockGraph *graph, const uint32_t *weights) {
  Ranking r = {graph, weights, arena_new_array(pass->arena, bool, graph->lock_count)};
  uint32_t first = 0, last = graph->lock_count;
  while (first < last) {
    uint32_t best = graph->lock_count, sink = graph->lock_count;
    int64_t most = 0;
    for (uint32_t i = 0; i < graph->lock_count; i++) {
      bool is_sink;
      int64_t of_lock = r.placed[i] ? 0 : balance(&r, i, &is_sink);
      if (r.placed[i])
        continue;
      if (is_sink)
        sink = i;
      if (best == graph->lock_count || of_lock > most) {
        best = i;
        most = of_lock;
      }
    }
    uint32_t chosen = sink < graph->lock_count ? sink : best;
    graph->locks[chosen].position = sink < graph->lock_count ? --last : first++;
    r.placed[chosen] = true;
  }
}

/* ---- all of it */

static int by_position(const void *left, const void *right) {
  const GraphLock *a = left, *b = right;
  return (a->position > b->position) - (a->position < b->position);
}

/* Arrows and rings speak of locks by position from here on. */
static void put_in_order(LockGraph *graph) {
  for (uint32_t i = 0; i < graph->arrow_count; i++) {
    LockArrow *arrow = &graph->arrows[i];
    arrow->from = graph->locks[arrow->from].position;
    arrow->to = graph->locks[arrow->to].position;
    arrow->against = arrow->from > arrow->to;
    graph->against += arrow->against;
  }
  for (uint32_t i = 0; i < graph->ring_count; i++)
    for (uint32_t k = 0; k < graph->rings[i].count; k++) {
      LockArrow *arrow = &graph->rings[i].arrows[k];
      arrow->from = graph->locks[arrow->from].position;
      arrow->to = graph->locks[arrow->to].position;
      arrow->against = arrow->from > arrow->to;
    }
  if (graph->lock_count)
    qsort(graph->locks, graph->lock_count, sizeof *graph->locks, by_position);
}

static uint32_t *find_arrows(Pass *pass, const LockOrders *orders, LockGraph *graph) {
  uint32_t *weights = arena_new_array(pass->arena, uint32_t, orders->count);
  graph->arrows = arena_new_array(pass->arena, LockArrow, orders->count);
  for (uint32_t i = 0; i < orders->count; i++) {
    const LockOrder *order = &orders->at[i];
    graph->locks[order->from_number].key = text_of(pass->program->symbols, order->from);
    graph->locks[order->from_number].name = class_in_words(pass, order->from);
    graph->locks[order->to_number].key = text_of(pass->program->symbols, order->to);
    graph->locks[order->to_number].name = class_in_words(pass, order->to);
    LockArrow *last = graph->arrow_count ? &graph->arrows[graph->arrow_count - 1] : NULL;
    if (last && last->from == order->from_number && last->to == order->to_number)
      last->ways++;
    else
      graph->arrows[graph->arrow_count++] = arrow_of(pass, order);
    weights[graph->arrow_count - 1] += order->by_pointer ? 1 : BY_NAME;
  }
  return weights;
}

static void mark(LockGraph *graph, const LockArrow *of_ring) {
  for (uint32_t i = 0; i < graph->arrow_count; i++)
    graph->arrows[i].on_circle |=
        graph->arrows[i].from == of_ring->from && graph->arrows[i].to == of_ring->to;
}

static int by_confidence(const void *left, const void *right) {
  const LockRing *a = left, *b = right;
  if (a->confidence != b->confidence)
    return a->confidence > b->confidence ? -1 : 1;
  return (a->arrows > b->arrows) - (a->arrows < b->arrows); // as they were found
}

static void find_rings(Pass *pass, LockGraph *graph) {
  LockArrow *arrows = arena_new_array(pass->arena, LockArrow, pass->circle_count * CIRCLE_LENGTH);
  graph->rings = arena_new_array(pass->arena, LockRing, pass->circle_count);
  for (uint32_t i = 0; i < pass->circle_count; i++) {
    const LockCircle *circle = &pass->circles[i];
    LockRing *ring = &graph->rings[graph->ring_count++];
    *ring = (LockRing){arrows + i * CIRCLE_LENGTH, circle->count, circle->confidence};
    for (uint32_t k = 0; k < circle->count; k++) {
      ring->arrows[k] = arrow_of(pass, circle->edges[k].order);
      ring->arrows[k].thread = circle->edges[k].thread;
      ring->arrows[k].on_circle = true;
      mark(graph, &ring->arrows[k]);
    }
  }
  if (graph->ring_count)
    qsort(graph->rings, graph->ring_count, sizeof *graph->rings, by_confidence);
}

LockGraph lock_graph(Pass *pass) {
  LockOrders orders = lock_orders(waits(pass), pass->arena, false);
  LockGraph graph = {.locks = arena_new_array(pass->arena, GraphLock, orders.classes),
                     .lock_count = orders.classes};
  uint32_t *weights = find_arrows(pass, &orders, &graph);
  find_rings(pass, &graph);
  propose_order(pass, &graph, weights);
  put_in_order(&graph);
  return graph;
}
