/* thread-no-exit: a thread is joined that can never end (ANALYSIS A.1, T7).
 *
 * A thread without an end is no fault, and neither is a main that waits for one: the program lives
 * by it. Waiting for it when the program is to go on, or to stop, is. And a loop that asks a
 * variable whether to stop was meant to stop. */
#include <string.h>

#include "rule/rule.h"

static void on_transition(Pass *pass, const Transition *t) {
  bool joins = t->kind == TRANSITION_RELEASE && t->effect && t->effect->action == ACTION_JOIN;
  if (!joins || (!is_direct(pass, t->instruction) && !is_own_handle(pass, &t->before)))
    return;
  Finding *finding = report_at(
      pass, CONFIDENCE_LIKELY, t->instruction, lock_class(pass, t->before.place),
      "'%s' is joined here, and the thread can never end", lock_name(pass, t->before.place));
  defer_thread_end(pass, finding, t);
}

/* Main does nothing else than to wait for it, or nobody has begun to do anything. */
static bool is_lived_by(const ThreadRow *joined, Multiplicity often) {
  bool in_main = !strcmp(joined->function->declared.key, "main");
  return !(often.life & LIFE_TEARDOWN) && (in_main || !(often.life & LIFE_RUN));
}

static void tell(Pass *pass, const ThreadRow *joined, const ThreadRow *created, Ending ending) {
  Finding *finding = deferred(pass, joined->finding);
  Multiplicity often = runs_at(pass, joined->function, joined->instruction);
  if (ending.kind == ENDS_NEVER && is_lived_by(joined, often))
    finding->confidence = CONFIDENCE_INFO;
  else if (often.assumed)
    finding->confidence = CONFIDENCE_POSSIBLE; // others may set the variable
  const ProgramFunction *looping = ending.function;
  note_there(pass, finding, STEP_EVENT, position_of(created->function, created->instruction, false),
             "the thread is created here");
  if (ending.kind == ENDS_NEVER)
    note_there(pass, finding, STEP_EVENT, position_of(looping, ending.block, true),
               "this loop in '%s' has no way out", looping->declared.name);
  else
    note_there(pass, finding, STEP_EVENT, position_of(looping, ending.block, true),
               "'%s' goes round until '%s' tells it to stop", looping->declared.name, ending.flag);
  if (ending.kind == ENDS_UNTOLD)
    note_evidence(pass, finding,
                  "%u place%s of the program store%s something in '%s'; none of it ends the loop",
                  ending.stores, ending.stores == 1 ? "" : "s", ending.stores == 1 ? "s" : "",
                  ending.flag);
  show(pass, joined->finding);
}

static void on_threads(Pass *pass, const ThreadRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const ThreadRow *created;
    if (rows[i].action != THREAD_JOINED || !is_claim(pass, &rows[i]) ||
        is_cancelled(pass, &rows[i]))
      continue;
    Ending ending = thread_ending(pass, rows, count, &rows[i], &created);
    if (ending.kind != ENDS && created)
      tell(pass, &rows[i], created, ending);
  }
}

const Rule thread_no_exit = {
    .id = "thread-no-exit",
    .name = "ThreadNoExit",
    .summary = "a thread is joined that can never end",
    .references = "CWE-833",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_THREAD,
    .on_transition = on_transition,
    .on_threads = on_threads,
};
