/* links_flow.c - what becomes of the function pointers in a function: names of functions, its own
 * parameters, and what it reads from slots. A local is what is stored into it, anywhere. */
#include "ir/links_internal.h"

#include <string.h>

enum { SOURCES = 16, LOCAL_STEPS = 4 };

typedef struct {
  FlowSource source;
  Index symbol; // or number of the parameter
} Source;

typedef struct {
  Source at[SOURCES]; // Unsound: what does not fit is dropped
  uint32_t count;
} Sources;

static void add_source(Sources *sources, FlowSource kind, Index symbol) {
  for (uint32_t i = 0; i < sources->count; i++)
    if (sources->at[i].source == kind && sources->at[i].symbol == symbol)
      return;
  if (sources->count < SOURCES)
    sources->at[sources->count++] = (Source){kind, symbol};
}

static Index memory_local(const LinkScan *s, const Node *temp) {
  const Node *place = &s->f->nodes[s->temp_places[temp->a]];
  return s->temp_places[temp->a] && place->kind == NODE_LOCAL ? place->a : NO_SYMBOL;
}

static void find_sources(const LinkScan *s, NodeId value, uint32_t steps, Sources *sources) {
  const Function *f = s->f;
  const Node *node = &f->nodes[value];
  Index local = node->kind == NODE_VAR ? node->a : NO_SYMBOL;
  if (node->kind == NODE_FUNCTION) {
    add_source(sources, FLOW_FUNCTION, node->a);
  } else if (node->kind == NODE_TEMP) {
    NodeId place = s->temp_places[node->a];
    Index slot = place ? slot_of_place(f, place) : NO_SYMBOL;
    local = memory_local(s, node);
    if (slot != NO_SYMBOL && is_function_pointer(f, node))
      add_source(sources, FLOW_SLOT, slot);
  }
  if (local == NO_SYMBOL || !steps)
    return;
  if (local < f->parameter_count && is_function_pointer(f, node))
    add_source(sources, FLOW_PARAMETER, local);
  for (uint32_t i = s->pointer_lists[local]; i; i = s->pointers[i - 1].next)
    find_sources(s, s->pointers[i - 1].value, steps - 1, sources);
}

static void note_pointer_stores(LinkScan *s) {
  const Function *f = s->f;
  s->pointer_lists = arena_new_array(s->arena, uint32_t, f->local_count);
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *store = &f->instructions[i];
    if (store->kind != INST_STORE || f->nodes[store->a].kind != NODE_LOCAL)
      continue;
    const Node *value = &f->nodes[store->b];
    if (value->kind != NODE_FUNCTION && !is_function_pointer(f, value))
      continue;
    uint32_t *list = &s->pointer_lists[f->nodes[store->a].a];
    s->pointers = arena_grow(s->arena, s->pointers, sizeof *s->pointers, s->pointer_count,
                             &s->pointer_room, s->pointer_count + 1);
    s->pointers[s->pointer_count++] = (PointerStore){store->b, *list};
    *list = (uint32_t)s->pointer_count;
  }
}

static bool is_same(const PointerFlow *a, const PointerFlow *b) {
  return a->source == b->source && a->number == b->number && a->slot == b->slot &&
         a->fate == b->fate && a->callee == b->callee && a->argument == b->argument &&
         a->target == b->target;
}

static void add_flow(LinkScan *s, Source source, PointerFlow flow, Index block) {
  FunctionLinks *links = s->links;
  flow.source = source.source;
  if (source.source == FLOW_SLOT)
    flow.slot = s->f->symbols[source.symbol].key;
  else if (source.source == FLOW_PARAMETER)
    flow.number = source.symbol;
  else if (!s->taken_numbers[source.symbol])
    return; // its name is only called
  else
    flow.number = s->taken_numbers[source.symbol] - 1;
  uint32_t at = 0;
  while (at < links->flow_count && !is_same(&links->flows[at], &flow))
    at++;
  if (at == links->flow_count) {
    links->flows = arena_grow(s->arena, links->flows, sizeof flow, at, &s->flow_room, at + 1u);
    s->flow_tallies =
        arena_grow(s->arena, s->flow_tallies, sizeof(Tally), at, &s->tally_room, at + 1u);
    links->flows[at] = flow;
    s->flow_tallies[at] = (Tally){0};
    links->flow_count++;
  }
  tally_add(s, &s->flow_tallies[at], block);
}

static void add_flows(LinkScan *s, NodeId value, PointerFlow flow, Index block) {
  Sources sources = {.count = 0};
  find_sources(s, value, LOCAL_STEPS, &sources);
  for (uint32_t i = 0; i < sources.count; i++)
    add_flow(s, sources.at[i], flow, block);
}

/* The number of a callee in the lists of calls and slots. */
static uint32_t callee_number(const LinkScan *s, const Node *callee) {
  if (callee->kind == NODE_FUNCTION)
    return s->call_numbers[callee->a] - 1;
  NodeId place = callee->kind == NODE_TEMP ? s->temp_places[callee->a] : 0;
  Index slot = place ? slot_of_place(s->f, place) : NO_SYMBOL;
  return slot == NO_SYMBOL || !s->slot_numbers[slot]
             ? NO_CALLEE
             : s->links->call_count + s->slot_numbers[slot] - 1;
}

static void follow_call(LinkScan *s, const Instruction *call, Index block) {
  const Node *callee = &s->f->nodes[call->a];
  uint32_t number = callee_number(s, callee);
  if (number == NO_CALLEE)
    add_flows(s, call->a, (PointerFlow){.fate = FLOW_CALLED}, block);
  for (uint32_t i = 0; i < call->arg_count; i++)
    add_flows(s, s->f->args[call->args + i],
              (PointerFlow){.fate = FLOW_PASSED, .callee = number, .argument = i}, block);
}

static void follow_store(LinkScan *s, const Instruction *store, Index block) {
  const Function *f = s->f;
  const Node *value = &f->nodes[store->b];
  if (f->nodes[store->a].kind == NODE_LOCAL || f->flags & FUNCTION_INITIALISER)
    return;
  Index slot = slot_of_place(f, store->a);
  if (slot == NO_SYMBOL)
    add_flows(s, store->b, (PointerFlow){.fate = FLOW_AWAY}, block);
  else if (value->kind != NODE_FUNCTION) // those are in `stores`
    add_flows(s, store->b, (PointerFlow){.fate = FLOW_STORED, .target = f->symbols[slot].key},
              block);
}

void flows_find(LinkScan *s) {
  const Function *f = s->f;
  note_pointer_stores(s);
  for (Index b = 0; b < f->block_count; b++) {
    const Block *block = &f->blocks[b];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      const Instruction *inst = &f->instructions[i];
      if (inst->kind == INST_CALL)
        follow_call(s, inst, b);
      else if (inst->kind == INST_STORE)
        follow_store(s, inst, b);
      else if (inst->kind == INST_ASM)
        for (uint32_t k = 0; k < inst->arg_count; k++)
          add_flows(s, f->args[inst->args + k], (PointerFlow){.fate = FLOW_AWAY}, b);
    }
    if (block->terminator == TERM_RETURN && block->value)
      add_flows(s, block->value, (PointerFlow){.fate = FLOW_AWAY}, b);
  }
  for (uint32_t i = 0; i < s->links->flow_count; i++)
    s->links->flows[i].sites = tally_sites(s, &s->flow_tallies[i]);
}
