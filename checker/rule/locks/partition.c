/* partition.c - how the ways out of a function differ in one lock, and whether a caller can tell
 * (ANALYSIS A.2, "When is 'held at exit' a defect?"). */
#include "rule/pass.h"

enum { EXIT_LIMIT = 512 };

typedef enum { SIDE_HELD, SIDE_FREE, SIDE_MAYBE } Side;

/* Who is handed the object by another way out finds a lock of that name as this one leaves it. */
static const LockEntry *handed_lock(Engine *e, const Exit *exit, const LockEntry *sample,
                                    TermId handed) {
  for (uint32_t i = 0; handed && i < exit->state->lock_count; i++) {
    const LockEntry *lock = &exit->state->locks[i];
    bool kept = lock->now == LOCK_MAYBE || (lock->now == LOCK_HELD && lock->pre == sample->pre);
    if (kept && outside_handed(e, exit, lock->place) == handed)
      return lock;
  }
  return NULL;
}

/* What this way out leaves of a lock that others leave in another state. For a lock that the
 * caller holds (pre H), "held" is what it was. */
static Side side_of(Engine *e, const Exit *exit, const LockEntry *sample, TermId handed) {
  const LockEntry *lock = state_lock((State *)exit->state, sample->place);
  const LockEntry *other =
      !lock || lock->now == LOCK_RELEASED ? handed_lock(e, exit, sample, handed) : NULL;
  if (other)
    return other->now == LOCK_HELD ? SIDE_HELD : SIDE_MAYBE;
  if (!lock)
    return sample->pre == LOCK_HELD ? SIDE_HELD : SIDE_FREE;
  if (lock->now == LOCK_MAYBE || lock->pre != sample->pre)
    return SIDE_MAYBE;
  return lock->now == LOCK_HELD ? SIDE_HELD : SIDE_FREE;
}

static bool ranges_disjoint(const Exit *a, const Exit *b) {
  if (!a->result || !b->result)
    return false;
  if (a->high < b->low || b->high < a->low)
    return true;
  bool a_zero = !a->low && !a->high, b_zero = !b->low && !b->high;
  return (a_zero && b->no_zero) || (b_zero && a->no_zero);
}

static bool facts_contradict(Engine *e, State *state, const Fact *fact) {
  State *copy = state;
  int64_t low, high;
  engine_range(e, copy, fact->term, &low, &high);
  if (high < fact->low || low > fact->high)
    return true;
  const Fact *other = state_fact(copy, fact->term);
  for (uint32_t i = 0; i < fact->excluded_count; i++)
    if (low == high && low == fact->excluded[i])
      return true;
  for (uint32_t i = 0; other && i < other->excluded_count; i++)
    if (fact->low == fact->high && fact->low == other->excluded[i])
      return true;
  return false;
}

static bool is_local(const Term *term, const void *unused) {
  (void)unused;
  return term->kind == TERM_LOCAL || term->kind == TERM_FRESH || term->kind == TERM_PHI ||
         term->kind == TERM_STRING;
}

static bool depends_on_locals(const Engine *e, TermId id) {
  return term_any(e->terms, id, is_local, NULL);
}

/* A parameter, a global or memory at entry decides: callers can know it. */
static bool entry_facts_differ(Engine *e, const Exit *a, const Exit *b) {
  for (uint32_t i = 0; i < a->state->fact_count; i++)
    if (!depends_on_locals(e, a->state->facts[i].term) &&
        facts_contradict(e, (State *)b->state, &a->state->facts[i]))
      return true;
  return false;
}

static bool is_ended(const Exit *exit, const LockEntry *sample) {
  return engine_lifetime_ended(exit->state, sample->place) && uses_mechanism("destroyed-there");
}

/* An output argument or a field tells: what is stored there differs. Nothing tells that is in the
 * object of the lock, where that has ended with it. */
static bool outputs_differ(Engine *e, const Exit *a, const Exit *b, const LockEntry *sample) {
  TermId ended = is_ended(b, sample) ? term_whole(e->terms, sample->place) : 0;
  for (uint32_t i = 0; i < a->state->memory_count; i++) {
    const Stored *mine = &a->state->memory[i];
    TermId theirs = state_stored(b->state, mine->place);
    if (!theirs || depends_on_locals(e, mine->place) ||
        (ended && term_whole(e->terms, mine->place) == ended))
      continue;
    int64_t low, high, other_low, other_high;
    engine_range(e, (State *)a->state, mine->value, &low, &high);
    engine_range(e, (State *)b->state, theirs, &other_low, &other_high);
    Decision is_set = engine_decide(e, (State *)a->state, mine->value);
    Decision other_set = engine_decide(e, (State *)b->state, theirs);
    if (high < other_low || other_high < low ||
        (is_set != other_set && is_set != UNKNOWN && other_set != UNKNOWN))
      return true;
  }
  return false;
}

