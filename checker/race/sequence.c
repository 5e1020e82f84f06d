/* sequence.c - see sequence.h. Functions that create or join threads are gone through instruction
 * by instruction, callees first; then what is there is handed on from main to whom it calls. */
#include "race/sequence.h"

#include <string.h>

#include "base/array.h"
#include "base/guard.h"
#include "ir/cfg.h"
#include "link/called.h"

enum { NO_CALL = 0xffffffffu, NEAR_MAIN = 64 };

/* Since the function began. A root is ended when all its threads are joined on all ways. Whether
 * two of its threads meet is asked of `opened`, without those of which one was joined on some way.
 */
typedef struct {
  RootSet made, ended;
  RootSet opened, closed;
} Change;

typedef struct {
  Change *at;    // in front of each instruction
  Change *calls; // in front of the calls of each name in the links
  Change whole;  // at the ends
} Inside;

struct Sequence {
  Arena *arena;
  Program *program;
  const Concurrency *c;
  const JoinSite *joins;
  uint32_t join_count;
  RootSet *makes;   // per function: by its calls, at all
  Inside **insides; // per function, or NULL
  RootSet *entry;   // per node: there when the main thread begins it
  RootSet doubled;  // of which one is created while another may be there
  ARRAY(uint32_t) queue;
};

static RootSet bit_of(const Sequence *s, uint32_t function) {
  for (uint32_t i = 1; i < s->c->root_count; i++)
    if (s->c->roots[i].function == function)
      return (RootSet)1 << i;
  return 0;
}

static bool is_function(const Sequence *s, uint32_t node) {
  return node < s->program->function_count;
}

/* ---- who creates threads */

static RootSet made_by_edge(const Sequence *s, const RunsEdge *edge) {
  const RunsGraph *graph = s->c->graph;
  if (edge->kind == RUNS_CALL && is_function(s, edge->to))
    return s->makes[edge->to];
  if (edge->kind != RUNS_SPAWN)
    return 0;
  if (is_function(s, edge->to))
    return bit_of(s, edge->to);
  RootSet made = 0;
  for (uint32_t e = graph->out_starts[edge->to]; e < graph->out_starts[edge->to + 1]; e++)
    made |= bit_of(s, graph->edges[e].to);
  return made;
}

static void add_maker(Sequence *s, uint32_t node, RootSet made) {
  if (!is_function(s, node) || !s->c->may[node] || (s->makes[node] | made) == s->makes[node])
    return;
  s->makes[node] |= made;
  array_push(&s->queue, node);
}

/* From those that create threads on, callers last. */
static void find_makers(Sequence *s) {
  const RunsGraph *graph = s->c->graph;
  for (uint32_t e = 0; e < graph->edge_count; e++)
    if (graph->edges[e].kind == RUNS_SPAWN)
      add_maker(s, graph->edges[e].from, made_by_edge(s, &graph->edges[e]));
  for (size_t i = 0; i < s->queue.count; i++) {
    uint32_t node = s->queue.at[i];
    for (uint32_t e = graph->in_starts[node]; e < graph->in_starts[node + 1]; e++) {
      const RunsEdge *edge = &graph->edges[graph->in_edges[e]];
      if (edge->kind == RUNS_CALL)
        add_maker(s, edge->from, s->makes[node]);
    }
  }
  s->queue.count = 0;
}

/* ---- one function */

typedef struct {
  Sequence *s;
  const ProgramFunction *function;
  const Cfg *cfg;
  Inside *inside;
  Change *in;      // per block
  bool *reached;   // per block
  RootSet *ending; // per block: joined by a loop that begins here, in as many rounds as there are
  RootSet loose;   // joined where it may not have been created: not at all, if it was not
} Walk;

static uint32_t call_number(const ProgramFunction *function, uint32_t instruction) {
  TextId symbol = called_by_name(function, instruction);
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->call_count && symbol; i++)
    if (links->call_symbols[i] == symbol)
      return i;
  return NO_CALL;
}

