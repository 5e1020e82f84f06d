/* entry.c - see entry.h. In a circle of calls only who comes from outside of it counts. */
#include "race/entry.h"

#include "base/array.h"
#include "base/guard.h"
#include "base/hash_map.h"
#include "wait/rows.h"

enum { LOCKED_STEPS = 2 };

struct Entries {
  Arena *arena;
  const Program *program;
  const Concurrency *c;
  const Sequence *sequence;
  Sharing *sharing;
  uint8_t *locked; // per node: so many calls below one that is made with a lock held; 0: none
  bool *locks;     // per function: it makes calls with a lock held
  HashMap numbers; // by node, parameter and rivals: in `known`
  const EntryHeld **known; // NULL while it is looked for
  size_t count, room;
};

static bool is_demand(const Effect *effect) {
  return effect->action == ACTION_EXPECT || effect->action == ACTION_RELEASE;
}

static const EntryHeld nothing = {0}, never = {.is_never = true};

/* ---- who is called with any lock at all */

static bool is_locked_call(const Entries *x, const RunsEdge *edge) {
  const FunctionLinks *links = x->program->functions[edge->from].declared.links;
  if (edge->kind != RUNS_CALL || (edge->entry != ENTRY_CALL && edge->entry != ENTRY_SLOT))
    return false;
  const AccessFacts *facts = sharing_facts(x->sharing, edge->from);
  uint64_t key = name_hash(edge->entry == ENTRY_CALL ? links->calls[edge->number]
                                                     : links->slots[edge->number]);
  for (uint32_t i = 0; i < facts->call_count; i++)
    if (facts->calls[i].callee == key && facts->sets[facts->calls[i].held].count)
      return true;
  return false;
}

/* As its declaration says, whoever calls it holds these: a lock that it asks for or gives back. */
static const Summary *demands_of(const Entries *x, uint32_t node) {
  const Summary *declared =
      node < x->program->function_count && guard_on("declared-entry")
          ? models_declared(x->program->models, x->program->functions[node].key)
          : NULL;
  for (uint32_t i = 0; declared && declared->case_count && i < declared->cases[0].effect_count; i++)
    if (is_demand(&declared->cases[0].effects[i]))
      return declared;
  return NULL;
}

static bool makes_locked_calls(const AccessFacts *facts) {
  for (uint32_t i = 0; i < facts->call_count; i++)
    if (facts->sets[facts->calls[i].held].count)
      return true;
  return false;
}

static void find_locked(Entries *x) {
  const RunsGraph *graph = x->c->graph;
  ARRAY(uint32_t) queue = {0};
  for (uint32_t i = 0; i < x->program->function_count; i++) {
    bool any = x->c->may[i] && makes_locked_calls(sharing_facts(x->sharing, i));
    x->locks[i] = any;
    if (x->c->may[i] && !x->locked[i] && demands_of(x, i)) {
      x->locked[i] = 1;
      array_push(&queue, i);
    }
    for (uint32_t e = graph->out_starts[i]; any && e < graph->out_starts[i + 1]; e++)
      if (!x->locked[graph->edges[e].to] && is_locked_call(x, &graph->edges[e])) {
        x->locked[graph->edges[e].to] = 1;
        array_push(&queue, graph->edges[e].to);
      }
  }
  for (size_t i = 0; i < queue.count; i++) {
    uint32_t node = queue.at[i];
    for (uint32_t e = graph->out_starts[node]; e < graph->out_starts[node + 1]; e++) {
      const RunsEdge *edge = &graph->edges[e];
      if (edge->kind != RUNS_CALL || x->locked[edge->to] || !x->c->may[edge->to])
        continue;
      x->locked[edge->to] = x->locked[node] < UINT8_MAX ? x->locked[node] + 1 : UINT8_MAX;
      array_push(&queue, edge->to);
    }
  }
  array_free(&queue);
}

/* Deeper down whatever is done is done under the lock by chance.
 * Unsound: what the lock guards nowhere else is not known to be guarded. */
bool is_called_with_lock(const Entries *x, uint32_t function) {
  return x->locked[function] && x->locked[function] <= LOCKED_STEPS;
}

Entries *entries_new(Arena *arena, const Program *program, const Concurrency *c, Sharing *sharing) {
  Entries *x = arena_new_one(arena, Entries);
  *x = (Entries){.arena = arena,
                 .program = program,
                 .c = c,
                 .sharing = sharing,
                 .locked = arena_new_array(arena, uint8_t, c->graph->node_count),
                 .locks = arena_new_array(arena, bool, program->function_count)};
  find_locked(x);
  return x;
}

