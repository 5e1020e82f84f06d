/* lock-destroyed: a lock is destroyed while it is held, while a thread still wants it, or used
 * after it was destroyed (ANALYSIS A.2, L10).
 *
 * An object that is freed with its lock held takes the lock along (L-F24): nobody can wait for it
 * any more who may still look at it, so that is of confidence info. */
#include <string.h>

#include "rule/rule.h"

enum { SURE_FUNCTIONS = 4 }; // from where a thread begins to where it takes the lock

static void tell_destroyed(Pass *pass, const Transition *t) {
  const LockEntry *lock = &t->before;
  bool freed = t->kind == TRANSITION_FREED;
  // Who tried may know that nobody else is there
  bool doubtful = (lock->flags & LOCK_TRY) || is_released_by_callee(pass, t);
  Confidence confidence = freed      ? CONFIDENCE_INFO
                          : doubtful ? CONFIDENCE_POSSIBLE
                                     : CONFIDENCE_LIKELY;
  Finding *finding = report_at(pass, confidence, t->instruction, lock_class(pass, lock->place),
                               freed ? "'%s' is held while the memory it is in is freed"
                                     : "'%s' is destroyed while it is held",
                               lock_name_at(pass, lock));
  if (lock->acquired != NO_INSTRUCTION)
    note_lock(pass, finding, STEP_EVENT,
              &(LockEvent){lock->acquired, lock->place, false, "acquired"});
  note_path(pass, finding, t->state, lock->acquired);
  note_instruction(pass, finding, STEP_BREAK, t->instruction, "%s",
                   how(pass, t->instruction, freed ? "freed" : "destroyed"));
}

static void tell_gone(Pass *pass, const Transition *t) {
  TermId place = t->before.place;
  bool again = t->effect->action == ACTION_DESTROY;
  Finding *finding =
      report_at(pass, CONFIDENCE_LIKELY, t->instruction, lock_class(pass, place),
                again ? "'%s' is destroyed a second time" : "'%s' is used after it was destroyed",
                lock_name(pass, place));
  note_instruction(pass, finding, STEP_EVENT, t->before.since, "%s",
                   how(pass, t->before.since, "destroyed"));
  note_path(pass, finding, t->state, t->before.since);
  note_instruction(pass, finding, STEP_BREAK, t->instruction, "%s",
                   how(pass, t->instruction, again ? "destroyed" : "used"));
}

static void on_transition(Pass *pass, const Transition *t) {
  if (t->kind == TRANSITION_DESTROYED || t->kind == TRANSITION_FREED)
    tell_destroyed(pass, t);
  else if (t->kind == TRANSITION_GONE && !is_signal(pass, &t->before))
    tell_gone(pass, t);
}

/* Where the process ends nobody wants the lock any more, or not for long. */
static Confidence confidence_of(Pass *pass, const DeedRow *row, const WantedLock *wanted) {
  bool is_last = !strcmp(row->function->declared.key, "main") && !wanted->is_joined;
  bool in_doubt = is_last || wanted->is_ordered || wanted->way.by_pointer ||
                  wanted->way.count > SURE_FUNCTIONS || row->doubtful ||
                  detaches_itself(pass, wanted->created);
  return in_doubt ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
}

static void tell_wanted(Pass *pass, const DeedRow *row, const WantedLock *wanted) {
  Finding *finding = report_there(
      pass, confidence_of(pass, row, wanted), position_of(row->function, row->instruction, false),
      row->class_key, "'%s' is destroyed while the thread of '%s', which takes it, is not joined",
      row->object, wanted->thread);
  note_there(pass, finding, STEP_SPAWN, position_of(row->function, row->since, false),
             "a thread that runs '%s' is created here", wanted->thread);
  note_there(pass, finding, STEP_BREAK, position_of(row->function, row->instruction, false),
             "destroyed here; on this way nobody has joined it");
  note_there(pass, finding, STEP_EVENT,
             position_of(wanted->way.row->function, wanted->way.row->instruction, false),
             "the thread takes it");
}

static void on_deeds(Pass *pass, const DeedRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    WantedLock wanted;
    if (rows[i].did == DID_DESTROY && thread_wants(pass, &rows[i], &wanted))
      tell_wanted(pass, &rows[i], &wanted);
  }
}

const Rule lock_destroyed = {
    .id = "lock-destroyed",
    .name = "LockDestroyed",
    .summary = "a lock is destroyed while it is held or wanted, or used after that",
    .references = "CWE-667 CWE-672 CERT-CON31-C",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_LOCK,
    .on_transition = on_transition,
    .on_deeds = on_deeds,
};