static Change joined_at(const Sequence *s, uint32_t function, uint32_t instruction) {
  Change joined = {0};
  for (uint32_t i = 0; i < s->join_count; i++)
    if (s->joins[i].function == function && s->joins[i].instruction == instruction) {
      joined.ended |= s->joins[i].roots;
      joined.closed |= s->joins[i].one;
    }
  return joined;
}

/* Of the functions that are handed to one callee, those that are handed over by this call. */
static bool is_handed_here(const Walk *w, const PointerFlow *flow, uint32_t instruction) {
  const Function *f = w->function->body;
  const Instruction *call = &f->instructions[instruction];
  TextId symbol =
      flow->source == FLOW_FUNCTION ? w->function->declared.links->taken_symbols[flow->number] : 0;
  bool hands_any = false;
  for (uint32_t i = 0; i < call->arg_count && symbol; i++) {
    const Node *arg = &f->nodes[f->args[call->args + i]];
    if (arg->kind != NODE_FUNCTION)
      continue;
    hands_any = true;
    if (w->function->symbols[arg->a] == symbol)
      return true;
  }
  return !hands_any;
}

static Change change_by_call(const Walk *w, uint32_t number, uint32_t instruction) {
  const RunsGraph *graph = w->s->c->graph;
  const FunctionLinks *links = w->function->declared.links;
  uint32_t id = w->function->id;
  Change change = {0};
  bool first = true;
  for (uint32_t e = graph->out_starts[id]; e < graph->out_starts[id + 1]; e++) {
    const RunsEdge *edge = &graph->edges[e];
    bool is_flow = edge->entry == ENTRY_FLOW && links->flows[edge->number].fate == FLOW_PASSED &&
                   links->flows[edge->number].callee == number &&
                   is_handed_here(w, &links->flows[edge->number], instruction);
    if (!is_flow && !(edge->entry == ENTRY_CALL && edge->number == number))
      continue;
    const Inside *callee = is_function(w->s, edge->to) ? w->s->insides[edge->to] : NULL;
    bool is_seen = callee && edge->kind == RUNS_CALL;
    RootSet made = made_by_edge(w->s, edge);
    change.made |= is_seen ? callee->whole.made : made; // and not ended
    change.opened |= is_seen ? callee->whole.opened : made;
    if (is_flow || !is_function(w->s, edge->to))
      continue;
    Change ended = callee ? callee->whole : (Change){0};
    change.ended = first ? ended.ended : change.ended & ended.ended;
    change.closed |= ended.closed;
    first = false;
  }
  return change;
}

static void apply(Change *now, Change change) {
  now->made = (now->made & ~change.ended) | change.made;
  now->ended = (now->ended | change.ended) & ~change.made;
  now->opened = (now->opened & ~change.closed) | change.opened;
  now->closed = (now->closed | change.closed) & ~change.opened;
}

static void run_block(Walk *w, Index b, Change now) {
  const Function *f = w->function->body;
  apply(&now, (Change){.ended = w->ending[b]});
  for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
    w->inside->at[i] = now;
    if (f->instructions[i].kind != INST_CALL)
      continue;
    uint32_t number = call_number(w->function, i);
    if (number != NO_CALL)
      apply(&now, change_by_call(w, number, i));
    apply(&now, joined_at(w->s, w->function->id, i));
  }
  w->in[b] = now; // by now: at its end
}

static Change join_before(const Walk *w, const Change *ends, Index b) {
  Change in = {0};
  RootSet ended = 0; // on some way
  bool first = true;
  for (uint32_t i = 0; i < w->cfg->predecessor_counts[b]; i++) {
    Index from = w->cfg->predecessors[b][i];
    if (!w->reached[from])
      continue;
    in.made |= ends[from].made;
    in.opened |= ends[from].opened;
    in.closed |= ends[from].closed;
    in.ended = first ? ends[from].ended : in.ended & ends[from].ended;
    ended |= ends[from].ended;
    first = false;
  }
  in.ended |= ended & w->loose;
  in.made &= ~(ended & w->loose);
  in.opened &= ~in.closed;
  return in;
}