void entries_follow(Entries *x, const Sequence *sequence) { x->sequence = sequence; }

/* ---- which locks */

void entries_free(Entries *x) { hash_map_free(&x->numbers); }

static const Held *find_lock(const Held *held, uint32_t count, TextId lock) {
  for (uint32_t i = 0; i < count; i++)
    if (held[i].lock == lock)
      return &held[i];
  return NULL;
}

/* What the caller has taken, and what it came with and has not given up. */
const EntryHeld *held_with(Arena *arena, const HeldSet *own, const EntryHeld *entry) {
  EntryHeld *all = arena_new_one(arena, EntryHeld);
  Held *held = arena_new_array(arena, Held, own->count + entry->count + 1u);
  for (uint32_t i = 0; i < own->count; i++)
    if (!(own->at[i].how & HELD_NO_MORE))
      held[all->count++] = own->at[i];
  for (uint32_t i = 0; i < entry->count; i++)
    if (!find_lock(own->at, own->count, entry->at[i].lock))
      held[all->count++] = (Held){entry->at[i].lock, entry->at[i].how | HELD_BY_CALLER};
  all->at = held;
  return all;
}

/* By one caller and by another: what only one of them holds is held maybe. */
static const EntryHeld *either(Entries *x, const EntryHeld *a, const EntryHeld *b) {
  if (a->is_never || b->is_never)
    return a->is_never ? b : a;
  EntryHeld *both = arena_new_one(x->arena, EntryHeld);
  Held *held = arena_new_array(x->arena, Held, a->count + b->count + 1u);
  for (uint32_t i = 0; i < a->count; i++) {
    const Held *other = find_lock(b->at, b->count, a->at[i].lock);
    uint8_t how = other ? other->how : HELD_MAYBE;
    held[both->count++] = (Held){a->at[i].lock, a->at[i].how | how};
  }
  for (uint32_t i = 0; i < b->count; i++)
    if (!find_lock(a->at, a->count, b->at[i].lock))
      held[both->count++] = (Held){b->at[i].lock, b->at[i].how | HELD_MAYBE};
  both->at = held;
  return both;
}

typedef struct {
  uint32_t parameter;
  RootSet rivals;
} Asked;

static const EntryHeld *with_demands(Entries *x, uint32_t node, const EntryHeld *entry) {
  const Summary *declared = entry->is_never ? NULL : demands_of(x, node);
  if (!declared)
    return entry;
  const Case *k = &declared->cases[0];
  EntryHeld *all = arena_new_one(x->arena, EntryHeld);
  Held *held = arena_new_array(x->arena, Held, entry->count + k->effect_count + 1u);
  for (uint32_t i = 0; i < k->effect_count; i++)
    if (is_demand(&k->effects[i])) {
      TextId lock = wait_class(x->program->symbols, declared->terms, k->effects[i].place);
      uint8_t how = k->effects[i].flags & LOCK_READ ? HELD_READ : 0;
      held[all->count++] = (Held){lock, HELD_BY_CALLER | how | (lock ? 0 : HELD_POINTED)};
    }
  for (uint32_t i = 0; i < entry->count; i++)
    if (!find_lock(held, all->count, entry->at[i].lock))
      held[all->count++] = entry->at[i];
  all->at = held;
  return all;
}

static const EntryHeld *entry_of_node(Entries *, uint32_t node, Asked asked);

/* By all the calls of this name that the caller makes. */
static const EntryHeld *held_at_calls(Entries *x, uint32_t caller, const char *symbol,
                                      const EntryHeld *entry) {
  const AccessFacts *facts = sharing_facts(x->sharing, caller);
  uint64_t key = name_hash(symbol);
  const EntryHeld *held = &never;
  for (uint32_t i = 0; i < facts->call_count; i++)
    if (facts->calls[i].callee == key)
      held = either(x, held, held_with(x->arena, &facts->sets[facts->calls[i].held], entry));
  return held->is_never ? entry : held;
}

