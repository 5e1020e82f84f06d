/* analysis.h - from IR to summaries and lock transitions: one flow engine for all rules.
 *
 * analysis_run() goes over the program callees first, gives every function its summary, and tells
 * an observer what happens to locks in it. States and transitions of the resources are here; what
 * is worth a finding is judged by rules/.
 */
#ifndef ANALYSIS_ANALYSIS_H
#define ANALYSIS_ANALYSIS_H

#include "analysis/state.h"
#include "link/constants.h"
#include "link/kinds.h"
#include "link/program.h"
#include "model/summary_set.h"

/* Mechanisms that a development build can switch off, to see what each is good for (the matrix of
 * fixtures, and ANALYSIS M1). */
enum {
  WITHOUT_FACTS = 1,      // no path facts at all
  WITHOUT_PINS = 2,       // no pinned flags
  WITHOUT_CANONICAL = 4,  // every load gives a new name
  WITHOUT_PURE = 8,       // results of pure calls are not the same value
  WITHOUT_FAMILIES = 16,  // locks taken in loops are not families
  WITHOUT_CASES = 32,     // summaries are not split into cases
  WITHOUT_RELATIONS = 64, // no order facts between two unknown values
  WITHOUT_REPLAY = 128,
  WITHOUT_GETTERS = 256,  // results of callees are never expressed over their parameters
  WITHOUT_SLOTS = 512,    // no function pointers through fields
  WITHOUT_CLEANUP = 1024, // calls made by cleanup attributes are ignored
  WITHOUT_NORETURN = 2048,
  WITHOUT_ROUNDS = 4096,    // what a loop changes keeps its old name until the second round
  WITHOUT_HANDOFF = 8192,   // no hand-off protocol between roots
  WITHOUT_KINDS = 16384,    // recursive kinds are not tracked
  WITHOUT_ENTRY = 32768,    // nobody comes in with a lock held
  WITHOUT_IGNORED = 65536,  // a try whose outcome nobody looks at may have failed
  WITHOUT_ERRNO = 131072,   // the number of the last error may be anything
  WITHOUT_NESTING = 262144, // locks that are recursive by hand are not known as such
};

typedef enum {
  TRANSITION_ACQUIRE,
  TRANSITION_RELEASE,
  TRANSITION_DOUBLE,    // acquired while held
  TRANSITION_NOT_HELD,  // released after it was released here
  TRANSITION_UNTAKEN,   // released after it was made here, at `since`
  TRANSITION_MOVED,     // a handle is kept at another place from here on: `after`
  TRANSITION_LOST,      // the last name of a handle is overwritten
  TRANSITION_DESTROYED, // while it is held
  TRANSITION_FREED,     // the memory that it is in, likewise
  TRANSITION_GONE, // used, or destroyed once more, after it was destroyed at `since` of `before`
  TRANSITION_SET,  // attributes of threads say something else from here on
} TransitionKind;

typedef struct {
  TransitionKind kind;
  const Effect *effect;
  LockEntry before, after;
  uint32_t instruction;
  const State *state; // block state in front of it (witness)
} Transition;

/* An effect that no automaton follows, as it happens at a call: a thread is cancelled, or may be; a
 * value is kept under a key (deed.c). Judged when those of the whole program are known. */
typedef enum {
  DEED_EFFECT,        // the effect of a model or of a callee
  DEED_POINT,         // the thread may be cancelled here, with the locks of `state` held
  DEED_GUARDED_POINT, // it would be, were it not held back, or did a handler not clean up
  DEED_SHIELDED,      // a function is called where a cancellation does no harm
  DEED_BARE,          // a function is called where it may, although it does not elsewhere
  DEED_ANY_PLACE, // not safe in a thread that is cancelled at any instruction; `since` made it that
  DEED_WAIT, // for condition variable `place`, with mutex `value`, acquired or released at `since`
  DEED_SIGNAL,    // who waits for `place` goes on
  DEED_DESTROYED, // the lock `place` is, by a call of a library
} DeedKind;

