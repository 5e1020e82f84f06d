/* awaited.c - who is waited for with a lock held that they need: the thread that is joined takes
 * it, or whoever wakes up those that wait for a condition holds it then. */
#include <string.h>

#include "base/guard.h"
#include "link/called.h"
#include "rule/pass.h"
#include "wait/start.h"

enum { SURE_FUNCTIONS = 8 }; // on the ways to the wait and, in the thread, to the lock

typedef struct {
  Pass *pass;
  Waits *waits;
  ARRAY(LockWait) found;
} Search;

static bool is_source(const HeldLock *lock) {
  return !lock->is_given_up && lock->class_symbol && lock->acquired != HELD_SINCE_ENTRY &&
         !(lock->flags & LOCK_COUNTING);
}

static bool gives_up(const WaitRow *row, TextId class_symbol) {
  for (uint32_t i = 0; i < row->held_count; i++)
    if (row->held[i].is_given_up && row->held[i].class_symbol == class_symbol)
      return true;
  return false;
}

/* The same wait, or one that a callee does for the function that has the lock. */
static void add(Search *s, const LockWait *wait) {
  for (size_t i = 0; i < s->found.count; i++) {
    const LockWait *other = &s->found.at[i];
    if (other->lock == wait->lock && ((other->wait->instruction == wait->wait->instruction &&
                                       other->wait->function == wait->wait->function) ||
                                      (other->held->function == wait->held->function &&
                                       other->held->instruction == wait->held->instruction)))
      return;
  }
  array_push(&s->found, *wait);
}

/* ---- joins */

static const ThreadRow *joined_by(const Pass *pass, const WaitRow *join) {
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    if (row->action == THREAD_JOINED && row->function == join->function &&
        row->instruction == join->instruction && row->finding == NO_FINDING)
      return row;
  }
  return NULL;
}

/* A long way is seldom gone, who never gives the lock back leaves that to others, maybe before the
 * end of the thread, and a thread that is cancelled may end where it waits for the lock. */
static bool is_doubtful(const Search *s, const LockWait *wait, const ThreadRow *joined) {
  return wait->way.by_pointer || wait->call_count + wait->way.count > SURE_FUNCTIONS ||
         !releases_some(s->pass, wait->held->function, wait->lock) || is_cancelled(s->pass, joined);
}

/* The lock is a global, or stands beside the handle: it is the one that the thread takes. */
static Confidence confidence_of(const Search *s, const LockWait *wait, const ThreadRow *joined) {
  bool is_same = is_one_lock(s->pass, wait->lock);
  for (uint32_t i = 0; i < wait->wait->held_count && wait->call_count == 1; i++)
    is_same |= wait->wait->held[i].class_symbol == wait->lock && !wait->wait->held[i].argument;
  return is_same && !is_doubtful(s, wait, joined) ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
}

/* Taken before the thread wakes its creator, who waits for that, and never again. */
static bool is_taken_at_start(const Search *s, const ThreadRow *row, uint32_t entry, TextId lock) {
  ThreadStart start = {entry, row->function->id, row->instruction};
  return (is_created_inside(s->pass, row) ||
          is_done_at_start(s->waits, &start, &(StartDeed){.lock = lock}, NULL)) &&
         guard_on("start-awaited");
}

static void judge_join(Search *s, LockWait wait) {
  Pass *pass = s->pass;
  const ThreadRow *joined = joined_by(pass, wait.wait);
  for (const ThreadRow *row = NULL; joined && (row = next_creation(pass, row));) {
    Targets entries = same_handle(row, joined) ? thread_entries(pass, row) : (Targets){0};
    for (uint32_t i = 0; i < entries.count; i++) {
      if (!waits_way(s->waits, pass->arena, entries.ids[i], WAIT_ACQUIRE, wait.lock, &wait.way) ||
          is_taken_at_start(s, row, entries.ids[i], wait.lock))
        continue;
      wait.thread = pass->program->functions[entries.ids[i]].declared.name;
      wait.confidence = confidence_of(s, &wait, joined);
      add(s, &wait);
      return;
    }
  }
}

/* ---- conditions */

static bool holds(Search *s, const WaitRow *row, TextId class_symbol) {
  uint32_t count;
  const EntryLock *held = waits_held(s->waits, s->pass->arena, row, &count);
  for (uint32_t i = 0; i < count; i++)
    if (held[i].class_symbol == class_symbol)
      return true;
  return false;
}

/* Taken under this name, somewhere. */
static bool is_taken(const Search *s, TextId class_symbol) {
  for (uint32_t f = 0; f < s->pass->program->function_count; f++) {
    uint32_t count;
    const WaitRow *rows = waits_rows(s->waits, f, &count);
    for (uint32_t i = 0; i < count; i++)
      if (rows[i].kind == WAIT_ACQUIRE && rows[i].symbol == class_symbol)
        return true;
  }
  return false;
}

static void judge_condition(Search *s, LockWait wait) {
  // a mutex that only callers know, or that is taken under another name, may be this very lock
  if (!wait.wait->symbol || !wait.wait->mutex || (wait.wait->flags & WAIT_TIMED) ||
      wait.wait->mutex == wait.lock || (guard_on("order-names") && !is_taken(s, wait.wait->mutex)))
    return;
  for (uint32_t f = 0; f < s->pass->program->function_count; f++) {
    uint32_t count;
    const WaitRow *rows = waits_rows(s->waits, f, &count);
    for (uint32_t i = 0; i < count; i++) {
      if (rows[i].kind != WAIT_SIGNAL || rows[i].symbol != wait.wait->symbol)
        continue;
      if (!holds(s, &rows[i], wait.lock))
        return;
      wait.signal = &rows[i];
      wait.signals++;
    }
  }
  wait.confidence = is_one_lock(s->pass, wait.lock) ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
  if (wait.signals)
    add(s, &wait);
}