/* A lock that was really given back on some way, or destroyed; one that was never taken there
 * proves nothing. */
static bool was_released(const Exit *exit, const LockEntry *sample) {
  const LockEntry *lock = state_lock((State *)exit->state, sample->place);
  bool never_taken = lock && lock->resource == RESOURCE_THREAD && lock->pre == LOCK_RELEASED &&
                     (lock->acquired == NO_INSTRUCTION || lock->acquired == lock->since);
  return is_ended(exit, sample) || (lock && lock->now == LOCK_RELEASED && !never_taken);
}

static bool is_no_argument(const Term *term, const void *engine) {
  const Function *f = ((const Engine *)engine)->f;
  switch ((TermKind)term->kind) {
  case TERM_PARAM:
    return f->types[f->locals[term->a].type].kind == TYPE_POINTER;
  case TERM_CONSTANT:
  case TERM_UNARY:
  case TERM_BINARY:
    return false;
  default:
    return true;
  }
}

/* A pure function of arguments: nothing in it is read from memory. A pointer says nothing about a
 * contract: `if (!name) return` while the lock is held is a slip. */
static bool of_arguments(const Engine *e, TermId id) {
  return !term_any(e->terms, id, is_no_argument, e);
}

static bool arguments_differ(Engine *e, const Exit *a, const Exit *b) {
  for (uint32_t i = 0; i < a->state->fact_count; i++)
    if (of_arguments(e, a->state->facts[i].term) &&
        facts_contradict(e, (State *)b->state, &a->state->facts[i]))
      return true;
  return false;
}

/* Callers may decide by an argument whether the lock is given back. What is only read from memory
 * while the lock is held is no contract: an early return on `list->first == NULL` is a slip. But it
 * may well decide whether the lock is taken at all. */
static bool apart_at_entry(Engine *e, const Exit *held, const Exit *released,
                           const LockEntry *sample) {
  if (sample->pre == LOCK_RELEASED && was_released(released, sample))
    return arguments_differ(e, held, released) || arguments_differ(e, released, held);
  return entry_facts_differ(e, held, released) || entry_facts_differ(e, released, held);
}

static bool returns_pointer(const Engine *e) {
  return e->f->types[e->f->result_type].kind == TYPE_POINTER;
}

static bool is_term(const Term *term, const void *wanted) { return term == wanted; }

/* entry = find_locked(key); ... return entry->value: what was read from an object that only this
 * function has a name for is what its caller finds the lock by, and nothing that is null. */
static bool told_by_object(Engine *e, const Exit *held, const Exit *released,
                           const LockEntry *sample) {
  const Term *object = term_at(e->terms, term_whole(e->terms, sample->place));
  bool is_null = released->result && !released->low && !released->high;
  return is_null && held->result && returns_pointer(e) && object->kind == TERM_DEREF &&
         !outside_knows(e, object->a) &&
         term_any(e->terms, held->result, is_term, term_at(e->terms, object->a)) &&
         uses_mechanism("told-by-object");
}

/* Who took it was handed a place for an object by our caller, and here nobody gives it back: what
 * is in that place tells the caller, too. */
static bool told_by_callee(const Engine *e, const Exit *released, const LockEntry *sample) {
  const Function *f = e->f;
  if (sample->acquired == NO_INSTRUCTION || was_released(released, sample))
    return false;
  const Instruction *call = &f->instructions[sample->acquired];
  for (uint32_t i = 0; call->kind == INST_CALL && i < call->arg_count; i++) {
    const Node *argument = &f->nodes[f->args[call->args + i]];
    const Type *type = argument->kind == NODE_VAR && argument->a < f->parameter_count
                           ? &f->types[argument->type]
                           : NULL;
    if (type && type->kind == TYPE_POINTER && f->types[type->element].kind == TYPE_POINTER)
      return uses_mechanism("told-by-callee");
  }
  return false;
}

