/* contention.c - who takes the locks of a class: threads that may run at the same time. A lock that
 * one thread takes keeps nobody waiting, however long it is held.
 *
 * Imprecise: that one thread is joined before another one begins is not seen. */
#include <stdlib.h>
#include <string.h>

#include "link/linkage.h"
#include "link/runs_graph.h"
#include "rule/locks/blocking.h"

enum { ROOTS = 64, NAMES = 3 };

struct Competitors {
  const RunsGraph *graph;
  uint32_t roots[ROOTS]; // functions by id; main, if any, is the first
  uint32_t weights[ROOTS];
  bool *reached[ROOTS]; // by node of the graph
  uint32_t root_count;
  bool has_main;
  const WaitRow **acquires; // by class
  size_t acquire_count;
};

static void follow(Pass *pass, struct Competitors *all, uint32_t root, const uint32_t *from,
                   uint32_t count) {
  const RunsGraph *graph = all->graph;
  bool *seen = arena_new_array(pass->arena, bool, graph->node_count);
  uint32_t *stack = arena_new_array(pass->arena, uint32_t, graph->node_count);
  uint32_t depth = 0;
  for (uint32_t i = 0; i < count; i++)
    if (!seen[from[i]]) {
      seen[from[i]] = true;
      stack[depth++] = from[i];
    }
  while (depth) {
    uint32_t node = stack[--depth];
    for (uint32_t i = graph->out_starts[node]; i < graph->out_starts[node + 1]; i++) {
      const RunsEdge *edge = &graph->edges[i];
      if (edge->kind == RUNS_SPAWN || seen[edge->to])
        continue;
      seen[edge->to] = true;
      stack[depth++] = edge->to;
    }
  }
  all->reached[root] = seen;
}

static void add_root(Pass *pass, struct Competitors *all, uint32_t function) {
  for (uint32_t i = 0; i < all->root_count; i++)
    if (all->roots[i] == function)
      return;
  if (all->root_count == ROOTS) // Unsound: of so many threads, two will be there
    return;
  uint32_t root = all->root_count++;
  bool often = multiplicity_of(multiplicities(pass), function).runs > RUNS_ONCE;
  all->roots[root] = function;
  all->weights[root] = often ? 2 : 1;
  follow(pass, all, root, &function, 1);
}

/* All mains are one: they are no threads of one process. */
static void add_mains(Pass *pass, struct Competitors *all) {
  const Program *program = pass->program;
  uint32_t *mains = arena_new_array(pass->arena, uint32_t, program->function_count);
  uint32_t count = 0;
  for (uint32_t i = 0; i < program->function_count; i++)
    if (!strcmp(program->functions[i].declared.key, "main"))
      mains[count++] = i;
  if (!count)
    return;
  all->has_main = true;
  all->roots[0] = mains[0];
  all->weights[0] = 1;
  all->root_count = 1;
  follow(pass, all, 0, mains, count);
}

static int compare_acquires(const void *a, const void *b) {
  const WaitRow *x = *(const WaitRow *const *)a, *y = *(const WaitRow *const *)b;
  if (x->symbol != y->symbol)
    return x->symbol < y->symbol ? -1 : 1;
  return (x > y) - (x < y); // of one list
}

static void order_acquires(Pass *pass, struct Competitors *all) {
  all->acquires = arena_new_array(pass->arena, const WaitRow *, pass->wait_rows.count);
  for (size_t i = 0; i < pass->wait_rows.count; i++) {
    const WaitRow *row = &pass->wait_rows.at[i];
    if (row->kind == WAIT_ACQUIRE && row->symbol && !(row->flags & LOCK_TRY))
      all->acquires[all->acquire_count++] = row;
  }
  if (all->acquire_count)
    qsort(all->acquires, all->acquire_count, sizeof *all->acquires, compare_acquires);
}