/* ---- all waits */

static void judge(Search *s, const LockWait *wait) {
  if (wait->wait->kind == WAIT_JOIN)
    judge_join(s, *wait);
  else
    judge_condition(s, *wait);
}

static bool is_wait(WaitKind kind) { return kind == WAIT_JOIN || kind == WAIT_CONDITION; }

/* A call with the lock leads to the wait. */
static void follow_call(Search *s, LockWait wait) {
  Pass *pass = s->pass;
  uint32_t count;
  const WaitItem *items = waits_items(s->waits, &count);
  Targets targets = program_resolve(pass->program, wait.held->function, wait.held->symbol);
  for (uint32_t t = 0; t < targets.count; t++)
    for (uint32_t i = 0; i < count; i++) {
      WaitWay way;
      if (!is_wait(items[i].kind) || !items[i].symbol ||
          !waits_may(s->waits, targets.ids[t], items[i].kind, items[i].symbol) ||
          !waits_way(s->waits, pass->arena, targets.ids[t], items[i].kind, items[i].symbol, &way) ||
          way.by_pointer || gives_up(way.row, wait.lock))
        continue;
      uint32_t *calls = arena_new_array(pass->arena, uint32_t, way.count + 1);
      calls[0] = wait.held->function->id;
      memcpy(calls + 1, way.functions, sizeof *calls * way.count);
      wait.wait = way.row;
      wait.calls = calls;
      wait.call_count = way.count + 1;
      judge(s, &wait);
    }
}

void tell_lock_waits(Pass *pass) {
  Search s = {.pass = pass, .waits = waits(pass)};
  for (uint32_t f = 0; f < pass->program->function_count; f++) {
    uint32_t rows_count;
    const WaitRow *rows = waits_rows(s.waits, f, &rows_count);
    for (uint32_t i = 0; i < rows_count; i++)
      for (uint32_t k = 0; k < rows[i].held_count; k++) {
        LockWait wait = {.held = &rows[i],
                         .wait = &rows[i],
                         .lock = rows[i].held[k].class_symbol,
                         .acquired = rows[i].held[k].acquired,
                         .calls = &rows[i].function->id,
                         .call_count = 1};
        if (!is_source(&rows[i].held[k]) || !guard_on("lock-waits"))
          continue;
        if (rows[i].kind == WAIT_CALL)
          follow_call(&s, wait);
        else if (is_wait(rows[i].kind))
          judge(&s, &wait);
      }
  }
  pass->rule->on_lock_waits(pass, s.found.at, (uint32_t)s.found.count);
  array_free(&s.found);
}

/* ---- what the rule asks */

uint32_t call_between(Pass *pass, uint32_t caller, uint32_t callee) {
  BorrowedCode code = program_borrow(pass->program, caller);
  uint32_t found = NO_INSTRUCTION;
  for (uint32_t i = 0; i < code.function->body->instruction_count && found == NO_INSTRUCTION; i++) {
    if (code.function->body->instructions[i].kind != INST_CALL)
      continue;
    bool by_pointer;
    TextId symbol = called_symbol(code.function, i, &by_pointer);
    Targets targets = {0};
    if (symbol)
      targets = by_pointer ? program_slot_targets(pass->program, symbol)
                           : program_resolve(pass->program, code.function, symbol);
    for (uint32_t t = 0; t < targets.count; t++)
      if (targets.ids[t] == callee)
        found = i;
  }
  program_return(&code);
  return found;
}

void note_lock_wait(Pass *pass, Finding *finding, const LockWait *wait) {
  note_there(pass, finding, STEP_EVENT, position_of(wait->held->function, wait->acquired, false),
             "'%s' takes '%s'", wait->held->function->declared.name,
             class_in_words(pass, wait->lock));
  for (uint32_t i = 0; i + 1 < wait->call_count; i++) {
    uint32_t call =
        i ? call_between(pass, wait->calls[i], wait->calls[i + 1]) : wait->held->instruction;
    const ProgramFunction *caller = &pass->program->functions[wait->calls[i]];
    if (call != NO_INSTRUCTION)
      note_there(pass, finding, STEP_EVENT, position_of(caller, call, false), "calls '%s'",
                 pass->program->functions[wait->calls[i + 1]].declared.name);
  }
  note_there(pass, finding, STEP_EVENT,
             position_of(wait->wait->function, wait->wait->instruction, false),
             wait->wait->kind == WAIT_JOIN ? "waits for the end of the thread"
                                           : "waits for the condition '%s'",
             class_in_words(pass, wait->wait->symbol));
  for (uint32_t i = 0; wait->thread && i + 1 < wait->way.count; i++) {
    uint32_t call = call_between(pass, wait->way.functions[i], wait->way.functions[i + 1]);
    const ProgramFunction *caller = &pass->program->functions[wait->way.functions[i]];
    if (call != NO_INSTRUCTION)
      note_there(pass, finding, STEP_EVENT, position_of(caller, call, false), "%scalls '%s'",
                 i ? "" : "the thread: ",
                 pass->program->functions[wait->way.functions[i + 1]].declared.name);
  }
  const WaitRow *last = wait->thread ? wait->way.row : wait->signal;
  note_there(pass, finding, STEP_EVENT, position_of(last->function, last->instruction, false),
             wait->thread ? "the thread takes '%s'" : "wakes them up while it holds '%s'",
             class_in_words(pass, wait->lock));
}
