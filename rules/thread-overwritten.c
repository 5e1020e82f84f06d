/* thread-overwritten: a handle is used for a new thread while the old one was neither joined nor
 * detached: nobody can join that any more (ANALYSIS A.1, T2). */
#include "rule/rule.h"

#include <string.h>

static void on_transition(Pass *pass, const Transition *t) {
  const LockEntry *old = &t->before;
  bool again = t->kind == TRANSITION_DOUBLE;
  if ((!again && t->kind != TRANSITION_LOST) || old->acquired == NO_INSTRUCTION)
    return;
  bool in_doubt =
      uses_mechanism("chosen-element") && is_chosen_by_callee(pass, old, t->instruction);
  Finding *finding =
      report_at(pass, in_doubt ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY, t->instruction,
                lock_class(pass, old->place),
                "'%s' is overwritten here, and the thread that it stood for was neither joined "
                "nor detached",
                lock_name_at(pass, old));
  note_instruction(pass, finding, STEP_EVENT, old->acquired, "%s",
                   how(pass, old->acquired, "created"));
  note_path(pass, finding, t->state, old->acquired);
  note_instruction(pass, finding, STEP_BREAK, t->instruction,
                   again && old->acquired == t->instruction
                       ? "the next one is created in the same place"
                   : again ? "another thread is created in the same place"
                           : "another value is stored");
  defer_thread(pass, finding, old, "");
}

/* Told already: a handle that one round of a loop does not give back is overwritten by whatever the
 * next round does with it. */
static bool is_told_before(Pass *pass, const ThreadRow *rows, uint32_t number) {
  const char *message = deferred(pass, rows[number].finding)->message;
  for (uint32_t i = 0; i < number; i++)
    if (rows[i].function == rows[number].function && is_claim(pass, &rows[i]) &&
        !strcmp(deferred(pass, rows[i].finding)->message, message))
      return true;
  return false;
}

static void on_threads(Pass *pass, const ThreadRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!is_claim(pass, &rows[i]) || detaches_itself(pass, &rows[i]) ||
        is_detached_by_attributes(pass, &rows[i]) || is_told_before(pass, rows, i))
      continue;
    Finding *finding = deferred(pass, rows[i].finding);
    Multiplicity often = runs_at(pass, rows[i].function, rows[i].instruction);
    // Workers that live as long as the process
    if (often.runs != RUNS_ANY && !is_ended_somewhere(pass, rows, count, &rows[i]))
      finding->confidence = CONFIDENCE_INFO;
    show(pass, rows[i].finding);
  }
}

const Rule thread_overwritten = {
    .id = "thread-overwritten",
    .name = "ThreadOverwritten",
    .summary = "a handle is reused while its thread was neither joined nor detached",
    .references = "CWE-404 CWE-772",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_THREAD,
    .on_transition = on_transition,
    .on_threads = on_threads,
};
