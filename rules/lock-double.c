/* lock-double: a lock that is not recursive is acquired while the same thread certainly holds it,
 * directly or through a callee (ANALYSIS A.2, L2). A lock whose kind may have been set to recursive
 * somewhere caps the confidence. */
#include "rule/rule.h"

static void on_transition(Pass *pass, const Transition *t) {
  if (t->kind != TRANSITION_DOUBLE || t->before.acquired == NO_INSTRUCTION ||
      is_signal(pass, &t->before))
    return;
  TermId place = t->before.place;
  Confidence confidence = may_be_recursive(pass, place) ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
  Finding *finding =
      report_at(pass, confidence, t->instruction, lock_class(pass, place),
                "'%s' is acquired here, but it is already held", lock_name_at(pass, &t->before));
  note_lock(pass, finding, STEP_EVENT, &(LockEvent){t->before.acquired, place, false, "acquired"});
  note_path(pass, finding, t->state, t->before.acquired);
  note_lock(pass, finding, STEP_BREAK,
            &(LockEvent){t->instruction, place, false, "acquired again"});
}

const Rule lock_double = {
    .id = "lock-double",
    .name = "LockDouble",
    .summary = "a lock that is not recursive is acquired while it is held",
    .references = "CWE-764 CWE-833 MISRA-C-2012-22.18",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_LOCK,
    .on_transition = on_transition,
};
