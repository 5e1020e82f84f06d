/* links.c - see links.h. One pass over the instructions; sets are arrays over the symbols. The
 * graph is made for those functions only that have a loop or may have a once-guard. */
#include "ir/links_internal.h"

#include <string.h>

#include "ir/accesses.h"
#include "base/array.h"
#include "ir/forks.h"

enum { REACH_STEPS = 256 };

Index slot_of_place(const Function *f, NodeId place) {
  for (;;) {
    const Node *node = &f->nodes[place];
    switch (node->kind) {
    case NODE_FIELD:
      return node->b;
    case NODE_GLOBAL:
      return node->a;
    case NODE_INDEX:
      place = node->a;
      break;
    default:
      return NO_SYMBOL;
    }
  }
}

static bool is_null(const Function *f, const Node *node) {
  return node->kind == NODE_CONSTANT && f->constants[node->a].value == 0;
}

/* ---- sites */

/* Is there a way from one block to another? Imprecise: a long one is taken to be there. */
static bool reaches(const LinkScan *s, Index from, Index to) {
  const Function *f = s->f;
  bool *seen = arena_new_array(s->arena, bool, f->block_count);
  ARRAY(Index) queue = {0};
  array_push(&queue, from);
  bool found = false;
  for (size_t i = 0; i < queue.count && !found; i++) {
    const Block *block = &f->blocks[queue.at[i]];
    found = i == REACH_STEPS;
    for (uint32_t e = 0; e < block->edge_count; e++) {
      Index next = f->edges[block->edges + e].block;
      found |= next == to;
      if (!seen[next])
        array_push(&queue, next);
      seen[next] = true;
    }
  }
  array_free(&queue);
  return found;
}

/* Sites on different sides of a branch: only one of them runs. */
static bool is_alternative(const LinkScan *s, const Tally *tally, Index block) {
  if (tally->count >= TALLIED)
    return false;
  for (uint32_t i = 0; i < tally->count; i++)
    if (tally->blocks[i] == block || reaches(s, tally->blocks[i], block) ||
        reaches(s, block, tally->blocks[i]))
      return false;
  return true;
}

static Repeats larger(Repeats a, Repeats b) { return a > b ? a : b; }

void tally_add(const LinkScan *s, Tally *tally, Index block) {
  Repeats repeats = s->repetition ? s->repetition->blocks[block] : REPEATS_ONCE;
  Index guard = s->guards ? s->guards->symbols[block] : NO_GUARD;
  bool more = tally->count && tally->repeats == REPEATS_ONCE && !is_alternative(s, tally, block);
  if (!tally->count)
    tally->guard = guard;
  else if (tally->guard != guard)
    tally->guard = NO_GUARD;
  tally->repeats = larger(larger(tally->repeats, repeats), more ? REPEATS_BOUNDED : REPEATS_ONCE);
  if (guard != NO_GUARD)
    tally->guarded = larger(larger(tally->guarded, s->guards->repeats[block]),
                            tally->count ? REPEATS_BOUNDED : REPEATS_ONCE);
  tally->serves |= s->repetition && repetition_serves(s->repetition, block);
  if (tally->count < TALLIED)
    tally->blocks[tally->count] = block;
  tally->count++;
}

Sites tally_sites(const LinkScan *s, const Tally *tally) {
  Sites sites = {.repeats = tally->repeats, .serves = tally->serves};
  if (tally->guard == NO_GUARD)
    return sites;
  sites.guarded = tally->guarded;
  sites.guard = s->f->symbols[tally->guard].key;
  return sites;
}

/* ---- calls */

static uint32_t add_once(const LinkScan *s, uint32_t *numbers, const char **list, uint32_t *count,
                         Index symbol) {
  if (!numbers[symbol]) {
    list[(*count)++] = s->f->symbols[symbol].key;
    numbers[symbol] = *count;
  }
  return numbers[symbol] - 1;
}

