/* thread-double-join: a thread is joined or detached a second time, or joined though it was created
 * detached (ANALYSIS A.1, T3). */
#include <string.h>

#include "rule/rule.h"

/* Joined or detached here, created elsewhere: always detached? */
static void on_end(Pass *pass, const Transition *t) {
  const char *class_key = lock_class(pass, t->before.place);
  if (!*class_key || t->before.acquired != NO_INSTRUCTION || !is_direct(pass, t->instruction))
    return;
  defer_thread_end(pass,
                   report_at(pass, CONFIDENCE_LIKELY, t->instruction, class_key,
                             "the thread in '%s' is joined or detached here, but it is created "
                             "detached",
                             lock_name_at(pass, &t->before)),
                   t);
}

/* What two callees do to a field may hang on flags that only they know; and whether two rounds of a
 * loop come by the same join, on what is read in them. */
static Confidence confidence_of(const Pass *pass, const Transition *t) {
  bool direct = is_direct(pass, t->before.since) || is_direct(pass, t->instruction);
  bool sure = is_told_here(pass, t) &&
              (t->before.since != t->instruction || is_in_every_round(pass, t->instruction));
  return sure ? CONFIDENCE_LIKELY : direct ? CONFIDENCE_POSSIBLE : CONFIDENCE_INFO;
}

static void on_transition(Pass *pass, const Transition *t) {
  const LockEntry *thread = &t->before;
  if (t->kind == TRANSITION_RELEASE)
    on_end(pass, t);
  if (t->kind != TRANSITION_NOT_HELD || (thread->flags & THREAD_UNCREATED))
    return;
  bool detached = (thread->flags & THREAD_DETACHED) != 0;
  bool created = detached && thread->since == thread->acquired;
  Finding *finding =
      report_at(pass, confidence_of(pass, t), t->instruction, lock_class(pass, thread->place),
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
  if (!is_told_here(pass, t) && !is_direct(pass, thread->since) && !is_direct(pass, t->instruction))
    defer_end_by_callees(pass, finding, t);
}

/* The creation of a class of threads that are all created detached, or NULL. */
static const ThreadRow *detached_creation(const ThreadRow *rows, uint32_t count,
                                          const char *class_key) {
  const ThreadRow *found = NULL;
  for (uint32_t i = 0; i < count; i++) {
    if (rows[i].finding != NO_FINDING || strcmp(rows[i].class_key, class_key) != 0)
      continue;
    if (rows[i].action == THREAD_ENDED_DETACHED ||
        (rows[i].action == THREAD_CREATED && !rows[i].detached))
      return NULL;
    if (rows[i].action == THREAD_CREATED && !found)
      found = &rows[i];
  }
  return found;
}

static void on_threads(Pass *pass, const ThreadRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const ThreadRow *created =
        is_claim(pass, &rows[i]) ? detached_creation(rows, count, rows[i].class_key) : NULL;
    if (!created)
      continue;
    note_there(pass, deferred(pass, rows[i].finding), STEP_EVENT,
               position_of(created->function, created->instruction, false),
               "every thread of this class is created detached, as here");
    show(pass, rows[i].finding);
  }
}

static void on_deeds(Pass *pass, const DeedRow *rows, uint32_t count) {
  show_innermost_ends(pass, rows, count);
}

const Rule thread_double_join = {
    .id = "thread-double-join",
    .name = "ThreadDoubleJoin",
    .summary = "a thread is joined or detached a second time",
    .references = "CWE-675 CERT-CON39-C MISRA-C-2012-22.11",
    .severity = SEVERITY_ERROR,
    .resource = RESOURCE_THREAD,
    .on_transition = on_transition,
    .on_threads = on_threads,
    .on_deeds = on_deeds,
};
