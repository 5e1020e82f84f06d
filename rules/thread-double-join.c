/* thread-double-join: a thread is joined or detached a second time, or joined though it was created
 * detached (ANALYSIS A.1, T3). */
#include "rule/rule.h"

static void on_transition(Pass *pass, const Transition *t) {
  const LockEntry *thread = &t->before;
  if (t->kind != TRANSITION_NOT_HELD || (thread->flags & THREAD_UNCREATED))
    return;
  bool detached = (thread->flags & THREAD_DETACHED) != 0;
  bool created = detached && thread->since == thread->acquired;
  Confidence confidence = is_told_here(pass, t) ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
  Finding *finding =
      report_at(pass, confidence, t->instruction, lock_class(pass, thread->place),
                detached ? "the thread in '%s' is joined or detached here, but it is detached"
                         : "the thread in '%s' is joined or detached here, but it was joined "
                           "before",
                lock_name_at(pass, thread));
  note_instruction(pass, finding, STEP_EVENT, thread->since, "%s",
                   created    ? how(pass, thread->since, "created detached")
                   : detached ? how(pass, thread->since, "detached")
                              : how(pass, thread->since, "joined"));
  note_path(pass, finding, t->state, thread->since);
  note_instruction(pass, finding, STEP_BREAK, t->instruction, "%s",
                   how(pass, t->instruction, "joined or detached again"));
}

const Rule thread_double_join = {
    .id = "thread-double-join",
    .name = "ThreadDoubleJoin",
    .summary = "a thread is joined or detached a second time",
    .references = "CWE-675 CERT-CON39-C MISRA-C-2012-22.11",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_THREAD,
    .on_transition = on_transition,
};
