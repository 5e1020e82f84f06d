/* cond-wait: a wait on a condition variable after which nobody asks whether what it waits for has
 * happened, a wait without the mutex, and one variable with two mutexes (ANALYSIS A.2, L6, L7).
 *
 * Who calls a function that waits with its caller's mutex has to ask, so the finding stands in the
 * function that takes the mutex: the one that can mend it. */
#include <string.h>

#include "rule/rule.h"

static const char *name_of(const ConditionRow *row) {
  return *row->name ? row->name : "the condition";
}

static bool same_condition(const ConditionRow *a, const ConditionRow *b) {
  return *a->condition ? !strcmp(a->condition, b->condition)
                       : a->function == b->function && !strcmp(a->name, b->name);
}

static const char *last_part(const char *key) {
  const char *colon = strrchr(key, ':'), *dot = strrchr(key, '.');
  return colon ? colon + 1 : dot ? dot + 1 : key; // a file, or a struct, and a name in it
}

/* ---- steps */

static void note_wait(Pass *pass, Finding *finding, StepKind kind, const ConditionRow *row,
                      const ConditionRow *rows, uint32_t count) {
  note_there(pass, finding, kind, position_of(row->function, row->instruction, false),
             *row->callee ? "it waits in this call" : "it waits here");
  for (const ConditionRow *inner = rows; *row->callee && inner < rows + count; inner++)
    if (!inner->signals && !strcmp(inner->function->declared.key, row->callee)) {
      note_there(pass, finding, STEP_EVENT, position_of(inner->function, inner->instruction, false),
                 "and here inside of it");
      return;
    }
}

/* Somebody signals, and changes what was tested: after the wait it may be otherwise again. */
static void note_signal(Pass *pass, Finding *finding, const ConditionRow *wait,
                        const ConditionRow *rows, uint32_t count) {
  const ConditionRow *best = NULL;
  bool writes = false;
  for (const ConditionRow *row = rows; row < rows + count && !writes; row++)
    if (row->signals && same_condition(row, wait)) {
      writes = writes_memory(pass, row->function, wait->tested);
      best = !best || writes ? row : best;
    }
  if (best && writes)
    note_there(pass, finding, STEP_EVENT, position_of(best->function, best->instruction, false),
               "signalled here, by '%s', which sets '%s'", best->function->declared.name,
               last_part(wait->tested));
  else if (best)
    note_there(pass, finding, STEP_EVENT, position_of(best->function, best->instruction, false),
               "signalled here");
}

static void note_sibling(Pass *pass, Finding *finding, const ConditionRow *wait,
                         const ConditionRow *rows, uint32_t count) {
  for (const ConditionRow *row = rows; row < rows + count; row++)
    if (!row->signals && row->retest == RETEST_DONE && !row->timed && same_condition(row, wait)) {
      note_there(pass, finding, STEP_CONTRAST, position_of(row->function, row->instruction, false),
                 "this wait on it is repeated until a test says so");
      return;
    }
}

/* ---- nobody asks again */

/* Somebody signals without any lock, and no caller can hold one for him. */
static bool is_signalled_bare(const ConditionRow *wait, const ConditionRow *rows, uint32_t count) {
  for (const ConditionRow *row = rows; row < rows + count; row++)
    if (row->signals && row->hold == HOLD_NOT && same_condition(row, wait) &&
        is_uncalled(row->function))
      return true;
  return false;
}

/* The thread that will signal is created while the mutex is held: when it takes the mutex to do so,
 * no signal is lost, and no more than a wait that ends without cause can go wrong. */
static bool is_handshake(const Pass *pass, const ConditionRow *row, const ConditionRow *rows,
                         uint32_t count) {
  if (is_signalled_bare(row, rows, count))
    return false;
  for (const ThreadRow *created = next_creation(pass, NULL); created;
       created = next_creation(pass, created))
    if (created->function == row->function && created->instruction > row->since &&
        created->instruction < row->instruction)
      return true;
  return false;
}