/* Who holds the mutex of a wait, and does somebody ask, after it, for what is waited for? */
typedef enum { HOLD_UNKNOWN, HOLD_HERE, HOLD_BY_CALLER, HOLD_NOT } WaitHold;
typedef enum {
  RETEST_NONE,
  RETEST_STALE, // in a loop, but on each way from the test to the wait the mutex is taken anew
  RETEST_DONE,
} Retest;

enum { ORIGIN_OTHER, ORIGIN_NEW, ORIGIN_FETCHED };
enum { ORIGIN_SHARED = 1, ORIGIN_RETURNED = 2 }; // others, or the caller, were given it, too
typedef struct {
  uint8_t kind;   // ORIGIN_*
  uint32_t since; // the call that made or fetched it
  TermId key;     // ORIGIN_FETCHED: the place of the key it was kept under
  uint8_t flags;  // ORIGIN_*
} Origin;

typedef struct {
  DeedKind kind;
  const Effect *effect;
  TermId place;  // of the handle or key; a value that is closed
  TermId value;  // that is kept
  Origin origin; // of the value that is kept or closed
  uint32_t instruction, since;
  WaitHold hold; // of waits
  Retest retest;
  const State *state; // in front of it
} Deed;

/* Something that was opened here and that nobody holds any more, though it was not given back. */
typedef struct {
  uint32_t opened;        // the call that opened it
  uint8_t resource;       // RESOURCE_FILE, RESOURCE_MEMORY
  TextId kind;            // "fd", "FILE"
  const char *name;       // of a variable that holds it; ""
  Index block;            // it is lost in,
  uint32_t lost;          // by this instruction; NO_INSTRUCTION: by the return at its end
  const State *last;      // the way there: its parents
  bool is_inside;         // `lost` gives back the memory that it is kept in; `name` is the field
  uint32_t closed, kept;  // where another way gives it back, or hands it on; or NO_INSTRUCTION
  uint32_t mistaken;      // a call that would give back another kind of thing; or NO_INSTRUCTION
  uint32_t refused;       // a call on the way that keeps it in other outcomes; or NO_INSTRUCTION
  bool is_returned;       // by another way
  bool is_used;           // by more than tests
  bool is_made;           // by a function that has a body, which uses it
  bool is_shown;          // to a function that is called through a pointer
  bool is_doubtful;       // the way hangs on what the calls leave unsaid
  const uint32_t *events; // per instruction: `which` is set where it is given back or handed on
  uint32_t which;
} Leak;

enum { THREAD_STACK_USUAL = 0, THREAD_STACK_UNASKED = 1 }; // no stack has one byte
#define THREAD_STACK_UNKNOWN UINT64_MAX // the size that a thread's attributes ask for

/* A call, in front of what it does. */
typedef struct {
  TextId symbol;          // of the function, or of the field or global that it is read from; or 0
  const Summary *summary; // NULL: unknown
  const TermId *args;
  uint32_t arg_count;
  uint32_t instruction;
  const State *state;
} CallSeen;

/* An effect of a call, in front of it, with the names that this function has for its objects. */
typedef struct {
  const CallSeen *call;
  const Case *of;
  const Effect *effect;
  TermId place, other; // 0: of no meaning here
} EffectSeen;

/* One way out of a function, or of one round of a loop, with one set of locks. */
typedef enum { EXIT_RETURN, EXIT_ROUND, EXIT_THREAD } ExitKind;
typedef struct {
  ExitKind kind;
  uint32_t instruction; // EXIT_THREAD: the call that ends the thread
  Index block;          // whose terminator leaves
  const State *state;   // at the return
  const State *witness; // block state in front of the return's block
  TermId result;
  int64_t low, high;
  bool no_zero;
} Exit;