/* for (i) join(thread[i]): when the loop is done they all are. */
static void find_endings(const Walk *w) {
  const Function *f = w->function->body;
  for (uint32_t i = 0; i < w->s->join_count; i++) {
    const JoinSite *join = &w->s->joins[i];
    if (join->function != w->function->id)
      continue;
    Index loop = w->cfg->innermost[block_of_instruction(f, join->instruction)];
    if (loop != NO_LOOP)
      w->ending[w->cfg->loops[loop].header] |= join->roots;
  }
}

/* if (running) join(thread): whoever does that joins what there is. */
static void find_loose(Walk *w) {
  const Function *f = w->function->body;
  for (uint32_t i = 0; i < w->s->join_count; i++) {
    const JoinSite *join = &w->s->joins[i];
    if (join->function != w->function->id)
      continue;
    RootSet strict = 0;
    Index at = block_of_instruction(f, join->instruction);
    for (uint32_t k = 0; k < f->instruction_count; k++) {
      uint32_t number =
          f->instructions[k].kind == INST_CALL ? call_number(w->function, k) : NO_CALL;
      if (number != NO_CALL && cfg_dominates(w->cfg, block_of_instruction(f, k), at))
        strict |= change_by_call(w, number, k).made;
    }
    w->loose |= join->roots & ~strict;
  }
}

/* What the calls of each name find, and which threads are created twice. */
static void tell_calls(Walk *w) {
  const Function *f = w->function->body;
  uint32_t count = w->function->declared.links->call_count;
  bool *seen = arena_new_array(w->s->arena, bool, count + 1u);
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      uint32_t number =
          f->instructions[i].kind == INST_CALL ? call_number(w->function, i) : NO_CALL;
      if (number == NO_CALL || !w->reached[b])
        continue;
      Change *all = &w->inside->calls[number];
      const Change *here = &w->inside->at[i];
      w->s->doubled |= here->opened & change_by_call(w, number, i).opened;
      all->made |= here->made;
      all->ended = seen[number] ? all->ended & here->ended : here->ended;
      all->closed = seen[number] ? all->closed & here->closed : here->closed;
      seen[number] = true;
    }
}

static void walk(Walk *w) {
  enum { ROUNDS = 4 };
  const Function *f = w->function->body;
  bool first_end = true;
  find_endings(w);
  find_loose(w);
  for (int round = 0; round < ROUNDS; round++)
    for (uint32_t i = 0; i < w->cfg->order_count; i++) {
      Index b = w->cfg->order[i];
      Change in = join_before(w, w->in, b);
      w->reached[b] = true;
      run_block(w, b, in);
    }
  for (uint32_t i = 0; i < w->cfg->order_count; i++) {
    Index b = w->cfg->order[i];
    if (f->blocks[b].terminator != TERM_RETURN)
      continue;
    w->inside->whole.made |= w->in[b].made;
    w->inside->whole.opened |= w->in[b].opened;
    w->inside->whole.closed |= w->in[b].closed;
    w->inside->whole.ended = first_end ? w->in[b].ended : w->inside->whole.ended & w->in[b].ended;
    first_end = false;
  }
  w->inside->whole.opened &= ~w->inside->whole.closed;
  tell_calls(w);
}

static void look_inside(Sequence *s, uint32_t id) {
  BorrowedCode code = program_borrow(s->program, id);
  const Function *f = code.function->body;
  Inside *inside = arena_new_one(s->arena, Inside);
  inside->at = arena_new_array(s->arena, Change, f->instruction_count + 1u);
  inside->calls = arena_new_array(s->arena, Change, code.function->declared.links->call_count + 1u);
  Walk w = {.s = s,
            .function = code.function,
            .cfg = cfg_new(code.arena, f),
            .inside = inside,
            .in = arena_new_array(code.arena, Change, f->block_count),
            .reached = arena_new_array(code.arena, bool, f->block_count),
            .ending = arena_new_array(code.arena, RootSet, f->block_count)};
  walk(&w);
  s->insides[id] = inside;
  program_return(&code);
}

static bool joins_itself(const Sequence *s, uint32_t id) {
  for (uint32_t i = 0; i < s->join_count; i++)
    if (s->joins[i].function == id)
      return true;
  return false;
}