/* A value that is called: a function, or what was read from a field or global. */
static bool scan_callee(LinkScan *s, const Node *value, Index block) {
  FunctionLinks *links = s->links;
  if (value->kind == NODE_FUNCTION) {
    uint32_t at = add_once(s, s->call_numbers, links->calls, &links->call_count, value->a);
    tally_add(s, &s->call_tallies[at], block);
    return true;
  }
  NodeId place = value->kind == NODE_TEMP ? s->temp_places[value->a] : 0;
  Index slot = place ? slot_of_place(s->f, place) : NO_SYMBOL;
  if (slot == NO_SYMBOL)
    return false;
  uint32_t at = add_once(s, s->slot_numbers, links->slots, &links->slot_count, slot);
  tally_add(s, &s->slot_tallies[at], block);
  return true;
}

/* The local variable that a value is, or was read from; NO_SYMBOL for others. */
static Index local_of(const LinkScan *s, const Node *value) {
  if (value->kind == NODE_VAR)
    return value->a;
  const Node *place = value->kind == NODE_TEMP ? &s->f->nodes[s->temp_places[value->a]] : value;
  return place->kind == NODE_LOCAL ? place->a : NO_SYMBOL;
}

static void scan_call(LinkScan *s, const Instruction *call, Index block) {
  const Function *f = s->f;
  const Node *callee = &f->nodes[call->a];
  if (scan_callee(s, callee, block))
    return;
  Index local = local_of(s, callee);
  bool known = local != NO_SYMBOL && local >= f->parameter_count;
  for (uint32_t i = 0; i < f->instruction_count && known; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
        f->nodes[inst->a].a == local && !is_null(f, &f->nodes[inst->b]))
      known = scan_callee(s, &f->nodes[inst->b], block);
  }
  if (!known)
    s->links->flags |= LINKS_CALLS_ANY;
}

static void scan_store(LinkScan *s, const Instruction *store) {
  const Function *f = s->f;
  const Node *place = &f->nodes[store->a], *value = &f->nodes[store->b];
  if (place->kind == NODE_FIELD && !strcmp(f->symbols[place->b].name, "__kind"))
    s->links->flags |= LINKS_SETS_KIND;
  bool names_function = value->kind == NODE_FUNCTION;
  if (!names_function && (!is_function_pointer(f, value) || is_null(f, value)))
    return;
  Index slot = slot_of_place(f, store->a);
  if (slot == NO_SYMBOL)
    return;
  SlotStore row = {f->symbols[slot].key, names_function ? f->symbols[value->a].key : NULL};
  FunctionLinks *links = s->links;
  for (uint32_t i = 0; i < links->store_count; i++)
    if (links->stores[i].slot == row.slot && links->stores[i].function == row.function)
      return;
  links->stores = arena_grow(s->arena, links->stores, sizeof row, links->store_count,
                             &s->store_room, links->store_count + 1u);
  links->stores[links->store_count++] = row;
}

/* Names of functions that stand anywhere but in the place of the callee. */
static void scan_addresses(LinkScan *s) {
  const Function *f = s->f;
  bool *only_called = arena_new_array(s->arena, bool, f->node_count);
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].kind == INST_CALL)
      only_called[f->instructions[i].a] = true;
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].kind == INST_STORE)
      only_called[f->instructions[i].b] = false;
  for (uint32_t i = 0; i < f->arg_count; i++)
    only_called[f->args[i]] = false;
  for (NodeId n = 1; n < f->node_count; n++)
    if (f->nodes[n].kind == NODE_FUNCTION && !only_called[n])
      add_once(s, s->taken_numbers, s->links->taken, &s->links->taken_count, f->nodes[n].a);
}

/* ---- once-guards */

static void list_clears(LinkScan *s) {
  const Function *f = s->f;
  FunctionLinks *links = s->links;
  if (f->flags & FUNCTION_INITIALISER)
    return; // what a variable begins with
  links->clears = arena_new_array(s->arena, const char *, f->symbol_count);
  for (uint32_t i = 0; i < f->symbol_count; i++)
    if (s->guards->clears[i])
      links->clears[links->clear_count++] = f->symbols[i].key;
}

/* ---- integers that nobody changes */

static bool is_integer_global(const Function *f, NodeId place) {
  const Node *node = &f->nodes[place];
  TypeKind kind = f->types[node->type].kind;
  return node->kind == NODE_GLOBAL &&
         (kind == TYPE_SIGNED || kind == TYPE_UNSIGNED || kind == TYPE_BOOL);
}

