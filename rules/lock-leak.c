/* lock-leak: a lock is acquired and, on at least one way out, not released though the function's
 * contract says it is (ANALYSIS A.2, L1 and L8).
 *
 * "Held at exit" is a question of contract. Ways out that differ and that no caller can tell apart
 * are a defect here and now; so is a failure that keeps what success gives back. A function that
 * always, or by its result, returns with the lock held is judged by what its callers do: only a
 * root, which has no callers, is reported, and only when no other root releases that class. Who
 * hands out the locked object itself hands out the lock with it: a root may do that for callers
 * that the program does not hold.
 */
#include <stdio.h>
#include <string.h>

#include "rule/rule.h"

static void explain(Pass *pass, Finding *finding, const Partition *exits) {
  const LockEntry *lock = &exits->lock;
  if (lock->acquired != NO_INSTRUCTION)
    note_lock(pass, finding, STEP_EVENT,
              &(LockEvent){lock->acquired, lock->place, false, "acquired"});
  note_path(pass, finding, exits->held->witness, lock->acquired);
  if (exits->released)
    note_exit(pass, finding, STEP_CONTRAST, exits->released,
              "this path releases it before it returns");
}

/* Its declaration says that it returns with the lock, and on some way it does not. */
static void tell_broken_promise(Pass *pass, const Partition *exits) {
  const LockEntry *lock = &exits->lock;
  if (!is_feasible(pass, exits->held, lock))
    return;
  Finding *finding = report_at_exit(
      pass, exits->doubtful ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY, exits->released, lock,
      "'%s' is not held when '%s' returns here, but it is declared to acquire it",
      lock_name_at(pass, lock), function_name(pass));
  note_path(pass, finding, exits->released->witness, NO_INSTRUCTION);
  note_exit(pass, finding, STEP_CONTRAST, exits->held, "this path returns with it");
}

/* Elements that a callee goes through, and goes through once more for another call: how many there
 * are, none maybe, may be another number then. */
static bool is_taken_once_more(Pass *pass, const LockEntry *lock) {
  return (lock->flags & LOCK_FAMILY) && lock->acquired != NO_INSTRUCTION &&
         !is_direct(pass, lock->acquired) && is_called_again(pass, lock->acquired) &&
         uses_mechanism("callees-rounds");
}

static void on_exits(Pass *pass, const Partition *exits) {
  const LockEntry *lock = &exits->lock;
  if (exits->pattern == EXITS_UNHELD)
    return;
  bool promised = is_declared(pass, ACTION_ACQUIRE, lock->place);
  bool agrees = exits->pattern == EXITS_ALL_HOLD || exits->pattern == EXITS_SEPARATED;
  if ((exits->pattern == EXITS_ALL_RELEASE && !exits->held_count) || (promised && agrees)) {
    contract(pass, exits);
    return;
  }
  if (promised && exits->pattern == EXITS_MIXED) {
    tell_broken_promise(pass, exits);
    return;
  }
  if (!is_feasible(pass, exits->held, lock))
    return;
  bool certain = exits->pattern == EXITS_HELD_ON_FAILURE || exits->pattern == EXITS_MIXED;
  bool own = lock->pre == LOCK_RELEASED; // else the caller's lock, kept on some paths only
  bool plain = own && !exits->doubtful && !exits->is_kept && !is_signal(pass, lock) &&
               !is_taken_once_more(pass, lock);
  Confidence confidence = plain ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
  if (ends_process(pass, exits->held) && uses_mechanism("main-ends"))
    confidence = CONFIDENCE_INFO;
  if ((lock->flags & LOCK_COUNTING) && !(certain && own))
    return; // who takes a semaphore and does not give it back waits for a signal
  Finding *finding =
      report_at_exit(pass, confidence, exits->held, lock,
                     own ? "'%s' is still held when '%s' returns here"
                         : "'%s', held by the caller, is not released when '%s' returns here",
                     lock_name_at(pass, lock), function_name(pass));
  explain(pass, finding, exits);
  bool by_callee = lock->acquired != NO_INSTRUCTION && !is_direct(pass, lock->acquired);
  if (!certain || exits->left_function || by_callee)
    defer(pass, finding, exits);
}

/* A name that promises the lock to whoever calls it from outside the program. */
static bool name_promises(const char *name) {
  if (!uses_mechanism("promises"))
    return false;
  static const char *const words[] = {"lock",  "rdlock", "wrlock", "locked", "acquire",
                                      "enter", "begin",  "hold",   "take",   "grab",
                                      "start", "down",   "pause",  "freeze", "suspend"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    char tried[32];
    snprintf(tried, sizeof tried, "try%s", words[i]);
    if (has_word(name, words[i]) || has_word(name, tried))
      return true;
  }
  return false;
}

