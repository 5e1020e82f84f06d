/* lock-race: data that several threads use is used without the lock that guards it elsewhere, or is
 * changed by several threads at once without any (ANALYSIS A.2, L9).
 *
 * Which lock guards a datum is what its declaration says, or most of its uses; who does without it
 * is a deviant. A
 * number that threads change at the same time, under no lock that they share, needs no such
 * statistics.
 */
#include <string.h>

#include "rule/rule.h"

enum { NEAR_CALLS = 6, DIRECT_CALLS = 2 };
static const double LEAST_COINCIDENCE = 2;

static bool is_written(const Use *use) { return use->access->flags & ACCESS_WRITE; }

static bool has_flag(const Datum *datum, uint32_t flags) {
  for (uint32_t i = 0; i < datum->count; i++)
    if (datum->uses[i].access->flags & flags)
      return true;
  return false;
}

/* ---- changes that are lost */

/* By a long way nearly everything can be reached, through panics and dumps. */
static bool is_near_thread(Pass *pass, const Use *use, const Use *other, uint32_t most) {
  uint32_t calls = calls_from_thread(pass, use);
  if (calls == NOT_REACHED)
    calls = calls_from_thread(pass, other);
  return calls <= most;
}

/* The new value hangs on the old one: of two that do so at once, one is lost. */
static bool is_update(const Use *use) {
  return is_written(use) && use->access->flags & ACCESS_UPDATE &&
         !(use->access->flags & ACCESS_ELEMENT) &&
         (use->access->base == BASE_GLOBAL || use->is_common);
}

static const Use *colliding(const Datum *datum, const Use *use) {
  for (uint32_t i = 0; i < datum->count; i++) {
    const Use *other = &datum->uses[i];
    if (is_update(other) && surely_meet(use, other) && !share_lock(use, other))
      return other;
  }
  return NULL;
}

/* A lock that is held for reading keeps the datum's object there, and nobody else away. */
static bool takes_lock(const Use *use) {
  for (uint32_t i = 0; i < use->held_count; i++)
    if (!(use->held[i].how & (HELD_NO_MORE | HELD_BY_CALLER | HELD_MAYBE | HELD_READ)))
      return true;
  return false;
}

static bool holds_for_reading(const Use *use) {
  for (uint32_t i = 0; i < use->held_count; i++)
    if (use->held[i].how & HELD_READ)
      return true;
  return false;
}

/* One of those who change it takes a lock to do so: it is not meant to be changed without. */
static bool is_locked_somewhere(const Datum *datum, const Use *use) {
  for (uint32_t i = 0; i < datum->count; i++)
    if ((is_update(&datum->uses[i]) || (is_written(&datum->uses[i]) && holds_for_reading(use))) &&
        takes_lock(&datum->uses[i]))
      return true;
  return false;
}

/* A number that decides something, or is what comes of the threads' work: no statistics, which may
 * be a little wrong, and no flag, which is set again. */
static bool is_exact(const Datum *datum, const Use *use, const Use *other) {
  return (datum->is_result || has_flag(datum, ACCESS_TESTED)) &&
         use->access->flags & other->access->flags & ACCESS_COUNT &&
         !has_flag(datum, ACCESS_VOLATILE);
}

/* Both do it while their threads begin, and whoever creates those waits for that; or a thread that
 * has ended the others puts in order what they leave. */
static bool is_ordered(Pass *pass, const Use *use, const Use *other) {
  return (are_over_at_start(pass, use, other) && uses_mechanism("start-awaited")) ||
         ((is_done_by_last(pass, use) || is_done_by_last(pass, other)) &&
          uses_mechanism("last-thread"));
}

static bool are_all_ordered(Pass *pass, const Datum *datum, const Use *use) {
  for (uint32_t i = 0; i < datum->count; i++) {
    const Use *other = &datum->uses[i];
    if (is_update(other) && surely_meet(use, other) && !share_lock(use, other) &&
        !is_ordered(pass, use, other))
      return false;
  }
  return true;
}

