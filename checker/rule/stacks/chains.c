/* chains.c - which functions run on top of each other, from the roots of stacks down: longest paths
 * in the graph of who makes whom run (link/runs_graph.h). Calls that lead back are left out, in the
 * order of a depth-first search, so that what is left has no cycles and each path in it is a chain
 * of calls that the program has. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "link/linkage.h"
#include "link/runs_graph.h"
#include "rule/pass.h"

enum { NO_NODE = 0xffffffffu };

/* What the chain below a node takes, at most, and the node that comes next there. */
typedef struct {
  uint64_t bytes;
  uint32_t next;
} Need;

/* What is left of the stack at a node, at least, and where the chain comes from. */
typedef struct {
  int64_t room;
  uint32_t from, root; // NO_NODE; number in Chains.roots
} Room;

/* The chains of one choice of edges. */
typedef struct {
  bool only_sure;
  bool *dropped;   // per edge: not taken, or it leads back
  uint32_t *order; // nodes, callees first
  uint32_t count;
  Need *low, *high; // per node
  Room *rooms;      // by the high ends
  bool *has_caller;
} Ways;

typedef struct Chains {
  Pass *pass;
  const RunsGraph *graph;
  ARRAY(StackRoot) roots;
  uint32_t *root_of; // per function: its number among the roots plus 1
  Ways sure, all;
} Chains;

static bool is_function(const Chains *c, uint32_t node) {
  return node < c->pass->program->function_count;
}

/* ---- roots */

static void set_budget(const Pass *pass, StackRoot *root) {
  const StackOptions *stack = pass->stack;
  bool is_thread = root->kind == ROOT_THREAD;
  const char *name = is_thread ? function_with(pass, root->function)->declared.name : "main";
  uint64_t asked = root->created ? thread_stack(pass, root->created) : THREAD_STACK_USUAL;
  root->budget = is_thread ? stack->thread_bytes : stack->main_bytes;
  root->is_default = true;
  root->is_unknown = asked == THREAD_STACK_UNKNOWN;
  if (asked && !root->is_unknown) {
    root->budget = asked;
    root->is_default = false;
  }
  for (uint32_t i = 0; i < stack->given_count; i++)
    if (!strcmp(stack->given[i].root, name)) {
      root->budget = stack->given[i].bytes;
      root->is_default = root->is_unknown = false;
    }
}

/* Of several threads that run a function the one with the smallest stack counts. */
static void add_root(Chains *c, RootKind kind, uint32_t function, const ThreadRow *created) {
  StackRoot root = {.kind = kind, .function = function, .created = created};
  set_budget(c->pass, &root);
  uint32_t number = c->root_of[function];
  StackRoot *known = number ? &c->roots.at[number - 1] : NULL;
  if (!known) {
    array_push(&c->roots, root);
    c->root_of[function] = (uint32_t)c->roots.count;
  } else if (known->kind > kind || (known->is_unknown && !root.is_unknown) ||
             (root.budget < known->budget && !root.is_unknown)) {
    *known = root;
  }
}

static void add_spawned(Chains *c, uint32_t node) {
  if (is_function(c, node)) {
    if (!c->root_of[node])
      add_root(c, ROOT_THREAD, node, NULL);
    return;
  }
  for (uint32_t i = c->graph->out_starts[node]; i < c->graph->out_starts[node + 1]; i++)
    if (c->graph->edges[i].entry == ENTRY_MEMBER && is_function(c, c->graph->edges[i].to))
      add_spawned(c, c->graph->edges[i].to);
}

static void find_roots(Chains *c) {
  Pass *pass = c->pass;
  const Program *program = pass->program;
  for (uint32_t i = 0; i < program->function_count; i++)
    if (!strcmp(program->functions[i].declared.key, "main"))
      add_root(c, ROOT_MAIN, i, NULL);
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    uint32_t id;
    if (row->action == THREAD_CREATED && thread_entry_function(pass, row, &id))
      add_root(c, ROOT_THREAD, id, row);
  }
  for (uint32_t i = 0; i < c->graph->edge_count; i++)
    if (c->graph->edges[i].kind == RUNS_SPAWN)
      add_spawned(c, c->graph->edges[i].to);
}