static bool separable(Engine *e, const Exit *held, const Exit *released, const LockEntry *sample) {
  if (held->kind != EXIT_RETURN || released->kind != EXIT_RETURN)
    return arguments_differ(e, held, released);
  return ranges_disjoint(held, released) || outputs_differ(e, held, released, sample) ||
         engine_output_tells(e, held->state, released->state) ||
         engine_output_tells(e, released->state, held->state) ||
         apart_at_entry(e, held, released, sample) || told_by_object(e, held, released, sample) ||
         told_by_callee(e, released, sample);
}

/* By the sign conventions of C: a negative number or a null pointer is a failure. */
static bool fails(const Engine *e, const Exit *exit) {
  if (!exit->result)
    return false;
  return returns_pointer(e) ? !exit->low && !exit->high : exit->high < 0;
}

static bool succeeds(const Engine *e, const Exit *exit) {
  if (!exit->result)
    return false;
  return returns_pointer(e) ? exit->no_zero || exit->low > 0 : exit->low >= 0;
}

/* What a try takes is no example for a way that does not try; only for one that tried in vain. */
static bool is_example(const LockEntry *taken, const LockEntry *unheld) {
  return !(taken->flags & LOCK_TRY) || lock_after_failed_try(unheld);
}

typedef struct {
  const Exit *exit;
  const LockEntry *lock; // there
} Unheld;

static bool find_example(Engine *e, const Exit *exits, uint32_t count, const Unheld *self,
                         Partition *p) {
  bool own = term_is_in_local(e->terms, self->lock->place); // no caller gave it
  for (uint32_t i = 0; i < count; i++) {
    const LockEntry *lock = state_lock((State *)exits[i].state, self->lock->place);
    if (!lock || lock->pre != LOCK_RELEASED || lock->acquired == NO_INSTRUCTION ||
        lock->now == LOCK_MAYBE || !is_example(lock, self->lock) ||
        (!own && (arguments_differ(e, self->exit, &exits[i]) ||
                  arguments_differ(e, &exits[i], self->exit))))
      continue;
    *p = (Partition){.pattern = EXITS_UNHELD,
                     .contradictory = !entry_facts_differ(e, self->exit, &exits[i]) &&
                                      !entry_facts_differ(e, &exits[i], self->exit),
                     .lock = *self->lock,
                     .released_lock = *lock,
                     .held = self->exit,
                     .released = &exits[i]};
    return true;
  }
  return false;
}

/* The caller's, which was given up and taken again meanwhile: the last release is of what was taken
 * here, and belongs together with that. */
static bool was_given_up(const LockEntry *lock) {
  return lock->acquired != NO_INSTRUCTION && uses_mechanism("given-up");
}

/* Released without having been taken on one way, taken on another: whose lock is it? */
static bool find_unheld(Engine *e, const Exit *exits, uint32_t count, const LockEntry *sample,
                        Partition *p) {
  if (sample->pre != LOCK_HELD || sample->now != LOCK_RELEASED)
    return false;
  for (uint32_t i = 0; i < count; i++) {
    const LockEntry *lock = state_lock((State *)exits[i].state, sample->place);
    if (lock && lock->pre == LOCK_HELD && lock->now == LOCK_RELEASED && !was_given_up(lock) &&
        find_example(e, exits, count, &(Unheld){&exits[i], lock}, p))
      return true;
  }
  return false;
}

typedef struct {
  const Exit *held[EXIT_LIMIT], *released[EXIT_LIMIT];
  uint32_t held_count, released_count;
  bool maybe;
} Sides;

/* Where there is no object, there is no lock of it that the caller could hold. */
static bool is_of_nobody(Engine *e, const Exit *exit, const LockEntry *sample) {
  return sample->pre == LOCK_HELD && !state_lock((State *)exit->state, sample->place) &&
         engine_has_no_object(e, exit->state, sample->place) && uses_mechanism("no-object");
}

static void sort_exits(Engine *e, const Exit *exits, uint32_t count, const LockEntry *sample,
                       TermId handed, Sides *sides) {
  for (uint32_t i = 0; i < count && i < EXIT_LIMIT; i++) {
    Side side = side_of(e, &exits[i], sample, handed);
    if (is_of_nobody(e, &exits[i], sample))
      continue;
    if (side == SIDE_HELD)
      sides->held[sides->held_count++] = &exits[i];
    else if (side == SIDE_FREE)
      sides->released[sides->released_count++] = &exits[i];
    else
      sides->maybe = true;
  }
}

