/* analysis.c - the bottom-up pass: every component of the call graph after those it calls. */
#include "analysis/engine.h"

#include <string.h>

enum { RECURSION_ROUNDS = 4 };

static void collect_exits(Engine *e, Exit **exits, uint32_t *count) {
  State *out[STATES_PER_BLOCK];
  size_t room = 0;
  for (uint32_t i = 0; i < e->cfg->order_count; i++) {
    Index b = e->cfg->order[i];
    const Block *block = &e->f->blocks[b];
    for (State *state = e->blocks[b]; state; state = state->next) {
      uint32_t states = engine_run_block(e, state, out);
      for (uint32_t k = 0; k < states && block->terminator == TERM_RETURN; k++) {
        Exit exit = {
            .block = b, .state = out[k], .witness = state, .low = INT64_MIN, .high = INT64_MAX};
        if (block->value) {
          exit.result = engine_value(e, out[k], block->value);
          engine_range(e, out[k], exit.result, &exit.low, &exit.high);
          exit.no_zero = engine_decide(e, out[k], exit.result) == YES;
        }
        *exits = arena_grow(e->arena, *exits, sizeof exit, *count, &room, *count + 1u);
        (*exits)[(*count)++] = exit;
      }
    }
  }
}

static const Summary *analyse_function(Analysis *analysis, ProgramFunction *function,
                                       bool observe) {
  Engine e = {.analysis = analysis,
              .program = analysis->program,
              .function = function,
              .f = function->body,
              .arena = analysis->scratch,
              .terms = analysis->terms};
  arena_reset(analysis->scratch);
  terms_reset(analysis->terms);
  e.cfg = cfg_new(e.arena, e.f);
  engine_prepare(&e);
  engine_run(&e);
  e.observer = observe ? analysis->observer : NULL;
  Exit *exits = NULL;
  uint32_t count = 0;
  collect_exits(&e, &exits, &count);
  analysis->engine_steps += e.visits;
  if (observe) {
    analysis->lock_functions += e.event_count > 0;
    analysis->degraded[function->id] = e.degraded_why;
  }
  if (e.observer && e.observer->on_exits)
    e.observer->on_exits(e.observer, &e, exits, count);
  e.observer = NULL;
  return summarise(&e, exits, count);
}

/* Nothing is known yet of a member of a cycle: it does not return. Rounds make that true or not. */
static const Summary *unreached(Analysis *analysis) {
  Summary *summary = arena_new_one(analysis->run, Summary);
  summary->terms = analysis->terms;
  return summary;
}

static bool round_of(Analysis *analysis, uint32_t first, uint32_t last) {
  Program *program = analysis->program;
  bool changed = false;
  for (uint32_t i = first; i < last; i++) {
    ProgramFunction *function = &program->functions[program->order[i]];
    const Summary *summary = analyse_function(analysis, function, false);
    changed |= !hash_equal(summary->hash, function->summary->hash);
    function->summary = summary;
  }
  return changed;
}

static void analyse_component(Analysis *analysis, uint32_t first, uint32_t last) {
  Program *program = analysis->program;
  bool recursive = program->functions[program->order[first]].recursive;
  if (recursive) {
    for (uint32_t i = first; i < last; i++)
      program->functions[program->order[i]].summary = unreached(analysis);
    for (int round = 0; round < RECURSION_ROUNDS; round++)
      if (!round_of(analysis, first, last))
        break;
  }
  for (uint32_t i = first; i < last; i++) {
    ProgramFunction *function = &program->functions[program->order[i]];
    const Summary *summary = analyse_function(analysis, function, true);
    function->summary = summary;
  }
}

void analysis_run(Analysis *analysis) {
  Program *program = analysis->program;
  analysis->scratch = arena_new();
  analysis->terms = terms_new();
  analysis->degraded = arena_new_array(analysis->run, const char *, program->function_count);
  for (uint32_t i = 0; i < program->component_count; i++) {
    uint32_t first = program->component_starts[i], last = program->component_starts[i + 1];
    if (!(program->functions[program->order[first]].body->flags & FUNCTION_INITIALISER))
      analyse_component(analysis, first, last);
  }
  terms_free(analysis->terms);
  arena_free(analysis->scratch);
}
