/* waits.c - what the engine sees a function do while it holds locks, as rows (wait/rows.h). All
 * that is program-wide is put together from them when all functions are known. */
#include <string.h>

#include "rule/pass.h"

enum { LOCKS_AT_ONCE = 32, SETS_PER_CALL = 8, ROWS_PER_FUNCTION = 2000 };

/* ---- locks at hand */

typedef struct {
  HeldLock at[LOCKS_AT_ONCE];
  TermId places[LOCKS_AT_ONCE];
  uint32_t count;
} LocksHere;

/* The argument that points to the object that the place is a member of. */
static uint8_t argument_of(const Engine *e, const CallSeen *call, TermId place) {
  const Term *term = term_at(e->terms, term_whole(e->terms, place));
  for (uint32_t i = 0; i < call->arg_count && i < NO_ARGUMENT; i++)
    if (term->kind == TERM_DEREF && term->a == call->args[i])
      return (uint8_t)i;
  return NO_ARGUMENT;
}

/* Taken by an instruction that comes later: the loop has come round with it. */
static uint8_t round_flag(const Engine *e, const LockEntry *lock, uint32_t here) {
  if (lock->acquired == NO_INSTRUCTION)
    return 0;
  uint32_t taken = e->cfg->position[e->inst_blocks[lock->acquired]],
           now = e->cfg->position[e->inst_blocks[here]];
  return taken > now || (taken == now && lock->acquired > here) ? HELD_FROM_ROUND : 0;
}

static uint8_t spin_flag(const Engine *e, const LockEntry *lock) {
  return lock->kind && !strcmp(text_of(e->program->symbols, lock->kind), "spin") ? HELD_SPINNING
                                                                                 : 0;
}

/* `without`: a lock that is given up meanwhile; 0: none. */
static void find_locks(const Engine *e, const CallSeen *call, TermId without, LocksHere *here) {
  here->count = 0;
  for (uint32_t i = 0; i < call->state->lock_count && here->count < LOCKS_AT_ONCE; i++) {
    const LockEntry *lock = &call->state->locks[i];
    bool is_held = lock->now == LOCK_HELD && lock->place != without;
    if (lock->resource != RESOURCE_LOCK ||
        (!is_held && lock->pre != LOCK_HELD && lock->now != LOCK_MAYBE))
      continue;
    here->places[here->count] = lock->place;
    here->at[here->count++] = (HeldLock){
        .class_symbol = wait_class(e->program->symbols, e->terms, lock->place),
        .object = wait_object(e->terms, lock->place),
        .acquired = lock->acquired,
        .flags = (lock->flags & (LOCK_READ | LOCK_TRY | LOCK_RECURSIVE | LOCK_COUNTING)) |
                 round_flag(e, lock, call->instruction) | spin_flag(e, lock),
        .argument = argument_of(e, call, lock->place),
        .is_given_up = !is_held};
  }
}

/* ---- rows of the function at hand */

static uint32_t count_sets(const Pass *pass, const WaitRow *row) {
  uint32_t sets = 0;
  for (size_t i = pass->before.wait_rows; i < pass->wait_rows.count; i++)
    sets += pass->wait_rows.at[i].kind == row->kind &&
            pass->wait_rows.at[i].symbol == row->symbol &&
            pass->wait_rows.at[i].instruction == row->instruction;
  return sets;
}

static void add(Pass *pass, WaitRow row, const LocksHere *here) {
  row.function = pass->engine->function;
  row.held = here->at;
  row.held_count = here->count;
  if (count_sets(pass, &row) >= SETS_PER_CALL || // Imprecise: then it may be called without any
      pass->wait_rows.count - pass->before.wait_rows >= ROWS_PER_FUNCTION)
    row.held_count = 0;
  for (size_t i = pass->before.wait_rows; i < pass->wait_rows.count; i++)
    if (same_wait(&pass->wait_rows.at[i], &row))
      return;
  row.held = arena_copy(pass->arena, row.held, sizeof *row.held * row.held_count);
  array_push(&pass->wait_rows, row);
}

void forget_waits(Pass *pass) { pass->bare_calls.count = 0; }

static bool is_bare(const Pass *pass, TextId symbol) {
  for (size_t i = 0; i < pass->bare_calls.count; i++)
    if (pass->bare_calls.at[i] == symbol)
      return true;
  return false;
}

static bool has_calls(const Pass *pass, TextId symbol) {
  for (size_t i = pass->before.wait_rows; i < pass->wait_rows.count; i++)
    if (pass->wait_rows.at[i].kind == WAIT_CALL && pass->wait_rows.at[i].symbol == symbol)
      return true;
  return false;
}

/* The way ends with this call: an error is raised, and whoever catches it gives locks back. */
static bool is_last_call(const Engine *e, uint32_t instruction) {
  const Block *block = &e->f->blocks[e->inst_blocks[instruction]];
  if (e->f->instructions[instruction].flags & CALL_NORETURN)
    return true;
  if (block->terminator != TERM_UNREACHABLE)
    return false;
  for (uint32_t i = instruction + 1; i < block->first + block->count; i++)
    if (e->f->instructions[i].kind == INST_CALL)
      return false;
  return true;
}

