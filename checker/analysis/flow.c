/* flow.c - property simulation: a worklist over (block, key), joins inside a key, until nothing
 * changes. Order: reverse post-order. All limits are counted in visits, so results never depend on
 * the clock (ANALYSIS B.3). */
#include "analysis/engine.h"

#include "base/guard.h"

#include <string.h>

/* ---- join */

enum { RELATIONS = 8, LOADS = 24 }; // between joined values and others, at most

static TermId phi(Engine *e, Index block, uint32_t slot) {
  return term_make(e->terms, TERM_PHI, 0, block, slot, 0);
}

static Fact range_fact(Engine *e, State *state, TermId term) {
  const Fact *known = state_fact(state, term);
  Fact fact = known ? *known : (Fact){.term = term};
  engine_range(e, state, term, &fact.low, &fact.high);
  if (fact.low <= 0 && fact.high >= 0 && !fact.excluded_count &&
      term_at(e->terms, term)->kind == TERM_SHIFT && engine_decide(e, state, term) == YES)
    fact.excluded[fact.excluded_count++] = 0;
  return fact;
}

static bool fact_says_something(const Fact *fact) {
  return fact->low != INT64_MIN || fact->high != INT64_MAX || fact->excluded_count;
}

/* Bounds that move at a loop header would move for ever: they go at once. */
static void widen(const Fact *old, Fact *fact) {
  if (fact->low < old->low)
    fact->low = INT64_MIN;
  if (fact->high > old->high)
    fact->high = INT64_MAX;
}

static bool is_header(const Engine *e, Index block) {
  Index loop = e->cfg->innermost[block];
  return loop != NO_LOOP && e->cfg->loops[loop].header == block;
}

typedef struct {
  Fact *at;
  uint32_t count, relations;
} Phis; // what is known of the new names

static TermId exchange(Engine *e, const Term *relation, TermId from, TermId to) {
  return engine_binary(e, relation->operator, relation->a == from ? to : relation->a,
                       relation->b == from ? to : relation->b);
}

typedef struct {
  TermId a, b, joined; // values that meet, and the name of both afterwards
} Meeting;

/* How the two values compare with a third one holds for the new name as well. */
static void join_relations(Engine *e, const State *into, State *from, Meeting meet, Phis *phis) {
  for (uint32_t i = 0; i < into->fact_count && phis->relations < RELATIONS; i++) {
    Fact fact = into->facts[i];
    const Term relation = *term_at(e->terms, fact.term);
    if (relation.kind != TERM_BINARY || (relation.a != meet.a && relation.b != meet.a) ||
        (relation.operator!= OPERATOR_EQ && relation.operator!= OPERATOR_LT))
      continue;
    Fact other = range_fact(e, from, exchange(e, &relation, meet.a, meet.b));
    fact.term = other.term = exchange(e, &relation, meet.a, meet.joined);
    if (!fact_join(&fact, &other) || (fact.low != 1 && fact.high != 0))
      continue;
    phis->at[phis->count++] = fact;
    phis->relations++;
  }
}

static uint32_t next_difference(const Engine *e, const State *a, const State *b, uint32_t slot) {
  return slots_difference(&a->values, &b->values, slot, e->slot_count);
}

/* Differing values of a variable become one new name, which keeps what both sides know. */
static bool join_values(Engine *e, State *into, const State *from, Phis *phis) {
  bool changed = false;
  State *other = (State *)from; // only read: engine_range does not change a state
  for (uint32_t slot = 0; (slot = next_difference(e, into, from, slot)) < e->slot_count; slot++) {
    TermId a = state_value(into, slot), b = state_value(from, slot);
    if (!a || !b) { // undefined on one side: nothing valid reads it
      changed |= a != 0;
      state_set_value(into, slot, 0);
      continue;
    }
    TermId joined = phi(e, into->block, slot);
    Fact fact = range_fact(e, into, a), right = range_fact(e, other, b), before = fact;
    fact.term = right.term = joined;
    fact_join(&fact, &right);
    if (a == joined && (is_header(e, into->block) || e->visits > e->f->block_count * 8))
      widen(&before, &fact);
    phis->at[phis->count++] = fact;
    join_relations(e, into, other, (Meeting){a, b, joined}, phis);
    changed |= a != joined;
    state_set_value(into, slot, joined);
  }
  return changed;
}

static bool facts_equal(const Fact *a, const Fact *b) {
  return a->low == b->low && a->high == b->high && a->excluded_count == b->excluded_count;
}

static bool is_renewed(const Phis *phis, TermId term) {
  for (uint32_t i = 0; i < phis->count; i++)
    if (phis->at[i].term == term)
      return true;
  return false;
}