/* ---- which edges count */

static bool is_taken(const Ways *ways, const RunsEdge *edge) {
  if (edge->kind != RUNS_CALL)
    return false;
  return !ways->only_sure || edge->entry == ENTRY_CALL || edge->entry == ENTRY_FLOW;
}

typedef struct {
  uint32_t node, next;
} Visit;

typedef enum { UNSEEN, UNDER_WAY, DONE } Mark;

static void search(const Chains *c, Ways *ways, uint32_t start, uint8_t *marks, Visit *visits) {
  const RunsGraph *graph = c->graph;
  uint32_t depth = 0;
  if (marks[start] != UNSEEN)
    return;
  visits[depth++] = (Visit){start, graph->out_starts[start]};
  marks[start] = UNDER_WAY;
  while (depth) {
    Visit *visit = &visits[depth - 1];
    if (visit->next == graph->out_starts[visit->node + 1]) {
      marks[visit->node] = DONE;
      ways->order[ways->count++] = visit->node;
      depth--;
      continue;
    }
    uint32_t number = visit->next++, to = graph->edges[number].to;
    ways->dropped[number] = !is_taken(ways, &graph->edges[number]) || marks[to] == UNDER_WAY;
    if (!ways->dropped[number])
      ways->has_caller[to] = true;
    if (ways->dropped[number] || marks[to] != UNSEEN)
      continue;
    marks[to] = UNDER_WAY;
    visits[depth++] = (Visit){to, graph->out_starts[to]};
  }
}

static void order_nodes(const Chains *c, Ways *ways, Arena *arena, Arena *scratch) {
  uint32_t nodes = c->graph->node_count;
  ways->dropped = arena_new_array(arena, bool, c->graph->edge_count);
  ways->order = arena_new_array(arena, uint32_t, nodes);
  ways->has_caller = arena_new_array(arena, bool, nodes);
  uint8_t *marks = arena_new_array(scratch, uint8_t, nodes);
  Visit *visits = arena_new_array(scratch, Visit, nodes);
  for (size_t i = 0; i < c->roots.count; i++)
    search(c, ways, c->roots.at[i].function, marks, visits);
  bool *called = arena_new_array(scratch, bool, nodes);
  for (uint32_t i = 0; i < c->graph->edge_count; i++)
    called[c->graph->edges[i].to] |= is_taken(ways, &c->graph->edges[i]);
  for (uint32_t pass = 0; pass < 2; pass++) // first those that nobody calls
    for (uint32_t node = 0; node < nodes; node++)
      if (pass || !called[node])
        search(c, ways, node, marks, visits);
}

/* ---- how much */

static Frame cost(const Chains *c, uint32_t node, uint32_t next) {
  if (!is_function(c, node))
    return (Frame){0};
  return is_function(c, next) ? frame_calling(c->pass, node, next) : frame_of(c->pass, node);
}

/* Of equal ones the longer chain: it says where the bytes are. */
static void take_larger(Need *need, uint64_t bytes, uint32_t next) {
  if (bytes >= need->bytes)
    *need = (Need){bytes, next};
}

static void find_needs(const Chains *c, Ways *ways, Arena *arena) {
  ways->low = arena_new_array(arena, Need, c->graph->node_count);
  ways->high = arena_new_array(arena, Need, c->graph->node_count);
  for (uint32_t i = 0; i < ways->count; i++) {
    uint32_t node = ways->order[i];
    Frame last = cost(c, node, NO_NODE);
    Need *low = &ways->low[node], *high = &ways->high[node];
    *low = (Need){last.low, NO_NODE};
    *high = (Need){last.high, NO_NODE};
    for (uint32_t e = c->graph->out_starts[node]; e < c->graph->out_starts[node + 1]; e++) {
      uint32_t to = c->graph->edges[e].to;
      if (ways->dropped[e])
        continue;
      Frame frame = cost(c, node, to);
      take_larger(low, frame.low + ways->low[to].bytes, to);
      take_larger(high, frame.high + ways->high[to].bytes, to);
    }
  }
}