static size_t first_acquire(const struct Competitors *all, TextId class_symbol) {
  size_t low = 0, high = all->acquire_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (all->acquires[middle]->symbol < class_symbol)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static struct Competitors *competitors(Pass *pass) {
  if (pass->competitors)
    return pass->competitors;
  struct Competitors *all = arena_new_one(pass->arena, struct Competitors);
  all->graph = multiplicity_graph(multiplicities(pass));
  add_mains(pass, all);
  for (uint32_t i = 0; i < all->graph->edge_count; i++) {
    const RunsEdge *edge = &all->graph->edges[i];
    if (edge->kind == RUNS_SPAWN && edge->to < pass->program->function_count)
      add_root(pass, all, edge->to);
    for (uint32_t k = all->graph->out_starts[edge->to];
         edge->kind == RUNS_SPAWN && edge->to >= pass->program->function_count &&
         k < all->graph->out_starts[edge->to + 1];
         k++)
      add_root(pass, all, all->graph->edges[k].to);
  }
  order_acquires(pass, all);
  return pass->competitors = all;
}

/* While the process lives its life: before and after it, nobody else is there. */
static bool is_in_life(Pass *pass, const WaitRow *row) {
  uint32_t life = multiplicity_of(multiplicities(pass), row->function->id).life;
  return !life || (life & LIFE_RUN);
}

static bool may_share_program(const Program *program, const ProgramFunction *a,
                              const ProgramFunction *b) {
  uint32_t count = linkage_count(program);
  for (uint32_t i = 0; i < count; i++)
    if (linkage_member(program, a, i) && linkage_member(program, b, i))
      return true;
  return !count || (linkage_is_free(program, a) && linkage_is_free(program, b));
}

/* Is it in a program with threads, or in one that others make? */
static bool may_be_in_thread(const Pass *pass, const struct Competitors *all,
                             const ProgramFunction *function) {
  for (uint32_t root = all->has_main; root < all->root_count; root++)
    if (may_share_program(pass->program, function, &pass->program->functions[all->roots[root]]))
      return true;
  return !all->has_main;
}

static const char *name_of_root(const Pass *pass, const struct Competitors *all, uint32_t root) {
  return all->has_main && !root ? "main" : pass->program->functions[all->roots[root]].declared.name;
}

Contention contention_of(Pass *pass, TextId class_symbol) {
  struct Competitors *all = competitors(pass);
  Contention found = {.words = ""};
  bool wants[ROOTS] = {0}, others = false;
  const ProgramFunction *last = NULL;
  for (size_t i = first_acquire(all, class_symbol);
       i < all->acquire_count && all->acquires[i]->symbol == class_symbol; i++) {
    const WaitRow *row = all->acquires[i];
    if (row->function == last || !is_in_life(pass, row))
      continue;
    last = row->function;
    found.functions++;
    bool reached = false;
    for (uint32_t root = 0; root < all->root_count; root++)
      if (all->reached[root][row->function->id])
        wants[root] = reached = true;
    others |= !reached && may_be_in_thread(pass, all, row->function);
  }
  uint32_t names = 0, more = 0;
  for (uint32_t root = 0; root < all->root_count; root++) {
    if (!wants[root])
      continue;
    found.threads += all->weights[root];
    if (names++ < NAMES)
      found.words =
          arena_printf(pass->arena, "%s%s'%s'%s", found.words, *found.words ? ", " : "",
                       name_of_root(pass, all, root), all->weights[root] > 1 ? " (several)" : "");
    else
      more++;
  }
  if (more)
    found.words = arena_printf(pass->arena, "%s and %u more", found.words, more);
  // What nobody here calls others call, from any number of threads when there is no main
  if (others)
    found.threads += all->has_main ? 1 : 2;
  return found;
}

/* ---- descriptors that nobody waits for */

enum { SET_FLAGS = 4, NON_BLOCKING = 04000, IOCTL_NON_BLOCKING = 0x5421 };

static bool mentions(const Function *f, NodeId id, int64_t bits, uint32_t depth) {
  const Node *node = &f->nodes[id];
  switch (depth < 8 ? (NodeKind)node->kind : NODE_NONE) {
  case NODE_CONSTANT:
    return (f->constants[node->a].value & bits) == bits;
  case NODE_BINARY:
    return mentions(f, node->a, bits, depth + 1) || mentions(f, node->b, bits, depth + 1);
  case NODE_CAST:
    return mentions(f, node->a, bits, depth + 1);
  case NODE_VAR:
    for (uint32_t i = 0; i < f->instruction_count; i++) {
      const Instruction *inst = &f->instructions[i];
      const Node *place = inst->kind == INST_STORE ? &f->nodes[inst->a] : NULL;
      if (place && place->kind == NODE_LOCAL && place->a == node->a &&
          mentions(f, inst->b, bits, depth + 1))
        return true;
    }
    return false;
  default:
    return false;
  }
}

static bool makes_instant(const Function *f, const Instruction *call) {
  const Node *callee = &f->nodes[call->a];
  if (call->kind != INST_CALL || callee->kind != NODE_FUNCTION)
    return false;
  const char *name = f->symbols[callee->a].name;
  const NodeId *args = f->args + call->args;
  if (!strcmp(name, "fcntl"))
    return call->arg_count == 3 && mentions(f, args[1], SET_FLAGS, 0) &&
           mentions(f, args[2], NON_BLOCKING, 0);
  if (!strcmp(name, "ioctl"))
    return call->arg_count == 3 && mentions(f, args[1], IOCTL_NON_BLOCKING, 0);
  return (!strcmp(name, "accept4") || !strcmp(name, "socket")) && call->arg_count >= 2 &&
         (mentions(f, args[call->arg_count - 1], NON_BLOCKING, 0) ||
          mentions(f, args[1], NON_BLOCKING, 0));
}

static bool calls_descriptor_maker(const FunctionLinks *links) {
  static const char *const names[] = {"fcntl", "fcntl64", "ioctl", "accept4", "socket"};
  for (uint32_t i = 0; i < links->call_count; i++)
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
      if (!strcmp(links->calls[i], names[k]))
        return true;
  return false;
}

bool has_instant_descriptors(Pass *pass) {
  Program *program = pass->program;
  for (uint32_t id = 0; id < program->function_count && !pass->instant_known; id++) {
    if (!calls_descriptor_maker(program->functions[id].declared.links))
      continue;
    BorrowedCode code = program_borrow(program, id);
    const Function *f = code.function->body;
    for (uint32_t i = 0; i < f->instruction_count; i++)
      pass->has_instant |= makes_instant(f, &f->instructions[i]);
    program_return(&code);
    if (pass->has_instant)
      break;
  }
  pass->instant_known = true;
  return pass->has_instant;
}
