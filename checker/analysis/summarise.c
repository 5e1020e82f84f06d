/* summarise.c - the exits of a function as a Summary: exits with the same locks are one case, and
 * what tells the cases apart - facts about parameters, globals and the result - are its conditions
 * (ANALYSIS B.4). Only names that mean something to a caller go out. */
#include "analysis/cases.h"

#include "base/guard.h"

#include <stdlib.h>
#include <string.h>

/* ---- grouping: what is left open in `*out` is followed like a lock that is taken */

static int compare_locks(const void *a, const void *b) {
  const LockEntry *x = a, *y = b;
  return (x->place > y->place) - (x->place < y->place);
}

/* A recursive lock that was taken and given back says nothing of the caller, who may hold it. */
static bool says_nothing(const LockEntry *lock) {
  return (lock->flags & LOCK_RECURSIVE) && lock->pre == LOCK_RELEASED && lock_is_identity(lock) &&
         guard_on("recursive-use");
}

static uint32_t visible_locks(Engine *e, const Exit *exit, LockEntry *locks) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < exit->state->lock_count; i++) {
    LockEntry lock = exit->state->locks[i];
    if (!says_nothing(&lock) && !lock_is_skipped(&lock) && outside_lock(e, exit, &lock))
      locks[count++] = lock;
  }
  for (uint32_t i = 0; i < exit->state->opened_count; i++) {
    const Opened *opened = &exit->state->opened[i];
    locks[count++] = (LockEntry){.place = opened->place,
                                 .pre = LOCK_RELEASED,
                                 .now = LOCK_HELD,
                                 .resource = opened->resource,
                                 .kind = opened->kind,
                                 .since = opened->since,
                                 .acquired = opened->since};
  }
  if (count)
    qsort(locks, count, sizeof *locks, compare_locks);
  return count;
}

static bool same_locks(const LockEntry *a, uint32_t a_count, const LockEntry *b, uint32_t b_count) {
  uint32_t i = 0, j = 0;
  for (;;) {
    while (i < a_count && lock_is_identity(&a[i]))
      i++;
    while (j < b_count && lock_is_identity(&b[j]))
      j++;
    if (i == a_count || j == b_count)
      return i == a_count && j == b_count;
    if (a[i].place != b[j].place || a[i].pre != b[j].pre || a[i].now != b[j].now ||
        ((a[i].flags ^ b[j].flags) & LOCK_READ))
      return false;
    i++, j++;
  }
}

/* Locks that were used and given back stay only when every member of the group did so. */
static void intersect_identities(Group *group, const LockEntry *locks, uint32_t count) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < group->lock_count; i++) {
    bool found = !lock_is_identity(&group->locks[i]);
    for (uint32_t k = 0; k < count && !found; k++)
      found = locks[k].place == group->locks[i].place;
    if (found)
      group->locks[kept++] = group->locks[i];
  }
  group->lock_count = kept;
}

static void join_group(Engine *e, Group *group, const Exit *exit) {
  State *other = state_copy(e->arena, exit->state);
  other->block = group->state->block;
  engine_join(e, group->state, other);
  if (exit->result != group->result)
    group->result_varies = true;
  if (exit->low < group->low)
    group->low = exit->low;
  if (exit->high > group->high)
    group->high = exit->high;
  group->no_zero &= exit->no_zero;
}

/* ---- grouping, twice: first by the locks alone; then ways out that differ in what tells these
 * groups apart are kept apart as well, so that the conditions of a case hold for all its members.
 */

typedef struct {
  TermId *terms;
  uint32_t count, room;
} Discriminators;

static bool contradicted(const Exit *exits, uint32_t count, const Fact *fact) {
  for (uint32_t i = 0; i < count; i++) {
    const Fact *other = state_fact((State *)exits[i].state, fact->term);
    if (other && facts_contradict(fact, other))
      return true;
  }
  return false;
}

static void find_discriminators(Engine *e, const Exit *exits, uint32_t count,
                                Discriminators *found) {
  for (uint32_t x = 0; x < count; x++)
    for (uint32_t i = 0; i < exits[x].state->fact_count; i++) {
      const Fact *fact = &exits[x].state->facts[i];
      bool known = false;
      for (uint32_t k = 0; k < found->count && !known; k++)
        known = found->terms[k] == fact->term;
      if (!known && found->count < found->room && outside_knows(e, fact->term) &&
          contradicted(exits, count, fact))
        found->terms[found->count++] = fact->term;
    }
}

static bool same_side(Engine *e, const Group *group, const Exit *exit, TermId term) {
  Decision a = engine_decide(e, group->state, term);
  Decision b = engine_decide(e, (State *)exit->state, term);
  return a == b;
}