/* A wait with a time limit that nobody tests anything around is a sleep that can be cut short. */
static Confidence naked_confidence(const Pass *pass, const ConditionRow *row,
                                   const ConditionRow *rows, uint32_t count) {
  if (row->timed)
    return *row->tested && row->retest == RETEST_NONE ? CONFIDENCE_POSSIBLE : CONFIDENCE_INFO;
  if (row->asks_after) // and who called may call again
    return CONFIDENCE_INFO;
  return row->hold == HOLD_HERE && !is_handshake(pass, row, rows, count) ? CONFIDENCE_LIKELY
                                                                         : CONFIDENCE_POSSIBLE;
}

static Finding *report_naked(Pass *pass, const ConditionRow *row, const ConditionRow *rows,
                             uint32_t count) {
  Confidence confidence = naked_confidence(pass, row, rows, count);
  Position at = position_of(row->function, row->instruction, false);
  if (row->retest == RETEST_STALE)
    return report_there(pass, confidence, at, row->condition,
                        "the wait on '%s' hangs on a test that is made without '%s': a signal "
                        "between the two is lost",
                        name_of(row), row->mutex_name);
  if (*row->tested)
    return report_there(pass, confidence, at, row->condition,
                        "the wait on '%s' is not repeated: '%s' is tested once, and a wait may end "
                        "without its having changed",
                        name_of(row), last_part(row->tested));
  return report_there(pass, confidence, at, row->condition,
                      "the wait on '%s' is in no loop that tests what it waits for: it may end "
                      "without cause, and misses a signal that came before",
                      name_of(row));
}

static void judge_naked(Pass *pass, const ConditionRow *row, const ConditionRow *rows,
                        uint32_t count) {
  if (row->retest == RETEST_DONE || (row->hold != HOLD_HERE && row->hold != HOLD_UNKNOWN))
    return;
  Finding *finding = report_naked(pass, row, rows, count);
  if (row->since != NO_INSTRUCTION)
    note_there(pass, finding, STEP_EVENT, position_of(row->function, row->since, false),
               "'%s' is acquired here", row->mutex_name);
  if (*row->tested && row->retest == RETEST_NONE)
    note_there(pass, finding, STEP_EVENT, position_of(row->function, row->test, true),
               "'%s' is tested here, once", last_part(row->tested));
  note_wait(pass, finding, STEP_BREAK, row, rows, count);
  note_signal(pass, finding, row, rows, count);
  note_sibling(pass, finding, row, rows, count);
}

/* ---- the mutex is not held */

/* The function that waits takes the mutex itself, when there is somebody to wait for. */
static bool is_held_inside(const ConditionRow *row, const ConditionRow *rows, uint32_t count) {
  for (const ConditionRow *inner = rows; *row->callee && inner < rows + count; inner++)
    if (!inner->signals && inner->hold == HOLD_HERE &&
        !strcmp(inner->function->declared.key, row->callee))
      return true;
  return false;
}

static void judge_hold(Pass *pass, const ConditionRow *row, const ConditionRow *rows,
                       uint32_t count) {
  bool at_root = row->hold == HOLD_BY_CALLER && row->is_plain && begins_thread(pass, row->function);
  if ((row->hold != HOLD_NOT && !at_root) || !*row->mutex_name || is_held_inside(row, rows, count))
    return;
  Finding *finding = report_there(
      pass, CONFIDENCE_LIKELY, position_of(row->function, row->instruction, false), row->mutex,
      "'%s' is not held at this wait on '%s'", row->mutex_name, name_of(row));
  if (row->since != NO_INSTRUCTION)
    note_there(pass, finding, STEP_EVENT, position_of(row->function, row->since, false),
               "'%s' is released here", row->mutex_name);
  note_wait(pass, finding, STEP_BREAK, row, rows, count);
  if (at_root)
    note_evidence(pass, finding, "'%s' is where a thread begins, and it has not acquired '%s'",
                  row->function->declared.name, row->mutex_name);
}

/* ---- two mutexes */

