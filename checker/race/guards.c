/* guards.c - see guards.h. A datum with few uses says little by itself; the other members of its
 * record, or a lock that stands beside it, say more. */
#include "race/guards.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/guard.h"

/* How many of some uses, and in how many functions. */
typedef struct {
  uint32_t held, counted;
  uint32_t functions, bare_functions; // in which it is held; in which it is not, somewhere
  bool written;                       // with it, and with nobody beside who holds it for reading
} Tally;

/* A lock that some use of a datum holds for sure. */
typedef struct {
  TextId lock;
  Tally tally;
} Candidate;

typedef struct {
  const Program *program;
  ARRAY(uint32_t) lock_uses; // by text: uses that hold it
  uint32_t counted;          // all uses
  ARRAY(Candidate) candidates;
  ARRAY(size_t) firsts; // of each datum in `candidates`; one more at the end
} Inference;

/* ---- one lock, and some uses */

static void tally_function(const Use *uses, uint32_t count, TextId lock, Tally *tally) {
  bool held = false, bare = false;
  for (uint32_t i = 0; i < count; i++) {
    Holds how = use_holds(&uses[i], lock);
    tally->counted += how == HOLDS_NOT || how >= HOLDS_READ;
    tally->held += how >= HOLDS_READ;
    Holds alone = guard_on("race-writers-alone") ? HOLDS : HOLDS_READ;
    tally->written |= how >= alone && uses[i].access->flags & ACCESS_WRITE;
    held |= how >= HOLDS_READ;
    bare |= how == HOLDS_NOT;
  }
  tally->functions += held;
  tally->bare_functions += bare;
}

static Tally tally_of(const Datum *datum, TextId lock) {
  Tally tally = {0};
  for (uint32_t first = 0, end = 0; first < datum->count; first = end) {
    while (end < datum->count && datum->uses[end].function == datum->uses[first].function)
      end++;
    tally_function(datum->uses + first, end - first, lock, &tally);
  }
  return tally;
}

/* Beyond what the lock is held for anything, in standard deviations: one that is nearly always held
 * says little. */
static double coincidence_of(const Inference *x, TextId lock, uint32_t held, uint32_t counted) {
  double n = counted, share = x->lock_uses.at[lock] / (double)x->counted;
  double deviation = sqrt(n * share * (1 - share));
  return deviation > 0 ? (held - n * share) / deviation : 0;
}

static void add_candidates(Inference *x, const Datum *datum) {
  size_t first = x->candidates.count;
  array_push(&x->firsts, first);
  for (uint32_t i = 0; i < datum->count; i++)
    for (uint32_t k = 0; k < datum->uses[i].held_count; k++) {
      const Held *held = &datum->uses[i].held[k];
      bool known = !held->lock || held->how & (HELD_MAYBE | HELD_NO_MORE);
      for (size_t s = first; s < x->candidates.count && !known; s++)
        known = x->candidates.at[s].lock == held->lock;
      if (!known)
        array_push(&x->candidates, (Candidate){held->lock, tally_of(datum, held->lock)});
    }
}

static const Tally *candidate(const Inference *x, size_t datum, TextId lock) {
  for (size_t i = x->firsts.at[datum]; i < x->firsts.at[datum + 1]; i++)
    if (x->candidates.at[i].lock == lock)
      return &x->candidates.at[i].tally;
  return NULL;
}

static void count_locks(Inference *x, const Datum *data, uint32_t count) {
  while (x->lock_uses.count < text_count(x->program->symbols))
    array_push(&x->lock_uses, 0);
  for (uint32_t d = 0; d < count; d++) {
    x->counted += data[d].count;
    for (uint32_t i = 0; i < data[d].count; i++)
      for (uint32_t k = 0; k < data[d].uses[i].held_count; k++)
        x->lock_uses.at[data[d].uses[i].held[k].lock] +=
            !(data[d].uses[i].held[k].how & HELD_MAYBE);
  }
}