static bool join_facts(Engine *e, State *into, const State *from, const Phis *phis) {
  bool changed = false;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < into->fact_count; i++) {
    Fact fact = into->facts[i], before = fact;
    if (is_renewed(phis, fact.term)) {
      into->facts[kept++] = fact; // what is known of it afterwards is in `phis`
      continue;
    }
    Fact other = range_fact(e, (State *)from, fact.term);
    bool known = fact_says_something(&other) && fact_join(&fact, &other);
    if (known && is_header(e, into->block))
      widen(&before, &fact);
    known = known && fact_says_something(&fact);
    changed |= !known || !facts_equal(&fact, &before);
    if (known)
      into->facts[kept++] = fact;
  }
  into->fact_count = kept;
  return changed;
}

static bool make_doubtful(LockEntry *lock, bool vague) {
  LockEntry before = *lock;
  lock->now = LOCK_MAYBE;
  if (vague)
    lock->flags |= LOCK_VAGUE;
  return lock->now != before.now || lock->flags != before.flags;
}

/* What is doubtful on one side is doubtful; what it needs at entry, too, unless both agree. */
static bool join_doubts(State *into, const State *from) {
  bool changed = false;
  for (uint32_t i = 0; i < from->lock_count; i++) {
    const LockEntry *lock = &from->locks[i];
    LockEntry *mine = state_lock(into, lock->place);
    if (lock->now != LOCK_MAYBE && (!mine || mine->now != LOCK_MAYBE))
      continue;
    bool vague = !mine || mine->pre != lock->pre || ((lock->flags | mine->flags) & LOCK_VAGUE);
    if (!mine) {
      state_add_lock(into, *lock);
      mine = state_lock(into, lock->place);
      changed = true;
    }
    changed |= make_doubtful(mine, vague);
  }
  for (uint32_t i = 0; i < into->lock_count; i++)
    if (into->locks[i].now == LOCK_MAYBE && !state_lock((State *)from, into->locks[i].place))
      changed |= make_doubtful(&into->locks[i], true);
  return changed;
}

/* Locks whose state is what the entry needed do not count for the key: both sides must have them.
 */
/* Shared threads, created or joined on one side only (State.merges_threads). */
static bool join_shared(State *into, const State *from) {
  bool changed = false;
  for (uint32_t i = 0; i < into->lock_count; i++) {
    LockEntry *mine = &into->locks[i];
    const LockEntry *other = state_lock((State *)from, mine->place);
    if (mine->is_shared && !lock_is_identity(mine) && mine->now != LOCK_MAYBE &&
        (!other || other->now != mine->now))
      changed |= make_doubtful(mine, true);
  }
  for (uint32_t i = 0; i < from->lock_count; i++) {
    LockEntry theirs = from->locks[i];
    if (!theirs.is_shared || lock_is_identity(&theirs) || theirs.now == LOCK_MAYBE ||
        state_lock(into, theirs.place))
      continue;
    make_doubtful(&theirs, true);
    state_add_lock(into, theirs);
    changed = true;
  }
  return changed;
}

/* Taken here, and given back. Where earlier rounds kept locks of that family it goes by the name of
 * all of them, so the one side may know it by another name than the other. */
static const LockEntry *find_of_family(const State *state, const LockEntry *lock) {
  for (uint32_t i = 0; i < state->lock_count; i++) {
    const LockEntry *other = &state->locks[i];
    if (other->acquired == lock->acquired && lock->acquired != NO_INSTRUCTION &&
        other->resource == RESOURCE_LOCK && lock->resource == RESOURCE_LOCK &&
        ((other->flags ^ lock->flags) & LOCK_FAMILY) && lock_is_identity(other))
      return other;
  }
  return NULL;
}

static bool join_locks(State *into, const State *from) {
  bool changed = join_doubts(into, from);
  if (into->merges_threads)
    changed |= join_shared(into, from);
  for (uint32_t i = 0; i < into->lock_count;) {
    LockEntry *lock = &into->locks[i];
    const LockEntry *other = state_lock((State *)from, lock->place);
    const LockEntry *of_family =
        lock_is_identity(lock) && !other ? find_of_family(from, lock) : NULL;
    if (of_family && !(lock->flags & LOCK_FAMILY)) {
      i++;
      continue;
    }
    if (of_family && !state_lock(into, of_family->place)) {
      state_drop_lock(into, lock);
      state_add_lock(into, *of_family); // its own name says more
      changed = true;
      continue;
    }
    if (lock_is_identity(lock) && !other) {
      state_drop_lock(into, lock);
      changed = true;
      continue;
    }
    if (lock_after_failed_try(lock) && other && !lock_after_failed_try(other)) {
      lock->flags &= (uint8_t)~LOCK_TRY;
      changed = true;
    }
    i++;
  }
  changed |= state_join_lifetimes(into, from);
  changed |= state_join_opened(into, from);
  return state_join_failed(into, from) || changed;
}