static bool belongs(Engine *e, const Group *group, const Exit *exit, const LockEntry *locks,
                    uint32_t lock_count, const Discriminators *by) {
  if (group->gone != exit->state->gone ||
      !same_locks(group->locks, group->lock_count, locks, lock_count))
    return false;
  for (uint32_t i = 0; i < by->count; i++)
    if (!same_side(e, group, exit, by->terms[i]))
      return false;
  return true;
}

/* 0 when there are more groups than a summary may have cases. */
static uint32_t group_exits(Engine *e, const Exit *exits, uint32_t count, Group *groups,
                            const Discriminators *by) {
  uint32_t group_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    LockEntry *locks = arena_new_array(e->arena, LockEntry,
                                       exits[i].state->lock_count + exits[i].state->opened_count);
    uint32_t lock_count = visible_locks(e, &exits[i], locks);
    Group *group = NULL;
    for (uint32_t k = 0; k < group_count && !group; k++)
      if (belongs(e, &groups[k], &exits[i], locks, lock_count, by))
        group = &groups[k];
    if (group) {
      intersect_identities(group, locks, lock_count);
      join_group(e, group, &exits[i]);
      continue;
    }
    if (group_count == CASES_PER_CALL)
      return 0;
    groups[group_count++] = (Group){.state = state_copy(e->arena, exits[i].state),
                                    .locks = locks,
                                    .lock_count = lock_count,
                                    .gone = exits[i].state->gone,
                                    .result = exits[i].result,
                                    .low = exits[i].low,
                                    .high = exits[i].high,
                                    .no_zero = exits[i].no_zero};
  }
  return group_count;
}

/* Is a lock taken and given back on some ways and not on others? */
static bool uses_differ(const Exit *exits, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < exits[i].state->lock_count; k++) {
      TermId place = exits[i].state->locks[k].place;
      for (uint32_t n = 0; n < count; n++)
        if (!state_lock((State *)exits[n].state, place))
          return true;
    }
  return false;
}

enum { DISCRIMINATORS = 4 };

static uint32_t group_twice(Engine *e, const Exit *exits, uint32_t count, Group *groups) {
  TermId terms[DISCRIMINATORS];
  Discriminators by = {.terms = terms, .room = DISCRIMINATORS};
  uint32_t first = group_exits(e, exits, count, groups, &by);
  if (!first || (first < 2 && !uses_differ(exits, count)))
    return first;
  find_discriminators(e, exits, count, &by);
  Group finer[CASES_PER_CALL];
  uint32_t second = by.count ? group_exits(e, exits, count, finer, &by) : 0;
  if (!second)
    return first;
  memcpy(groups, finer, sizeof *groups * second);
  return second;
}

/* ---- effects */

static Action action_of(const LockEntry *lock) {
  bool thread = lock->resource == RESOURCE_THREAD;
  if (lock->resource == RESOURCE_ATTRIBUTES)
    return ACTION_SET;
  if (is_left_open(lock))
    return ACTION_OPEN;
  if (lock->now == LOCK_MAYBE)
    return ACTION_MAYBE;
  if (thread && lock->pre != lock->now)
    return lock->now == LOCK_HELD          ? ACTION_SPAWN
           : lock->flags & THREAD_DETACHED ? ACTION_DETACH
                                           : ACTION_JOIN;
  if (lock->pre == LOCK_RELEASED)
    return lock->now == LOCK_HELD ? ACTION_ACQUIRE : ACTION_USE;
  return lock->now == LOCK_HELD ? ACTION_REQUIRE : ACTION_RELEASE;
}

/* What a thread that is created for the caller is given. */
static TermId argument_of(const Engine *e, const LockEntry *lock) {
  return creates_for_caller(lock) && lock->other && outside_knows(e, lock->other) ? lock->other : 0;
}

/* What a circle of calls does to a lock is found by going round until nothing changes, with each
 * one's cases merged: it may be more than any way through it does. */
static uint8_t circle_flag(const Engine *e, const LockEntry *lock) {
  if (lock->flags & LOCK_CIRCLE)
    return LOCK_CIRCLE;
  if (!e->function->recursive || lock->resource != RESOURCE_LOCK || lock_is_identity(lock) ||
      lock->since == NO_INSTRUCTION)
    return 0;
  const Node *callee = &e->f->nodes[e->f->instructions[lock->since].a];
  bool primitive =
      callee->kind == NODE_FUNCTION && engine_primitive(e, e->function->symbols[callee->a]) != NULL;
  return primitive ? 0 : LOCK_CIRCLE;
}

