/* loop.c - crossing a back edge: what the loop defines will be defined again, so its old names must
 * go. The value of a variable becomes PHI(header, variable); a lock named by anything else that
 * the loop made becomes an element of a *family* (ANALYSIS B.5); facts about it are dropped. */
#include "analysis/engine.h"

#include "base/guard.h"

typedef struct {
  TermId from, to;
} Renaming;

typedef struct {
  Engine *e;
  const State *state; // versions are those in front of the edge until everything is renamed
  Index loop, header;
  Renaming *renamings;
  uint32_t count;
  Fact *blurred; // facts of the new names of variables
  uint32_t blurred_count;
  bool stale; // the last rename() met a name that has no successor
} Crossing;

static bool block_inside(const Crossing *x, Index block) {
  return cfg_in_loop(x->e->cfg, x->loop, block);
}

static bool version_inside(const Crossing *x, uint32_t version) {
  if (!version)
    return false;
  Index block = version & 1 ? (version >> 1) - 1 : x->e->inst_blocks[(version >> 1) - 1];
  return block_inside(x, block);
}

static bool is_made_inside(const Term *term, const void *crossing) {
  const Crossing *x = crossing;
  for (uint32_t i = 0; i < x->count; i++)
    if (term_at(x->e->terms, x->renamings[i].from) == term)
      return true;
  switch ((TermKind)term->kind) {
  case TERM_FRESH:
    return term->a < x->e->f->instruction_count && block_inside(x, x->e->inst_blocks[term->a]);
  case TERM_PHI:
    return block_inside(x, term->a);
  case TERM_LOAD:
    return version_inside(x, term->b);
  default:
    return false;
  }
}

static bool made_inside(const Crossing *x, TermId id) {
  return term_any(x->e->terms, id, is_made_inside, x);
}

static TermId any(Crossing *x) {
  x->stale = true;
  return term_make(x->e->terms, TERM_ANY, 0, 0, 0, 0);
}

static TermId rename_term(Crossing *, TermId);

static TermId rename_part(void *crossing, TermId part) { return rename_term(crossing, part); }

static TermId rename_term(Crossing *x, TermId id) {
  Engine *e = x->e;
  for (uint32_t i = 0; i < x->count; i++)
    if (x->renamings[i].from == id)
      return x->renamings[i].to;
  if (!made_inside(x, id))
    return id;
  const Term term = *term_at(e->terms, id);
  switch ((TermKind)term.kind) {
  case TERM_ADDRESS:
  case TERM_DEREF:
  case TERM_FIELD:
  case TERM_UNARY:
  case TERM_SHIFT:
  case TERM_INDEX:
    return engine_rebuild(e, &term, rename_part, x);
  case TERM_BINARY: {
    TermId left = rename_term(x, term.a), right = rename_term(x, term.b);
    bool lost =
        term_at(e->terms, left)->kind == TERM_ANY || term_at(e->terms, right)->kind == TERM_ANY;
    return lost ? any(x) : engine_binary(e, term.operator, left, right);
  }
  case TERM_LOAD: {
    uint32_t version = term.b;
    if (version_inside(x, version)) {
      if (version != engine_version(e, x->state, engine_class(e, term.a)))
        return any(x);
      version = version_of_block(x->header); // what the memory holds now
    }
    TermId place = rename_term(x, term.a);
    return x->stale ? any(x) : term_make(e->terms, TERM_LOAD, 0, place, version, 0);
  }
  default:
    return any(x);
  }
}

static bool held_elsewhere(const Crossing *x, const State *state, TermId value) {
  const Variation *varies = engine_varying(x->e, x->loop);
  for (uint32_t slot = 0; slot < x->e->f->local_count; slot++)
    if (state_value(state, slot) == value && !varies[slot].how)
      return true;
  return false;
}

/* The variable's value in the next round. */
static TermId name_of(const Crossing *x, uint32_t slot) {
  return term_make(x->e->terms, TERM_PHI, 0, x->header, slot, 0);
}