static void set_guard(const Inference *x, Datum *datum, TextId lock, const Tally *tally,
                      GuardBasis basis) {
  datum->guard = lock;
  datum->basis = basis;
  datum->held = tally->held;
  datum->counted = tally->counted;
  datum->functions = tally->functions;
  datum->coincidence = coincidence_of(x, lock, tally->held, tally->counted);
}

/* ---- by its own uses */

static bool is_guarded(const Tally *tally) {
  enum { LEAST_USES = 4, LEAST_FUNCTIONS = 2 };
  return tally->counted >= LEAST_USES && tally->held * 5 >= tally->counted * 4 &&
         tally->functions >= LEAST_FUNCTIONS;
}

/* That is held most often by somebody who writes. */
static void find_guard(const Inference *x, Datum *datum, size_t number) {
  const Candidate *best = NULL;
  for (size_t i = x->firsts.at[number]; i < x->firsts.at[number + 1]; i++) {
    const Candidate *each = &x->candidates.at[i];
    bool better =
        !best || each->tally.held > best->tally.held ||
        (each->tally.held == best->tally.held && each->tally.counted < best->tally.counted);
    if (each->tally.written && better)
      best = each;
  }
  if (best)
    set_guard(x, datum, best->lock, &best->tally,
              is_guarded(&best->tally) ? GUARD_USES : GUARD_NONE);
}

/* ---- beside it */

/* A static lock, and only functions of its file use the datum. */
static bool is_of_one_file(const Program *program, const Datum *datum, const char *lock) {
  const char *colon = strrchr(lock, ':');
  bool is_there = colon && !strchr(lock, '#');
  for (uint32_t i = 0; i < datum->count && is_there; i++) {
    const char *source = program->functions[datum->uses[i].function].declared.source;
    is_there =
        strlen(source) == (size_t)(colon - lock) && !strncmp(source, lock, (size_t)(colon - lock));
  }
  return is_there;
}

/* Of one record, which may be a global. */
static bool is_member_beside(const Datum *datum, const char *lock) {
  uint64_t owner = owner_of_member(lock);
  uint32_t record = datum->uses[0].access->record;
  return owner == datum_owner(datum->datum) || (owner && owner == record);
}

bool guards_its_own(const Program *program, const Datum *datum) {
  const char *lock = text_of(program->symbols, datum->guard);
  bool both_global = !strchr(lock, '#') && datum->uses[0].access->base == BASE_GLOBAL;
  return both_global || is_member_beside(datum, lock) || is_of_one_file(program, datum, lock);
}

/* A lock of another record is one of many, and may be held by each who has another one of them. */
static bool is_of_another(const Inference *x, const Datum *datum) {
  const char *lock = text_of(x->program->symbols, datum->guard);
  return strchr(lock, '#') && !is_member_beside(datum, lock);
}

/* Of a file's globals more than one may be guarded by nothing. */
static bool is_beside(const Inference *x, const Datum *datum, TextId lock, const Tally *tally) {
  const double least_coincidence = 3;
  const char *key = text_of(x->program->symbols, lock);
  return is_member_beside(datum, key) ||
         (coincidence_of(x, lock, tally->held, tally->counted) >= least_coincidence &&
          is_of_one_file(x->program, datum, key));
}

/* Who writes it elsewhere takes the lock that stands beside it to do so. */
static void find_beside(const Inference *x, Datum *datum, size_t number) {
  if (datum->basis == GUARD_USES && !is_of_another(x, datum))
    return;
  for (size_t i = x->firsts.at[number]; i < x->firsts.at[number + 1]; i++) {
    TextId lock = x->candidates.at[i].lock;
    const Tally *tally = &x->candidates.at[i].tally;
    if (tally->written && tally->functions >= tally->bare_functions &&
        is_beside(x, datum, lock, tally)) {
      set_guard(x, datum, lock, tally, GUARD_BESIDE);
      return;
    }
  }
}

/* ---- by its declaration, or that of what it is a part of */

