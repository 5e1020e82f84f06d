/* engine.h - one function under analysis: the parts that names.c, assume.c, lock.c, call.c,
 * loop.c, flow.c and summarise.c share. Nothing outside analysis/ includes it. */
#ifndef ANALYSIS_ENGINE_H
#define ANALYSIS_ENGINE_H

#include "analysis/analysis.h"
#include "analysis/state.h"
#include "link/program.h"

enum {
  NO_SLOT = 0xffffffffu,
  STATES_PER_BLOCK = 32,
  CASES_PER_CALL = 8,
  LOCKS_PER_CASE = 64, // a tree of objects with a lock each has more at every round of a recursion
  CALLS_CACHED = 64,
  CONSTANTS_CACHED = 16,
  BLOCK_VISITS = 10000, // counted in visits, never in seconds, so that results do not flap
  VISITS_PER_BLOCK = 20,
  TERM_DEPTH = 14, // deeper places get a name of their own (k-limit)
  GIVEN_FIELDS = 8,
  EFFECT_SET_LIMIT = 64, // classes that a function reads, or writes
};

/* The summaries of the names that a function calls, as they were found last. */
typedef struct {
  TextId symbol;
  const Summary *summary;
} CallCache;

/* Likewise, of the globals that it reads. */
typedef struct {
  TextId symbol;
  TermId value; // 0: not known
} ConstantCache;

/* What the rounds of a loop do to a local: only constants and comparisons are assigned to it, or
 * every assignment moves it by a constant, or anything else. */
typedef struct {
  enum { STAYS, COUNTS, VARIES } how;
  bool declared;                        // inside: every round has a new one
  enum { NOT_ASKED, KEPT, ANEW } start; // see engine_is_set_anew()
} Variation;

/* Locks, and the block in which something is done to each of them first. */
typedef struct {
  TermId *places;
  Index *blocks;
  uint32_t count;
} NotedLocks;

