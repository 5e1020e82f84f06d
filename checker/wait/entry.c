/* entry.c - which locks are held whenever a function is called: what all its callers hold there,
 * each with what it was itself called with, and has not given up. Begins with "any" and takes away,
 * until nothing changes; only functions that some call with a lock leads to can have any. */
#include "wait/inside.h"

#include "base/array.h"

typedef struct {
  EntryLock *at;
  uint32_t count;
} LockSet;

static const EntryLock *find(const EntryLock *locks, uint32_t count, TextId class_symbol) {
  for (uint32_t i = 0; i < count; i++)
    if (locks[i].class_symbol == class_symbol)
      return &locks[i];
  return NULL;
}

static bool is_given_up(const WaitRow *row, TextId class_symbol) {
  for (uint32_t i = 0; i < row->held_count; i++)
    if (row->held[i].is_given_up && row->held[i].class_symbol == class_symbol)
      return true;
  return false;
}

static LockSet locks_of(Arena *arena, const WaitRow *row, const EntryLocks *entry) {
  LockSet set = {arena_new_array(arena, EntryLock, row->held_count + entry->count), 0};
  for (uint32_t i = 0; i < row->held_count; i++) {
    const HeldLock *lock = &row->held[i];
    if (!lock->is_given_up && lock->class_symbol && !(lock->flags & LOCK_COUNTING) &&
        !find(set.at, set.count, lock->class_symbol))
      set.at[set.count++] =
          (EntryLock){lock->class_symbol, lock->flags & LOCK_READ, lock->argument};
  }
  for (uint32_t i = 0; i < entry->count; i++)
    if (!is_given_up(row, entry->locks[i].class_symbol) &&
        !find(set.at, set.count, entry->locks[i].class_symbol)) {
      set.at[set.count] = entry->locks[i];
      set.at[set.count++].argument = NO_ARGUMENT; // of the caller's, not of the callee's
    }
  return set;
}

/* Of the two only what both have. */
static void intersect(LockSet *set, const EntryLock *locks, uint32_t count) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < set->count; i++) {
    const EntryLock *other = find(locks, count, set->at[i].class_symbol);
    if (!other)
      continue;
    EntryLock lock = set->at[i];
    lock.flags |= other->flags;
    if (lock.argument != other->argument)
      lock.argument = NO_ARGUMENT;
    set->at[kept++] = lock;
  }
  set->count = kept;
}

/* What the caller holds at all its calls of the function. What it holds nothing at, no other call
 * can add to. */
static LockSet held_by(const Waits *waits, Arena *arena, const ProgramFunction *caller,
                       const ProgramFunction *function) {
  const EntryLocks *entry = &waits->entries[caller->id];
  LockSet set = {0};
  bool any = false;
  uint32_t count;
  const WaitRow *rows = waits_rows(waits, caller->id, &count);
  for (uint32_t i = 0; i < count && (!any || set.count); i++) {
    if (rows[i].kind != WAIT_CALL || rows[i].symbol != function->key)
      continue;
    LockSet here = locks_of(arena, &rows[i], entry);
    if (any)
      intersect(&set, here.at, here.count);
    else
      set = here;
    any = true;
  }
  WaitRow nothing = {.kind = WAIT_CALL};
  return any ? set : locks_of(arena, &nothing, entry);
}

static bool is_equal(const EntryLocks *entry, const LockSet *set) {
  if (!entry->is_known || entry->count != set->count)
    return false;
  for (uint32_t i = 0; i < set->count; i++) {
    const EntryLock *old = &entry->locks[i], *now = &set->at[i];
    if (old->class_symbol != now->class_symbol || old->flags != now->flags ||
        old->argument != now->argument)
      return false;
  }
  return true;
}

/* True when it changed. */
static bool update(Waits *waits, Arena *arena, const ProgramFunction *function) {
  LockSet set = {0};
  bool any = false;
  for (uint32_t i = 0; i < function->caller_count && (!any || set.count); i++) {
    const ProgramFunction *caller = &waits->program->functions[function->callers[i]];
    if (!waits->entries[caller->id].is_known)
      continue;
    LockSet here = held_by(waits, arena, caller, function);
    if (any)
      intersect(&set, here.at, here.count);
    else
      set = here;
    any = true;
  }
  EntryLocks *entry = &waits->entries[function->id];
  bool changed = any && !is_equal(entry, &set);
  if (changed)
    *entry =
        (EntryLocks){arena_copy(waits->arena, set.at, sizeof *set.at * set.count), set.count, true};
  return changed;
}

static bool has_lock(const WaitRow *row) {
  for (uint32_t i = 0; i < row->held_count; i++)
    if (!row->held[i].is_given_up && row->held[i].class_symbol)
      return true;
  return false;
}

/* Only called by name, as far as is seen. */
static bool has_known_callers(const ProgramFunction *function) {
  return function->caller_count && !function->address_taken;
}

typedef struct {
  const Waits *waits;
  bool *seen;
  ARRAY(uint32_t) ids;
} Candidates;

static void add(Candidates *c, uint32_t id) {
  if (c->seen[id] || !has_known_callers(&c->waits->program->functions[id]))
    return;
  c->seen[id] = true;
  array_push(&c->ids, id);
}

/* Whoever a call with a lock leads to. */
static void find_candidates(Candidates *c) {
  const Program *program = c->waits->program;
  for (uint32_t i = 0; i < c->waits->row_count; i++) {
    const WaitRow *row = &c->waits->rows[i];
    if (row->kind != WAIT_CALL || !has_lock(row))
      continue;
    Targets targets = program_resolve(program, row->function, row->symbol);
    for (uint32_t t = 0; t < targets.count; t++)
      add(c, targets.ids[t]);
  }
  for (size_t i = 0; i < c->ids.count; i++) {
    const ProgramFunction *function = &program->functions[c->ids.at[i]];
    for (uint32_t k = 0; k < function->callee_count; k++)
      add(c, function->callees[k]);
  }
}

static void find_entries(Waits *waits) {
  const Program *program = waits->program;
  waits->entries = arena_new_array(waits->arena, EntryLocks, program->function_count);
  Arena *scratch = arena_new();
  Candidates c = {.waits = waits, .seen = arena_new_array(scratch, bool, program->function_count)};
  find_candidates(&c);
  for (uint32_t i = 0; i < program->function_count; i++)
    waits->entries[i].is_known = !c.seen[i];
  Arena *round = arena_new();
  bool changed = c.ids.count > 0;
  while (changed) {
    changed = false;
    for (uint32_t i = program->function_count; i-- > 0;) { // callers first
      const ProgramFunction *function = &program->functions[program->order[i]];
      if (c.seen[function->id])
        changed |= update(waits, round, function);
      arena_reset(round);
    }
  }
  array_free(&c.ids);
  arena_free(round);
  arena_free(scratch);
}

const EntryLock *waits_on_entry(Waits *waits, uint32_t function, uint32_t *count) {
  if (!waits->entries)
    find_entries(waits);
  *count = waits->entries[function].count;
  return waits->entries[function].locks;
}

const EntryLock *waits_held(Waits *waits, Arena *arena, const WaitRow *row, uint32_t *count) {
  if (!waits->entries)
    find_entries(waits);
  LockSet set = locks_of(arena, row, &waits->entries[row->function->id]);
  *count = set.count;
  return set.at;
}
