/* life.c - see life.h. A loop is what the program lives by when it waits for the network, a child
 * or the time, and has no way out but a variable that says stop; failing that, when it waits;
 * failing that, any loop of main. The one that is nearest to main counts: the loops inside of
 * libraries are deeper. */
#include "link/life.h"

#include <string.h>

#include "base/array.h"
#include "ir/guards.h"

typedef enum { SERVICE_LOOP, WAITING_LOOP, ANY_LOOP, NO_SERVICE } Service;

enum { FAR = 0xffff, WAIT_STEPS = 3, SPINE_STEPS = 4 };

typedef struct {
  uint32_t function;
  Service service;
  uint8_t parts;         // LIFE_*: of all instructions
  uint8_t *instructions; // per instruction
  uint8_t *callees;      // per callee of the links, calls then slots, then all others
  bool *leads;           // per callee: leads to the loop, if it is on the spine
} SpineFunction;

struct Life {
  Arena *arena;
  Program *program;
  const RunsGraph *graph;
  uint32_t *spine_numbers; // per function: in `spine`, plus 1
  SpineFunction *spine;
  size_t spine_count, spine_room;
  uint8_t *waits;   // per function: waits for the outside within WAIT_STEPS calls
  uint8_t *listens; // likewise: for requests or events; made when somebody asks
  TextId events;
};

/* ---- models */

_Static_assert(ACTION_COUNT <= 64, "a set of actions is a number");

static bool has_action(const Summary *model, uint64_t actions) {
  for (uint32_t i = 0; i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++)
      if (actions >> model->cases[i].effects[k].action & 1)
        return true;
  return false;
}

static const Summary *model_of_call(const Life *life, const ProgramFunction *function,
                                    TextId symbol) {
  Targets ignored;
  return runs_model(life->program, function, symbol, &ignored);
}

/* Waiting for another thread is no service, nor is what a lock does. */
static bool may_serve(const Summary *model) {
  return !model ||
         !has_action(model, 1ull << ACTION_WAIT | 1ull << ACTION_JOIN | 1ull << ACTION_ACQUIRE |
                                1ull << ACTION_RELEASE | 1ull << ACTION_USE);
}

static bool blocks_on(const Life *life, const Summary *model, bool events) {
  for (uint32_t i = 0; model && i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++) {
      const Effect *effect = &model->cases[i].effects[k];
      if (effect->action == ACTION_BLOCK && (effect->text == life->events) == events &&
          strcmp(text_of(life->program->symbols, effect->text), "disk") != 0)
        return true;
    }
  return false;
}

static bool waits_outside(const Life *life, const Summary *model) {
  return may_serve(model) && blocks_on(life, model, false);
}

/* ---- which functions have such a loop */

static uint8_t steps_to_wait(const Life *life, const ProgramFunction *function, uint32_t call) {
  const FunctionLinks *links = function->declared.links;
  Targets targets;
  TextId symbol = links->call_symbols[call];
  const Summary *model = runs_model(life->program, function, symbol, &targets);
  if (model)
    return waits_outside(life, model) ? 1 : 0;
  for (uint32_t t = 0; t < targets.count; t++)
    if (life->waits[targets.ids[t]])
      return (uint8_t)(life->waits[targets.ids[t]] + 1);
  return 0;
}

static bool is_listening(const Life *life, const Summary *model) {
  for (uint32_t i = 0; i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++) {
      const Effect *effect = &model->cases[i].effects[k];
      if (effect->action == ACTION_BLOCK &&
          (effect->text == life->events ||
           !strcmp(text_of(life->program->symbols, effect->text), "requests")))
        return true;
    }
  return false;
}

static uint8_t steps_to_listen(const Life *life, const ProgramFunction *function, uint32_t call) {
  Targets targets;
  const Summary *model =
      runs_model(life->program, function, function->declared.links->call_symbols[call], &targets);
  if (model)
    return is_listening(life, model) ? 1 : 0;
  for (uint32_t t = 0; t < targets.count; t++)
    if (life->listens[targets.ids[t]])
      return (uint8_t)(life->listens[targets.ids[t]] + 1);
  return 0;
}