typedef struct Engine {
  Analysis *analysis;
  const Program *program;
  const ProgramFunction *function;
  const Function *f;
  const Cfg *cfg;
  Arena *arena;    // scratch, reset for each function
  Arena *transit;  // states on their way through a block: until the end of a visit
  Arena *crossing; // one on its way along an edge
  TermTable *terms;
  uint32_t slot_count;
  uint32_t *temp_slots;  // per temp: slot of its value in State.values
  uint32_t passing;      // slots from here on are of temps that live in one block only
  Index *inst_blocks;    // per instruction: its block
  bool *tested;          // per local: a branch tests it
  bool *used_temps;      // per temp: does anything read it?
  bool *answers;         // per temp: an integer, as questions are answered with
  bool asks;             // some call is a question, or its outcome hangs on one (question.c)
  bool *error_numbers;   // per instruction: a call whose result points to errno
  bool has_error_number; // one of them is
  struct Holders *given; // of the parameters' values (fates.c)
  uint32_t parted;       // those that some ways keep and others do not, and callers may be told
  uint32_t outputs;      // parameters behind which something that it opens may be left (output.c)
  bool *alone;           // per instruction that opens: nobody but such a parameter gets it; or NULL
  bool *opens;           // per instruction: a call whose result is new; NULL: not known yet
  bool *event_calls;     // per instruction: a call that may touch locks
  const Summary **noted; // per instruction: the summary whose reads and writes are noted
  uint32_t event_count;
  bool parts_ways; // by its events, or by what becomes of what it opens or is given
  uint32_t lock_event_count;
  bool locks_itself;     // one of them calls what a model describes
  int32_t return_pin;    // which pin is the variable that is returned, or -1: only its sign counts
  Index pins[PIN_LIMIT]; // locals whose constant value is part of the key
  uint32_t pin_count;
  Index branch_pins[PIN_LIMIT]; // branches whose outcome is part of the key as well
  uint32_t branch_pin_count;
  uint32_t call_pins[PIN_LIMIT]; // and calls of which the case that applied is
  uint32_t call_pin_count;
  uint8_t *live_pins;          // per block: the pins that are read before they are set again
  CallCache *calls;            // CALLS_CACHED of them
  ConstantCache *constants;    // CONSTANTS_CACHED
  Variation **varying;         // per loop: per local, or NULL before it is asked for
  TextId **counters;           // per loop: likewise
  struct ClassNumber *classes; // version.c
  uint32_t class_count, class_room;
  State **blocks; // per block: its states
  uint32_t *state_counts;
  uint32_t visits;
  bool degraded;
  const char *degraded_why;
  bool merges_threads;   // likewise: see State
  bool coarse;           // pins were given up to stay within the limits
  Observer *observer;    // set in the judging pass only
  const State *observed; // the block state that is being executed, for witnesses
  uint32_t here;         // instruction being executed
  /* what the function may do, collected in every visit */
  TextId *writes;
  uint32_t write_count, write_room;
  TextId *stores; // those that its own code writes
  uint32_t store_count, store_room;
  TextId *reads;
  uint32_t read_count, read_room;
  bool impure;
  uint64_t *stacks;   // per instruction that creates a thread: THREAD_STACK_*, or bytes; NULL: none
  Exit *thread_exits; // calls that end the thread, kept in the judging pass only
  uint32_t thread_exit_count;
  size_t thread_exit_room;
  bool detaches_self, may_end; // likewise: SUMMARY_*
  bool cancel_point;           // it may be cancelled in here
  bool shields;                // in a part of it a cancellation does no harm
  bool makes_memory;           // its result may be memory that nobody else has
  uint32_t any_place;          // instruction that lets the thread be cancelled anywhere, + 1
  TermId *fetched;             // per instruction: the key whose value is its result; NULL: none
  TermId *kept_locals;         // per local: the key that what it holds is kept under; NULL: none
  uint8_t *shared;             // per instruction: of its result: ORIGIN_SHARED, ORIGIN_RETURNED
  uint8_t *shared_locals;      // per local: the same, of what it holds
  Fates fates;                 // of the parameters' values
  Effect opened;               // what the result is, when it was opened here; else ACTION_NONE
  Effect *deeds;               // effects for its callers that hang on no case
  uint32_t deed_count;
  size_t deed_room;
  bool follows_ways; // nothing is joined, whatever the function does
  uint32_t opening;  // there: the call that opens, and where, as its summary has it
  TermId opening_place;
  TermId followed;                   // there: what was opened, under the name that it has now
  bool keeps_given;                  // replay: memory that a thread is given stays as it is
  TextId given_fields[GIVEN_FIELDS]; // likewise: the fields of it that were kept
  uint32_t given_count;
  bool has_cleanup; // pthread_exit runs handlers. Unsound: all of them are taken to release
  NotedLocks taken, given_up; // locks taken here, and those of the caller that are given up
  bool reads_overflow;
} Engine;

/* ---- ask.c (more of it in analysis.h) */
/* The line of a model, or the declaration of a function without a body, that says what a call does;
 * NULL when a body does. */
const Summary *engine_primitive(const Engine *, TextId symbol);

/* ---- names.c: nodes to terms */
TermId engine_value(Engine *, State *, NodeId);
TermId engine_place(Engine *, State *, NodeId);
TermId engine_load(Engine *, State *, TermId place);
void engine_store(Engine *, State *, TermId place, TermId value);
TermId engine_fresh(Engine *, uint32_t result);
TermId engine_address(Engine *, TermId place);
TermId engine_deref(Engine *, TermId pointer);
TermId engine_binary(Engine *, uint8_t operator, TermId, TermId);
TermId engine_shift(Engine *, TermId pointer, TermId index);
TermId engine_unary(Engine *, uint8_t operator, TermId);
/* The same of what `part` makes of its parts: of an address, a path, a cast or an operation. */
typedef TermId TermPart(void *context, TermId part);
TermId engine_rebuild(Engine *, const Term *whole, TermPart *part, void *context);
/* What writes are told apart by: the last field, global or local of a place (ANALYSIS B.2). */
uint32_t engine_class(const Engine *, TermId place);
TextId engine_class_symbol(uint32_t class_key); // 0 when the class has no program-wide name
/* Version numbers: made by an instruction, or by a join in front of a block. */
static inline uint32_t version_of_instruction(uint32_t i) { return (i + 1) << 1; }
static inline uint32_t version_of_block(Index b) { return (b + 1) << 1 | 1; }
void engine_havoc(Engine *, State *, uint32_t class_key); // something of that class was written
void engine_havoc_place(Engine *, State *, TermId);       // the same; of a local, that part of it
/* A local whose address the callee gets may be written by it. */
void engine_havoc_argument(Engine *, State *, TermId argument);
/* The classes of these symbols. */
void engine_havoc_symbols(Engine *, State *, const TextId *symbols, uint32_t count);
bool engine_contains(const Engine *, TermId whole, TermId part);
void engine_note_read(Engine *, TextId class_symbol);
void engine_note_write(Engine *, TextId class_symbol);
void engine_note_summary(Engine *, const Summary *); // what it reads and writes, and its flags
void engine_note_flags(Engine *, const Summary *);   // of a call that does not return
void engine_note_store(Engine *, State *, TextId class_symbol); // the function's own code writes it
/* By text, until the end of a visit: numbers of texts differ from run to run. */
const TextId *engine_in_order(Engine *, const TextId *symbols, uint32_t count);