static const EntryHeld *entry_by_call(Entries *x, const RunsEdge *edge, Asked asked) {
  const ProgramFunction *caller = &x->program->functions[edge->from];
  const FunctionLinks *links = caller->declared.links;
  bool by_name = edge->entry == ENTRY_CALL;
  const char *symbol = by_name ? links->calls[edge->number] : links->slots[edge->number];
  Asked of_caller = {NO_PARAMETER, asked.rivals};
  if (!(x->c->may[edge->from] & ~(RootSet)1) && x->c->has_main &&
      !(threads_at_call(x->sequence, edge) & asked.rivals))
    return &never; // the main thread alone is there
  if (by_name && asked.parameter != NO_PARAMETER) {
    const Given *given =
        given_to(sharing_facts(x->sharing, edge->from), name_hash(symbol), asked.parameter);
    if (given && given->kind == GIVEN_OWN)
      return &never;
    if (given && given->kind == GIVEN_PARAMETER)
      of_caller.parameter = given->parameter;
  }
  const EntryHeld *entry = entry_of_node(x, edge->from, of_caller);
  bool has_none = entry->is_never || (!entry->count && !x->locks[edge->from]);
  return has_none ? entry : held_at_calls(x, edge->from, symbol, entry);
}

static const EntryHeld *entry_by_edge(Entries *x, const RunsEdge *edge, Asked asked) {
  if (edge->kind != RUNS_CALL)
    return &nothing;
  if (edge->entry == ENTRY_CALL || edge->entry == ENTRY_SLOT)
    return entry_by_call(x, edge, asked);
  return edge->entry == ENTRY_MEMBER
             ? entry_of_node(x, edge->from, (Asked){NO_PARAMETER, asked.rivals})
             : &never; // Unsound: a callback is taken to be called right there
}

static bool is_beginning(const Entries *x, uint32_t node) {
  if (node >= x->program->function_count)
    return false;
  for (uint32_t i = 0; i < x->c->root_count; i++)
    if ((i || x->c->has_main) && x->c->roots[i].function == node)
      return true;
  uint32_t flags = x->program->functions[node].declared.flags;
  return !x->c->has_main && !(flags & FUNCTION_INTERNAL);
}

static const EntryHeld *find_entry(Entries *x, uint32_t node, Asked asked) {
  const RunsGraph *graph = x->c->graph;
  const EntryHeld *entry = is_beginning(x, node) ? &nothing : &never;
  for (uint32_t e = graph->in_starts[node]; e < graph->in_starts[node + 1]; e++) {
    const RunsEdge *edge = &graph->edges[graph->in_edges[e]];
    if (x->c->may[edge->from])
      entry = either(x, entry, entry_by_edge(x, edge, asked));
  }
  return entry;
}

static const EntryHeld *entry_of_node(Entries *x, uint32_t node, Asked asked) {
  if (!x->locked[node])
    return &nothing;
  uint64_t what[] = {node, asked.parameter, asked.rivals};
  Hash key = hash_bytes(what, sizeof what);
  uint32_t number = hash_map_get(&x->numbers, key);
  if (number != MAP_ABSENT)
    return x->known[number] ? x->known[number] : &never;
  number = (uint32_t)x->count;
  x->known = arena_grow(x->arena, x->known, sizeof(EntryHeld *), x->count, &x->room, x->count + 1);
  x->known[x->count++] = NULL;
  hash_map_put(&x->numbers, key, number);
  const EntryHeld *entry = with_demands(x, node, find_entry(x, node, asked));
  x->known[number] = entry;
  return entry;
}

const EntryHeld *held_on_entry(Entries *x, uint32_t function, uint32_t parameter, RootSet rivals) {
  return guard_on("race-held-on-entry") ? entry_of_node(x, function, (Asked){parameter, rivals})
                                        : &nothing;
}

const EntryHeld *held_at_creation(Entries *x, const ThreadRoot *root) {
  const RunsGraph *graph = x->c->graph;
  const EntryHeld *held = &never;
  if (root->spawner >= x->program->function_count)
    return &nothing;
  const FunctionLinks *links = x->program->functions[root->spawner].declared.links;
  uint32_t first = graph->out_starts[root->spawner], last = graph->out_starts[root->spawner + 1];
  for (uint32_t e = first; e < last; e++) {
    const RunsEdge *edge = &graph->edges[e];
    bool creates = edge->kind == RUNS_SPAWN && edge->to == root->function &&
                   edge->entry == ENTRY_FLOW && links->flows[edge->number].fate == FLOW_PASSED &&
                   links->flows[edge->number].callee < links->call_count;
    if (creates)
      held = either(x, held,
                    held_at_calls(x, root->spawner, links->calls[links->flows[edge->number].callee],
                                  &nothing));
  }
  return held;
}