static void find_waits(Life *life) {
  for (uint8_t step = 1; step <= WAIT_STEPS; step++)
    for (uint32_t i = 0; i < life->program->function_count; i++) {
      const ProgramFunction *function = &life->program->functions[i];
      for (uint32_t k = 0; k < function->declared.links->call_count && !life->waits[i]; k++)
        if (steps_to_wait(life, function, k) == step)
          life->waits[i] = step;
    }
}

/* Does a loop with this call wait for the outside? Of one without a way out that is believed of a
 * library's function, too: event_base_loop(). */
static bool serves_by(const Life *life, const ProgramFunction *function, uint32_t call,
                      Service service) {
  Targets targets;
  TextId symbol = function->declared.links->call_symbols[call];
  const Summary *model = runs_model(life->program, function, symbol, &targets);
  return steps_to_wait(life, function, call) ||
         (service == SERVICE_LOOP && !model && !targets.count);
}

static bool serves(const Life *life, const ProgramFunction *function, Service service) {
  const FunctionLinks *links = function->declared.links;
  bool strong = service == SERVICE_LOOP;
  for (uint32_t i = 0; i < links->slot_count && strong; i++)
    if (links->slot_sites[i].serves)
      return true;
  for (uint32_t i = 0; i < links->call_count; i++) {
    const Sites *sites = &links->call_sites[i];
    if ((strong ? sites->serves : sites->repeats == REPEATS_ANY) &&
        serves_by(life, function, i, service))
      return true;
    if (strong && blocks_on(life, model_of_call(life, function, links->call_symbols[i]), true))
      return true;
  }
  return false;
}

/* Within how many calls, plus 1, a function waits for requests or events; 0: it does not. */
static const uint8_t *find_listening(Life *life) {
  enum { LISTEN_STEPS = 2 };
  uint32_t count = life->program->function_count;
  if (life->listens)
    return life->listens;
  life->listens = arena_new_array(life->arena, uint8_t, count);
  for (uint8_t step = 1; step <= LISTEN_STEPS; step++)
    for (uint32_t i = 0; i < count; i++) {
      const ProgramFunction *function = &life->program->functions[i];
      for (uint32_t k = 0; k < function->declared.links->call_count && !life->listens[i]; k++)
        if (steps_to_listen(life, function, k) == step)
          life->listens[i] = step;
    }
  return life->listens;
}

bool life_serves(Life *life, uint32_t function) {
  find_listening(life);
  const ProgramFunction *of = &life->program->functions[function];
  const FunctionLinks *links = of->declared.links;
  for (uint32_t i = 0; i < links->call_count; i++) {
    const Sites *sites = &links->call_sites[i];
    uint8_t steps = sites->repeats == REPEATS_ANY ? steps_to_listen(life, of, i) : 0;
    if (steps == 1 || (steps && sites->serves))
      return true;
    if (blocks_on(life, model_of_call(life, of, links->call_symbols[i]), true))
      return true;
  }
  for (uint32_t i = 0; i < links->slot_count; i++) {
    Targets targets = program_slot_targets(life->program, links->slot_symbols[i]);
    for (uint32_t t = 0; t < targets.count && links->slot_sites[i].serves; t++)
      if (life->listens[targets.ids[t]])
        return true;
  }
  return false;
}

static bool has_any_loop(const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->call_count; i++)
    if (links->call_sites[i].repeats == REPEATS_ANY)
      return true;
  for (uint32_t i = 0; i < links->slot_count; i++)
    if (links->slot_sites[i].repeats == REPEATS_ANY)
      return true;
  return false;
}

