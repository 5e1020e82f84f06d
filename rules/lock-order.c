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

const Rule lock_order = {
    .id = "lock-order",
    .name = "LockOrder",
    .summary = "threads can take locks in a circle, and then wait for each other for ever",
    .references = "CWE-833 CERT-CON35-C",
    .severity = SEVERITY_WARNING,
    .on_circles = on_circles,
    .on_lock_waits = on_lock_waits,
};
