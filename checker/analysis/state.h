/* state.h - what is known on the way to a point of a function: values, memory, facts and locks.
 *
 * One State belongs to one block and one key: the typestate vector of the locks plus the values
 * of the pinned flags. States with the same key are joined, facts intersected within the key
 * (property simulation: Das, Lerner, Seigle, "ESP", PLDI 2002; pinned flags: ANALYSIS B.3).
 */
#ifndef ANALYSIS_STATE_H
#define ANALYSIS_STATE_H

#include "analysis/slots.h"
#include "base/arena.h"
#include "ir/cfg.h"
#include "model/effect.h"

/* ---- facts: an integer (or pointer, as an integer) lies in [low, high] and is none of `not` */
enum { FACT_EXCLUDED = 8 };
typedef struct {
  TermId term;
  uint32_t excluded_count;
  int64_t low, high;
  int64_t excluded[FACT_EXCLUDED];
} Fact;

/* ---- locks: needed at entry -> state now */
typedef enum { LOCK_RELEASED, LOCK_HELD, LOCK_MAYBE } LockState;
enum {              // LockEntry.flags, beyond those of effect.h
  LOCK_VAGUE = 32,  // what it needs at entry is in doubt
  LOCK_FAMILY = 64, // stands for all elements that a loop went through
};
typedef struct {
  TermId place;
  uint8_t pre, now; // LockState
  uint8_t count;    // depth of recursive holding, at most 3
  uint8_t flags;
  uint8_t resource;  // RESOURCE_LOCK; RESOURCE_THREAD: "held" is a thread to be joined; FRAME; or
                     // ATTRIBUTES: "held" is detached
  bool is_shared;    // a thread whose handle others may know, too
  TextId kind;       // "mutex"
  uint32_t since;    // instruction that last changed it
  uint32_t acquired; // instruction that acquired it; NO_INSTRUCTION when held from the entry
  TermId other;      // of a thread its argument, of a lent local the place of the thread's handle
  TermId with;       // of a thread: attributes that decide about it, of which only callers know
} LockEntry;

enum {                  // LockEntry.flags of a thread
  THREAD_DETACHED = 1,  // nobody has to join it any more, and nobody may
  THREAD_UNCREATED = 2, // its creation failed
  THREAD_BY_VALUE = 4,  // who has the value that its place is behind has the handle (GThread *)
};

enum { FRAME_GONE = 1 }; // of a lent local: it is out of scope

enum { NO_INSTRUCTION = 0xffffffffu };

/* A try that did not get the lock, and nothing has happened to locks of its class since. */
typedef struct {
  TermId place, outcome;
} FailedTry;

/* A lock that is destroyed, or was made (again) here. */
typedef struct {
  TermId place;
  uint32_t since;
  bool gone;
  bool made; // first of all: whatever it was at entry does not count
  bool born; // made here, on all ways
} LockLife;

/* What was opened and is left in a place for the caller, or in a local on its way there. */
typedef struct {
  TermId place;
  TermId value; // 0: not known
  TextId kind;
  uint32_t since; // the call that opened it
  uint8_t resource;
} Opened;

typedef struct {
  TermId place, value;
} Stored;

enum { PIN_LIMIT = 8, PARENT_LIMIT = 4, FAILED_LIMIT = 2, OPENED_LIMIT = 4 };
#define PIN_UNKNOWN INT64_MIN

typedef struct State State;
struct State {
  Arena *arena;      // what it is made of, and what its lists grow in
  const Arena *kept; // of the states of blocks, which outlive those on their way
  Index block;
  Slots values; // locals, then temps that live across blocks; 0 is undefined
  Fact *facts;
  uint32_t fact_count, fact_room;
  LockEntry *locks;
  uint32_t lock_count, lock_room; // sorted by place
  FailedTry failed[FAILED_LIMIT];
  uint32_t failed_count;
  Opened opened[OPENED_LIMIT]; // output.c: sorted by place
  uint32_t opened_count;
  uint32_t gone; // fates.c: parameters that were kept or given back on the way, of Engine.parted
  Stored *memory;
  uint32_t memory_count, memory_room;
  LockLife *lifetimes; // lifetime.c
  uint32_t lifetime_count;
  Slots versions;   // by number of a class (version.c)
  uint32_t shields; // scopes around here with a handler for the thread's cancellation
  int64_t pins[PIN_LIMIT];
  State *parents[PARENT_LIMIT]; // states that led here, first found first: the witnesses
  uint32_t parent_count;
  State *next; // other keys of the same block
  bool dirty;
  bool is_opened; // leak/way.c: the call that is asked about has opened it, in the case at hand
  bool merges_threads; // what became of shared threads does not count for the key
};

State *state_copy(Arena *, const State *);
bool state_same_key(const State *, const State *);

/* ---- facts */
Fact *state_fact(State *, TermId); // NULL when nothing is known
void state_drop_fact(State *, TermId);
/* Makes `term` lie in [low, high]; false when that contradicts what is known. */
bool state_restrict(State *, TermId, int64_t low, int64_t high);
bool state_exclude(State *, TermId, int64_t value);
void state_set_fact(State *, const Fact *);
/* The hull of two facts about one term; false when nothing remains known. */
bool fact_join(Fact *into, const Fact *other);

/* ---- locks */
LockEntry *state_lock(State *, TermId place);
LockEntry *state_add_lock(State *, LockEntry);
void state_drop_lock(State *, const LockEntry *);
static inline bool lock_is_identity(const LockEntry *lock) {
  return lock->now != LOCK_MAYBE && lock->pre == lock->now && lock->count <= 1;
}

void state_add_failed(State *, FailedTry);
void state_drop_failed(State *, uint32_t at);
bool state_join_failed(State *into, const State *from); // true when `into` changed

bool state_join_lifetimes(State *into, const State *from); // likewise
bool state_join_opened(State *into, const State *from);    // likewise; of states with one key

/* An element of an array whose creation failed, and the loop went on to the next. */
static inline bool lock_is_skipped(const LockEntry *lock) {
  return lock->resource == RESOURCE_THREAD && (lock->flags & THREAD_UNCREATED) &&
         (lock->flags & LOCK_FAMILY);
}

/* Given back where a try had just failed to take it. */
static inline bool lock_after_failed_try(const LockEntry *lock) {
  return (lock->flags & LOCK_TRY) && lock->acquired == NO_INSTRUCTION && lock->pre == LOCK_HELD &&
         lock->now == LOCK_RELEASED;
}

static inline TermId state_value(const State *state, uint32_t slot) {
  return slots_get(&state->values, slot);
}
static inline void state_set_value(State *state, uint32_t slot, TermId value) {
  slots_set(state->arena, &state->values, slot, value);
}

/* ---- memory */
TermId state_stored(const State *, TermId place); // 0 when unknown
void state_store(State *, TermId place, TermId value);

#endif