typedef struct Engine Engine;
typedef struct Observer Observer;
struct Observer {
  void *context;
  void (*on_code)(Observer *, Engine *); // once a function, before all the others
  /* In functions with lock events, in front of each load, store and call, in each state. */
  void (*on_access)(Observer *, Engine *, const State *);
  void (*on_transition)(Observer *, Engine *, const Transition *);
  void (*on_deed)(Observer *, Engine *, const Deed *);
  void (*on_call)(Observer *, Engine *, const CallSeen *);
  void (*on_effect)(Observer *, Engine *, const EffectSeen *);
  void (*on_exits)(Observer *, Engine *, const Exit *, uint32_t count);
  void (*on_leak)(Observer *, Engine *, const Leak *);
  /* The ends of all rounds of one loop that lose the name of a lock they took, and those that gave
   * it back. */
  void (*on_rounds)(Observer *, Engine *, const Exit *, uint32_t count);
  void (*on_done)(Observer *, Engine *); // once a function, after all the others
  /* What was observed of the function analysed last, as bytes, and the same of a function that is
   * not analysed again. Writing says whether names of locals are in them. */
  bool (*write)(Observer *, ByteWriter *);
  void (*read)(Observer *, const ProgramFunction *, ByteReader *);
};

/* The result of an earlier run for a function with the same code. */
typedef struct {
  Hash answers; // it holds when the questions of its trace (trace.h) have these answers now
  Hash summary_hash;
  const void *bytes; // trace and result; the summary is kept apart
  size_t count;
  const void *summaries; // to keep behind it: of rounds (remember.h)
  size_t summaries_count;
} Remembered;

/* Where results outlast a run. */
typedef struct {
  bool (*recall)(void *context, Arena *, const ProgramFunction *, Remembered *);
  void (*keep)(void *context, const ProgramFunction *, const Remembered *);
  /* The summary that was kept last, and what was kept behind it. */
  ByteReader (*summaries)(void *context, Arena *, const ProgramFunction *);
  void *context;
} Memory;

typedef struct Trace Trace;

typedef struct Round Round;

/* Of a member of a cycle, in the order of time: when its round was, and when its summary changed.
 */
typedef struct {
  uint32_t analysed, changed; // 0: never
  const Round *round;         // that the summary is to be read from (remember.h), or NULL
} Moments;

typedef struct Analysis {
  Program *program;
  uint32_t without;
  Arena *run; // summaries live here
  SummarySet *summaries;
  Arena *scratch, *transit, *crossing; // of one function, one visit to a block, one edge of it
  Arena *code;                         // of the function at hand
  Arena *component;                    // what is known of its cycle
  TermTable *terms;
  Observer *observer;
  const Memory *memory; // NULL: everything is analysed
  bool is_whole;        // no unit of the program is missing
  LockKinds *kinds;
  Constants *constants;
  Trace *trace;                   // of the function at hand
  Moments *moments;               // per function
  uint32_t moment;                // the last one
  bool has_events;                // it has lock events
  bool locks_itself;              // it calls a lock function itself
  const char **degraded;          // per function: why, or NULL
  uint32_t lock_functions;        // functions with lock events
  uint32_t analysed;              // functions that were not recalled
  uint32_t direct_lock_functions; // those that call a lock function themselves
} Analysis;

void analysis_run(Analysis *);
/* function.c: with its code loaded; `observe` in the last pass over it. */
const Summary *analysis_function(Analysis *, const ProgramFunction *, bool observe);

/* ---- summarise.c */
const Summary *summarise(Engine *, Exit *, uint32_t count);

/* ---- replay.c: stage two of reporting (ANALYSIS B.7). Executes the ways that led to `last` again,
 * one by one and without joins. True when one of them is feasible up to the end of the block and
 * `accept` holds there; its blocks are then in *path, entry first (scratch arena). */
typedef struct {
  Index *blocks;
  uint32_t count;
} Path;
typedef struct {
  bool (*accept)(Engine *, const State *after, const void *context);
  const void *context;
} Goal;
bool replay(Engine *, const State *last, Goal, Path *path);

#endif