/* Two threads change it at the same time, whatever else guards it, and one change is lost. */
static Confidence confidence_of_loss(Pass *pass, const Datum *datum, const Use *use,
                                     const Use *other) {
  bool is_locked = is_locked_somewhere(datum, use);
  bool is_sure = is_near_thread(pass, use, other, is_locked ? NEAR_CALLS : DIRECT_CALLS) &&
                 !may_be_ordered(use, other);
  if (!is_locked)
    return is_sure && is_exact(datum, use, other) &&
                   !(uses_mechanism("race-tables") && is_between_pointers(pass, use)) &&
                   !are_all_ordered(pass, datum, use)
               ? CONFIDENCE_POSSIBLE
               : CONFIDENCE_INFO;
  return is_sure && !are_all_ordered(pass, datum, use) ? CONFIDENCE_CERTAIN : CONFIDENCE_POSSIBLE;
}

/* ---- a lock guards it */

/* A lock of another object may be held by chance, if it nearly always is. */
static bool is_no_chance(Pass *pass, const Datum *datum) {
  return datum->coincidence >= LEAST_COINCIDENCE || has_guard_beside(pass, datum);
}

/* Another use, with the lock, can happen meanwhile, and one of the two writes. */
static const Use *guarded_meeting(const Datum *datum, const Use *use) {
  const Use *found = NULL;
  for (uint32_t i = 0; i < datum->count; i++) {
    const Use *other = &datum->uses[i];
    bool meets = use_holds(other, datum->guard) >= HOLDS_READ &&
                 (is_written(use) || is_written(other)) && can_meet(use, other);
    if (meets && (!found || (is_written(other) && !is_written(found))))
      found = other;
  }
  return found;
}

/* Where some who call it hold the lock, or may, only what would be lost for sure is told. */
static bool is_without(const Datum *datum, const Use *use) {
  Holds how = use_holds(use, datum->guard);
  return how == HOLDS_NOT || (how == HOLDS_BY_SOME && use->access->flags & ACCESS_UPDATE);
}

/* It holds a lock that is known by a pointer, which may be any, or by the type that it is a part
 * of, which may be the one that guards under another name. */
static bool holds_doubtful(Pass *pass, const Use *use) {
  for (uint32_t i = 0; i < use->held_count; i++)
    if (!(use->held[i].how & HELD_NO_MORE) &&
        (use->held[i].how & HELD_POINTED || is_member_lock(pass, use->held[i].lock)))
      return true;
  return false;
}

static bool is_deviant(Pass *pass, const Datum *datum, const Use *use) {
  return is_without(datum, use) && !(use->access->flags & ACCESS_AGAIN) &&
         guarded_meeting(datum, use) && !is_unchecked(pass, use) &&
         !(datum->basis == GUARD_DECLARED && holds_doubtful(pass, use));
}

static bool holds_another(const Use *use) {
  for (uint32_t i = 0; i < use->held_count; i++)
    if (!(use->held[i].how & (HELD_NO_MORE | HELD_MAYBE)))
      return true;
  return false;
}

/* Who uses the datum takes the lock to do so; else it may be held for something else. */
static bool is_taken_for_it(const Datum *datum) {
  for (uint32_t i = 0; i < datum->count; i++)
    for (uint32_t k = 0; k < datum->uses[i].held_count; k++)
      if (datum->uses[i].held[k].lock == datum->guard &&
          !(datum->uses[i].held[k].how & (HELD_BY_CALLER | HELD_MAYBE | HELD_NO_MORE)))
        return true;
  return false;
}

/* A word that is read is often meant to be read so, and a volatile one to be used so; with another
 * lock, or before a thread starts, the datum may be nobody else's. Where few uses speak for the
 * guard, only a change that hangs on the old value is no beginning of something new. */
static bool is_no_initialisation(const Datum *datum, const Use *use) {
  uint32_t flags = use->access->flags;
  return flags & ACCESS_UPDATE ||
         (datum->basis > GUARD_BESIDE && !(flags & (ACCESS_VOLATILE | ACCESS_CONSTANT)));
}

/* Where no other thread may be there yet, or any more, nobody needs the lock. */
static Confidence confidence_of_declared(const Datum *datum, const Use *use, const Use *other) {
  if (use_holds(use, datum->guard) != HOLDS_NOT || use->is_before_start || use->is_after_join ||
      may_be_ordered(use, other))
    return CONFIDENCE_POSSIBLE;
  return surely_meet(use, other) ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
}