static TextId declared_guard(Program *program, const Datum *datum) {
  BorrowedCode code = program_borrow(program, datum->uses[0].function);
  const Function *f = code.function->body;
  TextId lock = 0;
  for (NodeId place = accessed_place(f, datum->uses[0].access->instruction); place && !lock;) {
    const Node *node = &f->nodes[place];
    bool named = node->kind == NODE_FIELD || node->kind == NODE_GLOBAL;
    uint32_t symbol = node->kind == NODE_FIELD ? node->b : node->a;
    lock = named ? models_guard(program->models, code.function->symbols[symbol]) : 0;
    place = node->kind == NODE_FIELD || node->kind == NODE_INDEX ? node->a : 0;
  }
  program_return(&code);
  return lock;
}

/* A lock that nobody is seen to hold goes by another name here, and nothing is known of it. */
static void find_declared(const Inference *x, Program *program, Datum *data, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    TextId lock = declared_guard(program, &data[i]);
    const Tally *tally = lock ? candidate(x, i, lock) : NULL;
    if (tally && tally->held)
      set_guard(x, &data[i], lock, tally, GUARD_DECLARED);
  }
}

/* ---- by the other members */

/* Of those members that it is held for at all: the rest may be set once, or be a thread's own. */
static Tally tally_of_record(const Inference *x, size_t first, size_t end, TextId lock,
                             uint32_t *members) {
  Tally all = {0};
  *members = 0;
  for (size_t i = first; i < end; i++) {
    const Tally *tally = candidate(x, i, lock);
    if (!tally)
      continue;
    (*members)++;
    all.held += tally->held;
    all.counted += tally->counted;
    all.functions = tally->functions > all.functions ? tally->functions : all.functions;
    all.written |= tally->written;
  }
  return all;
}

static void guard_members(const Inference *x, Datum *data, size_t first, size_t end, TextId lock) {
  enum { LEAST_MEMBERS = 3, LEAST_USES = 8 };
  uint32_t members;
  Tally record = tally_of_record(x, first, end, lock, &members);
  bool guarded = members >= LEAST_MEMBERS && record.counted >= LEAST_USES && record.written &&
                 record.held * 5 >= record.counted * 4 && record.functions >= 2;
  for (size_t i = first; i < end && guarded; i++) {
    const Tally *tally = candidate(x, i, lock);
    if (data[i].basis >= GUARD_RECORD || !tally)
      continue;
    set_guard(x, &data[i], lock, tally, GUARD_RECORD);
    data[i].record_held = record.held;
    data[i].record_counted = record.counted;
  }
}

/* `first` to `end` are the members of one record. A lock is looked at where it first comes up. */
static void guard_record(const Inference *x, Datum *data, size_t first, size_t end) {
  for (size_t i = first; i < end; i++)
    for (size_t k = x->firsts.at[i]; k < x->firsts.at[i + 1]; k++) {
      TextId lock = x->candidates.at[k].lock;
      bool known = false;
      for (size_t before = first; before < i && !known; before++)
        known = candidate(x, before, lock) != NULL;
      if (!known)
        guard_members(x, data, first, end, lock);
    }
}

void guards_find(Program *program, Datum *data, uint32_t count) {
  Inference x = {.program = program};
  count_locks(&x, data, count);
  for (uint32_t i = 0; i < count; i++)
    add_candidates(&x, &data[i]);
  array_push(&x.firsts, x.candidates.count);
  for (uint32_t i = 0; i < count; i++) {
    find_guard(&x, &data[i], i);
    find_beside(&x, &data[i], i);
  }
  for (uint32_t first = 0, end = 0; first < count && guard_on("race-guarded-record"); first = end) {
    while (end < count && datum_owner(data[end].datum) == datum_owner(data[first].datum))
      end++;
    if (end - first > 1)
      guard_record(&x, data, first, end);
  }
  if (models_have_guards(program->models) && guard_on("declared-guards"))
    find_declared(&x, program, data, count);
  array_free(&x.candidates);
  array_free(&x.firsts);
  array_free(&x.lock_uses);
}