static void start_room(Chains *c, const Ways *ways, uint32_t node) {
  Room *room = &ways->rooms[node];
  bool is_root = is_function(c, node) && c->root_of[node];
  if (!is_root && (!is_function(c, node) || ways->has_caller[node]))
    return;
  if (!is_root)
    add_root(c, ROOT_OTHER, node, NULL);
  uint32_t number = c->root_of[node] - 1;
  int64_t budget = (int64_t)c->roots.at[number].budget;
  if (budget < room->room)
    *room = (Room){budget, NO_NODE, number};
}

static void find_rooms(Chains *c, Ways *ways, Arena *arena) {
  ways->rooms = arena_new_array(arena, Room, c->graph->node_count);
  for (uint32_t i = 0; i < c->graph->node_count; i++)
    ways->rooms[i] = (Room){INT64_MAX, NO_NODE, NO_NODE};
  for (uint32_t i = ways->count; i-- > 0;) {
    uint32_t node = ways->order[i];
    start_room(c, ways, node);
    const Room *here = &ways->rooms[node];
    for (uint32_t e = c->graph->out_starts[node];
         e < c->graph->out_starts[node + 1] && here->root != NO_NODE; e++) {
      uint32_t to = c->graph->edges[e].to;
      int64_t left = here->room - (int64_t)cost(c, node, to).high;
      if (!ways->dropped[e] && left < ways->rooms[to].room)
        ways->rooms[to] = (Room){left, node, here->root};
    }
  }
}

static void find_ways(Chains *c, Ways *ways) {
  Arena *arena = c->pass->arena, *scratch = arena_new();
  order_nodes(c, ways, arena, scratch);
  find_needs(c, ways, arena);
  find_rooms(c, ways, arena);
  arena_free(scratch);
}

Chains *chains_of(Pass *pass) {
  if (pass->chains)
    return pass->chains;
  Chains *c = arena_new_one(pass->arena, Chains);
  c->pass = pass;
  c->graph = multiplicity_graph(multiplicities(pass));
  c->root_of = arena_new_array(pass->arena, uint32_t, pass->program->function_count);
  find_roots(c);
  c->sure.only_sure = true;
  find_ways(c, &c->sure);
  find_ways(c, &c->all);
  return pass->chains = c;
}

void chains_free(Pass *pass) {
  if (pass->chains)
    array_free(&pass->chains->roots);
}

const StackNeed *all_needs(Pass *pass) {
  const Ways *ways = &chains_of(pass)->sure;
  StackNeed *needs = arena_new_array(pass->arena, StackNeed, pass->program->function_count);
  for (uint32_t i = 0; i < pass->program->function_count; i++)
    needs[i] = (StackNeed){ways->low[i].bytes, ways->high[i].bytes};
  return needs;
}

/* ---- what the rules ask */

/* Nodes, root first, become links; slots are left out. `after` follows the last one. */
static Chain make_chain(Chains *c, const Ways *ways, const uint32_t *nodes, uint32_t count,
                        uint32_t after) {
  Chain chain = {.links = arena_new_array(c->pass->arena, ChainLink, count),
                 .is_sure = ways->only_sure};
  for (uint32_t i = 0; i < count; i++) {
    if (!is_function(c, nodes[i]))
      continue;
    Frame frame = cost(c, nodes[i], i + 1 < count ? nodes[i + 1] : after);
    chain.links[chain.count++] = (ChainLink){nodes[i], frame};
    chain.low += frame.low;
    chain.high += frame.high;
  }
  return chain;
}

static bool chain_in(Chains *c, const Ways *ways, uint32_t function, Chain *chain) {
  const Room *room = &ways->rooms[function];
  if (room->root == NO_NODE || room->from == NO_NODE)
    return false;
  uint32_t count = 0;
  for (uint32_t node = room->from; node != NO_NODE; node = ways->rooms[node].from)
    count++;
  uint32_t *nodes = arena_new_array(c->pass->arena, uint32_t, count), at = count;
  for (uint32_t node = room->from; node != NO_NODE; node = ways->rooms[node].from)
    nodes[--at] = node;
  *chain = make_chain(c, ways, nodes, count, function);
  chain->root = c->roots.at[room->root];
  return true;
}

