/* thread-uncreated: a handle is joined or detached on a path on which its thread was not created
 * (ANALYSIS A.1, T10): the handle holds nothing that may be joined. */
#include "rule/rule.h"

static void on_transition(Pass *pass, const Transition *t) {
  const LockEntry *thread = &t->before;
  if (t->kind != TRANSITION_NOT_HELD || !(thread->flags & THREAD_UNCREATED))
    return;
  Confidence confidence = is_told_here(pass, t) ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
  Finding *finding =
      report_at(pass, confidence, t->instruction, lock_class(pass, thread->place),
                "the thread in '%s' is joined or detached here, but its creation failed",
                lock_name_at(pass, thread));
  note_instruction(pass, finding, STEP_EVENT, thread->since, "its creation fails here");
  note_path(pass, finding, t->state, thread->since);
  note_instruction(pass, finding, STEP_BREAK, t->instruction, "%s",
                   how(pass, t->instruction, "joined or detached"));
}

/* Created on another way, so the handle is this function's own. */
static void on_exits(Pass *pass, const Partition *exits) {
  const LockEntry *thread = &exits->lock;
  if (exits->pattern != EXITS_UNHELD || (thread->flags & LOCK_FAMILY) ||
      !is_own_handle(pass, thread))
    return;
  bool plain = is_direct(pass, thread->since) && is_direct(pass, exits->released_lock.acquired);
  Finding *finding =
      report_at(pass, plain ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE, thread->since,
                lock_class(pass, thread->place),
                "the thread in '%s' is joined or detached here, but on this path it was never "
                "created",
                lock_name_at(pass, thread));
  note_path(pass, finding, exits->held->witness, NO_INSTRUCTION);
  note_instruction(pass, finding, STEP_BREAK, thread->since, "%s",
                   how(pass, thread->since, "joined or detached"));
  note_instruction(pass, finding, STEP_CONTRAST, exits->released_lock.acquired,
                   "this path creates it first");
}

const Rule thread_uncreated = {
    .id = "thread-uncreated",
    .name = "ThreadUncreated",
    .summary = "a handle is joined or detached though its thread was not created",
    .references = "CWE-457 CWE-908",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_THREAD,
    .on_transition = on_transition,
    .on_exits = on_exits,
};
