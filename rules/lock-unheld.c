/* lock-unheld: a lock is released that is certainly not held (ANALYSIS A.2, L3).
 *
 * Reported only after an explicit release on the same path, or when the lock was made on it: a
 * release without any acquire may be the caller's lock, and is a contract (judged by lock-leak at
 * the callers). */
#include "rule/rule.h"

static bool is_done_by_callees(const Pass *pass, const Transition *t) {
  return !is_direct(pass, t->before.since) && !is_direct(pass, t->instruction);
}

/* The callee says that it has to be called with the lock held. */
static void tell_expected(Pass *pass, const Transition *t) {
  TermId place = t->before.place;
  if (is_signal(pass, &t->before))
    return;
  Finding *finding = report_at(pass, CONFIDENCE_LIKELY, t->instruction, lock_class(pass, place),
                               "'%s' is not held here, but '%s' is declared to need it",
                               lock_name_at(pass, &t->before), callee_at(pass, t->instruction));
  note_lock(pass, finding, STEP_EVENT, &(LockEvent){t->before.since, place, true, "released"});
  note_path(pass, finding, t->state, t->before.since);
}

/* The caller's lock, and only callees give it back: who of them should not have is a guess. */
static bool is_told_by_callees(const Pass *pass, const Transition *t) {
  return t->before.pre == LOCK_HELD && is_done_by_callees(pass, t);
}

static void tell_untaken(Pass *pass, const Transition *t) {
  TermId place = t->before.place;
  Finding *finding =
      report_at(pass, CONFIDENCE_LIKELY, t->instruction, lock_class(pass, place),
                "'%s' is released here, but nobody has taken it", lock_name_at(pass, &t->before));
  note_instruction(pass, finding, STEP_EVENT, t->before.since, "%s",
                   how(pass, t->before.since, "initialised"));
  note_path(pass, finding, t->state, t->before.since);
  note_lock(pass, finding, STEP_BREAK, &(LockEvent){t->instruction, place, true, "released"});
}

static void on_transition(Pass *pass, const Transition *t) {
  if (t->kind == TRANSITION_UNTAKEN && !is_signal(pass, &t->before))
    tell_untaken(pass, t);
  if (t->kind != TRANSITION_NOT_HELD || is_signal(pass, &t->before))
    return;
  if (t->effect && t->effect->action == ACTION_EXPECT) {
    tell_expected(pass, t);
    return;
  }
  TermId place = t->before.place;
  bool in_doubt = is_told_by_callees(pass, t) || is_up_to_callee(pass, t);
  Finding *finding =
      report_at(pass, in_doubt ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY, t->instruction,
                lock_class(pass, place), "'%s' is released here, but it is not held",
                lock_name_at(pass, &t->before));
  note_lock(pass, finding, STEP_EVENT, &(LockEvent){t->before.since, place, true, "released"});
  note_path(pass, finding, t->state, t->before.since);
  note_lock(pass, finding, STEP_BREAK, &(LockEvent){t->instruction, place, true, "released again"});
  if (finding->confidence <= CONFIDENCE_POSSIBLE && is_done_by_callees(pass, t))
    defer_end_by_callees(pass, finding, t);
}

/* The function takes the lock itself on another way, so it is not the caller's. */
static void on_exits(Pass *pass, const Partition *exits) {
  const LockEntry *lock = &exits->lock;
  if (exits->pattern != EXITS_UNHELD || is_signal(pass, lock) || (lock->flags & LOCK_FAMILY) ||
      is_declared(pass, ACTION_EXPECT, lock->place) || !is_direct(pass, lock->since) ||
      !is_direct(pass, exits->released_lock.acquired))
    return;
  Confidence confidence = is_filled_in(pass, lock->place) ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
  Finding *finding =
      report_at(pass, confidence, lock->since, lock_class(pass, lock->place),
                "'%s' is released here, but it is not held", lock_name_at(pass, lock));
  note_path(pass, finding, exits->held->witness, NO_INSTRUCTION);
  note_instruction(pass, finding, STEP_BREAK, lock->since, "%s",
                   how(pass, lock->since, "released"));
  note_instruction(pass, finding, STEP_CONTRAST, exits->released_lock.acquired,
                   "this path acquires it first");
}

static void on_deeds(Pass *pass, const DeedRow *rows, uint32_t count) {
  show_innermost_ends(pass, rows, count);
}

const Rule lock_unheld = {
    .id = "lock-unheld",
    .name = "LockUnheld",
    .summary = "a lock is released that is not held",
    .references = "CWE-832 CWE-765 MISRA-C-2012-22.17",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_LOCK,
    .on_transition = on_transition,
    .on_exits = on_exits,
    .on_deeds = on_deeds,
};
