/* races.c - see races.h. */
#include "race/races.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash_map.h"
#include "race/guards.h"
#include "race/modes.h"

/* Of a datum, before anybody looks at who meets whom. */
typedef struct {
  RootSet roots;
  bool is_written, is_locked;
  bool is_updated; // from its own old value: a global, or what several threads were given
} Sketch;

typedef struct {
  Arena *arena;
  const RaceInput *input;
  const Concurrency *c;
  const Sequence *sequence;
  const EntryHeld **starts; // by root
  uint8_t *entries;         // ParameterKind of what threads are given, by function id
  bool has_common;          // one of them is PARAMETER_COMMON
  Entries *entry_locks;
  HashMap numbers; // by datum
  HashMap moves;   // by datum_name: how often a global is written, in the code
  ARRAY(Sketch) sketches;
  ARRAY(Use) uses;
  ARRAY(Datum) found;
} Search;

/* ---- uses */

static void find_entries(Search *x) {
  const RunsGraph *graph = x->c->graph;
  uint32_t count = x->input->program->function_count;
  x->entries = arena_new_array(x->arena, uint8_t, count);
  for (uint32_t i = 1; i < x->c->root_count; i++)
    x->entries[x->c->roots[i].function] = PARAMETER_THREAD;
  for (uint32_t e = 0; e < graph->edge_count; e++) {
    const RunsEdge *edge = &graph->edges[e];
    if (edge->kind != RUNS_SPAWN || edge->from >= count || edge->to >= count ||
        !x->entries[edge->to])
      continue;
    ParameterKind kind = given_to_threads(x->input->sharing, edge->from, edge->to);
    if (kind > x->entries[edge->to])
      x->entries[edge->to] = (uint8_t)kind;
    x->has_common |= kind == PARAMETER_COMMON;
  }
}

static bool is_held(const HeldSet *set) {
  for (uint32_t i = 0; i < set->count; i++)
    if (!(set->at[i].how & HELD_NO_MORE))
      return true;
  return false;
}

static Sketch *sketch_of(Search *x, uint64_t datum) {
  Hash key = {datum, datum};
  uint32_t number = hash_map_get(&x->numbers, key);
  if (number == MAP_ABSENT) {
    number = (uint32_t)x->sketches.count;
    array_push(&x->sketches, (Sketch){0});
    hash_map_put(&x->numbers, key, number);
  }
  return &x->sketches.at[number];
}

/* Of an object that several threads have been given. */
static bool is_common(const Search *x, uint32_t function, const Access *access) {
  return x->has_common && access->base == BASE_PARAMETER &&
         parameter_kind(x->input->sharing, x->entries, function, access->parameter) ==
             PARAMETER_COMMON;
}

/* What a global points to that is set in one place at most: for all who use it, one object. */
static bool is_one_object(const Search *x, const Access *access) {
  enum { ONCE = 1 };
  if (access->base != BASE_POINTED)
    return false;
  uint32_t moves = hash_map_get(&x->moves, (Hash){access->record, access->record});
  return moves == MAP_ABSENT || moves <= ONCE;
}

static void count_moves(Search *x, uint32_t function) {
  const AccessFacts *facts = sharing_facts(x->input->sharing, function);
  for (uint32_t k = 0; k < facts->access_count; k++) {
    const Access *access = &facts->accesses[k];
    if (access->base != BASE_GLOBAL || !(access->flags & ACCESS_POINTER) ||
        !(access->flags & (ACCESS_WRITE | ACCESS_HANDED)))
      continue;
    Hash key = {datum_name(access->datum), datum_name(access->datum)};
    uint32_t known = hash_map_get(&x->moves, key);
    hash_map_put(&x->moves, key, known == MAP_ABSENT ? 1 : known + 1);
  }
}

static void sketch_function(Search *x, uint32_t function) {
  const AccessFacts *facts = sharing_facts(x->input->sharing, function);
  for (uint32_t k = 0; k < facts->access_count; k++) {
    const Access *access = &facts->accesses[k];
    Sketch *sketch = sketch_of(x, access->datum);
    sketch->roots |= x->c->may[function];
    sketch->is_written |= access->flags & ACCESS_WRITE;
    sketch->is_updated |=
        access->flags & ACCESS_UPDATE && !sketch->is_updated &&
        (access->base == BASE_GLOBAL || is_one_object(x, access) || is_common(x, function, access));
    sketch->is_locked |= (access->held < facts->set_count && is_held(&facts->sets[access->held])) ||
                         is_called_with_lock(x->entry_locks, function);
  }
}

/* Most data are never used under any lock, or by one thread only. */
static bool is_interesting(const Search *x, const Sketch *sketch) {
  bool several = sketch->roots & (sketch->roots - 1);
  return sketch->is_written && (sketch->is_locked || sketch->is_updated) &&
         (several || (roots_beside(x->c, sketch->roots, false) & sketch->roots));
}