static bool add_renaming(Crossing *x, TermId from, uint32_t slot) {
  for (uint32_t i = 0; i < x->count; i++)
    if (x->renamings[i].from == from)
      return false; // a variable that holds what another one holds keeps the same name
  x->renamings[x->count++] = (Renaming){from, name_of(x, slot)};
  return true;
}

/* What is known of the variable's value holds for its new name. A bound that moves is dropped at
 * once: a replayed way goes round once or twice for any number of rounds. */
static void keep_fact(Crossing *x, State *state, TermId value, TermId name) {
  const Fact *known = state_fact(state, value);
  Fact fact = known ? *known : (Fact){0};
  fact.term = name;
  int64_t low, high;
  engine_range(x->e, state, fact.term, &low, &high); // in the round that ends here
  engine_range(x->e, state, value, &fact.low, &fact.high);
  if (fact.low < low)
    fact.low = INT64_MIN;
  if (fact.high > high)
    fact.high = INT64_MAX;
  x->blurred[x->blurred_count++] = fact;
}

/* A variable that every round changes, but whose value was made outside (i = 0 + 1, p = p->next as
 * it was at entry): the next round must not have a name of its own. What is known of the value is
 * kept for the new name, and locks follow it when no other variable holds it. */
static void blur_variable(Crossing *x, State *state, uint32_t slot) {
  TermId value = state_value(state, slot);
  bool loaded = term_at(x->e->terms, value)->kind == TERM_LOAD;
  keep_fact(x, state, value, name_of(x, slot));
  if (loaded && !held_elsewhere(x, state, value))
    add_renaming(x, value, slot);
}

static bool is_load_of(const Term *term, const void *place) {
  return term->kind == TERM_LOAD && term->a == *(const TermId *)place;
}

/* Is it made from what the place held before: q->size + 1, q->head->next? */
static bool is_moved(const Engine *e, TermId value, TermId place) {
  return term_any(e->terms, value, is_load_of, &place);
}

/* A variable that lives longer than the round. */
static bool held_by_variable(const Crossing *x, const State *state, TermId value) {
  const Variation *varies = engine_varying(x->e, x->loop);
  for (uint32_t slot = 0; slot < x->e->f->local_count; slot++)
    if (state_value(state, slot) == value && !varies[slot].declared)
      return true;
  return false;
}

/* Memory that every round moves on, or that alone keeps what the round made: the next round starts
 * from what it holds then. */
static void blur_memory(Crossing *x, State *state) {
  Engine *e = x->e;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < state->memory_count; i++) {
    Stored stored = state->memory[i];
    bool written = version_inside(x, engine_version(e, state, engine_class(e, stored.place)));
    bool new_name = is_moved(e, stored.value, stored.place) ||
                    (made_inside(x, stored.value) && !held_by_variable(x, state, stored.value));
    if (!written || !new_name || made_inside(x, stored.place)) {
      state->memory[kept++] = stored;
      continue;
    }
    TermId next = term_make(e->terms, TERM_LOAD, 0, stored.place, version_of_block(x->header), 0);
    keep_fact(x, state, stored.value, next);
    x->renamings[x->count++] = (Renaming){stored.value, next};
  }
  state->memory_count = kept;
}

/* struct bucket *b = &buckets[i]: the next round sets the variable anew, and the object goes on to
 * be an element of the array. */
static bool is_element_of_round(const Crossing *x, uint32_t slot, TermId value) {
  const Term *term = term_at(x->e->terms, value);
  if (term->kind == TERM_ADDRESS)
    term = term_at(x->e->terms, term->a);
  return (term->kind == TERM_SHIFT || term->kind == TERM_INDEX) && !made_inside(x, term->a) &&
         guard_on("elements-of-rounds") && engine_is_set_anew(x->e, x->loop, slot);
}