static TermId held_at(Engine *e, const State *state, TermId place) {
  TermId stored = state_stored(state, place);
  uint32_t version = engine_version(e, state, engine_class(e, place));
  return stored ? stored : term_make(e->terms, TERM_LOAD, 0, place, version, 0);
}

/* One name for what the place holds on both sides, and what both know of that. */
static void join_load(Engine *e, State *into, const State *from, TermId place, Phis *phis) {
  TermId a = held_at(e, into, place), b = held_at(e, from, place);
  if (a == b || engine_same_constant(e, into, from, place))
    return;
  Fact fact = range_fact(e, into, a), right = range_fact(e, (State *)from, b), before = fact;
  fact.term = term_make(e->terms, TERM_LOAD, 0, place, version_of_block(into->block), 0);
  bool known = fact_says_something(&fact) && fact_says_something(&right);
  if (!known && a != fact.term)
    return;
  if (!known)
    fact = (Fact){.term = fact.term, .low = INT64_MIN, .high = INT64_MAX};
  else
    fact_join(&fact, &right);
  if (a == fact.term && is_header(e, into->block))
    widen(&before, &fact);
  phis->at[phis->count++] = fact;
}

/* The same as with variables for memory that was written on one side, or on both: callers and
 * later rounds test flags that are kept there. */
static void join_loads(Engine *e, State *into, const State *from, Phis *phis) {
  uint32_t end = phis->count + LOADS;
  for (uint32_t i = 0; i < into->memory_count && phis->count < end; i++)
    join_load(e, into, from, into->memory[i].place, phis);
  for (uint32_t i = 0; i < into->fact_count && phis->count < end; i++) {
    const Term load = *term_at(e->terms, into->facts[i].term);
    if (load.kind == TERM_LOAD && load.b == engine_version(e, into, engine_class(e, load.a)) &&
        !state_stored(into, load.a))
      join_load(e, into, from, load.a, phis);
  }
}

bool engine_join(Engine *e, State *into, const State *from) {
  uint32_t count = 0;
  for (uint32_t slot = 0; (slot = next_difference(e, into, from, slot)) < e->slot_count; slot++)
    count++;
  Phis phis = {.at = arena_new_array(e->transit, Fact, count + RELATIONS + LOADS)};
  // facts on the values that differ are read before facts are intersected
  if (into->lock_count && guard_on("memory-join"))
    join_loads(e, into, from, &phis);
  bool changed = engine_settle_constants(e, into, from);
  changed |= join_values(e, into, from, &phis);
  changed |= join_facts(e, into, from, &phis);
  for (uint32_t i = 0; i < phis.count; i++) {
    const Fact *old = state_fact(into, phis.at[i].term);
    if (old && !facts_equal(old, &phis.at[i]))
      changed = true;
    if (fact_says_something(&phis.at[i]))
      state_set_fact(into, &phis.at[i]);
    else
      state_drop_fact(into, phis.at[i].term);
  }
  changed |= engine_join_memory(e, into, from);
  changed |=
      slots_join(into->arena, &into->versions, &from->versions, version_of_block(into->block));
  changed |= join_locks(into, from);
  if (from->shields > into->shields) {
    into->shields = from->shields;
    changed = true;
  }
  return changed;
}

/* ---- worklist */

static void add_parent(State *state, State *parent) {
  for (uint32_t i = 0; i < state->parent_count; i++)
    if (state->parents[i] == parent)
      return;
  if (state->parent_count < PARENT_LIMIT)
    state->parents[state->parent_count++] = parent;
}

static void give_up(Engine *e, State *state, const char *why) {
  e->degraded = true;
  e->degraded_why = why;
  for (uint32_t i = 0; i < state->lock_count; i++)
    state->locks[i].now = LOCK_MAYBE;
  for (uint32_t i = 0; i < PIN_LIMIT; i++)
    state->pins[i] = PIN_UNKNOWN;
}

/* Brings a state to its block. */
static void arrive(Engine *e, State *state, State *parent) {
  if (e->state_counts[state->block] >= STATES_PER_BLOCK)
    give_up(e, state, "more than 32 states in one block");
  for (State *known = e->blocks[state->block]; known; known = known->next)
    if (state_same_key(known, state)) {
      add_parent(known, parent);
      if (known == parent) { // other ways out of it are still to be followed
        slots_lend(&known->values);
        slots_lend(&known->versions);
      }
      known->dirty |= engine_join(e, known, state);
      return;
    }
  if (e->state_counts[state->block] > STATES_PER_BLOCK * 2)
    return;
  state = state_copy(e->arena, state);
  add_parent(state, parent);
  state->dirty = true;
  State **last = &e->blocks[state->block];
  while (*last)
    last = &(*last)->next;
  *last = state;
  e->state_counts[state->block]++;
}