/* ---- version.c: 0 is what the memory of a class held at entry */
uint32_t engine_version(const Engine *, const State *, uint32_t class_key);
void engine_set_version(Engine *, State *, uint32_t class_key, uint32_t version);

/* ---- assume.c: conditions to facts */
typedef enum { NO, YES, UNKNOWN } Decision;
Decision engine_decide(Engine *, State *, TermId condition);
bool engine_assume(Engine *, State *, TermId condition, bool is_true); // false: infeasible
bool engine_is_error_number(const Engine *, TermId); // errno, as it is read somewhere
/* The result of the call at hand, as far as nothing is said of it. errno = start(); if (errno):
 * where that is stays the same, and what is in it, until something else is called. */
TermId engine_error_pointer(Engine *, State *);
void engine_range(Engine *, State *, TermId, int64_t *low, int64_t *high);

/* ---- match.c: which of the objects that are followed an operation means */
LockEntry *engine_find_family(Engine *, State *, TermId place);
/* One of that kind, in state `now`, that may be this one under another name. */
LockEntry *engine_find_possible(Engine *, State *, const Effect *, TermId place, LockState now);
bool engine_is_stable(const Engine *, TermId); // one name is one object for the whole function
/* `pattern` may hold ANY where `place` holds some value. */
bool engine_matches(const Engine *, TermId pattern, TermId place);
bool engine_is_blurred(const Engine *, TermId); // it stands for any of a class
LockEntry *engine_new_entry(Engine *, State *, const Effect *, TermId place, LockState needed);
void engine_tell(Engine *, TransitionKind, const Effect *, const LockEntry *before,
                 const LockEntry *after);
/* In doubt for good: it stands for many objects, or what it needs at entry is in doubt. Any other
 * doubt ends with the next operation on that very name. */
static inline bool lock_stays_doubtful(const LockEntry *lock) {
  return lock->now == LOCK_MAYBE && (lock->flags & (LOCK_FAMILY | LOCK_VAGUE));
}

/* ---- lock.c: the automaton of locks */
/* False when the effect cannot happen in this state. */
bool engine_lock_effect(Engine *, State *, const Effect *, TermId place);
/* A try failed: `outcome` says so. */
void engine_lock_not_taken(Engine *, State *, TermId place, TermId outcome);
void engine_release_all(State *, TextId kind);
/* A store to `place`: of zero, to the word of a lock that is held here, gives it back. */
void engine_lock_cleared(Engine *, State *, TermId place, TermId value);
/* The call sees `pointer`: what becomes of locks reached from it is unknown. */
void engine_escape(Engine *, State *, TermId pointer);

/* ---- declared.c: what the function's own declarations say about locks */
const Summary *engine_declared(const Engine *); // NULL: nothing
bool engine_is_unchecked(const Engine *);       // its body is not to be judged
/* That it does this to a lock, or to what is inside of the one that is named. */
bool engine_declares(Engine *, Action, TermId place);
/* The ways out as callers see them. */
Exit *engine_declared_exits(Engine *, Exit *, uint32_t *count);
void engine_declared_effects(Engine *, Summary *);
/* A callee says that it has to be called with this lock held. */
void engine_expect(Engine *, State *, const Effect *, TermId place);