/* Attributes that decide whether it has to be joined. */
static TermId attributes_of(const LockEntry *lock) {
  return lock->resource == RESOURCE_THREAD && lock->now == LOCK_HELD ? lock->with : 0;
}

static void set_effects(Engine *e, Case *k, const Group *group) {
  k->effects = arena_new_array(e->arena, Effect, group->lock_count);
  for (uint32_t i = 0; i < group->lock_count; i++) {
    const LockEntry *lock = &group->locks[i];
    k->effects[k->effect_count++] = (Effect){
        .action = (uint8_t)action_of(lock),
        .resource = lock->resource,
        .flags = (uint8_t)((lock->flags & (LOCK_READ | LOCK_RECURSIVE | LOCK_TRY | LOCK_COUNTING)) |
                           circle_flag(e, lock)),
        .place = lock->place,
        .other = lock->resource == RESOURCE_ATTRIBUTES
                     ? engine_attributes_value(e, group->state, lock)
                     : 0,
        .third = argument_of(e, lock),
        .with = attributes_of(lock),
        .text = lock->kind};
  }
}

static TermId only_value(Engine *e, State *state, TermId value) {
  int64_t low, high;
  engine_range(e, state, value, &low, &high);
  return low == high ? term_constant(e->terms, low) : value;
}

/* Constants and functions that every member of the case leaves in visible memory, and flags that it
 * does not touch although others do: what callers test afterwards. */
static void set_memory(Engine *e, Case *k, const Group *group) {
  const State *state = group->state;
  Effect *effects =
      arena_new_array(e->arena, Effect, k->effect_count + state->memory_count + state->fact_count);
  memcpy(effects, k->effects, sizeof *effects * k->effect_count);
  k->effects = effects;
  for (uint32_t i = 0; i < state->memory_count; i++) {
    const Stored *stored = &state->memory[i];
    const LockEntry *followed = state_lock((State *)state, stored->place);
    if (followed && followed->resource == RESOURCE_ATTRIBUTES)
      continue; // is among the effects
    if (!outside_knows(e, stored->place))
      continue;
    TermId value = only_value(e, group->state, stored->value);
    uint8_t kind = term_at(e->terms, value)->kind;
    if (kind == TERM_CONSTANT || kind == TERM_FUNCTION)
      effects[k->effect_count++] =
          (Effect){.action = ACTION_SET, .place = stored->place, .other = value};
  }
  for (uint32_t i = 0; i < state->fact_count; i++) {
    const Term *term = term_at(e->terms, state->facts[i].term);
    TermId place = term->a;
    if (term->kind != TERM_LOAD || term->b || !outside_knows(e, place))
      continue;
    if (!engine_version(e, state, engine_class(e, place)) && !state_stored(state, place))
      effects[k->effect_count++] =
          (Effect){.action = ACTION_SET, .place = place, .other = state->facts[i].term};
  }
}

static void add_deeds(const Engine *e, Case *k) {
  if (!e->deed_count)
    return;
  Effect *effects = arena_new_array(e->arena, Effect, k->effect_count + e->deed_count);
  if (k->effect_count)
    memcpy(effects, k->effects, sizeof *effects * k->effect_count);
  memcpy(effects + k->effect_count, e->deeds, sizeof *effects * e->deed_count);
  k->effects = effects;
  k->effect_count += e->deed_count;
}

static void make_case(Engine *e, Case *k, const Group *groups, uint32_t count, uint32_t self) {
  const Group *group = &groups[self];
  k->low = group->low;
  k->high = group->high;
  k->no_zero = group->no_zero;
  k->fates = engine_fates(e, group->gone);
  if (!group->result_varies && group->result && outside_knows(e, group->result))
    k->result = group->result;
  set_effects(e, k, group);
  case_conditions(e, k, groups, count, self);
  // flags that mirror a lock: `holding_all = true`; and whether the thread can be cancelled
  if (count > 1 || k->effect_count || e->shields)
    set_memory(e, k, group);
  add_deeds(e, k);
}

/* Too many ways out, or too many locks: nothing but that its locks are in an unknown state. */
static void degrade(Engine *e, Summary *summary, const Exit *exits, uint32_t count) {
  Case *k = &summary->cases[0];
  *k = (Case){.low = INT64_MIN, .high = INT64_MAX};
  uint32_t room = 0;
  for (uint32_t i = 0; i < count; i++)
    room += exits[i].state->lock_count;
  k->effects = arena_new_array(e->arena, Effect, room);
  k->fates = e->fates;
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t n = 0; n < exits[i].state->lock_count; n++) {
      const LockEntry *lock = &exits[i].state->locks[n];
      TermId place = term_is_in_local(e->terms, lock->place) ? 0 : outside_blurred(e, lock->place);
      bool known = !place || !engine_class_symbol(engine_class(e, place));
      for (uint32_t m = 0; m < k->effect_count && !known; m++)
        known = k->effects[m].place == place;
      bool set = lock->resource == RESOURCE_ATTRIBUTES;
      if (!known && k->effect_count < LOCKS_PER_CASE) // Unsound: the deepest names are forgotten
        k->effects[k->effect_count++] = (Effect){.action = set ? ACTION_SET : ACTION_MAYBE,
                                                 .resource = lock->resource,
                                                 .place = place,
                                                 .text = lock->kind};
    }
  summary->case_count = 1;
  summary->flags |= SUMMARY_DEGRADED;
}

