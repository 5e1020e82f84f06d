/* effect.h - what a call does. One line of a .model file and the summary of a function that was
 * analysed have this same form; nobody downstream can tell them apart (DESIGN 8).
 *
 * A Summary is a list of cases. At a call, the cases whose conditions do not contradict what is
 * known are applied, each giving one successor state. A model line with conditional effects is
 * expanded into the cases when it is read (cross product over its distinct conditions, at most 8).
 */
#ifndef MODEL_EFFECT_H
#define MODEL_EFFECT_H

#include "base/hash.h"
#include "model/term.h"

/* For a lock the first four are the whole relational typestate (state needed at entry -> state
 * at exit; R released, H held). */
typedef enum {
  ACTION_NONE,
  ACTION_ACQUIRE,     // R -> H
  ACTION_RELEASE,     // H -> R
  ACTION_REQUIRE,     // H -> H
  ACTION_USE,         // R -> R
  ACTION_RELEASE_ALL, // every lock of kind `text` that the thread holds
  ACTION_INIT,        // place becomes a fresh object of its kind
  ACTION_DESTROY,
  ACTION_WAIT, // condition variable `place`, mutex `other`
  ACTION_OPEN, // RESOURCE_FILE ...: place is opened, kind in text; in summaries, if there is an
               // `other`: only when that parameter is null
  ACTION_CLOSE,
  ACTION_TAKE,  // ownership of place moves into the callee
  ACTION_KEEP,  // value `place` is stored in `other` ("stores X in Y")
  ACTION_SPAWN, // function `other` with argument `third` runs as thread place
  ACTION_JOIN,
  ACTION_DETACH,
  ACTION_BLOCK, // kind in text: thread, network, requests, sleep, disk, events
  ACTION_CALL,  // function value `place` with argument list `other`; when in text:
                // now, once, later, thread, exit
  ACTION_GROW,
  ACTION_SHRINK,
  ACTION_RESET,
  ACTION_BOUND,
  ACTION_SET,   // place (attribute field) = other
  ACTION_STACK, // needs `other` bytes of stack
  ACTION_DEPTH_GUARD,
  ACTION_MAYBE,    // what state the lock is left in is unknown
  ACTION_CANCEL,   // the thread that handle `place` designates is cancelled
  ACTION_FETCH,    // `place` is the value kept in `other`
  ACTION_SHIELD,   // from here on a cancellation of the thread runs a handler
  ACTION_UNSHIELD, // that ends
  ACTION_SIGNAL,   // who waits on condition variable `place` goes on
  ACTION_COUNT_UP, // one more reference to `place`
  ACTION_COUNT_DOWN,
  ACTION_EXPECT, // the caller has to hold the lock; of who does not say so nothing follows
  ACTION_LIVE,   // `place` is given back together with `other`, of which it is a part ("lives X in
                 // Y")
  ACTION_POINT,  // only inside the engine: the thread may be cancelled here
  ACTION_COUNT
} Action;

typedef enum {
  RESOURCE_NONE,
  RESOURCE_LOCK,
  RESOURCE_THREAD,
  RESOURCE_FILE,
  RESOURCE_MEMORY,
  RESOURCE_CONTAINER,
  RESOURCE_FRAME,    // only inside the engine: a local whose address a thread was given
  RESOURCE_KEY,      // under which every thread keeps a value of its own
  RESOURCE_LIFETIME, // of a lock: in summaries, what is destroyed on all ways, or may be made anew
  RESOURCE_ATTRIBUTES, // of threads: the field ATTRIBUTES_DETACHED of such an object
  RESOURCE_COUNT
} Resource;

#define ATTRIBUTES_DETACHED "detached" // what models call it

enum {           // Effect.flags, for locks
  LOCK_READ = 1, // shared mode
  LOCK_RECURSIVE = 2,
  LOCK_TRY = 4,       // taken by a try or timed call: cannot close a deadlock cycle
  LOCK_DROPS = 8,     // ACTION_REQUIRE, but released and retaken in between
  LOCK_COUNTING = 16, // a semaphore: may be taken twice, or given by who never took it (a signal)
  LOCK_CIRCLE = 128,  // done by functions that call each other in a circle: not exact
};

/* Of a lock `place` is always a place; elsewhere it may be a value as well (`join t`, `open ret
 * FILE`: the thread or file that this value designates). */
typedef struct {
  uint8_t action, resource, flags;
  TermId place;
  TermId other, third;
  TermId with;      // `with attr`: place of an attribute object; what was SET in its fields holds
  TextId text;      // lock kind ("mutex", "LWLock"), resource kind ("FILE", "fd"), blocking kind
  TextId attribute; // `kind K` of init ("recursive"), "all" of close, "timed" of waits
} Effect;

/* `value` is a boolean term (a comparison, or any value tested against zero); over TERM_RESULT it
 * speaks of the outcome, otherwise of the entry. Models give EQ with a constant on the right and
 * LT only, so that both polarities of one test have one term. */
typedef struct {
  TermId value;
  bool is_true;
} Condition;

/* What becomes of the values that a call is given: bit n is for the nth parameter, the last bit for
 * all behind it. */
