/* lock-blocking: a lock is held while the thread waits for another thread, the network, the disk,
 * or sleeps (ANALYSIS A.2, L5).
 *
 * A wait is no fault where it is what the lock is for: a lock around a log file or a connection
 * keeps others from just that. So what counts is the lock whose other sections are short. */
#include "rule/rule.h"

enum { SHORT_SLEEP = 20, LONG_WAY = 3, COMMON = 4 }; // milliseconds; functions; classes of locks
enum { CHANCE = 3 }; // sections: more that wait alike, a third of all, do so by custom

static const char *wait_in_words(Pass *pass, const Blocking *b) {
  if (b->row->kind == WAIT_JOIN)
    return "this waits for a thread to end";
  if (b->row->kind == WAIT_CONDITION)
    return "this waits on a condition variable, which gives up another mutex only";
  switch (b->kind) {
  case BLOCK_THREAD:
    return "this waits for another thread or process";
  case BLOCK_NETWORK:
    return "this waits for the network";
  case BLOCK_SLEEP:
    return duration_in_words(pass, "this sleeps", b->milliseconds);
  default:
    return "this waits for the disk";
  }
}

/* Most who want the lock want it to do the same. Nobody needs a lock to sleep. */
static bool is_by_design(const Blocking *b) {
  if (!uses_mechanism("sections"))
    return false;
  if (b->kind == BLOCK_SLEEP)
    return b->sections > 2 && b->waiting * 2 > b->sections;
  bool at_hand = b->way_count == 1;
  if (b->kind != BLOCK_THREAD || at_hand || b->sections == 1)
    return b->waiting * 2 > b->sections;
  bool is_custom = b->waiting > CHANCE && b->waiting * 3 >= b->sections;
  return is_custom || b->waiting * 2 >= b->sections;
}

/* Who joins a thread that does not need the lock may know that it is about to end; and so may a
 * function that joins what others have started. */
static bool is_reaper(const Blocking *b) { return b->row->kind == WAIT_JOIN; }

/* Nobody's design, however many do it: who wants the lock does not sleep meanwhile. */
static bool is_spun_for(const Blocking *b) {
  return b->spins && b->kind != BLOCK_DISK && b->runs && uses_mechanism("spinning");
}

/* It never ends: lock-order tells. */
static bool is_deadlock(const Blocking *b) { return b->row->kind == WAIT_JOIN && b->is_needed; }

/* A log, that everybody writes to whatever he holds. */
static bool is_common(const Blocking *b) { return b->classes >= COMMON; }

static Confidence confidence_of(const Blocking *b) {
  bool timed = b->row->kind == WAIT_CONDITION && (b->row->flags & WAIT_TIMED);
  if (is_spun_for(b))
    return b->by_pointer || b->may_be_instant ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
  bool is_short = b->milliseconds >= 0 && b->milliseconds < SHORT_SLEEP;
  if (b->kind == BLOCK_DISK || is_common(b) || !b->runs || is_short || is_by_design(b))
    return CONFIDENCE_INFO;
  bool doubtful = b->by_pointer || b->may_be_instant || b->is_shared || b->is_handed ||
                  (b->is_kept && b->kind != BLOCK_SLEEP);
  return doubtful || timed || is_reaper(b) || b->way_count > LONG_WAY ? CONFIDENCE_POSSIBLE
                                                                      : CONFIDENCE_LIKELY;
}

static bool is_told(const Blocking *b) {
  return !b->is_instant && b->milliseconds != 0 && !is_deadlock(b);
}

static bool is_same_wait(const Blocking *a, const Blocking *b) {
  return is_common(a) && is_common(b) && a->row->function == b->row->function &&
         a->row->instruction == b->row->instruction && uses_mechanism("common-wait");
}

/* What everybody comes to is one cause: it is told of who is nearest to it. */
static bool is_nearest(const Blocking *all, uint32_t count, uint32_t at, uint32_t *others) {
  *others = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (i == at || !is_told(&all[i]) || is_spun_for(&all[i]) || !is_same_wait(&all[i], &all[at]))
      continue;
    if (all[i].way_count < all[at].way_count || (all[i].way_count == all[at].way_count && i < at))
      return false;
    ++*others;
  }
  return true;
}

static void tell(Pass *pass, const Blocking *b, uint32_t others) {
  Finding *finding =
      report_there(pass, confidence_of(b), position_of(b->function, b->instruction, false), b->lock,
                   b->spins ? "the spin lock '%s' is held while %s" : "'%s' is held while %s",
                   b->name, wait_in_words(pass, b));
  note_there(pass, finding, STEP_EVENT, position_of(b->function, b->acquired, false),
             "'%s' is acquired here", b->name);
  note_waiting(pass, finding, b);
  if (*b->competitors)
    note_evidence(pass, finding, "locks of this class are taken in threads that begin with %s",
                  b->competitors);
  if (is_spun_for(b))
    note_evidence(pass, finding,
                  "who wants '%s' meanwhile does not sleep, but keeps a processor busy", b->name);
  note_evidence(pass, finding, "%u of the %u sections of the program that hold one wait as long",
                b->waiting, b->sections);
  if (others)
    note_evidence(pass, finding, "%u other functions come to the same wait with a lock held",
                  others);
}

static void on_blocking(Pass *pass, const Blocking *blocking, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t others = 0;
    bool is_alone = is_spun_for(&blocking[i]);
    if (is_told(&blocking[i]) && (is_alone || is_nearest(blocking, count, i, &others)))
      tell(pass, &blocking[i], others);
  }
}

const Rule lock_blocking = {
    .id = "lock-blocking",
    .name = "LockBlocking",
    .summary = "a lock is held while its thread waits",
    .references = "CWE-667 CWE-833 CERT-POS52-C",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_LOCK,
    .on_blocking = on_blocking,
};
