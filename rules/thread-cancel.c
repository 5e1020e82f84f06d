/* thread-cancel: a thread is cancelled that may hold a lock then, or that can be cancelled at any
 * instruction (ANALYSIS A.1, T6).
 *
 * The finding stands at the pthread_cancel, once for each function that such a thread runs, however
 * many locks are at stake: to cancel it is the one decision that is to be made anew. */
#include <string.h>

#include "rule/rule.h"

enum { SHORT_WAY = 5 };

/* What may go wrong in the functions that one thread runs, nearest to its first function. */
typedef struct {
  const DeedRow *held;     // at a cancellation point
  const DeedRow *anywhere; // done although the thread may be cancelled at any instruction
  const DeedRow *guarded;  // held where a cancellation does no harm
  uint32_t other_locks;
  const Reached *reached;
} Harm;

static bool is_nearer(const DeedRow *a, const DeedRow *b, const Reached *reached) {
  return reached[a->function->id].rank < reached[b->function->id].rank;
}

static void keep_nearer(const DeedRow **best, const DeedRow *row, const Reached *reached) {
  if (!*best || is_nearer(row, *best, reached))
    *best = row;
}

static bool is_held_before(const DeedRow *rows, const DeedRow *row, const Reached *reached) {
  for (const DeedRow *other = rows; other < row; other++)
    if (other->did == row->did && reached[other->function->id].rank != NOT_REACHED &&
        same_object(other, row))
      return true;
  return false;
}

static Harm find_harm(const DeedRow *rows, uint32_t count, const Reached *reached) {
  Harm harm = {.reached = reached};
  uint32_t locks = 0;
  for (const DeedRow *row = rows; row < rows + count; row++) {
    if (reached[row->function->id].rank == NOT_REACHED)
      continue;
    if (row->did == DID_HOLD_AT_POINT) {
      locks += !is_held_before(rows, row, reached);
      keep_nearer(&harm.held, row, reached);
    } else if (row->did == DID_RISK) {
      keep_nearer(&harm.anywhere, row, reached);
    } else if (row->did == DID_HOLD_GUARDED) {
      keep_nearer(&harm.guarded, row, reached);
    }
  }
  harm.other_locks = locks ? locks - 1 : 0;
  return harm;
}

/* Where in the function that is called the thread waits. */
static void note_point(Pass *pass, Finding *finding, const DeedRow *held, const DeedRow *rows,
                       uint32_t count) {
  const Reached *reached = reached_bare(pass, held->function, held->other);
  const DeedRow *point = NULL;
  for (const DeedRow *row = rows; reached && row < rows + count; row++)
    if (row->did == DID_REACH_POINT && reached[row->function->id].rank != NOT_REACHED)
      keep_nearer(&point, row, reached);
  note_there(pass, finding, STEP_EVENT, position_of(held->function, held->instruction, false),
             point ? "still held, and in this call the thread may be cancelled"
                   : "still held, and the thread may be cancelled here");
  if (point)
    note_there(pass, finding, STEP_EVENT, position_of(point->function, point->instruction, false),
               "it may be cancelled here");
}

/* Is what goes wrong sure to matter? At the end of the process nobody takes the lock any more, who
 * cancels threads in the handler of a signal is about to die (nothing of it may be done there), and
 * on a long way there are conditions that are not judged together. */
static Confidence confidence_of(Pass *pass, const DeedRow *cancel, const DeedRow *row,
                                const Harm *harm) {
  const Reached *reached = &harm->reached[row->function->id];
  bool at_end = runs_at(pass, cancel->function, cancel->instruction).life == LIFE_TEARDOWN;
  bool dying = is_of_signal(pass, cancel->function, cancel->instruction);
  return row->doubtful || reached->by_pointer || reached->calls > SHORT_WAY || at_end || dying
             ? CONFIDENCE_POSSIBLE
             : CONFIDENCE_LIKELY;
}

