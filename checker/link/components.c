/* components.c - Tarjan, "Depth-first search and linear graph algorithms" (1972), iterative:
 * call chains in analysed programs are deeper than our stack should have to be. */
#include "link/components.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

typedef struct {
  uint32_t node, next;
} Visit;

typedef struct {
  const uint32_t *starts, *targets;
  Components found;
  uint32_t *number, *low; // 0: not yet visited
  bool *on_stack;
  uint32_t *stack;
  uint32_t stack_count;
  Visit *visits;
  uint32_t visit_count;
  uint32_t counter, ordered;
} Search;

static void enter(Search *s, uint32_t node) {
  s->number[node] = s->low[node] = ++s->counter;
  s->stack[s->stack_count++] = node;
  s->on_stack[node] = true;
  s->visits[s->visit_count++] = (Visit){node, s->starts[node]};
}

/* Pops one component; its members are ordered by number, so the result does not depend on the
 * root. */
static void leave_component(Search *s, uint32_t root) {
  Components *found = &s->found;
  uint32_t start = s->ordered, member;
  do {
    member = s->stack[--s->stack_count];
    s->on_stack[member] = false;
    found->order[s->ordered++] = member;
  } while (member != root);
  qsort(found->order + start, s->ordered - start, sizeof *found->order, compare_ids);
  for (uint32_t i = start; i < s->ordered; i++)
    found->component[found->order[i]] = found->count;
  found->starts[++found->count] = s->ordered;
}

static void search_from(Search *s, uint32_t root) {
  enter(s, root);
  while (s->visit_count) {
    Visit *visit = &s->visits[s->visit_count - 1];
    if (visit->next < s->starts[visit->node + 1]) {
      uint32_t to = s->targets[visit->next++];
      if (!s->number[to])
        enter(s, to);
      else if (s->on_stack[to] && s->number[to] < s->low[visit->node])
        s->low[visit->node] = s->number[to];
      continue;
    }
    uint32_t done = visit->node;
    s->visit_count--;
    if (s->low[done] == s->number[done])
      leave_component(s, done);
    if (s->visit_count) {
      uint32_t caller = s->visits[s->visit_count - 1].node;
      if (s->low[done] < s->low[caller])
        s->low[caller] = s->low[done];
    }
  }
}

Components components_find(Arena *arena, uint32_t nodes, const uint32_t *starts,
                           const uint32_t *targets) {
  Arena *scratch = arena_new();
  Search s = {.starts = starts,
              .targets = targets,
              .found = {.order = arena_new_array(arena, uint32_t, nodes),
                        .starts = arena_new_array(arena, uint32_t, nodes + 1u),
                        .component = arena_new_array(arena, uint32_t, nodes)},
              .number = arena_new_array(scratch, uint32_t, nodes),
              .low = arena_new_array(scratch, uint32_t, nodes),
              .on_stack = arena_new_array(scratch, bool, nodes),
              .stack = arena_new_array(scratch, uint32_t, nodes),
              .visits = arena_new_array(scratch, Visit, nodes)};
  for (uint32_t i = 0; i < nodes; i++)
    if (!s.number[i])
      search_from(&s, i);
  arena_free(scratch);
  return s.found;
}

static bool calls_itself(const ProgramFunction *function) {
  for (uint32_t i = 0; i < function->callee_count; i++)
    if (function->callees[i] == function->id)
      return true;
  return false;
}

void components_order(Program *program) {
  uint32_t n = program->function_count, calls = 0;
  Arena *scratch = arena_new();
  uint32_t *starts = arena_new_array(scratch, uint32_t, n + 1u);
  for (uint32_t i = 0; i < n; i++)
    starts[i + 1] = calls += program->functions[i].callee_count;
  uint32_t *targets = arena_new_array(scratch, uint32_t, calls);
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = 0; k < program->functions[i].callee_count; k++)
      targets[starts[i] + k] = program->functions[i].callees[k];
  Components found = components_find(program->arena, n, starts, targets);
  program->order = found.order;
  program->component_starts = found.starts;
  program->component_count = found.count;
  for (uint32_t i = 0; i < n; i++) {
    ProgramFunction *function = &program->functions[i];
    function->component = found.component[i];
    uint32_t size = found.starts[function->component + 1] - found.starts[function->component];
    function->recursive = size > 1 || calls_itself(function);
  }
  arena_free(scratch);
}