static void add_use(Search *x, uint32_t function, const Access *access) {
  Use use = {.function = function,
             .access = access,
             .may = x->c->may[function],
             .sure = x->c->sure[function],
             .starts = x->starts};
  bool is_last_look = x->has_common && !(access->flags & ACCESS_WRITE); // at what was made of it
  if ((access->flags & ACCESS_DYING && !is_last_look) ||
      !is_interesting(x, sketch_of(x, access->datum)))
    return;
  use.is_common = is_one_object(x, access);
  if (access->base == BASE_PARAMETER) {
    ParameterKind kind = parameter_kind(x->input->sharing, x->entries, function, access->parameter);
    if (kind == PARAMETER_OWN)
      return;
    use.is_threads_own = kind == PARAMETER_THREAD;
    use.is_common = kind == PARAMETER_COMMON;
  }
  array_push(&x->uses, use);
}

static void find_uses(Search *x) {
  uint32_t count = x->input->program->function_count;
  for (uint32_t i = 0; i < count; i++)
    if (x->c->may[i])
      count_moves(x, i);
  for (uint32_t i = 0; i < count; i++)
    if (x->c->may[i])
      sketch_function(x, i);
  for (uint32_t i = 0; i < count; i++) {
    const AccessFacts *facts = x->c->may[i] ? sharing_facts(x->input->sharing, i) : NULL;
    for (uint32_t k = 0; facts && k < facts->access_count; k++)
      add_use(x, i, &facts->accesses[k]);
  }
}

/* Threads that can be there meanwhile. */
static void find_meetings(Search *x, Use *use) {
  const RootSet main_thread = 1;
  uint32_t at = use->access->instruction;
  RootSet there = use->may & main_thread ? threads_there(x->sequence, use->function, at) : 0;
  there |= use->may & main_thread && !x->c->has_main; // who calls a library may be several threads
  use->may_meet = roots_beside(x->c, use->may & ~main_thread, false) | there;
  use->meets =
      roots_beside(x->c, use->sure & ~main_thread, true) | (use->sure & main_thread ? there : 0);
  RootSet to_come = use->may & main_thread ? threads_to_come(x->sequence, use->function, at) : 0;
  use->may_meet &= ~to_come; // Unsound: those of an earlier run of the function may still be there
  use->meets &= ~to_come;
  use->is_before_start = to_come != 0;
  RootSet joined = use->may & main_thread ? threads_joined(x->sequence, use->function, at) : 0;
  use->is_after_join = (use->may_meet & joined) != 0;
  use->meets &= ~joined;
}

/* ---- who meets whom */

static bool meet(const Use *a, const Use *b, RootSet of_a, RootSet beside_a, RootSet of_b,
                 RootSet beside_b) {
  if (a->is_threads_own && b->is_threads_own && of_a == of_b)
    return false;
  return (beside_a & of_b) && (beside_b & of_a);
}

bool can_meet(const Use *a, const Use *b) {
  return meet(a, b, a->may, a->may_meet, b->may, b->may_meet);
}

bool surely_meet(const Use *a, const Use *b) {
  return meet(a, b, a->sure, a->meets, b->sure, b->meets);
}

static Holds holds(uint8_t how) {
  if (how & HELD_NO_MORE)
    return HOLDS_NOT;
  if (how & HELD_MAYBE)
    return how & HELD_BY_CALLER ? HOLDS_BY_SOME : HOLDS_MAYBE;
  return how & HELD_READ ? HOLDS_READ : HOLDS;
}

Holds use_holds(const Use *use, TextId lock) {
  for (uint32_t i = 0; i < use->held_count; i++)
    if (use->held[i].lock == lock)
      return holds(use->held[i].how);
  return HOLDS_NOT;
}

/* One of them is known by a pointer to it only. */
static bool has_doubtful(const Use *use) {
  for (uint32_t i = 0; i < use->held_count; i++)
    if (use->held[i].how & HELD_POINTED && holds(use->held[i].how) != HOLDS_NOT)
      return true;
  return false;
}

bool share_lock(const Use *a, const Use *b) {
  for (uint32_t i = 0; i < a->held_count; i++) {
    Holds mine = use_holds(a, a->held[i].lock), theirs = use_holds(b, a->held[i].lock);
    bool both_read = mine == HOLDS_READ && theirs == HOLDS_READ;
    if (mine != HOLDS_NOT && theirs != HOLDS_NOT && !both_read)
      return true;
  }
  return (has_doubtful(a) && b->held_count) || (has_doubtful(b) && a->held_count);
}

static bool holds_at_start(const Use *use, const Use *started) {
  for (uint32_t root = 1; root < ROOT_LIMIT; root++) {
    const EntryHeld *start = started->sure >> root & 1 ? started->starts[root] : NULL;
    for (uint32_t i = 0; start && i < start->count; i++)
      if (use_holds(use, start->at[i].lock) != HOLDS_NOT)
        return true;
  }
  return false;
}

bool may_be_ordered(const Use *a, const Use *b) {
  return holds_at_start(a, b) || holds_at_start(b, a);
}

/* ---- data */

static int compare_uses(const void *left, const void *right) {
  const Use *a = left, *b = right;
  if (a->access->datum != b->access->datum)
    return a->access->datum < b->access->datum ? -1 : 1;
  if (a->function != b->function)
    return a->function < b->function ? -1 : 1;
  return (a->access->instruction > b->access->instruction) -
         (a->access->instruction < b->access->instruction);
}