static void tell_held(Pass *pass, const DeedRow *cancel, const ThreadRow *created, const Harm *harm,
                      const DeedRow *rows, uint32_t count) {
  const DeedRow *held = harm->held;
  Finding *finding =
      report_there(pass, confidence_in(cancel, confidence_of(pass, cancel, held, harm)),
                   position_of(cancel->function, cancel->instruction, false), cancel->class_key,
                   "the thread that is cancelled here may hold '%s', which stays "
                   "locked then",
                   held->object);
  note_there(pass, finding, STEP_EVENT, position_of(created->function, created->instruction, false),
             "the thread is created here");
  note_there(pass, finding, STEP_EVENT, position_of(held->function, held->since, false),
             "it acquires '%s' here", held->object);
  note_point(pass, finding, held, rows, count);
  note_way(pass, finding, harm->reached, held);
  if (harm->guarded)
    note_there(pass, finding, STEP_CONTRAST,
               position_of(harm->guarded->function, harm->guarded->instruction, false),
               "'%s' is held here, where the cancellation is held back or a handler cleans up",
               harm->guarded->object);
  if (harm->other_locks)
    note_evidence(pass, finding, "it may hold %u other lock%s at a cancellation point",
                  harm->other_locks, harm->other_locks == 1 ? "" : "s");
}

static void tell_anywhere(Pass *pass, const DeedRow *cancel, const ThreadRow *created,
                          const Harm *harm) {
  const DeedRow *risk = harm->anywhere;
  Finding *finding =
      report_there(pass, confidence_in(cancel, confidence_of(pass, cancel, risk, harm)),
                   position_of(cancel->function, cancel->instruction, false), cancel->class_key,
                   "the thread that is cancelled here may be in the middle of '%s': it can be "
                   "cancelled at any instruction",
                   risk->object);
  note_there(pass, finding, STEP_EVENT, position_of(created->function, created->instruction, false),
             "the thread is created here");
  note_there(pass, finding, STEP_EVENT, position_of(risk->function, risk->since, false),
             "from here on it can be cancelled at any instruction");
  note_there(pass, finding, STEP_EVENT, position_of(risk->function, risk->instruction, false),
             "'%s' is not safe to be cancelled in", risk->object);
  note_way(pass, finding, harm->reached, risk);
}

static bool was_told(const Pass *pass, const ThreadRow *created, const DeedRow *cancel) {
  for (const ThreadRow *other = next_creation(pass, NULL); other != created;
       other = next_creation(pass, other))
    if (is_about_thread(cancel, other) && !strcmp(other->entry, created->entry))
      return true;
  return false;
}

static void judge_cancel(Pass *pass, const DeedRow *cancel, const DeedRow *rows, uint32_t count) {
  for (const ThreadRow *created = next_creation(pass, NULL); created;
       created = next_creation(pass, created)) {
    if (!is_about_thread(cancel, created) || was_told(pass, created, cancel))
      continue;
    const Reached *reached = reached_bare(pass, created->function, created->entry);
    Harm harm = reached ? find_harm(rows, count, reached) : (Harm){0};
    bool held_first =
        !harm.anywhere || (harm.held && !is_nearer(harm.anywhere, harm.held, reached));
    if (harm.held && held_first)
      tell_held(pass, cancel, created, &harm, rows, count);
    else if (harm.anywhere)
      tell_anywhere(pass, cancel, created, &harm);
  }
}

static void on_deeds(Pass *pass, const DeedRow *rows, uint32_t count) {
  for (const DeedRow *cancel = rows; cancel < rows + count; cancel++)
    if (cancel->did == DID_CANCEL)
      judge_cancel(pass, cancel, rows, count);
}

const Rule thread_cancel = {
    .id = "thread-cancel",
    .name = "ThreadCancel",
    .summary = "a thread is cancelled that may hold a lock then",
    .references = "CWE-667 CERT-POS47-C",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_THREAD,
    .on_deeds = on_deeds,
};