/* Calls without a lock say something only of a callee that is called with one, too. */
void remember_call(Pass *pass, const CallSeen *call) {
  const Engine *e = pass->engine;
  bool is_primitive = call->summary && (call->summary->flags & SUMMARY_MODEL);
  if (!e->lock_event_count || !call->symbol || is_primitive ||
      summary_never_returns(call->summary) || is_last_call(e, call->instruction))
    return;
  LocksHere here;
  find_locks(e, call, 0, &here);
  WaitRow row = {.kind = WAIT_CALL, .symbol = call->symbol, .instruction = call->instruction};
  bool is_known = has_calls(pass, call->symbol), bare = is_bare(pass, call->symbol);
  if (!here.count && !bare)
    array_push(&pass->bare_calls, call->symbol);
  if (here.count && bare && !is_known)
    add(pass, row, &(LocksHere){.count = 0});
  if (here.count || is_known)
    add(pass, row, &here);
}

/* ---- effects */

static bool waits_for_thread(const Case *of) {
  for (uint32_t i = 0; i < of->effect_count; i++)
    if (of->effects[i].action == ACTION_WAIT || of->effects[i].action == ACTION_JOIN)
      return true;
  return false;
}

/* What the callee has a class for is in the callee's rows. */
static bool callee_names(TextPool *symbols, const EffectSeen *seen) {
  return wait_class(symbols, seen->call->summary->terms, seen->effect->place) != 0;
}

/* One that is held already is another rule's. */
static bool is_acquired_here(TextPool *symbols, const EffectSeen *seen, bool is_primitive) {
  const Effect *effect = seen->effect;
  if (effect->resource != RESOURCE_LOCK || !seen->place)
    return false;
  if (effect->action != ACTION_ACQUIRE && effect->action != ACTION_USE)
    return false;
  const LockEntry *lock = state_lock((State *)seen->call->state, seen->place);
  return !(lock && lock->now == LOCK_HELD) && (is_primitive || !callee_names(symbols, seen));
}

/* A thread goes by what its handle is kept in. */
static TermId thread_place(Engine *e, const EffectSeen *seen) {
  bool is_value = seen->place && !term_is_place(e->terms, seen->place);
  return is_value ? engine_thread_place(e, (State *)seen->call->state, seen->place) : seen->place;
}

static void name_thread(Engine *e, const EffectSeen *seen, WaitRow *row) {
  TermId place = thread_place(e, seen);
  row->symbol = wait_class(e->program->symbols, e->terms, place);
  for (const Term *term = place ? term_at(e->terms, place) : NULL;
       term && (term->kind == TERM_FIELD || term->kind == TERM_INDEX);
       term = term_at(e->terms, term->a))
    if (term->kind == TERM_INDEX)
      row->flags |= WAIT_ELEMENT;
}

static bool make_row(Engine *e, const EffectSeen *seen, WaitRow *row) {
  const Effect *effect = seen->effect;
  TextPool *symbols = e->program->symbols;
  bool is_primitive = seen->call->summary->flags & SUMMARY_MODEL;
  bool of_thread = effect->resource == RESOURCE_THREAD;
  *row = (WaitRow){.instruction = seen->call->instruction,
                   .symbol = wait_class(symbols, e->terms, seen->place),
                   .through = is_primitive ? 0 : seen->call->symbol};
  switch ((Action)effect->action) {
  case ACTION_ACQUIRE:
  case ACTION_USE:
    row->kind = WAIT_ACQUIRE;
    row->object = wait_object(e->terms, seen->place);
    row->flags = effect->flags & (LOCK_READ | LOCK_TRY | LOCK_RECURSIVE | LOCK_COUNTING);
    return is_acquired_here(symbols, seen, is_primitive) && row->symbol;
  case ACTION_WAIT:
    row->kind = WAIT_CONDITION;
    row->mutex = wait_class(symbols, e->terms, seen->other);
    row->flags = effect->attribute ? WAIT_TIMED : 0;
    return true;
  case ACTION_SIGNAL:
    row->kind = WAIT_SIGNAL;
    return true;
  case ACTION_JOIN:
  case ACTION_SPAWN:
    row->kind = effect->action == ACTION_JOIN ? WAIT_JOIN : WAIT_SPAWN;
    if (!of_thread || (!is_primitive && callee_names(symbols, seen)))
      return false;
    name_thread(e, seen, row);
    return true;
  case ACTION_BLOCK:
    row->kind = WAIT_BLOCK;
    row->symbol = effect->text;
    return !waits_for_thread(seen->of);
  default:
    return false;
  }
}

void remember_wait(Pass *pass, const EffectSeen *seen) {
  Engine *e = pass->engine;
  WaitRow row;
  remember_pair(pass, seen);
  if (!make_row(e, seen, &row))
    return;
  LocksHere here;
  find_locks(e, seen->call, row.kind == WAIT_CONDITION ? seen->other : 0, &here);
  TermId handle = row.kind == WAIT_JOIN ? thread_place(e, seen) : 0;
  for (uint32_t i = 0; i < here.count && handle; i++)
    here.at[i].argument =
        term_whole(e->terms, here.places[i]) == term_whole(e->terms, handle) ? 0 : NO_ARGUMENT;
  add(pass, row, &here);
}

/* ---- kept with what was judged of a function */

void wait_row_write(const Pass *pass, ByteWriter *out, const WaitRow *row) {
  wait_write(out, row, pass->program->symbols);
}

WaitRow wait_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  return wait_read(pass->arena, in, function, pass->program->symbols);
}

Waits *waits(Pass *pass) {
  if (!pass->waits)
    pass->waits = waits_new(pass->program, pass->wait_rows.at, (uint32_t)pass->wait_rows.count);
  return pass->waits;
}

bool may_block_on(Pass *pass, uint32_t function, const char *const *words) {
  for (; *words; words++) {
    TextId word = text_find(pass->program->symbols, *words);
    if (word && waits_may(waits(pass), function, WAIT_BLOCK, word))
      return true;
  }
  return false;
}