/* Per function: how many calls away the nearest such loop is. */
static uint16_t *find_distances(const Life *life, Service service) {
  const RunsGraph *graph = life->graph;
  uint32_t count = life->program->function_count;
  uint16_t *distance = arena_new_array(life->arena, uint16_t, count);
  memset(distance, 0xff, sizeof *distance * count); // FAR
  ARRAY(uint32_t) queue = {0};
  for (uint32_t i = 0; i < count; i++) {
    const ProgramFunction *function = &life->program->functions[i];
    if (serves(life, function, service)) {
      distance[i] = 0;
      array_push(&queue, i);
    }
  }
  for (size_t i = 0; i < queue.count; i++)
    for (uint32_t e = graph->in_starts[queue.at[i]]; e < graph->in_starts[queue.at[i] + 1]; e++) {
      const RunsEdge *edge = &graph->edges[graph->in_edges[e]];
      if (edge->entry != ENTRY_CALL || distance[edge->from] != FAR ||
          distance[queue.at[i]] == SPINE_STEPS)
        continue;
      distance[edge->from] = (uint16_t)(distance[queue.at[i]] + 1);
      array_push(&queue, edge->from);
    }
  array_free(&queue);
  return distance;
}

/* ---- one function of the spine */

typedef struct {
  const Life *life;
  const ProgramFunction *function;
  Service service;
  uint16_t *distance;
  const Repetition *repetition;
  bool *loops;          // per block: in a loop that counts
  bool *calls;          // per instruction: leads to one
  bool *before, *after; // per block: there is a way to one, from one
  bool *is_mark;        // per block
} Spine;

static uint32_t number_in(const char *const *list, uint32_t count, const char *key) {
  uint32_t i = 0;
  while (i < count && strcmp(list[i], key) != 0)
    i++;
  return i;
}

/* The number of what is called in the links: calls, slots, and the rest. */
static uint32_t callee_of(const Spine *s, const Instruction *call) {
  const Function *f = s->function->body;
  const FunctionLinks *links = s->function->declared.links;
  const Node *callee = &f->nodes[call->a];
  if (callee->kind == NODE_FUNCTION)
    return number_in(links->calls, links->call_count, f->symbols[callee->a].key);
  NodeId place = callee->kind == NODE_TEMP ? s->repetition->loads[callee->a] : 0;
  Index slot = place ? slot_of_place(f, place) : NO_SYMBOL;
  if (slot == NO_SYMBOL)
    return links->call_count + links->slot_count;
  return links->call_count + number_in(links->slots, links->slot_count, f->symbols[slot].key);
}

static bool leads_on(const Spine *s, const Instruction *call) {
  const RunsGraph *graph = s->life->graph;
  const FunctionLinks *links = s->function->declared.links;
  uint32_t id = s->function->id;
  uint32_t number = call->kind == INST_CALL ? callee_of(s, call) : links->call_count;
  if (number >= links->call_count)
    return false;
  if (s->service == SERVICE_LOOP &&
      blocks_on(s->life, model_of_call(s->life, s->function, links->call_symbols[number]), true))
    return true;
  uint16_t own = s->distance ? s->distance[id] : 0;
  for (uint32_t e = graph->out_starts[id]; e < graph->out_starts[id + 1] && own; e++)
    if (graph->edges[e].entry == ENTRY_CALL && graph->edges[e].number == number &&
        s->distance[graph->edges[e].to] == own - 1)
      return true;
  return false;
}

/* Does a call in the loop make it one of the kind that is looked for? */
static bool counts_in(const Spine *s, const Loop *loop) {
  const Function *f = s->function->body;
  const FunctionLinks *links = s->function->declared.links;
  for (uint32_t b = 0; b < loop->block_count; b++) {
    const Block *block = &f->blocks[loop->blocks[b]];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      if (f->instructions[i].kind != INST_CALL)
        continue;
      uint32_t callee = callee_of(s, &f->instructions[i]);
      if (s->service == ANY_LOOP ||
          (callee < links->call_count ? serves_by(s->life, s->function, callee, s->service)
                                      : s->service == SERVICE_LOOP))
        return true;
    }
  }
  return false;
}

static void mark_loops(const Spine *s) {
  const Cfg *cfg = s->repetition->cfg;
  if (s->distance && s->distance[s->function->id])
    return; // its own loops are not what is looked for
  for (uint32_t i = 0; cfg && i < cfg->loop_count; i++) {
    const LoopKind *kind = &s->repetition->loops[i];
    bool shaped = s->service == SERVICE_LOOP ? kind->serves : kind->repeats == REPEATS_ANY;
    bool counts = shaped && counts_in(s, &cfg->loops[i]);
    for (uint32_t b = 0; counts && b < cfg->loops[i].block_count; b++)
      s->loops[cfg->loops[i].blocks[b]] = true;
  }
}

