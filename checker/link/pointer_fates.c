/* pointer_fates.c - see pointer_fates.h. Only functions that do something with a parameter take
 * part in the rounds; there are few. What is left in memory comes last: whether a thread picks it
 * up there is known when all is known that starts threads. */
#include "link/pointer_fates.h"

#include <string.h>

#include "base/guard.h"
#include "link/runs_graph.h"

enum {
  ROUNDS = 16,    // Unsound: a chain of wrappers that is longer ends in "later"
  CARRY_STEPS = 1 // calls between who stores and who creates, and between the thread and the call
};

typedef struct {
  PointerFate *parameters;
  uint32_t count; // those that flow somewhere
} FunctionFates;

struct PointerFates {
  Arena *arena;
  Program *program;
  FunctionFates *functions; // by id
  TextId now, once, thread, exit;
  bool changed;
};

static void merge_slot(PointerFates *fates, PointerFate *into, TextId slot) {
  for (uint32_t i = 0; i < into->slot_count; i++)
    if (into->slots[i] == slot)
      return;
  TextId *slots = arena_new_array(fates->arena, TextId, into->slot_count + 1u);
  if (into->slot_count)
    memcpy(slots, into->slots, sizeof *slots * into->slot_count);
  slots[into->slot_count++] = slot;
  into->slots = slots;
  fates->changed = true;
}

static void merge_repeats(PointerFates *fates, bool *into, Repeats *repeats, Repeats more) {
  if (*into && *repeats >= more)
    return;
  *repeats = more;
  *into = fates->changed = true;
}

static void merge_flag(PointerFates *fates, bool *into, bool from) {
  fates->changed |= from && !*into;
  *into |= from;
}

static Repeats larger(Repeats a, Repeats b) { return a > b ? a : b; }

/* What `from` does to a pointer that it gets that often. */
static void merge(PointerFates *fates, PointerFate *into, const PointerFate *from,
                  Repeats repeats) {
  if (from->now)
    merge_repeats(fates, &into->now, &into->now_repeats, larger(from->now_repeats, repeats));
  if (from->spawns)
    merge_repeats(fates, &into->spawns, &into->spawn_repeats, larger(from->spawn_repeats, repeats));
  merge_flag(fates, &into->once, from->once);
  merge_flag(fates, &into->later, from->later);
  merge_flag(fates, &into->exit, from->exit);
  for (uint32_t i = 0; i < from->slot_count; i++)
    merge_slot(fates, into, from->slots[i]);
}

/* ---- callees */

static bool is_parameter(const Summary *model, TermId value, uint32_t number) {
  const Term *term = value ? term_at(model->terms, value) : NULL;
  return term && term->kind == TERM_PARAM && term->a == number;
}

static void merge_effect(PointerFates *fates, PointerFate *into, const Summary *model,
                         const Effect *effect, uint32_t argument) {
  if (effect->action == ACTION_SPAWN && is_parameter(model, effect->other, argument))
    merge_repeats(fates, &into->spawns, &into->spawn_repeats, REPEATS_ONCE);
  if (effect->action != ACTION_CALL || !is_parameter(model, effect->place, argument))
    return;
  if (effect->text == fates->now) // qsort() calls it as often as it likes
    merge_repeats(fates, &into->now, &into->now_repeats, REPEATS_ANY);
  else if (effect->text == fates->once)
    merge_flag(fates, &into->once, true);
  else if (effect->text == fates->exit)
    merge_flag(fates, &into->exit, true);
  else
    merge_flag(fates, &into->later, true);
}

static PointerFate fate_by_model(PointerFates *fates, const Summary *model, uint32_t argument) {
  PointerFate fate = {.slot_count = 0};
  for (uint32_t i = 0; i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++)
      merge_effect(fates, &fate, model, &model->cases[i].effects[k], argument);
  if (!fate.now && !fate.spawns && !fate.once && !fate.later && !fate.exit)
    fate.later = true; // the model does not speak of it
  return fate;
}

static void merge_targets(PointerFates *fates, PointerFate *into, Targets targets,
                          uint32_t argument) {
  for (uint32_t i = 0; i < targets.count; i++) {
    const FunctionFates *target = &fates->functions[targets.ids[i]];
    if (argument < target->count)
      merge(fates, into, &target->parameters[argument], REPEATS_ONCE);
    else
      merge_flag(fates, &into->later, true); // it hides what it does with it
  }
}

PointerFate pointer_fate(PointerFates *fates, const ProgramFunction *caller, uint32_t callee,
                         uint32_t argument) {
  const FunctionLinks *links = caller->declared.links;
  PointerFate fate = {.slot_count = 0};
  bool before = fates->changed;
  if (callee == NO_CALLEE)
    return (PointerFate){.later = true};
  Targets targets = {.count = 0};
  const Summary *model = NULL;
  if (callee < links->call_count)
    model = runs_model(fates->program, caller, links->call_symbols[callee], &targets);
  else
    targets = program_slot_targets(fates->program, links->slot_symbols[callee - links->call_count]);
  if (model)
    fate = fate_by_model(fates, model, argument);
  else if (targets.count)
    merge_targets(fates, &fate, targets, argument);
  else
    fate.later = true;
  fates->changed = before; // that was no part of the fixpoint
  return fate;
}