static void list_changes(LinkScan *s) {
  const Function *f = s->f;
  FunctionLinks *links = s->links;
  uint32_t *numbers = arena_new_array(s->arena, uint32_t, f->symbol_count);
  links->changes = arena_new_array(s->arena, const char *, f->symbol_count);
  for (NodeId n = 1; n < f->node_count; n++) {
    const Node *node = &f->nodes[n];
    bool is_volatile = node->kind == NODE_GLOBAL && (f->symbols[node->a].flags & SYMBOL_VOLATILE);
    NodeId place = node->kind == NODE_ADDRESS ? node->a : is_volatile ? n : 0;
    if (place && is_integer_global(f, place))
      add_once(s, numbers, links->changes, &links->change_count, f->nodes[place].a);
  }
  for (uint32_t i = 0; i < f->instruction_count && !(f->flags & FUNCTION_INITIALISER); i++)
    if (f->instructions[i].kind == INST_STORE && is_integer_global(f, f->instructions[i].a))
      add_once(s, numbers, links->changes, &links->change_count, f->nodes[f->instructions[i].a].a);
}

static void note_initial(LinkScan *s) {
  const Function *f = s->f;
  const Instruction *store = f->instruction_count == 1 ? f->instructions : NULL;
  if (!(f->flags & FUNCTION_INITIALISER) || !store || store->kind != INST_STORE ||
      !is_integer_global(f, store->a) || f->nodes[store->b].kind != NODE_CONSTANT)
    return;
  s->links->flags |= LINKS_INITIAL;
  s->links->initial = f->constants[f->nodes[store->b].a].value;
  if (f->symbols[f->nodes[store->a].a].flags & SYMBOL_CONST)
    s->links->flags |= LINKS_CONST;
}

static Sites *all_sites(const LinkScan *s, const Tally *tallies, uint32_t count) {
  Sites *sites = arena_new_array(s->arena, Sites, count);
  for (uint32_t i = 0; i < count; i++)
    sites[i] = tally_sites(s, &tallies[i]);
  return sites;
}

static void scan_instructions(LinkScan *s) {
  const Function *f = s->f;
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      if (f->instructions[i].kind == INST_CALL)
        scan_call(s, &f->instructions[i], b);
      else if (f->instructions[i].kind == INST_STORE)
        scan_store(s, &f->instructions[i]);
    }
}

FunctionLinks *function_links(Arena *arena, const Function *f) {
  FunctionLinks *links = arena_new_one(arena, FunctionLinks);
  LinkScan s = {.f = f,
                .links = links,
                .arena = arena,
                .call_numbers = arena_new_array(arena, uint32_t, f->symbol_count),
                .slot_numbers = arena_new_array(arena, uint32_t, f->symbol_count),
                .taken_numbers = arena_new_array(arena, uint32_t, f->symbol_count),
                .call_tallies = arena_new_array(arena, Tally, f->symbol_count),
                .slot_tallies = arena_new_array(arena, Tally, f->symbol_count),
                .temp_places = arena_new_array(arena, NodeId, f->temp_count + 1u)};
  links->calls = arena_new_array(arena, const char *, f->symbol_count);
  links->slots = arena_new_array(arena, const char *, f->symbol_count);
  links->taken = arena_new_array(arena, const char *, f->symbol_count);
  if (function_has_loop(f) || function_has_guard(arena, f))
    s.cfg = cfg_new(arena, f);
  s.repetition = repetition_new(arena, f, s.cfg);
  s.guards = guards_new(arena, s.repetition);
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->result)
      s.temp_places[inst->result] = place_read(f, inst);
  }
  scan_instructions(&s);
  scan_addresses(&s);
  flows_find(&s);
  links->call_sites = all_sites(&s, s.call_tallies, links->call_count);
  links->slot_sites = all_sites(&s, s.slot_tallies, links->slot_count);
  list_clears(&s);
  list_changes(&s);
  note_initial(&s);
  if (function_forks(f) && returns_fork(f))
    links->flags |= LINKS_FORKS;
  return links;
}
