/* loop.c - crossing a back edge: what the loop defines will be defined again, so its old names must
 * go. The value of a variable becomes PHI(header, variable); a lock named by anything else that
 * the loop made becomes an element of a *family* (ANALYSIS B.5); facts about it are dropped. */
#include "analysis/engine.h"

typedef struct {
  TermId from, to;
} Renaming;

typedef struct {
  Engine *e;
  Index loop, header;
  Renaming *renamings;
  uint32_t count;
  Fact *blurred; // facts of the new names of variables whose value was made outside
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
    return engine_address(e, rename_term(x, term.a));
  case TERM_DEREF:
    return engine_deref(e, rename_term(x, term.a));
  case TERM_FIELD: {
    TermId base = rename_term(x, term.a);
    return term_make(e->terms, TERM_FIELD, 0, base, term.b, 0);
  }
  case TERM_UNARY:
    return engine_unary(e, term.operator, rename_term(x, term.a));
  case TERM_BINARY: {
    TermId left = rename_term(x, term.a), right = rename_term(x, term.b);
    bool lost =
        term_at(e->terms, left)->kind == TERM_ANY || term_at(e->terms, right)->kind == TERM_ANY;
    return lost ? any(x) : engine_binary(e, term.operator, left, right);
  }
  case TERM_SHIFT: {
    TermId base = rename_term(x, term.a), index = rename_term(x, term.b);
    return engine_shift(e, base, index);
  }
  case TERM_INDEX: {
    TermId base = rename_term(x, term.a), index = rename_term(x, term.b);
    return term_make(e->terms, TERM_INDEX, 0, base, index, 0);
  }
  case TERM_LOAD:
    if (!version_inside(x, term.b)) {
      TermId place = rename_term(x, term.a);
      return x->stale ? any(x) : term_make(e->terms, TERM_LOAD, 0, place, term.b, 0);
    }
    return any(x);
  default:
    return any(x);
  }
}

static bool held_elsewhere(const Crossing *x, const State *state, TermId value) {
  const bool *varies = engine_varying(x->e, x->loop);
  for (uint32_t slot = 0; slot < x->e->f->local_count; slot++)
    if (state->values[slot] == value && !varies[slot])
      return true;
  return false;
}

static void add_renaming(Crossing *x, TermId from, uint32_t slot) {
  for (uint32_t i = 0; i < x->count; i++)
    if (x->renamings[i].from == from)
      return; // a variable that holds what another one holds keeps the same name
  TermId to = term_make(x->e->terms, TERM_PHI, 0, x->header, slot, 0);
  x->renamings[x->count++] = (Renaming){from, to};
}

/* A variable that every round changes, but whose value was made outside (i = 0 + 1, p = p->next as
 * it was at entry): the next round must not have a name of its own. What is known of the value is
 * kept for the new name, and locks follow it when no other variable holds it. */
static void blur_variable(Crossing *x, State *state, uint32_t slot) {
  Engine *e = x->e;
  TermId value = state->values[slot];
  bool loaded = term_at(e->terms, value)->kind == TERM_LOAD;
  Fact fact = {.term = term_make(e->terms, TERM_PHI, 0, x->header, slot, 0)};
  const Fact *known = state_fact(state, value);
  if (known)
    fact = *known;
  fact.term = term_make(e->terms, TERM_PHI, 0, x->header, slot, 0);
  engine_range(e, state, value, &fact.low, &fact.high);
  if (loaded && !held_elsewhere(x, state, value))
    add_renaming(x, value, slot);
  x->blurred[x->blurred_count++] = fact;
}

static void rename_values(Crossing *x, State *state) {
  Engine *e = x->e;
  const bool *varies = engine_varying(e, x->loop);
  x->renamings = arena_new_array(e->transit, Renaming, e->f->local_count);
  x->blurred = arena_new_array(e->transit, Fact, e->f->local_count);
  for (uint32_t slot = 0; slot < e->f->local_count; slot++)
    if (state->values[slot] && made_inside(x, state->values[slot]))
      add_renaming(x, state->values[slot], slot);
  for (uint32_t slot = 0; slot < e->slot_count; slot++) {
    TermId value = state->values[slot];
    if (!value)
      continue;
    bool inside = made_inside(x, value), local = slot < e->f->local_count;
    if (inside) {
      x->stale = false;
      TermId renamed = rename_term(x, value);
      state->values[slot] = local && !x->stale ? renamed : 0;
    } else if (local && varies[slot]) {
      blur_variable(x, state, slot);
      state->values[slot] = x->blurred[x->blurred_count - 1].term;
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
  for (uint32_t i = 0; i < x->blurred_count; i++)
    state_set_fact(state, &x->blurred[i]);
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
    lock.place = rename_term(x, lock.place);
    if (x->stale && lock_is_identity(&lock) && !(lock.flags & LOCK_FAMILY))
      continue; // taken and given back for one element
    if (x->stale) {
      lock.flags |= LOCK_FAMILY;
      if ((x->e->analysis->without & WITHOUT_FAMILIES) || is_nameless(x->e, lock.place))
        continue;
    }
    add_renamed_lock(state, lock);
  }
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
  for (uint32_t i = 0; i < state->version_count; i++)
    if (version_inside(x, state->versions[i].version))
      state->versions[i].version = version_of_block(x->header);
}

void engine_cross_back_edge(Engine *e, State *state, Index header) {
  Index loop = e->cfg->innermost[header];
  while (loop != NO_LOOP && e->cfg->loops[loop].header != header)
    loop = e->cfg->loops[loop].parent;
  if (loop == NO_LOOP)
    return; // Imprecise: a retreating edge of an irreducible graph keeps its names
  Crossing x = {.e = e, .loop = loop, .header = header};
  rename_values(&x, state);
  rename_facts(&x, state);
  rename_locks(&x, state);
  rename_memory(&x, state);
}