/* ---- lifetime.c: locks that are destroyed, made, or used after that */
void engine_lifetime(Engine *, State *, const Effect *, TermId place);
bool engine_lifetime_used(Engine *, State *, const Effect *, TermId place); // it was told
bool engine_is_primitive(const Engine *); // the call at hand is of a function that a model knows
bool engine_lifetime_ended(const State *, TermId place); // it is destroyed
/* The instruction that made it, on all ways, and nobody has had it since; or NO_INSTRUCTION. */
uint32_t engine_lifetime_begins(const State *, TermId place);
void engine_lifetime_unknown(Engine *, State *, TermId pointer); // somebody unknown sees it
void engine_lifetime_stored(const Engine *, State *, TermId place);
void engine_lifetime_freed(Engine *, State *, const Effect *, TermId pointer);
void engine_note_lifetimes(Engine *, const Exit *, uint32_t count); // for callers
bool engine_has_no_object(Engine *, const State *, TermId place);   // its pointer is null there

/* ---- thread.c: the automaton of thread handles */
/* What a handle stands for, given its value or its place: the place that holds it, so that copies
 * of the value are the same thread. */
TermId engine_thread_place(Engine *, State *, TermId handle);
typedef struct {
  TermId detached, argument; // 0 when there are none
  TermId with;               // see LockEntry
  TermId stack;              // size that the attributes ask for; 0: not known
} Creation;
void engine_thread_effect(Engine *, State *, const Effect *, TermId handle, Creation);
/* The call created no thread, though it would have with another outcome. */
void engine_thread_not_created(Engine *, State *, const Effect *, TermId handle);
/* In front of a store: the handle may move to another place, or be overwritten. */
void engine_thread_stored(Engine *, State *, TermId place, TermId value);
/* In front of a store to a local that is a mere name: it may have been the last of a handle. */
void engine_thread_dropped(Engine *, State *, Index local, TermId value);

/* ---- attributes.c: attribute objects of threads */
/* Whether a thread with the attributes at this place is created detached. */
TermId engine_attributes_detached(Engine *, State *, TermId attributes);
/* `cell` is their field ATTRIBUTES_DETACHED; a value of 0 is one that nobody knows. */
/* Bytes of stack that a thread with them is created with: a constant 0 is what is usual. */
TermId engine_attributes_stack(Engine *, State *, TermId attributes);
void engine_attributes_set(Engine *, State *, TermId cell, TermId value);
/* What callers are told that the cell holds; 0 when they cannot be. */
TermId engine_attributes_value(const Engine *, const State *, const LockEntry *);

/* ---- deed.c: effects that no automaton follows */
/* `place` and `other` of the effect, as this function names them. */
void engine_deed(Engine *, State *, const Effect *, TermId place, TermId other);
/* What cleans up when the thread is cancelled begins, or ends. */
void engine_shield(Engine *, State *, bool begins);
void engine_hand_on(Engine *, Effect); // to who calls the function, whatever its outcome
/* In front of a call: may the thread be cancelled in it? */
void engine_note_point(Engine *, State *, const Instruction *, const Summary *);
/* A model sets what it has no object for: whether and how the thread can be cancelled. */
void engine_note_set(Engine *, TermId place, TermId value);
void engine_note_destroyed(Engine *, State *, TermId lock); // in front of it
/* Who else gets memory that was made here: other memory, the caller, and functions. */
void engine_note_stored(Engine *, TermId place, TermId value);
void engine_note_returned(Engine *, TermId value);
void engine_note_passed(Engine *, const Summary *, const TermId *args, uint32_t count);
/* What the results of the function are: deeds for its callers. */
void engine_note_results(Engine *, const Exit *, uint32_t count);

/* ---- wait.c: condition variables */
void engine_wait(Engine *, State *, const Effect *, TermId condition, TermId mutex);
void engine_signal(Engine *, const State *, const Effect *, TermId condition);