/* Statistics know nothing of work that is handed out one after the other: whoever has a part of it
 * to himself needs no lock. */
static Confidence confidence_of(Pass *pass, const Datum *datum, const Use *use, const Use *other) {
  if (datum->basis == GUARD_DECLARED)
    return confidence_of_declared(datum, use, other);
  bool is_told = is_written(use) && is_no_initialisation(datum, use) &&
                 use_holds(use, datum->guard) == HOLDS_NOT && !holds_another(use) &&
                 !use->is_before_start && is_taken_for_it(datum) &&
                 is_near_thread(pass, use, other, NEAR_CALLS);
  const Use *lost =
      is_told && is_update(use) && !has_flag(datum, ACCESS_HANDED) ? colliding(datum, use) : NULL;
  Confidence least = is_told ? CONFIDENCE_POSSIBLE : CONFIDENCE_INFO;
  Confidence loss = lost ? confidence_of_loss(pass, datum, use, lost) : CONFIDENCE_INFO;
  return loss > least ? loss : least;
}

/* Of a function the first deviant, and before reads what it writes. */
static const Use *worst_of(Pass *pass, const Datum *datum, uint32_t first, uint32_t end) {
  const Use *worst = NULL;
  for (uint32_t i = first; i < end; i++) {
    const Use *use = &datum->uses[i];
    if (is_deviant(pass, datum, use) && (!worst || (is_written(use) && !is_written(worst))))
      worst = use;
  }
  return worst;
}

static const char *verb_of(const Use *use) { return is_written(use) ? "written" : "read"; }

static void tell_deviants(Pass *pass, const Datum *datum, uint32_t first, uint32_t end) {
  const Use *worst = worst_of(pass, datum, first, end);
  if (!worst)
    return;
  const Use *other = guarded_meeting(datum, worst);
  const char *lock = lock_in_words(pass, datum->guard);
  const char *whence = datum->basis == GUARD_DECLARED
                           ? "by which its declaration says it is guarded"
                           : "which guards it elsewhere";
  Finding *finding =
      report_there(pass, confidence_of(pass, datum, worst, other), use_position(pass, worst),
                   datum_class(pass, datum), "'%s' is %s here without '%s', %s",
                   use_text(pass, worst), verb_of(worst), lock, whence);
  note_threads(pass, finding, worst->may >> 1 ? worst : other);
  for (uint32_t i = first; i < end; i++)
    if (&datum->uses[i] != worst && is_deviant(pass, datum, &datum->uses[i]))
      note_there(pass, finding, STEP_EVENT, use_position(pass, &datum->uses[i]), "%s here as well",
                 verb_of(&datum->uses[i]));
  note_there(pass, finding, STEP_BREAK, use_position(pass, worst), "%s here without '%s'",
             verb_of(worst), lock);
  note_there(pass, finding, STEP_CONTRAST, use_position(pass, other), "%s here with '%s' held",
             verb_of(other), lock);
  note_guarded(pass, finding, datum);
}

static void judge_guarded(Pass *pass, const Datum *datum) {
  for (uint32_t first = 0, end = 0; first < datum->count; first = end) {
    while (end < datum->count && datum->uses[end].function == datum->uses[first].function)
      end++;
    tell_deviants(pass, datum, first, end);
  }
}

/* ---- no lock does */

/* That holds least: there something is missing. */
static const Use *barest(const Datum *datum, const Use **other) {
  const Use *barest = NULL;
  for (uint32_t i = 0; i < datum->count; i++) {
    const Use *use = &datum->uses[i], *with = is_update(use) ? colliding(datum, use) : NULL;
    if (!with || (barest && use->held_count >= barest->held_count))
      continue;
    barest = use;
    *other = with;
  }
  return barest;
}