/* Locks without a class may be one as well as another. */
static bool same_class(const ContractRow *a, const ContractRow *b) {
  return !strcmp(a->class_key, b->class_key);
}

/* Another root gives back what this one takes: a protocol over two callbacks, threads or API calls.
 */
static bool handed_off(const ContractRow *rows, uint32_t count, const ContractRow *row) {
  if (!uses_mechanism("handoff"))
    return false;
  for (uint32_t i = 0; i < count; i++)
    if (same_class(&rows[i], row) && rows[i].pattern == EXITS_ALL_RELEASE && rows[i].root)
      return true;
  return false;
}

static uint32_t count_pattern(const ContractRow *rows, uint32_t count, const ContractRow *row,
                              ExitPattern pattern) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < count; i++)
    found += same_class(&rows[i], row) && rows[i].pattern == pattern;
  return found;
}

/* One of several callbacks or API calls gives the lock back by its outcome, another one always: who
 * calls them in turn gives it back twice, or not at all. */
static bool parts_disagree(const ContractRow *rows, uint32_t count, const ContractRow *row) {
  if (!row->sometimes || !row->root || row->finding == NO_FINDING)
    return false;
  for (uint32_t i = 0; i < count; i++)
    if (same_class(&rows[i], row) && rows[i].pattern == EXITS_ALL_RELEASE && rows[i].root &&
        !rows[i].sometimes)
      return true;
  return false;
}

enum { CALLS_DEEP = 8 };

/* What the way out with the lock leaves for others to call gives it back: here, or in the function
 * that took the lock for this one. */
static bool is_left_to_others(const ContractRow *rows, uint32_t count, const ContractRow *row,
                              int depth) {
  for (uint32_t i = 0; i < count; i++) {
    const ContractRow *other = &rows[i];
    if (!same_class(other, row))
      continue;
    if (other->pattern == EXITS_ALL_RELEASE && has_key(other->function, row->left_function))
      return true;
    if (other != row && other->pattern != EXITS_ALL_RELEASE && depth < CALLS_DEEP &&
        has_key(other->function, row->acquirer) && is_left_to_others(rows, count, other, depth + 1))
      return true;
  }
  return false;
}

/* No other function can do the other half: nobody calls it, or no caller gives the lock back. */
static bool is_broken(const Pass *pass, const ContractRow *rows, uint32_t count,
                      const ContractRow *row) {
  if (row->finding == NO_FINDING || row->pattern == EXITS_ALL_RELEASE ||
      handed_off(rows, count, row) || (row->named && name_promises(row->function->declared.name)))
    return false;
  return (row->root && !row->handed_out) ||
         (row->direct && row->pattern == EXITS_ALL_HOLD && !row->function->recursive &&
          !caller_gives_back(pass, row));
}

static void on_program(Pass *pass, const ContractRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const ContractRow *row = &rows[i];
    bool contradicts = row->pattern == EXITS_MIXED || row->pattern == EXITS_HELD_ON_FAILURE;
    if (contradicts && row->finding != NO_FINDING) {
      if (!is_left_to_others(rows, count, row, 0))
        show(pass, row->finding);
      continue;
    }
    if (parts_disagree(rows, count, row)) {
      note_evidence(pass, deferred(pass, row->finding),
                    "other functions that nobody calls either release it in any case");
      show(pass, row->finding);
    }
    if (!is_broken(pass, rows, count, row))
      continue;
    Finding *finding = deferred(pass, row->finding);
    uint32_t releasing = count_pattern(rows, count, row, EXITS_ALL_RELEASE);
    const char *name = row->function->declared.name;
    if (!row->root)
      note_evidence(pass, finding, "none of the %u callers of '%s' releases it",
                    row->function->caller_count, name);
    else if (releasing)
      note_evidence(pass, finding,
                    "nobody calls '%s'; %u functions release this lock, none after it", name,
                    releasing);
    else
      note_evidence(pass, finding,
                    "nobody calls '%s', and no function of the program that returns "
                    "with this lock held hands it to one that releases it",
                    name);
    show(pass, row->finding);
  }
}

const Rule lock_leak = {
    .id = "lock-leak",
    .name = "LockLeak",
    .summary = "a lock is still held on a way out that should have released it",
    .references = "CWE-667 CWE-772 MISRA-C-2012-22.16",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_LOCK,
    .on_exits = on_exits,
    .on_program = on_program,
};