/* ---- threads that run what is left in their record */

/* The function calls what is in the slot, once in each of its runs: a worker that takes one job
 * after another is none of the kind. */
static bool runs_what_is_in(const PointerFates *fates, uint32_t id, TextId slot, uint32_t steps) {
  const ProgramFunction *function = &fates->program->functions[id];
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->slot_count; i++)
    if (links->slot_symbols[i] == slot)
      return links->slot_sites[i].repeats == REPEATS_ONCE;
  for (uint32_t i = 0; i < links->flow_count; i++) {
    const PointerFlow *flow = &links->flows[i];
    if (flow->source == FLOW_SLOT && flow->fate == FLOW_CALLED &&
        text_find(fates->program->symbols, flow->slot) == slot)
      return flow->sites.repeats == REPEATS_ONCE;
  }
  for (uint32_t i = 0; i < links->call_count && steps; i++) {
    Targets targets = program_resolve(fates->program, function, links->call_symbols[i]);
    if (targets.count == 1 && links->call_sites[i].repeats == REPEATS_ONCE &&
        runs_what_is_in(fates, targets.ids[0], slot, steps - 1))
      return true;
  }
  return false;
}

/* It creates threads that call what is in the slot: `thread->start = start` in front of a
 * pthread_create() of a function of its own, which begins with `thread->start(thread->data)`.
 * Imprecise: that the record with the slot is the thread's argument is not asked. */
static bool carries(PointerFates *fates, const ProgramFunction *function, TextId slot,
                    uint32_t steps) {
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->flow_count; i++) {
    const PointerFlow *flow = &links->flows[i];
    if (flow->source != FLOW_FUNCTION || flow->fate != FLOW_PASSED ||
        !pointer_fate(fates, function, flow->callee, flow->argument).spawns)
      continue;
    Targets begun = program_resolve(fates->program, function, links->taken_symbols[flow->number]);
    for (uint32_t t = 0; t < begun.count; t++)
      if (runs_what_is_in(fates, begun.ids[t], slot, CARRY_STEPS))
        return true;
  }
  for (uint32_t i = 0; i < links->call_count && steps; i++) {
    Targets targets = program_resolve(fates->program, function, links->call_symbols[i]);
    if (targets.count == 1 &&
        carries(fates, &fates->program->functions[targets.ids[0]], slot, steps - 1))
      return true;
  }
  return false;
}

/* ---- the fixpoint */

static void follow_store(PointerFates *fates, const ProgramFunction *function,
                         const PointerFlow *flow, PointerFate *fate) {
  TextId slot = text_intern(fates->program->symbols, flow->target);
  if (guard_on("carried") && carries(fates, function, slot, CARRY_STEPS))
    merge_repeats(fates, &fate->spawns, &fate->spawn_repeats, flow->sites.repeats);
  else
    merge_slot(fates, fate, slot);
}

static void follow_parameter(PointerFates *fates, const ProgramFunction *function,
                             const PointerFlow *flow) {
  PointerFate *fate = &fates->functions[function->id].parameters[flow->number];
  switch (flow->fate) {
  case FLOW_CALLED:
    merge_repeats(fates, &fate->now, &fate->now_repeats, flow->sites.repeats);
    break;
  case FLOW_PASSED: {
    PointerFate passed = pointer_fate(fates, function, flow->callee, flow->argument);
    merge(fates, fate, &passed, flow->sites.repeats);
    break;
  }
  case FLOW_STORED:
    follow_store(fates, function, flow, fate);
    break;
  default:
    merge_flag(fates, &fate->later, true);
  }
}

static uint32_t parameters_that_flow(const FunctionLinks *links) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < links->flow_count; i++)
    if (links->flows[i].source == FLOW_PARAMETER && links->flows[i].number >= count)
      count = links->flows[i].number + 1;
  return count;
}

static void go_round(PointerFates *fates, bool with_stores) {
  Program *program = fates->program;
  fates->changed = true;
  for (uint32_t round = 0; round < ROUNDS && fates->changed; round++) {
    fates->changed = false;
    for (uint32_t i = 0; i < program->function_count; i++) {
      const FunctionLinks *links = program->functions[i].declared.links;
      for (uint32_t k = 0; k < links->flow_count && fates->functions[i].count; k++)
        if (links->flows[k].source == FLOW_PARAMETER &&
            (links->flows[k].fate != FLOW_STORED || with_stores))
          follow_parameter(fates, &program->functions[i], &links->flows[k]);
    }
  }
}

PointerFates *pointer_fates_new(Arena *arena, Program *program) {
  PointerFates *fates = arena_new_one(arena, PointerFates);
  *fates =
      (PointerFates){.arena = arena,
                     .program = program,
                     .functions = arena_new_array(arena, FunctionFates, program->function_count),
                     .now = text_intern(program->symbols, "now"),
                     .once = text_intern(program->symbols, "once"),
                     .exit = text_intern(program->symbols, "exit")};
  for (uint32_t i = 0; i < program->function_count; i++) {
    FunctionFates *function = &fates->functions[i];
    function->count = parameters_that_flow(program->functions[i].declared.links);
    if (function->count)
      function->parameters = arena_new_array(arena, PointerFate, function->count);
  }
  go_round(fates, false);
  go_round(fates, true);
  return fates;
}