/* Who owns the result hangs on no case. */
static void add_ownership(Engine *e, Summary *summary) {
  for (uint32_t i = 0; i < summary->case_count && e->opened.action != ACTION_NONE; i++) {
    Case *k = &summary->cases[i];
    Effect *effects = arena_new_array(e->arena, Effect, k->effect_count + 1);
    if (k->effect_count)
      memcpy(effects, k->effects, sizeof *effects * k->effect_count);
    effects[k->effect_count++] = e->opened;
    k->effects = effects;
  }
}

static bool says_too_much(const Group *groups, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (groups[i].lock_count > LOCKS_PER_CASE)
      return true;
  return false;
}

static int compare_texts(const void *a, const void *b) {
  TextId x = *(const TextId *)a, y = *(const TextId *)b;
  return (x > y) - (x < y);
}

static bool touches_locks(const Summary *summary) {
  for (uint32_t i = 0; i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++)
      if (effect_is_tracked(&summary->cases[i].effects[k]))
        return true;
  return false;
}

/* On all its ways, whichever call it comes from: `n ? calloc(n, size) : malloc(1)`. */
static bool opens_memory(const Engine *e) {
  return e->opened.action == ACTION_OPEN && e->opened.resource == RESOURCE_MEMORY &&
         !e->opened.other && guard_on("opened-memory");
}

static void forget_ownership(const Engine *e, const Exit *exits, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    ((State *)exits[i].state)->opened_count = 0;
    ((State *)exits[i].state)->gone = e->parted;
  }
}

const Summary *summarise(Engine *e, Exit *exits, uint32_t count) {
  Summary summary = {.terms = e->terms};
  Group groups[CASES_PER_CALL];
  summary.cases = arena_new_array(e->arena, Case, CASES_PER_CALL);
  engine_count_nesting(e, exits, count);
  engine_note_results(e, exits, count);
  engine_note_lifetimes(e, exits, count);
  exits = engine_declared_exits(e, exits, &count);
  Exit *split = engine_output_exits(e, exits, &count);
  engine_gone_exits(e, split, count);
  uint32_t group_count = group_twice(e, split, count, groups);
  if (!group_count && (e->outputs || e->parted)) { // too much to tell: of these nothing
    forget_ownership(e, split, count);
    group_count = group_twice(e, split, count, groups);
  }
  exits = split;
  if (count && (!group_count || e->degraded || says_too_much(groups, group_count) ||
                (e->analysis->without & WITHOUT_CASES && group_count > 1)))
    degrade(e, &summary, exits, count);
  else
    for (uint32_t i = 0; i < group_count; i++)
      make_case(e, &summary.cases[summary.case_count++], groups, group_count, i);
  add_ownership(e, &summary);
  if (e->detaches_self)
    summary.flags |= SUMMARY_DETACHES_SELF;
  if (e->cancel_point)
    summary.flags |= SUMMARY_CANCEL_POINT;
  if (e->makes_memory || opens_memory(e))
    summary.flags |= SUMMARY_NEW_MEMORY;
  if (e->may_end)
    summary.flags |= SUMMARY_MAY_END;
  if (e->f->flags & FUNCTION_TAINTED)
    summary.flags |= SUMMARY_UNKNOWN;
  if (e->write_count)
    qsort(e->writes, e->write_count, sizeof *e->writes, compare_texts);
  if (e->store_count)
    qsort(e->stores, e->store_count, sizeof *e->stores, compare_texts);
  if (e->read_count)
    qsort(e->reads, e->read_count, sizeof *e->reads, compare_texts);
  summary.stores = e->stores;
  summary.store_count = e->store_count;
  summary.writes = e->writes;
  summary.write_count = e->write_count;
  summary.reads = e->reads;
  summary.read_count = e->read_count;
  if (!e->impure && !touches_locks(&summary))
    summary.flags |= SUMMARY_PURE;
  engine_declared_effects(e, &summary);
  summary_set_flags(&summary);
  return summary_set_keep(e->analysis->summaries, &summary);
}
