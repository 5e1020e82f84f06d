/* thread-unbounded: threads that end by themselves are created without limit (ANALYSIS A.1, T5).
 *
 * Those that somebody joins are as many as there are handles, and those that nobody joins are
 * thread-unjoined's. What is left are detached ones: nobody knows how many there are. */
#include "rule/rule.h"

static bool is_detached(Pass *pass, const ThreadRow *rows, uint32_t count, const ThreadRow *row) {
  if (row->detached || detaches_itself(pass, row))
    return true;
  if (*row->class_key)
    return count_threads(pass, rows, count, row->class_key, THREAD_ENDED_DETACHED) &&
           !count_threads(pass, rows, count, row->class_key, THREAD_JOINED);
  bool joined = false, detached = false;
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].function == row->function && !*rows[i].class_key) {
      joined |= rows[i].action == THREAD_JOINED;
      detached |= rows[i].action == THREAD_ENDED_DETACHED;
    }
  return detached && !joined;
}

static void on_threads(Pass *pass, const ThreadRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const ThreadRow *row = &rows[i];
    if (row->action != THREAD_CREATED || row->finding != NO_FINDING || *row->through ||
        !is_detached(pass, rows, count, row))
      continue;
    Multiplicity often = runs_at(pass, row->function, row->instruction);
    if (often.runs != RUNS_ANY || often.assumed || is_limited(pass, row))
      continue;
    // calls through pointers close many circles that no run goes round
    Confidence confidence = is_by_recursion(pass, row) ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
    Finding *finding = report_there(
        pass, confidence, position_of(row->function, row->instruction, false), row->class_key,
        "a detached thread is created here again and again, and nothing limits how "
        "many run at once");
    note_reason(pass, finding, row);
    note_evidence(
        pass, finding,
        "no test on the way hangs on what the creation or the thread changes, and nothing "
        "there waits for a semaphore, a condition variable or a thread");
  }
}

const Rule thread_unbounded = {
    .id = "thread-unbounded",
    .name = "ThreadUnbounded",
    .summary = "detached threads are created without limit",
    .references = "CWE-770 CWE-400",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_THREAD,
    .on_threads = on_threads,
};