/* ---- fields.c */
TextId engine_field(const Engine *, Index symbol); // of a function; what terms call it
/* Back: of the members that share a place, the one that the function's code uses, if it is one. */
TextId engine_field_in_code(const Engine *, TextId symbol);
/* The field of a model's term, as the function that makes the call names it, if it does. */
TextId engine_field_named(const Engine *, const Instruction *call, const TermTable *,
                          const Term *field);

/* ---- retest.c: loops around waits */
Retest engine_retest(Engine *, uint32_t call, uint32_t acquired);
/* The branch in front of a call, and behind `acquired`, that reads a field or global and decides
 * about it; NO_BLOCK: none. */
Index engine_test_before(const Engine *, uint32_t call, uint32_t acquired, Index *symbol);
/* Is that field or global read once more after the call, before the mutex is acquired again, to
 * decide about something or as the result? */
bool engine_asks_after(const Engine *, uint32_t call, uint32_t acquired, Index symbol);

/* ---- lent.c: locals whose address a thread was given */
void engine_lend(Engine *, State *, const Effect *, TermId thread, TermId argument);
void engine_lent_back(Engine *, State *, TermId thread);    // it was joined
void engine_lent_doubtful(Engine *, State *, TermId place); // of those that hold it; 0: of all
void engine_lent_moved(State *, TermId from, TermId to);    // a handle is kept elsewhere
void engine_lent_read(Engine *, State *, TermId place);     // in a loop it may be waited for
/* The local is out of scope; false when the entry is not of one that a thread may use. */
bool engine_lent_ends(Engine *, State *, LockEntry *);
/* Remembers which fields of the memory behind the argument are known. */
void engine_note_given(Engine *, const State *, TermId argument);

/* ---- ask.c: what an analysis may ask about the rest of the program, and nothing else (trace.h) */
/* Summary of a callee as the engine sees it: model, body, or NULL when unknown. */
const Summary *engine_summary(Engine *, TextId symbol);
/* format.c: what the case of a model prints into something that it opens is not nothing. */
bool format_assume(Engine *, const CallSeen *, const Case *, State *after, TermId result);
/* What becomes of the arguments of a call that has several targets; false when that is not known.
 */
bool engine_call_fates(Engine *, TextId symbol, Fates *);
/* The program-wide symbol that is called: a function, or the field or global it is read from. */
TextId engine_called_symbol(Engine *, TermId callee);
LockKind engine_kind(const Engine *, TextId class_symbol);
TermId engine_constant(Engine *, TextId global); // the value that it always has; 0: not known

/* ---- question.c: calls that only read */
bool engine_is_question(const Summary *);
/* It is one, or what it does hangs on one. */
bool engine_hangs_on_answer(const Summary *);
TermId engine_answer(Engine *, const State *, const CallSeen *);
/* What such an answer hangs on: the memory of a class, as this function has left it. */
TermId engine_asked(Engine *, const State *, TextId class_symbol);
/* Written where the function that asks can see it. */
void engine_written_at_hand(Engine *, State *, const TextId *symbols, uint32_t count);

/* ---- call.c: one state in, successor states out (at most CASES_PER_CALL) */
uint32_t engine_call(Engine *, State *, const Instruction *, State **out);

/* ---- loop.c: what entering a loop and crossing a back edge do to names */
void engine_cross_back_edge(Engine *, State *, Index header);
void engine_enter_loop(Engine *, State *, Index header);

/* ---- block.c: instructions of one block; `out` has room for STATES_PER_BLOCK */
uint32_t engine_run_block(Engine *, const State *in, State **out);
/* Adds a state behind that call to the `count` in `out`. Two with one key are one, unless their
 * outcomes differ. */
uint32_t engine_gather(Engine *, State **out, uint32_t count, State *, const Instruction *);
/* The successor state on one edge of the terminator; NULL when infeasible. */
State *engine_take_edge(Engine *, const State *after, Index block, uint32_t edge);

/* ---- outside.c: names for callers */
bool outside_knows(const Engine *, TermId);
/* The lock as a caller names it; false when it cannot. One without a name that is left in another
 * state than it was found in makes its whole class doubtful at the caller. */
bool outside_lock(Engine *, const Exit *, LockEntry *);
/* What a lock is called by who is handed its object, as the result or in memory that the caller
 * sees; 0 when it is not handed out that way. */