static void mark_calls(const Spine *s) {
  const Function *f = s->function->body;
  for (Index b = 0; b < f->block_count; b++) {
    s->is_mark[b] = s->loops[b];
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      s->calls[i] = leads_on(s, &f->instructions[i]);
      s->is_mark[b] |= s->calls[i];
    }
  }
}

/* Rounds over the edges until nothing changes: spines are short, and so are their functions. */
static void find_ways(const Spine *s) {
  const Function *f = s->function->body;
  for (bool changed = true; changed;) {
    changed = false;
    for (Index b = 0; b < f->block_count; b++)
      for (uint32_t e = 0; e < f->blocks[b].edge_count; e++) {
        Index to = f->edges[f->blocks[b].edges + e].block;
        bool after = s->is_mark[b] || s->after[b], before = s->is_mark[to] || s->before[to];
        changed |= (after && !s->after[to]) || (before && !s->before[b]);
        s->after[to] |= after;
        s->before[b] |= before;
      }
  }
}

static uint8_t part_of(const Spine *s, Index b, uint32_t instruction) {
  const Block *block = &s->function->body->blocks[b];
  bool before = s->before[b], after = s->after[b];
  if (s->loops[b])
    return LIFE_RUN;
  for (uint32_t i = block->first; i < block->first + block->count; i++) {
    before |= s->calls[i] && i > instruction;
    after |= s->calls[i] && i < instruction;
  }
  if (s->calls[instruction])
    return after ? LIFE_INIT | LIFE_RUN : LIFE_INIT;
  if (!after)
    return LIFE_INIT;
  return before || s->service != SERVICE_LOOP ? LIFE_RUN : LIFE_TEARDOWN;
}

static void tell_parts(const Spine *s, SpineFunction *result) {
  const Function *f = s->function->body;
  const FunctionLinks *links = s->function->declared.links;
  Arena *arena = s->life->arena;
  result->instructions = arena_new_array(arena, uint8_t, f->instruction_count);
  result->callees = arena_new_array(arena, uint8_t, links->call_count + links->slot_count + 1u);
  result->leads = arena_new_array(arena, bool, links->call_count + links->slot_count + 1u);
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      result->instructions[i] = part_of(s, b, i);
      result->parts |= result->instructions[i];
      if (f->instructions[i].kind != INST_CALL)
        continue;
      uint32_t callee = callee_of(s, &f->instructions[i]);
      result->callees[callee] |= result->instructions[i];
      result->leads[callee] |= s->calls[i];
    }
}

static void add_to_spine(Life *life, uint32_t id, Service service, uint16_t *distance) {
  BorrowedCode code = program_borrow(life->program, id);
  Arena *scratch = code.arena;
  const Function *f = code.function->body;
  const Cfg *cfg = function_has_loop(f) ? cfg_new(scratch, f) : NULL;
  Spine s = {.life = life,
             .function = code.function,
             .service = service,
             .distance = distance,
             .repetition = repetition_new(scratch, f, cfg),
             .loops = arena_new_array(scratch, bool, f->block_count),
             .calls = arena_new_array(scratch, bool, f->instruction_count),
             .before = arena_new_array(scratch, bool, f->block_count),
             .after = arena_new_array(scratch, bool, f->block_count),
             .is_mark = arena_new_array(scratch, bool, f->block_count)};
  mark_loops(&s);
  mark_calls(&s);
  find_ways(&s);
  life->spine = arena_grow(life->arena, life->spine, sizeof *life->spine, life->spine_count,
                           &life->spine_room, life->spine_count + 1);
  life->spine[life->spine_count] = (SpineFunction){.function = id, .service = service};
  tell_parts(&s, &life->spine[life->spine_count]);
  life->spine[life->spine_count].parts |= LIFE_RUN; // or there were nothing to lead to
  life->spine_numbers[id] = (uint32_t)++life->spine_count;
  program_return(&code);
}