static void rename_values(Crossing *x, State *state) {
  Engine *e = x->e;
  const Variation *varies = engine_varying(e, x->loop);
  x->renamings = arena_new_array(e->transit, Renaming, e->f->local_count + state->memory_count);
  x->blurred = arena_new_array(e->transit, Fact, e->f->local_count + state->memory_count);
  blur_memory(x, state);
  for (uint32_t slot = 0; slot < e->f->local_count; slot++)
    if (state_value(state, slot) && made_inside(x, state_value(state, slot)) &&
        !is_element_of_round(x, slot, state_value(state, slot)) &&
        add_renaming(x, state_value(state, slot), slot))
      keep_fact(x, state, state_value(state, slot), name_of(x, slot));
  for (uint32_t slot = 0; slot < e->slot_count; slot++) {
    TermId value = state_value(state, slot);
    if (!value)
      continue;
    bool inside = made_inside(x, value), local = slot < e->f->local_count;
    if (inside) {
      x->stale = false;
      TermId renamed = rename_term(x, value);
      state_set_value(state, slot, local && !x->stale ? renamed : 0);
    } else if (local && varies[slot].how) {
      blur_variable(x, state, slot);
      state_set_value(state, slot, x->blurred[x->blurred_count - 1].term);
    }
  }
}

static void rename_facts(Crossing *x, State *state) {
  Fact *old = state->facts;
  uint32_t count = state->fact_count;
  state->facts = NULL;
  state->fact_count = state->fact_room = 0;
  for (uint32_t i = 0; i < count; i++) {
    Fact fact = old[i];
    x->stale = false;
    fact.term = rename_term(x, fact.term);
    if (!x->stale)
      state_set_fact(state, &fact);
  }
  for (uint32_t i = 0; i < x->blurred_count; i++) {
    const Fact *fact = &x->blurred[i];
    if (fact->low != INT64_MIN || fact->high != INT64_MAX || fact->excluded_count)
      state_set_fact(state, fact);
    else
      state_drop_fact(state, fact->term);
  }
}

static void add_renamed_lock(State *state, LockEntry lock) {
  LockEntry *same = state_lock(state, lock.place);
  if (!same)
    state_add_lock(state, lock);
  else if (same->now != lock.now || same->pre != lock.pre)
    same->now = LOCK_MAYBE;
}

/* Nothing is left of the name: some lock somewhere. */
static bool is_nameless(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  return term->kind == TERM_DEREF && term_at(e->terms, term->a)->kind == TERM_ANY;
}

static void rename_locks(Crossing *x, State *state) {
  LockEntry *old = state->locks;
  uint32_t count = state->lock_count;
  state->locks = NULL;
  state->lock_count = state->lock_room = 0;
  for (uint32_t i = 0; i < count; i++) {
    LockEntry lock = old[i];
    x->stale = false;
    bool lent = lock.resource == RESOURCE_FRAME;
    if (lent)
      lock.other = rename_term(x, lock.other);
    if (lent && x->stale)
      lock.flags |= LOCK_FAMILY; // to one of a family of threads
    x->stale = false;
    lock.place = rename_term(x, lock.place);
    bool skipped = lock.resource == RESOURCE_THREAD && (lock.flags & THREAD_UNCREATED);
    if (x->stale && lock_is_identity(&lock) && !(lock.flags & LOCK_FAMILY) &&
        (!skipped || state_lock(state, lock.place)))
      continue; // taken and given back for one element
    if (x->stale) {
      lock.flags |= LOCK_FAMILY;
      if (skipped)
        lock.pre = LOCK_HELD; // so that it counts for the key
      if ((x->e->analysis->without & WITHOUT_FAMILIES) || is_nameless(x->e, lock.place))
        continue;
    }
    add_renamed_lock(state, lock);
  }
}

/* What was destroyed under a name that means another object in the next round, or none. */
static void forget_lifetimes(Crossing *x, State *state) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < state->lifetime_count; i++) {
    LockLife life = state->lifetimes[i];
    x->stale = false;
    if ((rename_term(x, life.place) == life.place && !x->stale) || !guard_on("lifetime-rounds"))
      state->lifetimes[kept++] = life;
  }
  state->lifetime_count = kept;
}