/* A block can have thousands of edges: what one needs is gone before the next. */
static void follow(Engine *e, State *from, const State *after, uint32_t edge) {
  Arena *transit = e->transit;
  e->transit = e->crossing;
  State *next = engine_take_edge(e, after, from->block, edge);
  if (next)
    arrive(e, next, from);
  e->transit = transit;
  arena_reset(e->crossing);
}

static void visit(Engine *e, Index block) {
  State *out[STATES_PER_BLOCK];
  for (State *state = e->blocks[block]; state; state = state->next) {
    if (!state->dirty)
      continue;
    state->dirty = false;
    e->visits++;
    uint32_t count = engine_run_block(e, state, out);
    for (uint32_t i = 0; i < count; i++)
      for (uint32_t edge = 0; edge < e->f->blocks[block].edge_count; edge++)
        follow(e, state, out[i], edge);
    arena_reset(e->transit);
  }
}

static bool is_dirty(const Engine *e, Index block) {
  for (const State *state = e->blocks[block]; state; state = state->next)
    if (state->dirty)
      return true;
  return false;
}

/* Per loop: the position of its last block. */
static uint32_t *find_loop_ends(const Engine *e) {
  const Cfg *cfg = e->cfg;
  uint32_t *ends = arena_new_array(e->arena, uint32_t, cfg->loop_count);
  for (uint32_t i = 0; i < cfg->loop_count; i++)
    for (uint32_t k = 0; k < cfg->loops[i].block_count; k++) {
      uint32_t position = cfg->position[cfg->loops[i].blocks[k]];
      if (position != NO_BLOCK && position > ends[i])
        ends[i] = position;
    }
  return ends;
}

/* A loop is gone through to its end before its next round, so that all ways back to its header are
 * joined there first (Bourdoncle, "Efficient chaotic iteration strategies with widenings", 1993).
 * What is left at the end of the function came over edges that make no loop. */
static uint32_t next_position(const Engine *e, const uint32_t *ends, uint32_t position) {
  const Cfg *cfg = e->cfg;
  Index loop = cfg->innermost[cfg->order[position]];
  for (; loop != NO_LOOP && ends[loop] == position; loop = cfg->loops[loop].parent)
    if (is_dirty(e, cfg->loops[loop].header))
      return cfg->position[cfg->loops[loop].header];
  if (position + 1 < cfg->order_count)
    return position + 1;
  for (position = 0; position < cfg->order_count && !is_dirty(e, cfg->order[position]);)
    position++;
  return position;
}

State *engine_entry(Engine *e, Arena *arena) {
  State *state = arena_new_one(arena, State);
  state->arena = arena;
  state->kept = e->arena;
  for (uint32_t i = 0; i < e->f->parameter_count; i++) {
    TermId value = term_make(e->terms, TERM_PARAM, 0, i, 0, 0);
    if (!(e->f->locals[i].flags & LOCAL_ADDRESS_TAKEN))
      state_set_value(state, i, value);
    else
      state_store(state, term_make(e->terms, TERM_LOCAL, 0, i, 0, 0), value);
  }
  for (uint32_t i = 0; i < PIN_LIMIT; i++)
    state->pins[i] = i < e->pin_count ? PIN_UNKNOWN : 0;
  state->dirty = true;
  state->merges_threads = e->merges_threads;
  return state;
}

void engine_run(Engine *e) {
  e->visits = 0;
  e->blocks = arena_new_array(e->arena, State *, e->f->block_count);
  e->state_counts = arena_new_array(e->arena, uint32_t, e->f->block_count);
  e->blocks[0] = engine_entry(e, e->arena);
  e->state_counts[0] = 1;
  const uint32_t *ends = find_loop_ends(e);
  for (uint32_t position = 0; position < e->cfg->order_count;) {
    if (e->visits > BLOCK_VISITS + VISITS_PER_BLOCK * e->f->block_count) {
      e->degraded = true;
      e->degraded_why = "too many block visits";
      return;
    }
    visit(e, e->cfg->order[position]);
    position = next_position(e, ends, position);
    if (e->degraded && e->pin_count)
      return; // somebody tries again with fewer pins
  }
}

void engine_run_coarser(Engine *e) {
  engine_run(e);
  if (e->degraded && e->parted) {
    e->parted = 0;
    e->degraded = false;
    e->degraded_why = NULL;
    engine_run(e);
  }
  if (e->degraded) { // it starts or stops ten threads, each under a condition of its own
    e->merges_threads = true;
    e->degraded = false;
    e->degraded_why = NULL;
    engine_run(e);
  }
  while (e->degraded && e->pin_count) {
    e->pin_count /= 2;
    e->coarse = true;
    e->degraded = false;
    e->degraded_why = NULL;
    engine_run(e);
  }
}