/* The functions on the shortest ways from main to a loop. */
static void add_spine(Life *life, uint32_t main, Service service, uint16_t *distance) {
  size_t next = life->spine_count;
  if (life->spine_numbers[main])
    return;
  add_to_spine(life, main, service, distance);
  for (; next < life->spine_count; next++) {
    uint32_t from = life->spine[next].function;
    for (uint32_t e = life->graph->out_starts[from]; e < life->graph->out_starts[from + 1]; e++) {
      const RunsEdge *edge = &life->graph->edges[e];
      if (edge->entry == ENTRY_CALL && distance && distance[from] &&
          distance[edge->to] == distance[from] - 1 && !life->spine_numbers[edge->to])
        add_to_spine(life, edge->to, service, distance);
    }
  }
}

Life *life_new(Arena *arena, Program *program, const RunsGraph *graph, const uint32_t *mains,
               uint32_t count) {
  Life *life = arena_new_one(arena, Life);
  *life = (Life){.arena = arena,
                 .program = program,
                 .graph = graph,
                 .spine_numbers = arena_new_array(arena, uint32_t, program->function_count),
                 .waits = arena_new_array(arena, uint8_t, program->function_count),
                 .events = text_intern(program->symbols, "events")};
  find_waits(life);
  for (Service service = SERVICE_LOOP; service < NO_SERVICE; service++) {
    uint16_t *distance = service == ANY_LOOP ? NULL : find_distances(life, service);
    for (uint32_t i = 0; i < count; i++)
      if (distance ? distance[mains[i]] != FAR : has_any_loop(&program->functions[mains[i]]))
        add_spine(life, mains[i], service, distance);
  }
  return life;
}

uint32_t life_begins(const Life *life, uint32_t main) {
  return life->spine_numbers[main] ? LIFE_INIT : LIFE_RUN;
}

uint32_t life_of_instruction(const Life *life, uint32_t function, uint32_t instruction,
                             uint32_t parts) {
  uint32_t number = life->spine_numbers[function];
  if (!number || !(parts & LIFE_INIT))
    return parts;
  return (parts & ~(uint32_t)LIFE_INIT) | life->spine[number - 1].instructions[instruction];
}

uint32_t life_of_function(const Life *life, uint32_t function, uint32_t parts) {
  uint32_t number = life->spine_numbers[function];
  return number && parts & LIFE_INIT ? parts | life->spine[number - 1].parts : parts;
}

static uint32_t callee_of_edge(const FunctionLinks *links, const RunsEdge *edge) {
  uint32_t others = links->call_count + links->slot_count;
  if (edge->entry == ENTRY_CALL)
    return edge->number;
  if (edge->entry == ENTRY_SLOT)
    return links->call_count + edge->number;
  const PointerFlow *flow = &links->flows[edge->number];
  return flow->fate == FLOW_PASSED && flow->callee != NO_CALLEE ? flow->callee : others;
}

uint32_t life_of_edge(const Life *life, const RunsEdge *edge, uint32_t parts) {
  if (edge->kind == RUNS_EXIT)
    return LIFE_TEARDOWN;
  if (edge->kind != RUNS_CALL)
    return LIFE_RUN;
  if (edge->from >= life->program->function_count || !life->spine_numbers[edge->from] ||
      !(parts & LIFE_INIT))
    return parts;
  const ProgramFunction *from = &life->program->functions[edge->from];
  const SpineFunction *spine = &life->spine[life->spine_numbers[edge->from] - 1];
  const FunctionLinks *links = from->declared.links;
  uint32_t callee = callee_of_edge(links, edge);
  uint32_t own = spine->callees[callee];
  bool elsewhere = edge->to >= life->program->function_count || !life->spine_numbers[edge->to];
  if (spine->leads[callee] && elsewhere) // another program's, which has no such loop
    own = LIFE_RUN;
  if (!own) // called through a local
    own = spine->callees[links->call_count + links->slot_count];
  return (parts & ~(uint32_t)LIFE_INIT) | (own ? own : LIFE_RUN);
}