static void rename_memory(Crossing *x, State *state) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < state->memory_count; i++) {
    Stored stored = state->memory[i];
    x->stale = false;
    stored.place = rename_term(x, stored.place);
    stored.value = rename_term(x, stored.value);
    if (!x->stale)
      state->memory[kept++] = stored;
  }
  state->memory_count = kept;
  for (uint32_t i = 0; i <= x->e->class_count; i++)
    if (version_inside(x, slots_get(&state->versions, i)))
      slots_set(state->arena, &state->versions, i, version_of_block(x->header));
}

static Index loop_of(const Engine *e, Index header) {
  Index loop = e->cfg->innermost[header];
  while (loop != NO_LOOP && e->cfg->loops[loop].header != header)
    loop = e->cfg->loops[loop].parent;
  return loop;
}

static bool is_pinned(const Engine *e, Index local) {
  for (uint32_t i = 0; i < e->pin_count; i++)
    if (e->pins[i] == local)
      return true;
  return false;
}

/* The same for a counter that is kept in memory: `pool->count`, or a local whose address is taken.
 */
static void enter_in_memory(Engine *e, State *state, Index header, TermId place) {
  TermId stored = state_stored(state, place);
  if (!stored || term_at(e->terms, stored)->kind != TERM_CONSTANT)
    return;
  uint32_t version = version_of_block(header);
  Fact fact = {.low = term_at(e->terms, stored)->value, .high = term_at(e->terms, stored)->value};
  fact.term = term_make(e->terms, TERM_LOAD, 0, place, version, 0);
  state_set_fact(state, &fact);
  state_store(state, place, 0);
  engine_set_version(e, state, engine_class(e, place), version);
}

static bool is_among(const TextId *symbols, TextId symbol) {
  while (*symbols && *symbols != symbol)
    symbols++;
  return *symbols != 0;
}

static void enter_counters(Engine *e, State *state, Index header, const TextId *counters) {
  for (uint32_t i = state->memory_count; i-- > 0;) {
    TermId place = state->memory[i].place;
    TextId symbol = engine_class_symbol(engine_class(e, place));
    if (symbol && is_among(counters, symbol))
      enter_in_memory(e, state, header, place);
  }
}

/* A counter has one name in all rounds, the first one included: locks[0] would be another lock than
 * those of the rounds that follow, and what was learnt of list[0] on the way in would be lost where
 * it meets what was learnt of list[i]. */
void engine_enter_loop(Engine *e, State *state, Index header) {
  Index loop = loop_of(e, header);
  bool skipped = loop == NO_LOOP || (e->analysis->without & WITHOUT_ROUNDS);
  const Variation *varies = skipped ? NULL : engine_varying(e, loop);
  if (!skipped)
    enter_counters(e, state, header, engine_counters(e, loop));
  for (uint32_t slot = 0; varies && slot < e->f->local_count; slot++) {
    if (varies[slot].how != STAYS && (e->f->locals[slot].flags & LOCAL_ADDRESS_TAKEN))
      enter_in_memory(e, state, header, term_make(e->terms, TERM_LOCAL, 0, slot, 0, 0));
    const Term *value = term_at(e->terms, state_value(state, slot));
    if (varies[slot].how != COUNTS || value->kind != TERM_CONSTANT || is_pinned(e, slot))
      continue;
    Fact fact = {.low = value->value, .high = value->value};
    fact.term = term_make(e->terms, TERM_PHI, 0, header, slot, 0);
    state_set_value(state, slot, fact.term);
    state_set_fact(state, &fact);
  }
}

void engine_cross_back_edge(Engine *e, State *state, Index header) {
  Index loop = loop_of(e, header);
  if (loop == NO_LOOP)
    return; // Imprecise: a retreating edge of an irreducible graph keeps its names
  Crossing x = {.e = e, .state = state, .loop = loop, .header = header};
  rename_values(&x, state);
  rename_facts(&x, state);
  rename_locks(&x, state);
  forget_lifetimes(&x, state);
  rename_memory(&x, state);
  state->failed_count = 0; // the names of another round
}