static bool spawns_itself(const Sequence *s, uint32_t id) {
  const RunsGraph *graph = s->c->graph;
  for (uint32_t e = graph->out_starts[id]; e < graph->out_starts[id + 1]; e++)
    if (graph->edges[e].kind == RUNS_SPAWN)
      return true;
  return false;
}

/* Those that do it themselves, and, of those that call them, the ones nearest to main: that is
 * where a process is set up. Imprecise: of the others it is not known what they do before. */
static const bool *find_relevant(const Sequence *s, Arena *scratch) {
  const RunsGraph *graph = s->c->graph;
  bool *relevant = arena_new_array(scratch, bool, graph->node_count);
  bool *seen = arena_new_array(scratch, bool, graph->node_count);
  ARRAY(uint32_t) queue = {0};
  uint32_t count = 0;
  for (uint32_t i = 0; i < s->program->function_count; i++)
    relevant[i] = s->c->may[i] & 1 && (joins_itself(s, i) || (s->makes[i] && spawns_itself(s, i)));
  array_push(&queue, s->c->roots[0].function);
  for (size_t i = 0; i < queue.count && count < NEAR_MAIN; i++) {
    uint32_t node = queue.at[i];
    if (is_function(s, node) && s->makes[node]) {
      count += !relevant[node];
      relevant[node] = true;
    }
    for (uint32_t e = graph->out_starts[node]; e < graph->out_starts[node + 1]; e++) {
      uint32_t to = graph->edges[e].to;
      if (graph->edges[e].kind != RUNS_CALL || seen[to])
        continue;
      seen[to] = true;
      array_push(&queue, to);
    }
  }
  array_free(&queue);
  return relevant;
}

/* ---- from main on */

static const RootSet all_threads = ~(RootSet)1;

static RootSet there(RootSet entry, const Change *change) {
  return (entry & ~change->ended) | change->made;
}

static RootSet along(const Sequence *s, const RunsEdge *edge) {
  RootSet entry = s->entry[edge->from];
  const Inside *inside = is_function(s, edge->from) ? s->insides[edge->from] : NULL;
  if (edge->kind == RUNS_LATER || edge->kind == RUNS_EXIT)
    return all_threads;
  if (!inside)
    return is_function(s, edge->from) ? entry | s->makes[edge->from] : entry;
  const FunctionLinks *links = s->program->functions[edge->from].declared.links;
  uint32_t number = edge->entry == ENTRY_CALL ? edge->number
                    : edge->entry == ENTRY_FLOW && links->flows[edge->number].fate == FLOW_PASSED
                        ? links->flows[edge->number].callee
                        : NO_CALL;
  return number < links->call_count ? there(entry, &inside->calls[number])
                                    : entry | s->makes[edge->from];
}

static void hand_on(Sequence *s, uint32_t root) {
  const RunsGraph *graph = s->c->graph;
  bool *seen = arena_new_array(s->arena, bool, graph->node_count);
  seen[root] = true;
  array_push(&s->queue, root);
  for (size_t i = 0; i < s->queue.count; i++) {
    uint32_t node = s->queue.at[i];
    for (uint32_t e = graph->out_starts[node]; e < graph->out_starts[node + 1]; e++) {
      const RunsEdge *edge = &graph->edges[e];
      if (edge->kind == RUNS_SPAWN || !(s->c->may[edge->to] & 1))
        continue;
      RootSet at = along(s, edge);
      if (seen[edge->to] && (s->entry[edge->to] | at) == s->entry[edge->to])
        continue;
      seen[edge->to] = true;
      s->entry[edge->to] |= at;
      array_push(&s->queue, edge->to);
    }
  }
  array_free(&s->queue);
}

Sequence *sequence_new(Arena *arena, Program *program, const Concurrency *c, const JoinSite *joins,
                       uint32_t count) {
  Sequence *s = arena_new_one(arena, Sequence);
  *s = (Sequence){.arena = arena,
                  .program = program,
                  .c = c,
                  .joins = joins,
                  .join_count = count,
                  .makes = arena_new_array(arena, RootSet, program->function_count),
                  .insides = arena_new_array(arena, Inside *, program->function_count),
                  .entry = arena_new_array(arena, RootSet, c->graph->node_count)};
  if (!c->has_main || !guard_on("race-sequence"))
    return s;
  find_makers(s);
  Arena *scratch = arena_new();
  const bool *relevant = find_relevant(s, scratch);
  for (uint32_t i = 0; i < program->function_count; i++)
    if (relevant[program->order[i]])
      look_inside(s, program->order[i]);
  arena_free(scratch);
  hand_on(s, c->roots[0].function);
  return s;
}

