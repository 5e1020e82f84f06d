/* lent.c - locals whose address a thread was given (ANALYSIS A.1, T4). Such a local is "held" until
 * that thread is joined; whoever returns before has taken its memory away from a thread that may
 * still run. Waiting for anything inside the local, or handing it to somebody who may, ends the
 * question: that is a handshake. */
#include "analysis/engine.h"

/* The local that this address points into, as a place; 0 for any other value. */
static TermId local_behind(const Engine *e, TermId pointer) {
  const Term *term = term_at(e->terms, term_unshifted(e->terms, pointer));
  bool local = term->kind == TERM_ADDRESS && term_is_in_local(e->terms, term->a);
  return local ? term_whole(e->terms, term->a) : 0;
}

/* Does a loop around this call change the local? */
static bool is_changed_around(Engine *e, Index local) {
  Index loop = e->cfg->innermost[e->inst_blocks[e->here]];
  for (; loop != NO_LOOP; loop = e->cfg->loops[loop].parent) {
    const Variation *variation = &engine_varying(e, loop)[local];
    if (variation->how != STAYS && !variation->declared)
      return true;
  }
  return false;
}

static bool is_alive(const LockEntry *lent) {
  return lent->resource == RESOURCE_FRAME && lent->now == LOCK_HELD;
}

void engine_lend(Engine *e, State *state, const Effect *effect, TermId thread, TermId argument) {
  TermId place = argument ? local_behind(e, argument) : 0;
  if (!place || term_whole(e->terms, thread) == place) // Unsound: what stands beside its own handle
    return;
  LockEntry *lent = state_lock(state, place);
  if (lent && lent->resource != RESOURCE_FRAME)
    return;
  bool whole =
      term_at(e->terms, argument)->kind == TERM_ADDRESS && term_at(e->terms, argument)->a == place;
  if (!lent) {
    Effect lends = *effect;
    lends.resource = RESOURCE_FRAME;
    lends.flags = 0;
    lent = engine_new_entry(e, state, &lends, place, LOCK_RELEASED);
  } else if (is_alive(lent) && !(lent->flags & FRAME_GONE) && lent->acquired == e->here && whole &&
             is_changed_around(e, term_at(e->terms, place)->a)) {
    engine_tell(e, TRANSITION_DOUBLE, effect, lent, lent);
  }
  lent->now = LOCK_HELD;
  lent->count = 1;
  lent->flags = 0;
  lent->since = lent->acquired = e->here;
  lent->other = thread;
}

void engine_lent_back(Engine *e, State *state, TermId thread) {
  for (uint32_t i = 0; i < state->lock_count; i++) {
    LockEntry *lent = &state->locks[i];
    if (!is_alive(lent) || (lent->flags & FRAME_GONE) || !engine_matches(e, lent->other, thread))
      continue;
    lent->now = LOCK_RELEASED;
    lent->count = 0;
    lent->since = e->here;
  }
}

void engine_lent_doubtful(Engine *e, State *state, TermId place) {
  for (uint32_t i = 0; i < state->lock_count; i++)
    if (is_alive(&state->locks[i]) && (!place || engine_contains(e, place, state->locks[i].place)))
      state->locks[i].now = LOCK_MAYBE;
}

void engine_lent_moved(State *state, TermId from, TermId to) {
  for (uint32_t i = 0; i < state->lock_count; i++)
    if (is_alive(&state->locks[i]) && state->locks[i].other == from)
      state->locks[i].other = to;
}

bool engine_lent_ends(Engine *e, State *state, LockEntry *lent) {
  if (!is_alive(lent))
    return false;
  const LockEntry *thread = state_lock(state, lent->other);
  if (!thread)
    thread = engine_find_family(e, state, lent->other);
  if (thread && thread->now == LOCK_MAYBE)
    lent->now = LOCK_MAYBE;
  lent->flags |= FRAME_GONE;
  return true;
}

void engine_note_given(Engine *e, const State *state, TermId argument) {
  TermId local = local_behind(e, argument);
  for (uint32_t i = 0; i < state->memory_count && local; i++) {
    const Term *place = term_at(e->terms, state->memory[i].place);
    if (term_whole(e->terms, state->memory[i].place) != local || e->given_count > GIVEN_FIELDS)
      continue;
    if (place->kind != TERM_FIELD || e->given_count == GIVEN_FIELDS)
      e->given_count = GIVEN_FIELDS + 1; // too much to say
    else
      e->given_fields[e->given_count++] = place->b;
  }
}

void engine_lent_read(Engine *e, State *state, TermId place) {
  Index loop = e->cfg->innermost[e->inst_blocks[e->here]];
  for (uint32_t i = 0; loop != NO_LOOP && i < state->lock_count; i++) {
    const LockEntry *lent = &state->locks[i];
    if (is_alive(lent) && !cfg_in_loop(e->cfg, loop, e->inst_blocks[lent->acquired]))
      engine_lent_doubtful(e, state, place);
  }
}