/* What earlier rounds took is in no hand of this one. */
static bool is_of_other_rounds(const Exit *exit, const LockEntry *lock) {
  return exit->kind == EXIT_ROUND && (lock->flags & LOCK_FAMILY);
}

/* Has `exit` a lock of that class that went from `pre` to the opposite state, or may have gone, and
 * did not on the way `other`? */
static bool moved_another(const Engine *e, const Exit *exit, const Exit *other, uint32_t class_key,
                          LockState pre) {
  for (uint32_t i = 0; i < exit->state->lock_count; i++) {
    const LockEntry *lock = &exit->state->locks[i];
    if (lock->pre != pre || lock->now == pre || engine_class(e, lock->place) != class_key ||
        is_of_other_rounds(exit, lock))
      continue;
    const LockEntry *there = state_lock((State *)other->state, lock->place);
    if (!there || there->now == pre)
      return true;
  }
  return false;
}

/* Hand over hand: one lock was taken, and another one of its class given back for it. */
static bool exchanged(const Engine *e, const Exit *held, const Exit *released,
                      const LockEntry *sample) {
  uint32_t class_key = engine_class(e, sample->place);
  return uses_mechanism("exchange") && engine_class_symbol(class_key) &&
         (moved_another(e, released, held, class_key, LOCK_RELEASED) ||
          moved_another(e, held, released, class_key, LOCK_HELD));
}

/* transfer->cleanup = end_transfer: a function that is left, on this way out only, where others
 * find it. Whether it gives the lock back is known when the whole program is (rules/lock-leak.c).
 */
static TextId left_function(const Engine *e, const Exit *held, const Exit *released) {
  for (uint32_t i = 0; i < held->state->memory_count; i++) {
    const Stored *stored = &held->state->memory[i];
    const Term *value = term_at(e->terms, stored->value);
    if (value->kind == TERM_FUNCTION && outside_knows(e, stored->place) &&
        (!released || state_stored(released->state, stored->place) != stored->value) &&
        uses_mechanism("left-function"))
      return value->a;
  }
  return 0;
}

static void add_slip(Engine *e, Partition *p, ExitPattern pattern, const Exit *held,
                     const Exit *released) {
  if (!p->slip_count) { // the way out with the fewest steps before it: it makes the shortest story
    p->slips = arena_new_array(e->arena, const Exit *, EXIT_LIMIT);
    p->pattern = pattern;
    p->contradictory = pattern == EXITS_MIXED;
    p->held = held;
    p->released = released;
  }
  p->slips[p->slip_count++] = held;
}

static void find_conflicts(Engine *e, const Sides *sides, Partition *p) {
  for (uint32_t i = 0; i < sides->held_count; i++)
    for (uint32_t k = 0; k < sides->released_count; k++)
      if (!separable(e, sides->held[i], sides->released[k], &p->lock) &&
          !exchanged(e, sides->held[i], sides->released[k], &p->lock)) {
        add_slip(e, p, EXITS_MIXED, sides->held[i], sides->released[k]);
        break;
      }
}

/* Success says what a failure has to do only when the call could have ended either way, and when no
 * output says whose lock is held whatever the result is. */
static bool comparable(Engine *e, const Exit *held, const Exit *released, const LockEntry *sample) {
  bool told = outside_is_handed(e, held, sample->place) &&
              outputs_differ(e, held, released, sample) && uses_mechanism("handed");
  return !told && !told_by_callee(e, released, sample) && !exchanged(e, held, released, sample) &&
         (was_released(released, sample) ||
          (!entry_facts_differ(e, held, released) && !entry_facts_differ(e, released, held)));
}

static void find_failures(Engine *e, const Sides *sides, Partition *p) {
  for (uint32_t i = 0; i < sides->held_count; i++)
    for (uint32_t k = 0; k < sides->released_count; k++)
      if (fails(e, sides->held[i]) && succeeds(e, sides->released[k]) &&
          comparable(e, sides->held[i], sides->released[k], &p->lock)) {
        add_slip(e, p, EXITS_HELD_ON_FAILURE, sides->held[i], sides->released[k]);
        break;
      }
}

static const Exit *given_back(const Sides *sides, const LockEntry *sample) {
  for (uint32_t i = 0; i < sides->released_count; i++)
    if (was_released(sides->released[i], sample))
      return sides->released[i];
  return NULL;
}