RootSet threads_there(const Sequence *s, uint32_t function, uint32_t instruction) {
  const Inside *inside = s->insides[function];
  if (!s->c->has_main || !guard_on("race-sequence"))
    return all_threads;
  return inside ? there(s->entry[function], &inside->at[instruction])
                : s->entry[function] | s->makes[function];
}

RootSet threads_joined(const Sequence *s, uint32_t function, uint32_t instruction) {
  const Inside *inside = s->insides[function];
  return inside && guard_on("race-joined-before") ? inside->at[instruction].closed : 0;
}

RootSet threads_joined_before(const Sequence *s, uint32_t function) {
  const RunsGraph *graph = s->c->graph;
  RootSet joined = graph->in_starts[function + 1] > graph->in_starts[function] ? all_threads : 0;
  for (uint32_t i = graph->in_starts[function]; i < graph->in_starts[function + 1]; i++) {
    const RunsEdge *edge = &graph->edges[graph->in_edges[i]];
    const Inside *inside = is_function(s, edge->from) ? s->insides[edge->from] : NULL;
    joined &= inside && edge->entry == ENTRY_CALL ? inside->calls[edge->number].closed : 0;
  }
  return joined;
}

RootSet threads_at_call(const Sequence *s, const RunsEdge *edge) {
  return s->c->has_main && guard_on("race-sequence") ? along(s, edge) : all_threads;
}

RootSet threads_to_come(const Sequence *s, uint32_t function, uint32_t instruction) {
  const Inside *inside = s->insides[function];
  return inside ? inside->whole.made & ~inside->at[instruction].made : 0;
}

bool ends_with_threads(const Sequence *s, uint32_t function, uint32_t root) {
  const Inside *inside = s->insides[function];
  return inside && !(s->c->sure[function] & ~(RootSet)1) && !(inside->whole.made >> root & 1);
}

/* Threads, by who creates them. */
typedef struct {
  RootSet lasting; // some function is seen to leave one behind
  RootSet unseen;  // nobody is seen to create it, or several threads at a time may
  RootSet beside;  // likewise, but several threads do, as far as that is sure
} Creators;

static Creators find_creators(const Sequence *s) {
  const RunsGraph *graph = s->c->graph;
  Creators all = {0};
  for (uint32_t e = 0; e < graph->edge_count; e++) {
    const RunsEdge *edge = &graph->edges[e];
    if (edge->kind != RUNS_SPAWN)
      continue;
    RootSet made = made_by_edge(s, edge);
    const Inside *inside = is_function(s, edge->from) ? s->insides[edge->from] : NULL;
    RootSet others = guard_on("race-sure-makers") ? s->c->sure[edge->from] & ~(RootSet)1
                                                  : s->c->may[edge->from] & ~(RootSet)1;
    if (inside)
      all.lasting |= inside->whole.opened & made;
    if (!inside || s->c->may[edge->from] != 1)
      all.unseen |= made;
    if (!inside || others)
      all.beside |= made;
  }
  return all;
}

void threads_beside_themselves(const Sequence *s, Concurrency *c) {
  Creators all = find_creators(s);
  for (uint32_t i = 1; i < c->root_count && c->has_main && guard_on("race-one-by-one"); i++) {
    ThreadRoot *root = &c->roots[i];
    bool is_doubled = s->doubled >> i & 1, lasts = all.lasting >> i & 1;
    bool is_unseen = all.unseen >> i & 1, is_beside = all.beside >> i & 1;
    root->is_many = is_doubled || (is_beside ? root->is_many : lasts && root->is_made_often);
    root->may_be_many = is_doubled || ((is_unseen || lasts) && root->may_be_many);
  }
}
