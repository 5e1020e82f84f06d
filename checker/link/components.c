/* components.c - Tarjan, "Depth-first search and linear graph algorithms" (1972), iterative:
 * call chains in analysed programs are deeper than our stack should have to be. */
#include "link/components.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  uint32_t function, next_callee;
} Visit;

typedef struct {
  Program *program;
  uint32_t *number, *low; // 0: not yet visited
  bool *on_stack;
  uint32_t *stack;
  uint32_t stack_count;
  Visit *visits;
  uint32_t visit_count;
  uint32_t counter, ordered;
} Search;

static void enter(Search *s, uint32_t function) {
  s->number[function] = s->low[function] = ++s->counter;
  s->stack[s->stack_count++] = function;
  s->on_stack[function] = true;
  s->visits[s->visit_count++] = (Visit){function, 0};
}

static int compare_ids(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static bool calls_itself(const ProgramFunction *function) {
  for (uint32_t i = 0; i < function->callee_count; i++)
    if (function->callees[i] == function->id)
      return true;
  return false;
}

/* Pops one component; its members are ordered by id, so the result does not depend on the root. */
static void leave_component(Search *s, uint32_t root) {
  Program *program = s->program;
  uint32_t start = s->ordered, member;
  do {
    member = s->stack[--s->stack_count];
    s->on_stack[member] = false;
    program->order[s->ordered++] = member;
  } while (member != root);
  qsort(program->order + start, s->ordered - start, sizeof *program->order, compare_ids);
  for (uint32_t i = start; i < s->ordered; i++) {
    ProgramFunction *function = &program->functions[program->order[i]];
    function->component = program->component_count;
    function->recursive = s->ordered - start > 1 || calls_itself(function);
  }
  program->component_starts[++program->component_count] = s->ordered;
}

static void search_from(Search *s, uint32_t root) {
  enter(s, root);
  while (s->visit_count) {
    Visit *visit = &s->visits[s->visit_count - 1];
    const ProgramFunction *function = &s->program->functions[visit->function];
    if (visit->next_callee < function->callee_count) {
      uint32_t callee = function->callees[visit->next_callee++];
      if (!s->number[callee])
        enter(s, callee);
      else if (s->on_stack[callee] && s->number[callee] < s->low[visit->function])
        s->low[visit->function] = s->number[callee];
      continue;
    }
    uint32_t done = visit->function;
    s->visit_count--;
    if (s->low[done] == s->number[done])
      leave_component(s, done);
    if (s->visit_count) {
      uint32_t caller = s->visits[s->visit_count - 1].function;
      if (s->low[done] < s->low[caller])
        s->low[caller] = s->low[done];
    }
  }
}

void components_order(Program *program) {
  uint32_t n = program->function_count;
  Arena *scratch = arena_new();
  program->order = arena_new_array(program->arena, uint32_t, n);
  program->component_starts = arena_new_array(program->arena, uint32_t, n + 1);
  Search s = {.program = program,
              .number = arena_new_array(scratch, uint32_t, n),
              .low = arena_new_array(scratch, uint32_t, n),
              .on_stack = arena_new_array(scratch, bool, n),
              .stack = arena_new_array(scratch, uint32_t, n),
              .visits = arena_new_array(scratch, Visit, n)};
  for (uint32_t i = 0; i < n; i++)
    if (!s.number[i])
      search_from(&s, i);
  arena_free(scratch);
}
