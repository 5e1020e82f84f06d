/* function.c - one function: the fixpoint, its ways out, and what the observer is told of them. */
#include "analysis/engine.h"

#include <string.h>

typedef struct {
  Exit *at;
  uint32_t count;
  size_t room;
} ExitList;

static void add_exit(Engine *e, ExitList *list, Exit exit) {
  list->at =
      arena_grow(e->arena, list->at, sizeof exit, list->count, &list->room, list->count + 1u);
  list->at[list->count++] = exit;
}

void engine_range_result(Engine *e, Exit *exit) {
  State *state = (State *)exit->state;
  if (!exit->result)
    return;
  engine_range(e, state, exit->result, &exit->low, &exit->high);
  Decision truth = engine_decide(e, state, exit->result);
  exit->no_zero = truth == YES;
  if (truth == NO)
    exit->low = exit->high = 0;
  else if (truth == YES && !exit->low)
    exit->low = 1;
  else if (truth == UNKNOWN && engine_is_error_number(e, exit->result)) { // `return errno`
    exit->low = 1;
    exit->no_zero = true;
  }
}

static void add_return(Engine *e, ExitList *list, State *after, const State *witness) {
  const Block *block = &e->f->blocks[witness->block];
  Exit exit = {.kind = EXIT_RETURN,
               .block = witness->block,
               .state = after,
               .witness = witness,
               .low = INT64_MIN,
               .high = INT64_MAX};
  if (block->value) {
    exit.result = engine_value(e, after, block->value);
    engine_note_returned(e, exit.result);
    engine_range_result(e, &exit);
  }
  add_exit(e, list, exit);
}

static void collect_exits(Engine *e, ExitList *list) {
  State *out[STATES_PER_BLOCK];
  for (uint32_t i = 0; i < e->cfg->order_count; i++) {
    Index b = e->cfg->order[i];
    for (State *state = e->blocks[b]; state; state = state->next) {
      uint32_t states = engine_run_block(e, state, out);
      for (uint32_t k = 0; k < states && e->f->blocks[b].terminator == TERM_RETURN; k++)
        add_return(e, list, state_copy(e->arena, out[k]), state);
      arena_reset(e->transit);
    }
  }
}

/* ---- ends of rounds */

/* After the back edge this lock is one of a family: its own name is gone. */
static bool loses_name(const State *after, const LockEntry *lock) {
  for (uint32_t i = 0; i < after->lock_count; i++)
    if (after->locks[i].acquired == lock->acquired && (after->locks[i].flags & LOCK_FAMILY))
      return true;
  return false;
}

static bool round_matters(const State *before, const State *after) {
  for (uint32_t i = 0; i < before->lock_count; i++) {
    const LockEntry *lock = &before->locks[i];
    if (lock->now == LOCK_RELEASED || (lock->now == LOCK_HELD && loses_name(after, lock)))
      return true;
  }
  return false;
}

static void collect_rounds(Engine *e, Index header, ExitList *list) {
  State *out[STATES_PER_BLOCK];
  for (uint32_t i = 0; i < e->cfg->predecessor_counts[header]; i++) {
    Index b = e->cfg->predecessors[header][i];
    if (e->cfg->position[b] == NO_BLOCK || !cfg_is_back_edge(e->cfg, b, header))
      continue;
    for (State *state = e->blocks[b]; state; state = state->next) {
      uint32_t states = engine_run_block(e, state, out);
      for (uint32_t k = 0; k < states; k++)
        for (uint32_t edge = 0; edge < e->f->blocks[b].edge_count; edge++) {
          if (e->f->edges[e->f->blocks[b].edges + edge].block != header)
            continue;
          State *after = engine_take_edge(e, out[k], b, edge);
          if (after && round_matters(out[k], after))
            add_exit(e, list,
                     (Exit){.kind = EXIT_ROUND,
                            .block = b,
                            .state = state_copy(e->arena, out[k]),
                            .witness = state});
        }
      arena_reset(e->transit);
    }
  }
}

static void observe_rounds(Engine *e, Observer *observer) {
  for (uint32_t i = 0; i < e->cfg->loop_count && observer->on_rounds; i++) {
    ExitList rounds = {0};
    collect_rounds(e, e->cfg->loops[i].header, &rounds);
    if (rounds.count > 1)
      observer->on_rounds(observer, e, rounds.at, rounds.count);
  }
}

const Summary *analysis_function(Analysis *analysis, const ProgramFunction *function,
                                 bool observe) {
  Engine e = {.analysis = analysis,
              .program = analysis->program,
              .function = function,
              .f = function->body,
              .arena = analysis->scratch,
              .transit = analysis->transit,
              .crossing = analysis->crossing,
              .terms = analysis->terms};
  arena_reset(analysis->scratch);
  terms_reset(analysis->terms);
  e.cfg = cfg_new(e.arena, e.f);
  if (observe && analysis->observer)
    analysis->observer->on_code(analysis->observer, &e);
  engine_prepare(&e);
  engine_run_coarser(&e);
  ExitList exits = {0};
  e.observer = NULL;
  collect_exits(&e, &exits);
  bool again = e.event_count && !(analysis->without & WITHOUT_PINS) &&
               engine_refine(&e, exits.at, exits.count);
  if (again) {
    bool degraded = e.degraded;
    engine_run(&e);
    if (e.degraded && !degraded) { // too fine: as it was
      e.degraded = false;
      e.degraded_why = NULL;
      e.branch_pin_count = e.call_pin_count = 0;
      engine_run(&e);
    }
  }
  if (again || observe) { // once more over the fixpoint, now with somebody who looks
    exits.count = 0;
    e.observer = observe ? analysis->observer : NULL;
    collect_exits(&e, &exits);
  }
  if (observe) {
    analysis->has_events = e.lock_event_count > 0;
    analysis->locks_itself = e.locks_itself;
    analysis->degraded[function->id] = e.degraded_why;
  }
  e.observer = observe ? analysis->observer : NULL;
  engine_find_leaks(&e, observe && e.observer && e.observer->on_leak && !e.degraded);
  e.observer = NULL;
  if (observe && analysis->observer && e.event_count) {
    observe_rounds(&e, analysis->observer);
    uint32_t returns = exits.count;
    for (uint32_t i = 0; i < e.thread_exit_count && !e.has_cleanup; i++)
      add_exit(&e, &exits, e.thread_exits[i]);
    analysis->observer->on_exits(analysis->observer, &e, exits.at, exits.count);
    exits.count = returns;
  }
  if (observe && analysis->observer)
    analysis->observer->on_done(analysis->observer, &e);
  return summarise(&e, exits.at, exits.count);
}
