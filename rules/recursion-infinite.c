/* recursion-infinite: every way through a cycle of calls calls on, so it cannot end (ANALYSIS A.4,
 * R1). */
#include "rule/rule.h"

static void on_cycles(Pass *pass, const Recursions *recursions) {
  for (uint32_t i = 0; i < recursions->count; i++) {
    const Cycle *cycle = &recursions->cycles[i];
    const CycleCall *last = &cycle->calls[cycle->count - 1];
    const ProgramFunction *first = function_with(pass, cycle->calls[0].function),
                          *closing = function_with(pass, last->function);
    if (!cycle->endless)
      continue;
    Finding *finding =
        report_there(pass, cycle->tail ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY,
                     position_of(closing, last->instruction, false), first->declared.key,
                     "every way through '%s' comes to this call of '%s': it cannot end",
                     closing->declared.name, first->declared.name);
    for (uint32_t k = 0; k + 1 < cycle->count; k++)
      note_there(pass, finding, STEP_EVENT,
                 position_of(function_with(pass, cycle->calls[k].function),
                             cycle->calls[k].instruction, false),
                 "every way through '%s' comes to this call of '%s'",
                 function_with(pass, cycle->calls[k].function)->declared.name,
                 function_with(pass, cycle->calls[k + 1].function)->declared.name);
  }
}

const Rule recursion_infinite = {
    .id = "recursion-infinite",
    .name = "RecursionInfinite",
    .summary = "every way through a cycle of calls calls on",
    .references = "CWE-835 CWE-674",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_NONE,
    .on_cycles = on_cycles,
};