static void judge_unguarded(Pass *pass, const Datum *datum) {
  const Use *other = NULL, *use = barest(datum, &other);
  if (!use)
    return;
  Finding *finding = report_there(
      pass, confidence_of_loss(pass, datum, use, other), use_position(pass, use),
      datum_class(pass, datum),
      "'%s' is changed here by several threads at once, without a lock that they share",
      use_text(pass, use));
  note_threads(pass, finding, use->sure >> 1 ? use : other);
  for (uint32_t i = 0; i < datum->count; i++)
    if (&datum->uses[i] != use && is_update(&datum->uses[i]) && surely_meet(use, &datum->uses[i]))
      note_there(pass, finding, STEP_EVENT, use_position(pass, &datum->uses[i]),
                 "changed here as well");
  note_there(pass, finding, STEP_BREAK, use_position(pass, use), "changed here");
  if (datum->basis) // of few uses, which may be chance
    note_guarded(pass, finding, datum);
}

/* ---- set anew between a change and the next */

static bool holds_itself(const Use *use, TextId lock) {
  for (uint32_t i = 0; i < use->held_count; i++)
    if (use->held[i].lock == lock && !(use->held[i].how & (HELD_BY_CALLER | HELD_POINTED)))
      return use_holds(use, lock) == HOLDS;
  return false;
}

/* The lock that all uses but one take, and by which one changes the datum from its old value. */
static TextId lock_of_others(const Datum *datum, const Use *use) {
  TextId lock = 0;
  for (uint32_t i = 0; i < datum->count && !lock; i++)
    for (uint32_t k = 0; k < datum->uses[i].held_count && !lock; k++)
      if (is_update(&datum->uses[i]) && holds_itself(&datum->uses[i], datum->uses[i].held[k].lock))
        lock = datum->uses[i].held[k].lock;
  for (uint32_t i = 0; i < datum->count && lock; i++)
    if (&datum->uses[i] != use && !datum->uses[i].is_before_start &&
        !datum->uses[i].is_after_join && !holds_itself(&datum->uses[i], lock))
      return 0;
  return lock;
}

/* It has just taken the lock to read what it sets now. */
static bool knows_lock(const Datum *datum, const Use *use, TextId lock) {
  for (uint32_t i = 0; i < datum->count; i++)
    if (datum->uses[i].function == use->function && holds_itself(&datum->uses[i], lock))
      return true;
  return false;
}

/* `hits++` with the lock, `hits = 0` without: the sum that is about to be stored undoes it. */
static bool judge_reset(Pass *pass, const Datum *datum) {
  for (uint32_t i = 0; i < datum->count; i++) {
    const Use *use = &datum->uses[i], *other = NULL;
    if (!is_written(use) || is_update(use) || use->held_count || use->is_before_start ||
        use->is_after_join || use->access->base != BASE_GLOBAL ||
        use->access->flags & (ACCESS_VOLATILE | ACCESS_ELEMENT))
      continue;
    TextId lock = lock_of_others(datum, use);
    if (!lock || !knows_lock(datum, use, lock) || !(other = colliding(datum, use)) ||
        !(other->access->flags & ACCESS_COUNT))
      continue;
    Finding *finding =
        report_there(pass, CONFIDENCE_LIKELY, use_position(pass, use), datum_class(pass, datum),
                     "'%s' is set anew here without '%s', with which others change it: what they "
                     "are about to store undoes it",
                     use_text(pass, use), lock_in_words(pass, lock));
    note_threads(pass, finding, other->sure >> 1 ? other : use);
    note_there(pass, finding, STEP_BREAK, use_position(pass, use), "set here");
    note_there(pass, finding, STEP_CONTRAST, use_position(pass, other),
               "changed here with '%s' held", lock_in_words(pass, lock));
    return true;
  }
  return false;
}

static void on_races(Pass *pass, const Datum *data, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (has_flag(&data[i], ACCESS_ATOMIC))
      continue;
    if (!has_flag(&data[i], ACCESS_HANDED) && judge_reset(pass, &data[i]))
      continue;
    bool is_guarded = data[i].basis && data[i].held < data[i].count;
    if (is_guarded && (data[i].basis == GUARD_DECLARED || is_no_chance(pass, &data[i])))
      judge_guarded(pass, &data[i]);
    else if (!has_flag(&data[i], ACCESS_HANDED))
      judge_unguarded(pass, &data[i]);
  }
}

const Rule lock_race = {
    .id = "lock-race",
    .name = "LockRace",
    .summary = "data that a lock guards elsewhere is used without it",
    .references = "CWE-362 CWE-366",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_LOCK,
    .on_races = on_races,
};