typedef struct {
  uint32_t keeps;   // stored where others find them, or handed to who is not known
  uint32_t closes;  // given back
  uint32_t returns; // the result is one of them, or a part of it
  uint32_t copies;  // what they point to is stored elsewhere
  uint32_t
      disturbs; // what they point to is changed, or leaves the function; of models `copies` says it
  uint32_t takes;  // of those: it leaves the function, or is given back
  uint32_t shows;  // they, or what they point to, are handed to whoever a pointer leads to
  uint32_t stores; // of what it keeps: nowhere but in what the parameters of `into` point to
  uint32_t into;
} Fates;

void fates_join(Fates *, const Fates *); // what becomes of them one way or the other

typedef struct {
  Condition *conditions;
  uint32_t condition_count;
  Fates fates;
  Effect *effects;
  uint32_t effect_count;
  TermId result;     // what is returned, 0 when not expressible
  int64_t low, high; // bounds of an integer or pointer result; INT64_MIN..INT64_MAX is unknown
  bool no_zero;      // result is never 0 (low..high may still include it)
  bool no_return;
} Case;

enum {                  // Summary.flags
  SUMMARY_IDENTITY = 1, // one case, no effect on any lock, returns
  SUMMARY_DEGRADED =
      2,               // a limit was hit: effects are incomplete, locks it may touch become "maybe"
  SUMMARY_PURE = 4,    // writes nothing visible and does no I/O
  SUMMARY_UNKNOWN = 8, // no body and no model
  SUMMARY_MODEL = 16,  // from a model line
  SUMMARY_NO_LOCKS =
      32, // no case has an effect on a lock (there may be several, and other effects)
  SUMMARY_RETURNS_TWICE = 64,   // setjmp
  SUMMARY_JUMPS = 128,          // longjmp: does not return, but the process goes on
  SUMMARY_ENDS_THREAD = 256,    // pthread_exit: the thread ends, and what it holds stays held
  SUMMARY_ERROR_NUMBER = 512,   // the result points to the number of the last error (errno)
  SUMMARY_DETACHES_SELF = 1024, // on some path the thread that runs it detaches itself
  SUMMARY_CANCEL_POINT = 2048,  // a pending cancellation may take effect in it, unless held back
  SUMMARY_NEW_MEMORY = 4096,    // the result may be memory that nobody else has
  SUMMARY_MAY_END = 8192,       // on some path the thread or the process ends in it
  SUMMARY_RECEIVES = 16384,     // what it gives comes from others: they say how much that is
  SUMMARY_DECLARED = 32768,     // of a declaration: says nothing but what it does to locks
  SUMMARY_UNCHECKED = 65536,    // likewise, and what it does to locks is not to be judged
};

typedef struct {
  TermTable
      *terms; // of conditions, effects and results; owned by the model set or the store's arena
  Case *cases;
  uint32_t case_count;
  TextId *writes;
  uint32_t write_count; // classes (field and global keys) it may write, sorted
  TextId *stores;
  uint32_t store_count; // those among them that its own code writes, sorted
  TextId *reads;
  uint32_t read_count; // classes its behaviour depends on, sorted
  uint32_t flags;
  Hash hash; // semantic: no locations
} Summary;

/* Summaries from outside a function's analysis stand alone: these two put into the arena a table
 * with the needed terms only. `symbols` is the pool of all TextIds. Reading gives NULL when the
 * bytes are damaged. The written form and the hash do not depend on term or text numbers. */
/* Every way through it ends the thread or the process, jumps, or goes on for ever. False for NULL.
 */
bool summary_never_returns(const Summary *);
Summary *summary_copy(Arena *, const Summary *);
void summary_write(ByteWriter *, const Summary *, const TextPool *symbols);
Summary *summary_read(Arena *, ByteReader *, TextPool *symbols);
Hash summary_hash(const Summary *, const TextPool *symbols);

/* Does it change the state of something that the engine follows: a lock, or a thread's handle? */
static inline bool effect_is_tracked(const Effect *effect) {
  return effect->resource == RESOURCE_LOCK || effect->resource == RESOURCE_THREAD;
}

enum { MEMORY_ZEROED = 1 };  // Effect.flags of opened memory: nothing but zeros is in it
enum { WAIT_RETESTED = 1 };  // Effect.flags of a wait in a summary: a loop asks again after it
enum { KEY_DESTRUCTOR = 1 }; // Effect.flags of an opened key: it has one

/* An effect that no automaton follows: it may happen, and rules put together what of it there is
 * in the whole program (analysis/deed.c). */
static inline bool effect_is_deed(const Effect *effect) {
  return effect->action == ACTION_CANCEL || effect->resource == RESOURCE_KEY ||
         (effect->action == ACTION_CLOSE && effect->resource == RESOURCE_MEMORY);
}

/* SUMMARY_IDENTITY and SUMMARY_NO_LOCKS as the cases have it; the other flags stay. */
void summary_set_flags(Summary *);

/* One line a case, as in "case ret == 0 : R->H *m (mutex)". Names as in term_print, may be NULL. */
void condition_print(FILE *, const TermTable *, const TextPool *symbols, const Condition *,
                     const ParameterNames *);
void summary_print(FILE *, const Summary *, const TextPool *symbols, const ParameterNames *);

#endif
