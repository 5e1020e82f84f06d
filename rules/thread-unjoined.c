/* thread-unjoined: a joinable thread that nobody joins or detaches (ANALYSIS A.1, T1).
 *
 * A handle that only one function knows is judged by the ways out of it. One that is kept in a
 * field, an array or a global is judged by the whole program: somebody has to join or detach a
 * thread of that class. A thread that frees the object with its own handle can only be detached:
 * sessions that end before the server does are such. */
#include <string.h>

#include "rule/rule.h"

static void on_transition(Pass *pass, const Transition *t) {
  const LockEntry *thread = &t->after;
  const char *class_key = lock_class(pass, thread->place);
  bool created = t->kind == TRANSITION_ACQUIRE || t->kind == TRANSITION_MOVED;
  if (!created || thread->now == LOCK_RELEASED || !*class_key)
    return;
  Confidence confidence = thread->now == LOCK_HELD ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
  Finding *finding =
      report_at(pass, confidence, thread->acquired, class_key,
                "the thread in '%s' is created here, and nobody joins or detaches it",
                lock_name_at(pass, thread));
  if (t->kind == TRANSITION_MOVED)
    note_instruction(pass, finding, STEP_EVENT, t->instruction, "its handle is kept here");
  defer_thread(pass, finding, thread, class_key);
  if (thread->now == LOCK_HELD && is_given_handle(pass, thread))
    defer_thread_given(
        pass,
        report_at(pass, CONFIDENCE_POSSIBLE, thread->acquired, class_key,
                  "the thread in '%s' is created here, and frees the memory of this handle: who "
                  "joins it comes too late, and nobody detaches it",
                  lock_name_at(pass, thread)),
        thread, class_key);
}

static void on_exits(Pass *pass, const Partition *exits) {
  const LockEntry *thread = &exits->lock;
  bool ways_differ = exits->pattern == EXITS_MIXED || exits->pattern == EXITS_HELD_ON_FAILURE ||
                     exits->pattern == EXITS_SEPARATED;
  if (exits->pattern == EXITS_UNHELD || !exits->held_count || thread->pre == LOCK_HELD ||
      thread->acquired == NO_INSTRUCTION || !is_own_handle(pass, thread) ||
      leaves_with(pass, exits->held, thread) || ends_process(pass, exits->held) ||
      !is_feasible(pass, exits->held, thread))
    return;
  bool joined = ways_differ && exits->joined;
  // Unsound: how many of an array were created and joined is not compared
  const Exit *held =
      joined && (thread->flags & LOCK_FAMILY) ? exit_before_join(pass, exits) : exits->held;
  if (!held)
    return;
  Confidence confidence = exits->doubtful ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
  const char *name = lock_name_at(pass, thread);
  Finding *finding =
      joined ? report_at_exit(pass, confidence, held, thread,
                              "the thread in '%s' is neither joined nor detached when '%s' "
                              "returns here",
                              name, function_name(pass))
             : report_at(pass, confidence, thread->acquired, lock_class(pass, thread->place),
                         "the thread in '%s' is created here, and '%s' neither joins nor "
                         "detaches it",
                         name, function_name(pass));
  if (joined) {
    note_instruction(pass, finding, STEP_EVENT, thread->acquired, "%s",
                     how(pass, thread->acquired, "created"));
    note_path(pass, finding, held->witness, thread->acquired);
    bool elsewhere = held->block != exits->joined->block;
    note_exit(pass, finding, STEP_CONTRAST, exits->joined, "%s",
              elsewhere                     ? "this path joins it before it returns"
              : thread->flags & LOCK_FAMILY ? "in later rounds, some have been joined"
                                            : "on another way to this return it was joined");
  } else {
    note_exit(pass, finding, STEP_EVENT, held, "the only handle is gone here");
  }
  defer_thread_at_exit(pass, finding, thread, held);
}

/* One variable for the handle, in a function that is registered and that nothing here is seen to
 * call twice: it may be what a module starts with. */
static bool is_made_for_one(Pass *pass, const ThreadRow *row) {
  const char *dot = strrchr(row->class_key, '.'); // of a field; sources have it in front of a colon
  return *row->class_key && (!dot || strchr(dot, ':')) &&
         is_of_callback(pass, row->function, row->instruction) && uses_mechanism("one-handle");
}

/* A thread that is made once, or a few times, and lives as long as the process is by design. One
 * that is joined on another way is not. */
static void rank(Pass *pass, const ThreadRow *row) {
  Finding *finding = deferred(pass, row->finding);
  Multiplicity often = runs_at(pass, row->function, row->instruction);
  bool few = often.runs == RUNS_ONCE || often.runs == RUNS_BOUNDED || often.runs == RUNS_COUNTED;
  if (few && !has_contrast(finding))
    finding->confidence = CONFIDENCE_INFO;
  if (often.runs == RUNS_ANY && is_made_for_one(pass, row) &&
      finding->confidence > CONFIDENCE_POSSIBLE)
    finding->confidence = CONFIDENCE_POSSIBLE;
  note_reason(pass, finding, row);
}

/* Somebody joins or detaches a thread of its class. A join is none for a thread that gives back the
 * memory of its handle when it ends. */
static bool is_ended(Pass *pass, const ThreadRow *rows, uint32_t count, const ThreadRow *row) {
  bool joined = count_threads(pass, rows, count, row->class_key, THREAD_JOINED);
  bool given = row->action == THREAD_GIVEN_HANDLE;
  return joined != given || (given && !frees_argument(pass, row)) ||
         count_threads(pass, rows, count, row->class_key, THREAD_ENDED_DETACHED);
}

static void on_threads(Pass *pass, const ThreadRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const ThreadRow *row = &rows[i];
    if (!is_claim(pass, row) || detaches_itself(pass, row) || is_told_inside(pass, row) ||
        is_detached_by_attributes(pass, row) || is_left_alone(pass, row))
      continue;
    if (*row->class_key) {
      if (is_ended(pass, rows, count, row))
        continue;
      uint32_t creations = count_threads(pass, rows, count, row->class_key, THREAD_CREATED);
      if (row->action == THREAD_CREATED)
        note_evidence(pass, deferred(pass, row->finding),
                      "%u place%s of the program create%s a thread in this field or global; none "
                      "joins or detaches one",
                      creations, creations == 1 ? "" : "s", creations == 1 ? "s" : "");
    }
    rank(pass, row);
    show(pass, row->finding);
  }
}

const Rule thread_unjoined = {
    .id = "thread-unjoined",
    .name = "ThreadUnjoined",
    .summary = "a joinable thread that nobody joins or detaches",
    .references = "CWE-404 CWE-772",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_THREAD,
    .on_transition = on_transition,
    .on_exits = on_exits,
    .on_threads = on_threads,
};