TermId outside_handed(Engine *, const Exit *, TermId place);
/* Is the result the handle that is kept at this place? */
bool outside_returns_handle(const Engine *, const Exit *, TermId place);
/* Is it a lock of an object that is returned or left in `*out`? */
bool outside_is_handed(Engine *, const Exit *, TermId place);
/* This way out alone leaves the object, or what leads to it, in memory that its caller sees. */
bool outside_is_kept(Engine *, const Exit *, const Exit *other, TermId place);
TermId outside_blurred(Engine *, TermId place); // what callers cannot name becomes ANY; 0: a local

/* ---- owner.c: the bit of a parameter in Fates */
uint32_t fate_bit(uint32_t parameter);

/* ---- leak/leak.c: what it opens for its caller (e->opened) and does with what it is given
 * (e->fates); for the observer, what it loses */
void engine_find_leaks(Engine *, bool telling);

/* ---- fates.c: what becomes of parameters */
void engine_follow_parameters(Engine *);
void engine_gone(Engine *, State *, uint32_t instruction); // no call, or one of who is not known
void engine_gone_by_case(Engine *, State *, uint32_t instruction, const Case *);
/* What the results of the ways out do not tell is gone on all of them. */
void engine_gone_exits(Engine *, Exit *, uint32_t count);
Fates engine_fates(const Engine *, uint32_t gone); // on the ways on which so much is gone

/* ---- output.c: what is opened and left in `*out` */
bool effect_opens(const Effect *);
bool case_opens(const Case *, TermId place);
/* True of a value that is not open: a null pointer, or a negative number. */
TermId engine_failed(Engine *, TextId kind, TermId value);
bool engine_stores_output(const Engine *, TermId place); // `*out`, written by the function itself
void engine_find_outputs(Engine *);
void engine_output_stored(Engine *, State *, TermId place, TermId value);   // before the store
void engine_output_opened(Engine *, State *, const Effect *, TermId place); // by the call at hand
void engine_output_given(Engine *, State *, const CallSeen *); // what the call closes or keeps
/* It may write what its argument of that number points to: a parameter, beside the outputs. */
void engine_output_left(Engine *, State *, TermId argument, uint32_t number);
/* The ways out, by what of it callers have to close: those on which it failed apart. */
Exit *engine_output_exits(Engine *, Exit *, uint32_t *count);

/* ---- function.c: from what its state knows of the result */
void engine_range_result(Engine *, Exit *);

/* ---- live.c: fills e->live_pins */
void engine_find_live_pins(Engine *);
/* What a round leaves in the local is read by no other round, and not behind the loop. */
bool engine_is_set_anew(Engine *, Index loop, Index local);

/* ---- conditions.c: is in `*out` at the end of one way what is not in it at the end of the other?
 */
bool engine_output_tells(Engine *, const State *, const State *);

/* ---- nesting.c: ways out that count instead of taking or giving back a lock do so as well */
void engine_count_nesting(Engine *, Exit *, uint32_t count);

/* ---- join_memory.c: for joins; true when `into` changed */
bool engine_same_constant(Engine *, const State *, const State *, TermId place); // it holds in both
bool engine_settle_constants(Engine *, State *into, const State *from); // before facts are joined
bool engine_join_memory(Engine *, State *into, const State *from);      // after that

/* ---- flow.c */
void engine_prepare(Engine *);                         // slots, pins, events
const Variation *engine_varying(Engine *, Index loop); // per local
const TextId *engine_counters(Engine *, Index loop);   // fields and globals that it counts; 0 ends
void engine_note_taken(Engine *, TermId place);
void engine_note_given_up(Engine *, TermId place);
/* Pins the branches, and the cases of calls, that decide about the locks in which the exits differ;
 * false when there are none. */
bool engine_refine(Engine *, const Exit *exits, uint32_t count);
void engine_pin_case(const Engine *, State *, uint32_t number); // of the call at hand
void engine_run(Engine *);
/* The same; while that is too much, the less important half of the pins is given up. */
void engine_run_coarser(Engine *);
State *engine_entry(Engine *, Arena *);
bool engine_join(Engine *, State *into, const State *from); // same key; true when `into` changed

#endif