typedef struct {
  RootSet all, writes, shared,
      shared_writes; // threads of the uses; shared: of what is nobody's own
} Together;

static Together together(const Use *uses, uint32_t count) {
  Together t = {0};
  for (uint32_t i = 0; i < count; i++) {
    bool written = uses[i].access->flags & ACCESS_WRITE;
    if (uses[i].access->flags & ACCESS_DYING)
      continue;
    t.all |= uses[i].may;
    t.writes |= written ? uses[i].may : 0;
    t.shared |= uses[i].is_threads_own ? 0 : uses[i].may;
    t.shared_writes |= uses[i].is_threads_own || !written ? 0 : uses[i].may;
  }
  return t;
}

static bool meets_another(const Use *use, const Together *t) {
  bool writes = use->access->flags & ACCESS_WRITE;
  RootSet others = writes ? t->all : t->writes, shared = writes ? t->shared : t->shared_writes;
  return use->is_threads_own ? use->may_meet & ((others & ~use->may) | shared)
                             : (use->may_meet & others) != 0;
}

/* False: it is not used that way. */
static bool find_held(Search *x, Use *use, RootSet rivals) {
  const Access *access = use->access;
  const AccessFacts *facts = sharing_facts(x->input->sharing, use->function);
  uint32_t parameter = access->base == BASE_PARAMETER ? access->parameter : NO_PARAMETER;
  const EntryHeld *entry = held_on_entry(x->entry_locks, use->function, parameter, rivals);
  if (entry->is_never)
    return false;
  const HeldSet none = {0};
  const EntryHeld *held = held_with(
      x->arena, access->held < facts->set_count ? &facts->sets[access->held] : &none, entry);
  Held *at = arena_copy(x->arena, held->at, sizeof *at * held->count);
  for (uint32_t i = 0; i < held->count; i++)
    if (!at[i].lock || *text_of(x->input->program->symbols, at[i].lock) == '*')
      at[i].how |= HELD_POINTED;
  use->held = at;
  use->held_count = held->count;
  return true;
}

static bool reads_result(const Search *x, const Use *use, RootSet writers) {
  const RootSet main_thread = 1;
  RootSet joined = threads_joined(x->sequence, use->function, use->access->instruction) |
                   threads_joined_before(x->sequence, use->function);
  return use->may == main_thread && !(use->access->flags & ACCESS_WRITE) && joined & writers;
}

static void add_datum(Search *x, Use *uses, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    find_meetings(x, &uses[i]);
  Together t = together(uses, count);
  uint32_t kept = 0;
  bool is_result = false;
  for (uint32_t i = 0; i < count && t.writes; i++) {
    is_result |= reads_result(x, &uses[i], t.writes);
    if (!(uses[i].access->flags & ACCESS_DYING) && meets_another(&uses[i], &t) &&
        find_held(x, &uses[i], t.all))
      uses[kept++] = uses[i];
  }
  bool is_written = false;
  for (uint32_t i = 0; i < kept; i++)
    is_written |= uses[i].access->flags & ACCESS_WRITE;
  if (!is_written)
    return;
  Datum datum = {
      .datum = uses[0].access->datum, .uses = uses, .count = kept, .is_result = is_result};
  array_push(&x->found, datum);
}

Datum *races_find(Arena *arena, const RaceInput *input, Concurrency *c, uint32_t *count) {
  Search x = {.arena = arena, .input = input, .c = c};
  x.entry_locks = entries_new(arena, input->program, c, input->sharing);
  x.starts = arena_new_array(arena, const EntryHeld *, ROOT_LIMIT);
  find_entries(&x);
  find_uses(&x);
  if (x.uses.count) {
    x.sequence = sequence_new(arena, input->program, c, input->joins, input->join_count);
    threads_beside_themselves(x.sequence, c);
    find_apart(input->program, c, x.sequence);
  }
  entries_follow(x.entry_locks, x.sequence);
  for (uint32_t root = 1; root < c->root_count; root++)
    x.starts[root] = held_at_creation(x.entry_locks, &c->roots[root]);
  Use *uses = arena_copy(arena, x.uses.at, sizeof *uses * x.uses.count);
  if (x.uses.count)
    qsort(uses, x.uses.count, sizeof *uses, compare_uses);
  for (size_t first = 0, end = 0; first < x.uses.count; first = end) {
    while (end < x.uses.count && uses[end].access->datum == uses[first].access->datum)
      end++;
    add_datum(&x, uses + first, (uint32_t)(end - first));
  }
  entries_free(x.entry_locks);
  guards_find(input->program, x.found.at, (uint32_t)x.found.count);
  Datum *found = arena_copy(arena, x.found.at, sizeof *found * x.found.count);
  *count = (uint32_t)x.found.count;
  hash_map_free(&x.numbers);
  hash_map_free(&x.moves);
  array_free(&x.sketches);
  array_free(&x.uses);
  array_free(&x.found);
  return found;
}