static bool judge(Engine *e, const Exit *exits, uint32_t count, const LockEntry *sample,
                  TermId handed, Partition *p) {
  Sides *sides = arena_new_one(e->arena, Sides);
  if (find_unheld(e, exits, count, sample, p))
    return true;
  sort_exits(e, exits, count, sample, handed, sides);
  *p = (Partition){.lock = *sample,
                   .joined = given_back(sides, sample),
                   .held_count = sides->held_count,
                   .released_count = sides->released_count};
  if (sides->maybe && !(sides->held_count && sides->released_count))
    return false;
  if (!sides->held_count) {
    p->pattern = EXITS_ALL_RELEASE;
    p->released = sides->released[0];
    return sample->pre == LOCK_HELD;
  }
  p->held = sides->held[0];
  p->pattern = EXITS_ALL_HOLD;
  if (sides->released_count) {
    p->released = sides->released[0];
    p->pattern = EXITS_SEPARATED;
    // A family whose loop went round zero times is "held" as well: nothing contradicts
    if (!(sample->flags & LOCK_FAMILY) || p->joined)
      find_conflicts(e, sides, p);
    if (p->pattern != EXITS_MIXED)
      find_failures(e, sides, p);
  }
  const LockEntry *held = state_lock((State *)p->held->state, sample->place);
  if (held)
    p->lock = *held;
  p->left_function = left_function(e, p->held, p->released);
  p->is_kept = p->released && outside_is_kept(e, p->held, p->released, p->lock.place) &&
               uses_mechanism("kept-with-lock");
  p->doubtful = sides->maybe;
  if (p->doubtful) // a contradiction between two other ways out stands whatever happens on this one
    return p->pattern == EXITS_MIXED || p->pattern == EXITS_HELD_ON_FAILURE;
  // a caller's lock that is never touched on one way and released on another, told apart by the
  // result or an argument, is a conditional release wrapper
  if (sample->pre == LOCK_HELD && p->pattern == EXITS_SEPARATED)
    p->pattern = EXITS_ALL_RELEASE;
  return sample->pre == LOCK_RELEASED || p->pattern != EXITS_ALL_HOLD;
}

uint32_t partition_exits(Pass *pass, const Exit *exits, uint32_t count, Partition *partitions,
                         uint32_t room) {
  Engine *e = pass->engine;
  uint32_t found = 0;
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < exits[i].state->lock_count && found < room; k++) {
      const LockEntry *lock = &exits[i].state->locks[k];
      if (lock_is_identity(lock) || lock_is_skipped(lock) || lock->resource == RESOURCE_ATTRIBUTES)
        continue;
      bool known = false;
      for (uint32_t n = 0; n < found && !known; n++)
        known = partitions[n].lock.place == lock->place;
      TermId handed = uses_mechanism("handed") ? outside_handed(e, &exits[i], lock->place) : 0;
      if (known || !judge(e, exits, count, lock, handed, &partitions[found]))
        continue;
      partitions[found++].handed_out =
          uses_mechanism("handed") && outside_is_handed(e, &exits[i], lock->place);
    }
  return found;
}

uint32_t partition_rounds(Pass *pass, const Exit *rounds, uint32_t count, Partition *partitions,
                          uint32_t room) {
  Engine *e = pass->engine;
  uint32_t found = 0;
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < rounds[i].state->lock_count && found < room; k++) {
      const LockEntry *lock = &rounds[i].state->locks[k];
      if (lock->now != LOCK_HELD || lock->pre != LOCK_RELEASED || (lock->flags & LOCK_FAMILY) ||
          lock->resource == RESOURCE_ATTRIBUTES)
        continue;
      Sides *sides = arena_new_one(e->arena, Sides);
      sort_exits(e, rounds, count, lock, 0, sides);
      uint32_t kept = 0;
      for (uint32_t n = 0; n < sides->released_count; n++)
        if (was_released(sides->released[n], lock))
          sides->released[kept++] = sides->released[n];
      sides->released_count = kept;
      Partition *p = &partitions[found];
      *p = (Partition){.lock = *lock, .pattern = EXITS_ALL_HOLD};
      find_conflicts(e, sides, p);
      bool known = false;
      for (uint32_t n = 0; n < found && !known; n++)
        known = partitions[n].lock.acquired == lock->acquired;
      if (p->pattern == EXITS_MIXED && !known)
        found++;
    }
  return found;
}
