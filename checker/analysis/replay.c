/* replay.c - see analysis.h. A candidate comes from joined facts; only what survives its own path
 * is reported. The domain is the engine's, but nothing is joined and nothing is widened. */
#include "analysis/engine.h"

#include <string.h>

enum { WAYS = 16, LENGTH = 2000, PARALLEL = 8, STEPS = 20000 };

typedef struct {
  Engine *e;
  const State *chain[LENGTH]; // from the last block back to the entry
  uint32_t length;
  uint32_t ways, steps;
  uint32_t rounds; // how often a state may come again
  Goal goal;
  Path *path;
  Arena *arenas[2]; // states before and behind a block: they swap places at each
} Replay;

/* All ways out of `states` (at the start of their block) into `next`. */
static uint32_t advance(Replay *r, State **states, uint32_t count, Index next) {
  Engine *e = r->e;
  State *after[PARALLEL], *out[STATES_PER_BLOCK];
  uint32_t total = 0;
  e->transit = e->transit == r->arenas[0] ? r->arenas[1] : r->arenas[0];
  arena_reset(e->transit);
  for (uint32_t i = 0; i < count; i++) {
    Index block = states[i]->block;
    uint32_t n = engine_run_block(e, states[i], out);
    for (uint32_t k = 0; k < n; k++)
      for (uint32_t edge = 0; edge < e->f->blocks[block].edge_count; edge++) {
        if (e->f->edges[e->f->blocks[block].edges + edge].block != next || total == PARALLEL)
          continue;
        State *state = engine_take_edge(e, out[k], block, edge);
        if (state)
          after[total++] = state;
      }
  }
  memcpy(states, after, sizeof *after * total);
  return total;
}

static bool reaches_goal(Replay *r, State **states, uint32_t count) {
  State *out[STATES_PER_BLOCK];
  for (uint32_t i = 0; i < count; i++) {
    uint32_t n = engine_run_block(r->e, states[i], out);
    for (uint32_t k = 0; k < n; k++)
      if (r->goal.accept(r->e, out[k], r->goal.context))
        return true;
  }
  return false;
}

static bool execute(Replay *r) {
  arena_reset(r->e->transit);
  State *states[PARALLEL] = {engine_entry(r->e, r->e->transit)};
  uint32_t count = 1;
  for (uint32_t i = r->length - 1; i-- > 0 && count;)
    count = advance(r, states, count, r->chain[i]->block);
  if (!count || !reaches_goal(r, states, count))
    return false;
  r->path->count = r->length;
  r->path->blocks = arena_new_array(r->e->arena, Index, r->length);
  for (uint32_t i = 0; i < r->length; i++)
    r->path->blocks[i] = r->chain[r->length - 1 - i]->block;
  return true;
}

static uint32_t times_on_chain(const Replay *r, const State *state) {
  uint32_t times = 0;
  for (uint32_t i = 0; i < r->length; i++)
    times += r->chain[i] == state;
  return times;
}

/* Depth first over the recorded parents, first found first. */
static bool search(Replay *r, const State *state) {
  if (r->length == LENGTH || times_on_chain(r, state) > r->rounds || r->ways >= WAYS ||
      ++r->steps > STEPS)
    return false;
  r->chain[r->length++] = state;
  if (!state->parent_count) {
    r->ways++;
    if (execute(r))
      return true;
  }
  for (uint32_t i = 0; i < state->parent_count; i++)
    if (search(r, state->parents[i]))
      return true;
  r->length--;
  return false;
}

bool replay(Engine *e, const State *last, Goal goal, Path *path) {
  Replay *r = arena_new_one(e->arena, Replay);
  *r = (Replay){.e = e, .goal = goal, .path = path, .arenas = {arena_new(), arena_new()}};
  Arena *transit = e->transit;
  e->transit = r->arenas[0];
  Observer *observer = e->observer;
  const State *observed = e->observed;
  uint32_t here = e->here;
  e->observer = NULL;
  // Straight ways first; then those that go round a loop once more, for what the first round of a
  // loop cannot do
  bool found = search(r, last);
  if (!found) {
    r->length = r->ways = r->steps = 0;
    r->rounds = 1;
    found = search(r, last);
  }
  e->transit = transit;
  arena_free(r->arenas[0]);
  arena_free(r->arenas[1]);
  e->observer = observer;
  e->observed = observed;
  e->here = here;
  return found;
}
