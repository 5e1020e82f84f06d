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
  ACTION_WAIT,        // condition variable `place`, mutex `other`
  ACTION_OPEN,        // RESOURCE_FILE ...: place is opened, kind in text
  ACTION_CLOSE,
  ACTION_TAKE,        // ownership of place moves into the callee
  ACTION_KEEP,        // value `place` is stored in `other` ("stores X in Y")
  ACTION_SPAWN,       // function `other` with argument `third` runs as thread place
  ACTION_JOIN,
  ACTION_DETACH,
  ACTION_BLOCK,       // kind in text: thread, network, sleep, disk
  ACTION_CALL,        // function value `place` with argument list `other`; when in text:
                      // now, later, thread, exit
  ACTION_GROW, ACTION_SHRINK, ACTION_RESET, ACTION_BOUND,
  ACTION_SET,         // place (attribute field) = other
  ACTION_STACK,       // needs `other` bytes of stack
  ACTION_DEPTH_GUARD,
  ACTION_COUNT
} Action;

typedef enum {
  RESOURCE_NONE, RESOURCE_LOCK, RESOURCE_THREAD, RESOURCE_FILE, RESOURCE_MEMORY, RESOURCE_CONTAINER,
  RESOURCE_COUNT
} Resource;

enum { // Effect.flags, for locks
  LOCK_READ = 1,      // shared mode
  LOCK_RECURSIVE = 2,
  LOCK_TRY = 4,       // taken by a try or timed call: cannot close a deadlock cycle
  LOCK_DROPS = 8,     // ACTION_REQUIRE, but released and retaken in between
};

typedef struct {
  uint8_t action, resource, flags;
  TermId place;
  TermId other, third;
  TextId text;      // lock kind ("mutex", "LWLock"), resource kind ("FILE", "fd"), blocking kind
  TextId attribute; // `with attr`, `kind K`
} Effect;

/* `value` is a boolean term (a comparison, or any value tested against zero); over TERM_RESULT it
 * speaks of the outcome, otherwise of the entry. */
typedef struct {
  TermId value;
  bool is_true;
} Condition;

typedef struct {
  Condition *conditions; uint32_t condition_count;
  Effect *effects;       uint32_t effect_count;
  TermId result;         // what is returned, 0 when not expressible
  int64_t low, high;     // bounds of an integer or pointer result; INT64_MIN..INT64_MAX is unknown
  bool no_zero;          // result is never 0 (low..high may still include it)
  bool no_return;
} Case;

enum { // Summary.flags
  SUMMARY_IDENTITY = 1,  // one case, no effect on any lock, returns
  SUMMARY_DEGRADED = 2,  // a limit was hit: effects are incomplete, locks it may touch become "maybe"
  SUMMARY_PURE = 4,      // writes nothing visible and does no I/O
  SUMMARY_UNKNOWN = 8,   // no body and no model
  SUMMARY_MODEL = 16,    // from a model line
};

typedef struct {
  TermTable *terms;      // of conditions, effects and results; owned by the model set or the store's arena
  Case *cases;           uint32_t case_count;
  TextId *writes;        uint32_t write_count;  // classes (field and global keys) it may write, sorted
  TextId *reads;         uint32_t read_count;   // classes its behaviour depends on, sorted
  uint32_t flags;
  Hash hash;             // semantic: no locations
} Summary;

#endif
