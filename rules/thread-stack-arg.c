/* thread-stack-arg: the address of a local is given to a thread that can outlive it, or the same
 * loop variable to several threads (ANALYSIS A.1, T4 and T4b). */
#include "rule/rule.h"

static void on_transition(Pass *pass, const Transition *t) {
  if (t->kind != TRANSITION_DOUBLE)
    return;
  Finding *finding = report_at(pass, CONFIDENCE_LIKELY, t->instruction, "",
                               "the address of '%s' is given to every thread that is created "
                               "here, and the loop changes it",
                               lock_name(pass, t->before.place));
  note_path(pass, finding, t->state, t->before.acquired);
  note_instruction(pass, finding, STEP_BREAK, t->instruction,
                   "the next thread gets the same address");
}

static void on_exits(Pass *pass, const Partition *exits) {
  const LockEntry *lent = &exits->lock;
  if (exits->pattern == EXITS_UNHELD || !exits->held_count ||
      ((lent->flags & LOCK_FAMILY) && exits->joined) || ends_process(pass, exits->held) ||
      !is_feasible(pass, exits->held, lent))
    return;
  const char *name = lock_name(pass, lent->place);
  Finding *finding =
      report_at(pass, exits->doubtful ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY, lent->acquired, "",
                "the address of local '%s' is given to the thread that is created "
                "here, and the thread can outlive it",
                name);
  note_path(pass, finding, exits->held->witness, lent->acquired);
  note_exit(pass, finding, STEP_EVENT, exits->held,
            "'%s' is gone here, and nobody has joined the "
            "thread",
            name);
  if (exits->joined)
    note_exit(pass, finding, STEP_CONTRAST, exits->joined, "this path joins it before");
}

const Rule thread_stack_arg = {
    .id = "thread-stack-arg",
    .name = "ThreadStackArg",
    .summary = "the address of a local is given to a thread that can outlive it",
    .references = "CWE-562 CERT-CON34-C",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_FRAME,
    .on_transition = on_transition,
    .on_exits = on_exits,
};
