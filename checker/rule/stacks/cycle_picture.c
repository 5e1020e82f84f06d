/* cycle_picture.c - see store/rounds.h. How sure a cycle is, is what the rule said that told it. */
#include <stdlib.h>
#include <string.h>

#include "rule/pass.h"

static RoundCall call_of(Pass *pass, const CycleCall *call) {
  const ProgramFunction *function = function_with(pass, call->function);
  RoundCall result = {.function = function->declared.name};
  result.path = place_of_call(pass, function, call->instruction, &result.line);
  return result;
}

static RoundCall *calls_of(Pass *pass, const CycleCall *calls, uint32_t count) {
  RoundCall *result = arena_new_array(pass->arena, RoundCall, count);
  for (uint32_t i = 0; i < count; i++)
    result[i] = call_of(pass, &calls[i]);
  return result;
}

static Confidence confidence_of(Pass *pass, const Cycle *cycle) {
  const CycleCall *last = &cycle->calls[cycle->count - 1];
  const ProgramFunction *first = function_with(pass, cycle->calls[0].function),
                        *closing = function_with(pass, last->function);
  for (size_t i = 0; i < pass->findings.count; i++) {
    Finding *finding = pass->findings.at[i];
    if (!finding || strncmp(finding->rule, "recursion-", strlen("recursion-")) ||
        finding->at.index != last->instruction ||
        strcmp(finding->at.function, closing->declared.key) ||
        strcmp(finding->object, first->declared.key))
      continue;
    doubt_missing(pass, finding);
    return finding->confidence;
  }
  return CONFIDENCE_INFO;
}

static CallRounds picture_of(Pass *pass, const Cycle *cycle) {
  Rounds rounds = rounds_of(pass, cycle);
  return (CallRounds){
      .object = function_with(pass, cycle->calls[0].function)->declared.key,
      .calls = calls_of(pass, cycle->calls, cycle->count),
      .count = cycle->count,
      .others = calls_of(pass, cycle->others, cycle->other_count),
      .other_count = cycle->other_count,
      .low = rounds.low,
      .high = rounds.high,
      .root = root_word(&rounds.root),
      .begins = function_with(pass, rounds.root.function)->declared.name,
      .budget = rounds.root.budget,
      .rounds = {rounds.least, rounds.most},
      .words = rounds_in_words(pass, &rounds),
      .depth = depth_in_words(cycle),
      .measure = cycle->measure,
      .by_pointer = cycle->by_pointer,
      .tail = cycle->tail,
      .endless = cycle->endless,
      .confidence = confidence_of(pass, cycle),
  };
}

/* The surest first, then what is full first. */
static int compare_cycles(const void *left, const void *right) {
  const CallRounds *a = left, *b = right;
  if (a->confidence != b->confidence)
    return a->confidence > b->confidence ? -1 : 1;
  if (a->rounds[0] != b->rounds[0])
    return a->rounds[0] < b->rounds[0] ? -1 : 1;
  int order = strcmp(a->calls->path, b->calls->path);
  return order ? order : (a->calls->line > b->calls->line) - (a->calls->line < b->calls->line);
}

CallCycles call_cycles(Pass *pass, const Recursions *recursions) {
  CallCycles all = {.cycles = arena_new_array(pass->arena, CallRounds, recursions->count),
                    .count = recursions->count,
                    .recursive = recursions->functions,
                    .too_large = recursions->too_large,
                    .too_many = recursions->too_many};
  for (uint32_t i = 0; i < all.count; i++)
    all.cycles[i] = picture_of(pass, &recursions->cycles[i]);
  if (all.count)
    qsort(all.cycles, all.count, sizeof *all.cycles, compare_cycles);
  return all;
}
