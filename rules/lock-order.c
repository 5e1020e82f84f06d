/* lock-order: threads take locks in a circle, so each may wait for the next for ever (ANALYSIS A.2,
 * L4). What speaks against a circle - a gate, a try, threads that never meet - is looked at before
 * a rule sees it. */
#include "rule/rule.h"

static void tell(Pass *pass, const LockCircle *circle) {
  const LockOrder *order = circle->edges[0].order;
  const char *from = class_in_words(pass, order->from), *to = class_in_words(pass, order->to);
  const char *others = circle->count == 2 ? "elsewhere it is the other way round"
                                          : "the way back leads over other locks";
  Finding *finding = report_there(pass, circle->confidence, taken_at(order), from,
                                  "'%s' is acquired here while '%s' is held, and %s: a deadlock",
                                  to, from, others);
  for (uint32_t i = 0; i < circle->count; i++)
    note_order(pass, finding, &circle->edges[i]);
  note_gates(pass, finding, circle);
}

static void on_circles(Pass *pass, const LockCircle *circles, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    tell(pass, &circles[i]);
}

static void on_order_against(Pass *pass, const LockOrder *order) {
  enum { NEAR_CALLS = 4 };
  const char *from = class_in_words(pass, order->from), *to = class_in_words(pass, order->to);
  bool is_near = order->call_count <= NEAR_CALLS && !(order->from_flags & HELD_FROM_ROUND);
  Finding *finding =
      report_there(pass, is_near ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE, taken_at(order), from,
                   "'%s' is acquired here while '%s' is held, and its declaration says that it "
                   "comes before that one",
                   to, from);
  note_order(pass, finding, &(CircleEdge){order, ""});
}

static void tell_wait(Pass *pass, const LockWait *wait) {
  const char *lock = class_in_words(pass, wait->lock);
  Position at = position_of(wait->wait->function, wait->wait->instruction, false);
  Finding *finding;
  if (wait->thread)
    finding = report_there(pass, wait->confidence, at, lock,
                           "the thread of '%s' is joined here while '%s' is held, which that "
                           "thread takes: a deadlock",
                           wait->thread, lock);
  else
    finding = report_there(pass, wait->confidence, at, lock,
                           "'%s' is waited for here while '%s' is held, and who signals it needs "
                           "that lock first: a deadlock",
                           class_in_words(pass, wait->wait->symbol), lock);
  note_lock_wait(pass, finding, wait);
  if (!wait->thread)
    note_evidence(pass, finding, "all %u places that signal '%s' hold '%s'", wait->signals,
                  class_in_words(pass, wait->wait->symbol), lock);
}

static void on_lock_waits(Pass *pass, const LockWait *waits, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    tell_wait(pass, &waits[i]);
}

/* ---- two of one class */

static Finding *report_pair(Pass *pass, const LockPair *pair) {
  const char *lock = class_in_words(pass, pair->row->class_symbol);
  Position at = position_of(pair->row->function, pair->row->instruction, false);
  switch (pair->problem) {
  case PAIR_BOTH_WAYS:
    return report_there(pass, CONFIDENCE_LIKELY, at, lock,
                        "a second '%s' is acquired here while one is held, and elsewhere the same "
                        "two are acquired the other way round: a deadlock",
                        lock);
  case PAIR_AGAINST:
    return report_there(pass, CONFIDENCE_LIKELY, at, lock,
                        "which '%s' comes first is asked, and both orders occur all the same: a "
                        "deadlock",
                        lock);
  case PAIR_ROUND:
    return report_there(pass, CONFIDENCE_LIKELY, at, lock,
                        "a second '%s' is acquired here, the next one in the ring: a deadlock when "
                        "each thread holds one",
                        lock);
  case PAIR_DRAWN:
    return report_there(
        pass, CONFIDENCE_LIKELY, at, lock,
        "a second '%s' is acquired here while one is held, and the two are any two: "
        "a deadlock if another thread has them the other way round",
        lock);
  default:
    return report_there(pass, CONFIDENCE_POSSIBLE, at, lock,
                        "a second '%s' is acquired here while one is held, in whichever order the "
                        "arguments come: a deadlock if two threads give the same two",
                        lock);
  }
}

static void note_pair(Pass *pass, Finding *finding, const PairRow *row,
                      const ProgramFunction *caller, uint32_t call, bool is_other) {
  if (caller)
    note_there(pass, finding, STEP_EVENT, position_of(caller, call, false),
               is_other ? "'%s' gives them the other way round" : "'%s' gives the two",
               caller->declared.name);
  if (is_other && caller)
    return;
  note_there(pass, finding, STEP_EVENT, position_of(row->function, row->acquired, false),
             "'%s' takes one", row->function->declared.name);
  note_there(pass, finding, is_other ? STEP_EVENT : STEP_BREAK,
             position_of(row->function, row->instruction, false), "and the other");
}

static void on_lock_pairs(Pass *pass, const LockPair *pairs, uint32_t count) {
  for (const LockPair *pair = pairs; pair < pairs + count; pair++) {
    Finding *finding = report_pair(pass, pair);
    note_pair(pass, finding, pair->row, pair->caller, pair->call, false);
    if (pair->other)
      note_pair(pass, finding, pair->other, pair->other_caller, pair->other_call, true);
  }
}

const Rule lock_order = {
    .id = "lock-order",
    .name = "LockOrder",
    .summary = "threads can take locks in a circle, and then wait for each other for ever",
    .references = "CWE-833 CERT-CON35-C",
    .severity = SEVERITY_WARNING,
    .on_circles = on_circles,
    .on_order_against = on_order_against,
    .on_lock_waits = on_lock_waits,
    .on_lock_pairs = on_lock_pairs,
};