bool chain_to(Pass *pass, uint32_t function_id, Chain *chain) {
  Chains *c = chains_of(pass);
  Chain guessed;
  bool sure = chain_in(c, &c->sure, function_id, chain);
  if (sure && chain->root.kind != ROOT_OTHER)
    return true;
  if (chain_in(c, &c->all, function_id, &guessed)) {
    *chain = guessed;
    return true;
  }
  if (!sure) {
    *chain = (Chain){.root = {.kind = ROOT_OTHER, .function = function_id}};
    if (c->root_of[function_id])
      chain->root = c->roots.at[c->root_of[function_id] - 1];
    else
      set_budget(pass, &chain->root);
  }
  return sure;
}

/* Bytes of a chain, without making it: there are thousands of roots. */
static uint64_t chain_bytes(Chains *c, const uint32_t *nodes, uint32_t count, bool by_high) {
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < count; i++)
    if (is_function(c, nodes[i])) {
      Frame frame = cost(c, nodes[i], i + 1 < count ? nodes[i + 1] : NO_NODE);
      bytes += by_high ? frame.high : frame.low;
    }
  return bytes;
}

Chain *chains_from_roots(Pass *pass, const ChainsWanted *wanted, uint32_t *count) {
  Chains *c = chains_of(pass);
  bool by_high = wanted->by_high, only_sure = wanted->only_sure;
  const Ways *ways = only_sure ? &c->sure : &c->all;
  const Need *needs = by_high ? ways->high : ways->low;
  Chain *chains = NULL;
  size_t room = 0;
  uint32_t *nodes = arena_new_array(pass->arena, uint32_t, c->graph->node_count);
  *count = 0;
  for (size_t i = 0; i < c->roots.count; i++) {
    uint32_t length = 0;
    for (uint32_t node = c->roots.at[i].function; node != NO_NODE; node = needs[node].next)
      nodes[length++] = node;
    if (wanted->too_long && chain_bytes(c, nodes, length, by_high) <= c->roots.at[i].budget)
      continue;
    chains = arena_grow(pass->arena, chains, sizeof *chains, *count, &room, *count + 1u);
    chains[*count] = make_chain(c, ways, nodes, length, NO_NODE);
    chains[(*count)++].root = c->roots.at[i];
  }
  return chains;
}

/* Fewest calls first, from the root to the function; false when there is no such way. */
static bool walk(const Chains *c, const Ways *ways, uint32_t root, uint32_t function,
                 uint32_t *from, uint32_t *queue) {
  uint32_t first = 0, last = 0;
  for (uint32_t i = 0; i < c->graph->node_count; i++)
    from[i] = NO_NODE;
  from[root] = root;
  queue[last++] = root;
  while (first < last && from[function] == NO_NODE) {
    uint32_t node = queue[first++];
    for (uint32_t e = c->graph->out_starts[node]; e < c->graph->out_starts[node + 1]; e++) {
      uint32_t to = c->graph->edges[e].to;
      if (from[to] != NO_NODE || !is_taken(ways, &c->graph->edges[e]))
        continue;
      from[to] = node;
      queue[last++] = to;
    }
  }
  return from[function] != NO_NODE;
}

bool shorter_chain(Pass *pass, const Chain *chain, uint32_t function_id, Chain *shorter) {
  Chains *c = chains_of(pass);
  const Ways *ways = chain->is_sure ? &c->sure : &c->all;
  Arena *scratch = arena_new();
  uint32_t nodes = c->graph->node_count, count = 0;
  uint32_t *from = arena_new_array(scratch, uint32_t, nodes);
  uint32_t *way = arena_new_array(scratch, uint32_t, nodes);
  bool found = walk(c, ways, chain->root.function, function_id, from, way);
  if (found) {
    for (uint32_t node = function_id; node != chain->root.function; node = from[node])
      count++;
    uint32_t node = function_id;
    for (uint32_t i = count + 1; i-- > 0; node = from[node])
      way[i] = node;
    *shorter = make_chain(c, ways, way, count + 1, NO_NODE);
    shorter->root = chain->root;
  }
  arena_free(scratch);
  return found;
}