static bool binds(const ConditionRow *row) {
  return !row->signals && row->is_plain && *row->condition && *row->mutex;
}

static uint32_t count_binding(const ConditionRow *like, const ConditionRow *rows, uint32_t count) {
  uint32_t found = 0;
  for (const ConditionRow *row = rows; row < rows + count; row++)
    found += binds(row) && same_condition(row, like) && !strcmp(row->mutex, like->mutex);
  return found;
}

/* Of the same object, as far as the names of fields and globals tell. */
static bool same_owner(const char *a, const char *b) {
  const char *x = strrchr(a, '.'), *y = strrchr(b, '.');
  return x && y ? x - a == y - b && !strncmp(a, b, (size_t)(x - a)) : !x && !y;
}

/* Told once for each mutex that is less usual than another. */
static void judge_binding(Pass *pass, const ConditionRow *row, const ConditionRow *rows,
                          uint32_t count) {
  const ConditionRow *other = NULL;
  if (!binds(row))
    return;
  uint32_t own = count_binding(row, rows, count);
  for (const ConditionRow *r = rows; r < rows + count; r++) {
    if (!binds(r) || !same_condition(r, row))
      continue;
    if (!strcmp(r->mutex, row->mutex)) {
      if (r < row)
        return;
      continue;
    }
    uint32_t number = count_binding(r, rows, count);
    if (!other && (number > own || (number == own && r < row)))
      other = r;
  }
  if (!other)
    return;
  bool sure = same_owner(row->condition, row->mutex) && same_owner(row->condition, other->mutex);
  Finding *finding =
      report_there(pass, sure ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE,
                   position_of(row->function, row->instruction, false), row->condition,
                   "'%s' is waited for with '%s' here, and with '%s' in '%s'", name_of(row),
                   row->mutex_name, other->mutex_name, other->function->declared.name);
  note_wait(pass, finding, STEP_BREAK, row, rows, count);
  note_there(pass, finding, STEP_CONTRAST, position_of(other->function, other->instruction, false),
             "with '%s' here", other->mutex_name);
}

/* ---- who signals does not take the mutex */

static void judge_signal(Pass *pass, const ConditionRow *row, const ConditionRow *rows,
                         uint32_t count) {
  for (const ConditionRow *wait = rows; wait < rows + count; wait++) {
    const char *changed;
    if (wait->signals || wait->hold != HOLD_HERE || !same_condition(row, wait))
      continue;
    uint32_t store = changed_without_lock(pass, row, wait, &changed);
    if (store == NO_INSTRUCTION)
      continue;
    // with a limit of time it is late, not lost
    Finding *finding =
        report_there(pass, wait->timed ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY,
                     position_of(row->function, store, false), row->condition,
                     "'%s' is set without '%s': who has just tested it, and is about to wait on "
                     "'%s', misses the signal",
                     last_part(changed), wait->mutex_name, name_of(row));
    note_there(pass, finding, STEP_EVENT, position_of(row->function, row->instruction, false),
               "it is signalled here");
    if (wait->test != NO_BLOCK && !strcmp(wait->tested, changed))
      note_there(pass, finding, STEP_EVENT, position_of(wait->function, wait->test, true),
                 "'%s' is tested here, with the mutex", last_part(changed));
    note_wait(pass, finding, STEP_EVENT, wait, rows, count);
    return;
  }
}

static void on_conditions(Pass *pass, const ConditionRow *rows, uint32_t count) {
  for (const ConditionRow *row = rows; row < rows + count; row++) {
    if (row->signals) {
      judge_signal(pass, row, rows, count);
      continue;
    }
    judge_hold(pass, row, rows, count);
    judge_naked(pass, row, rows, count);
    judge_binding(pass, row, rows, count);
  }
}

const Rule cond_wait = {
    .id = "cond-wait",
    .name = "CondWait",
    .summary = "a condition wait without a loop that tests its predicate, or without its mutex",
    .references = "CERT-CON36-C CERT-POS53-C MISRA-C-2012-22.19",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_LOCK,
    .on_conditions = on_conditions,
};
