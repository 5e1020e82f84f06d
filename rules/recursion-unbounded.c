/* recursion-unbounded: a cycle of calls whose depth nothing in the code bounds (ANALYSIS A.4, R2).
 *
 * What moves along the cycle says what the depth hangs on, and with that how sure it is that
 * somebody can make it large: text that is read and lists can be as long as anybody likes, a tree
 * is as high as the program that builds it lets it be. */
#include <string.h>

#include "rule/rule.h"

/* So many levels there can be at most: do they fit? */
static Confidence confidence_of_levels(uint32_t deepest, const Rounds *rounds) {
  if (rounds->most < deepest)
    return CONFIDENCE_LIKELY;
  return rounds->least < deepest ? CONFIDENCE_POSSIBLE : CONFIDENCE_INFO;
}

/* A path has no more than PATH_MAX bytes, or than there is room for, and every folder takes two of
 * them: that many levels may fit. */
static Confidence confidence_of_folders(const Cycle *cycle, const Rounds *rounds) {
  enum { LONGEST_PATH = 4096 };
  bool is_small = cycle->buffer && cycle->buffer < LONGEST_PATH;
  uint32_t deepest = (is_small ? cycle->buffer : LONGEST_PATH) / 2;
  return cycle->beyond_paths ? CONFIDENCE_LIKELY : confidence_of_levels(deepest, rounds);
}

static Confidence confidence_of(const Cycle *cycle, const Rounds *rounds) {
  enum { LONG = 4 }; // the longer the way, the less is it one idea
  if (cycle->tail || cycle->kind == DEPTH_UNKNOWN ||
      (cycle->by_pointer && cycle->kind != DEPTH_INPUT))
    return CONFIDENCE_INFO; // layers that call the next one by its table are as many as were set up
  if (cycle->kind == DEPTH_FOLDER)
    return confidence_of_folders(cycle, rounds);
  if (cycle->kind == DEPTH_INPUT && cycle->text && !cycle->by_pointer)
    return confidence_of_levels(cycle->text, rounds);
  bool is_open = cycle->kind == DEPTH_INPUT || (cycle->kind == DEPTH_LIST && cycle->fed);
  bool is_weak = cycle->by_pointer || cycle->count > LONG;
  return is_open && !is_weak ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
}

static void note_cycle(Pass *pass, Finding *finding, const Cycle *cycle) {
  for (uint32_t i = 0; i + 1 < cycle->count; i++) {
    const ProgramFunction *caller = function_with(pass, cycle->calls[i].function),
                          *callee = function_with(pass, cycle->calls[i + 1].function);
    note_there(pass, finding, STEP_EVENT, position_of(caller, cycle->calls[i].instruction, false),
               "'%s' calls '%s' here", caller->declared.name, callee->declared.name);
  }
  enum { OTHERS = 6 };
  for (uint32_t i = 0; i < cycle->other_count && i < OTHERS; i++) {
    const ProgramFunction *caller = function_with(pass, cycle->others[i].function);
    note_there(pass, finding, STEP_EVENT, position_of(caller, cycle->others[i].instruction, false),
               "'%s' comes back to it here, too", caller->declared.name);
  }
  if (cycle->other_count > OTHERS)
    note_evidence(pass, finding, "%u more ways lead back to '%s'", cycle->other_count - OTHERS,
                  function_with(pass, cycle->calls[0].function)->declared.name);
}

static void tell(Pass *pass, const Cycle *cycle) {
  const CycleCall *last = &cycle->calls[cycle->count - 1];
  const ProgramFunction *first = function_with(pass, cycle->calls[0].function),
                        *closing = function_with(pass, last->function);
  const char *name = first->declared.name;
  Rounds rounds = rounds_of(pass, cycle);
  Finding *finding = report_there(
      pass, confidence_of(cycle, &rounds), position_of(closing, last->instruction, false),
      first->declared.key, "%s%s%s here, and nothing bounds how deep: %s",
      cycle->count == 1 ? "'" : "calls come back to '", name,
      cycle->count == 1 ? "' calls itself" : "'", depth_in_words(cycle));
  note_cycle(pass, finding, cycle);
  note_evidence(pass, finding, "%s takes %s bytes of the stack: %s",
                cycle->count == 1 ? "a call" : "a round",
                bytes_in_words(pass, rounds.low, rounds.high), rounds_in_words(pass, &rounds));
  const char *example = example_in_words(pass, cycle, &rounds);
  if (example)
    note_evidence(pass, finding, "%s", example);
  if (cycle->fed)
    note_evidence(pass, finding, "the list gets longer as long as there is something to read");
  if (cycle->text)
    note_evidence(pass, finding, "the longest text that callers give has %u bytes", cycle->text);
  if (*cycle->measure)
    note_evidence(pass, finding, "what moves is '%s'", cycle->measure);
  note_evidence(pass, finding,
                "searched for: a count that is tested against a limit, a range that is halved, a "
                "test of the stack, a condition that holds once");
}

static void on_cycles(Pass *pass, const Recursions *recursions) {
  for (uint32_t i = 0; i < recursions->count; i++)
    if (!recursions->cycles[i].endless)
      tell(pass, &recursions->cycles[i]);
}

const Rule recursion_unbounded = {
    .id = "recursion-unbounded",
    .name = "RecursionUnbounded",
    .summary = "nothing bounds how deep calls nest",
    .references = "CWE-674 MISRA-C-2012-17.2 CERT-MEM05-C",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_NONE,
    .on_cycles = on_cycles,
};