/* ---- cycles that a frame's growth goes round */

/* The nodes from which calls that are no guess lead to the function, itself included. */
static bool *leading_to(const Chains *c, Arena *scratch, uint32_t function) {
  const RunsGraph *graph = c->graph;
  bool *leads = arena_new_array(scratch, bool, graph->node_count);
  uint32_t *stack = arena_new_array(scratch, uint32_t, graph->node_count), depth = 0;
  stack[depth++] = function;
  leads[function] = true;
  while (depth) {
    uint32_t node = stack[--depth];
    for (uint32_t i = graph->in_starts[node]; i < graph->in_starts[node + 1]; i++) {
      const RunsEdge *edge = &graph->edges[graph->in_edges[i]];
      if (leads[edge->from] || !is_taken(&c->sure, edge))
        continue;
      leads[edge->from] = true;
      stack[depth++] = edge->from;
    }
  }
  return leads;
}

typedef struct {
  const GrowthRow *row;
  const bool *leads; // see leading_to
} Sought;

/* The first call from `at` on, in its block, that leads back; or the end of what was taken. */
static bool look_at(const Chains *c, const Sought *sought, Index b, uint32_t at, uint32_t *call,
                    uint32_t *callee) {
  const GrowthRow *row = sought->row;
  const ProgramFunction *function = &c->pass->program->functions[row->function->id];
  const Function *f = function->body;
  const Block *block = &f->blocks[b];
  Index local = f->instructions[row->instruction].a;
  for (uint32_t i = at; i < block->first + block->count; i++) {
    const Instruction *in = &f->instructions[i];
    if (row->is_array && in->kind == INST_SCOPE_END && in->a == local)
      return false;
    if (in->kind != INST_CALL || f->nodes[in->a].kind != NODE_FUNCTION)
      continue;
    Targets targets =
        program_resolve(c->pass->program, function, function->symbols[f->nodes[in->a].a]);
    if (has_few_levels(c->pass, &(CycleCall){function->id, i}))
      continue;
    for (uint32_t t = 0; t < targets.count; t++)
      if (sought->leads[targets.ids[t]]) {
        *call = i;
        *callee = targets.ids[t];
        return false;
      }
  }
  return true;
}

static uint32_t find_return(const Chains *c, const GrowthRow *row, Arena *scratch,
                            uint32_t *callee) {
  const Function *f = c->pass->program->functions[row->function->id].body;
  bool *seen = arena_new_array(scratch, bool, f->block_count);
  Index *stack = arena_new_array(scratch, Index, f->block_count + 1u);
  uint32_t depth = 0, call = NO_RUNS_INSTRUCTION;
  Index block = block_of_instruction(f, row->instruction);
  uint32_t at = row->instruction + 1;
  const bool *leads = leading_to(c, scratch, row->function->id);
  for (;;) {
    bool goes_on = look_at(c, &(Sought){row, leads}, block, at, &call, callee);
    for (uint32_t i = 0; goes_on && i < f->blocks[block].edge_count; i++) {
      Index next = f->edges[f->blocks[block].edges + i].block;
      if (!seen[next])
        stack[depth++] = next;
      seen[next] = true;
    }
    if (call != NO_RUNS_INSTRUCTION || !depth)
      return call;
    block = stack[--depth];
    at = f->blocks[block].first;
  }
}

bool comes_back(Pass *pass, const GrowthRow *row, Position *call, const char **callee) {
  const Chains *c = chains_of(pass);
  if (!row->function->recursive)
    return false;
  BorrowedCode code = program_borrow(pass->program, row->function->id);
  uint32_t id = 0, found = find_return(c, row, code.arena, &id);
  program_return(&code);
  *call = position_of(row->function, found, false);
  *callee = pass->program->functions[id].declared.name;
  return found != NO_RUNS_INSTRUCTION;
}
