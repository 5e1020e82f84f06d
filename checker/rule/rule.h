/* rule.h - what a rule is, and everything a rule may use.
 *
 * A rule is one file in rules/: it judges what the analysis found. It sees the transitions of
 * locks (on_transition), how the ways out of a function differ (on_exits), and, once, what the
 * whole program does with each class of locks (on_program). What leads to these - paths, names,
 * summaries - belongs to analysis/, and is the same whatever rules are on.
 */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include <stdbool.h>

#include "analysis/analysis.h"
#include "depth/depth.h"
#include "growth/intake.h"
#include "growth/objects.h"
#include "growth/renewals.h"
#include "growth/untrimmed.h"
#include "ir/parts.h"
#include "link/ending.h"
#include "link/multiplicity.h"
#include "race/races.h"
#include "refs/cycles.h"
#include "rule/locks/orders.h"
#include "store/finding.h"
#include "wait/rows.h"

typedef struct Pass Pass; // the rules at work on one function, or on the program

/* How the ways out of a function differ in what they do to one lock. */
typedef enum {
  EXITS_ALL_HOLD,        // acquire wrapper: the callers have to release
  EXITS_SEPARATED,       // held on some; result, argument or global tells the callers which
  EXITS_HELD_ON_FAILURE, // separated by the result, and it is the failure that holds
  EXITS_MIXED,           // held on some, and nothing tells which
  EXITS_ALL_RELEASE,     // release wrapper
  EXITS_UNHELD, // released on one way without having been taken, taken and released on another
} ExitPattern;

typedef struct {
  ExitPattern pattern;
  LockEntry lock;          // as at `held`
  LockEntry released_lock; // EXITS_UNHELD: as at `released`, where it was taken first
  const Exit *held;        // a way out on which it is held: the minority, or NULL
  const Exit *released;    // the sibling that does it right, or NULL
  const Exit *joined;      // a way out on which it was really given back, or NULL
  uint32_t held_count, released_count;
  const Exit **slips; // all ways out that do not fit: what leaks there is no part of the contract
  uint32_t slip_count;
  bool contradictory; // whoever may call it, the ways out do not go together
  bool doubtful;      // on a third way out the lock's state is not known
  bool is_kept;       // `held` alone leaves the locked object in a record that outlives the call
  bool handed_out;    // the locked object is the result, or is left in memory that the caller sees
  TextId left_function; // what the way out leaves for others to call; 0: nothing
} Partition;

/* What a function does to a class of locks as its callers see it. */
typedef struct {
  const ProgramFunction *function;
  const char *class_key;
  ExitPattern pattern;
  bool named;                // callers can name it: it hangs on a parameter, a global or the result
  bool root;                 // nobody in the program calls it: nobody else can do the other half
  bool handed_out;           // see Partition
  bool sometimes;            // EXITS_ALL_RELEASE, but not with every outcome
  bool direct;               // takes the lock itself, not through a wrapper
  const char *left_function; // "": see Partition
  const char *acquirer;      // the function, by its key, that takes it for this one; "": none
  uint32_t finding; // finding kept back until the whole program is known; NO_FINDING if none
} ContractRow;

enum { NO_FINDING = 0xffffffffu };

#define CALLERS_KNOW "*"

/* What a function does to a class of thread handles. */
typedef enum {
  THREAD_CREATED,
  THREAD_JOINED,
  THREAD_ENDED_DETACHED,
  THREAD_GIVEN_HANDLE, // a creation once more: the thread gets the memory that its handle is kept
                       // in
} ThreadAction;
typedef struct {
  const ProgramFunction *function;
  const char *class_key; // "" for a handle that only this function knows, or its caller
  const char *handle;    // what this function calls its own; "" for its caller's
  ThreadAction action;
  bool detached;          // THREAD_CREATED: with an attribute that says so
  const char *attributes; // THREAD_CREATED: the class of those that decide whether it is detached;
                          // CALLERS_KNOW, or "" when it is known here
  uint64_t stack;         // THREAD_CREATED: bytes that its attributes ask for, or THREAD_STACK_*
  const char *stack_slot; // the field or global of these attributes, when the size is set elsewhere
  uint32_t instruction;
  const char *changes; // of a claim: fields of what the thread is given, a line each, one of which
                       // the thread has to change; "" when it holds whatever the thread does
  const char *entry;   // key of the function that the thread runs; "" when it is not seen here
  const char *through; // key of the callee that creates it, "" when it is created here
  const char *by;      // of an end: key of the function that joins or detaches for this one, or ""
  uint32_t finding;    // kept back for on_threads; NO_FINDING if none
} ThreadRow;

/* What a function does, that only the whole program tells right from wrong. */
typedef enum {
  DID_CANCEL,        // cancels a thread
  DID_HOLD_AT_POINT, // may be cancelled here while it holds the lock of this class
  DID_HOLD_GUARDED,  // the same, but a cancellation is held back or cleaned up after
  DID_REACH_POINT,   // calls a cancellation point itself; one row a function
  DID_CALL_SHIELDED, // calls `other` where a cancellation does no harm
  DID_CALL_BARE,     // calls it where it may, in a function that does not everywhere
  DID_RISK,       // may be cancelled at any instruction, since `since`, and does what is not safe
  DID_CREATE_KEY, // creates a key of thread-specific data
  DID_DELETE_KEY,
  DID_KEEP,         // keeps memory under a key that was made at `since`
  DID_FREE_KEPT,    // gives back memory that was kept under the key of this class
  DID_SET_DETACHED, // threads that are made with attributes of this class are, or may be, detached
  DID_SET_JOINABLE, // they are not
  DID_END_TWICE,    // a callee ends what another one ended: `finding` says so
  DID_DESTROY,      // destroys a lock while a thread that it created at `since` is not joined yet
} Did;
typedef struct {
  const ProgramFunction *function;
  Did did;
  const char *class_key; // "" for what only this function knows
  const char *object;    // as the programmer would write it
  const char *other;     // key of a function, see above; of the callee that does it; or ""
  uint32_t instruction, since;
  bool guarded;  // DID_CREATE_KEY: with a destructor; DID_DESTROY: the thread was given the object
                 // that the lock is in
  bool returned; // DID_KEEP: it is the function's result, too
  bool doubtful;
  uint32_t finding; // DID_END_TWICE: kept back for on_deeds; else NO_FINDING
} DeedRow;

/* A wait on a condition variable, or what ends one, here or in a callee. */
typedef struct {
  const ProgramFunction *function;
  const char *condition, *name; // class of the condition variable, "" for a local one; its name
  const char *mutex, *mutex_name;
  const char *tested; // the field or global that the branch in front of it reads, or ""
  const char *callee; // key of the function that does it for this one, or ""
  uint32_t instruction;
  uint32_t since; // what took the mutex, or gave it back; NO_INSTRUCTION: not here
  uint32_t test;  // the branch: a block; NO_BLOCK: none
  WaitHold hold;
  Retest retest;
  bool signals, timed, in_loop;
  bool asks_after; // `tested` is read once more after the wait, to decide about something
  bool is_plain;   // both are fields or globals, and not behind pointers that are kept somewhere
} ConditionRow;

/* What a function that takes a lock waits for while it holds it, from the least to the worst: who
 * else wants the lock waits as long. */
typedef enum { BLOCK_NONE, BLOCK_DISK, BLOCK_SLEEP, BLOCK_NETWORK, BLOCK_THREAD } BlockKind;
typedef struct {
  const ProgramFunction *function;
  uint32_t instruction; // the wait, or the call that comes to it
  uint32_t acquired;    // the lock, in this function
  const char *lock;     // its class
  const char *name;
  BlockKind kind;
  const WaitRow *row;  // what waits, in the last function of the way
  const uint32_t *way; // functions by id, this one first
  uint32_t way_count;
  bool by_pointer;         // only through a pointer, somewhere on the way
  bool is_shared;          // held in shared mode
  bool spins;              // who wants it keeps a processor busy until it is given back
  bool is_handed;          // not given back by this function, or not on all ways, or taken by one
                           // that waits itself: a state of the program, more than a section;
                           // or behind a pointer, so that it may be any
  bool is_instant;         // with what it is given, it does not wait
  bool may_be_instant;     // the program makes descriptors that nobody waits for
  bool is_needed;          // by the thread that is joined
  bool is_kept;            // from round to round of a loop, with the wait inside of it
  uint32_t classes;        // of locks that are held at this very wait, here and elsewhere
  int64_t milliseconds;    // that it sleeps, when that is a number; or -1
  uint32_t sections;       // of the program, in which locks of this class are held
  uint32_t waiting;        // of them, those that wait for something as long
  const char *competitors; // who they are, in words
  bool runs;               // it is done while the process lives its life
} Blocking;

/* Bytes of stack of one run of a function: no build takes less than `low` or more than `high`, as
 * far as can be told from the code. What is put into it by inlining is a part of it. */
typedef struct {
  uint64_t low, high;
  bool grows; // by a variable-length array or alloca, besides
  bool exact; // a compiler said so
} Frame;

/* A call by which a function comes back to itself, a limited number of times. */
typedef struct {
  const ProgramFunction *function;
  uint32_t instruction;
  uint64_t levels; // at most
} LevelRow;

/* Where a function's frame grows: an alloca, or a variable-length array. */
typedef struct {
  const ProgramFunction *function;
  uint32_t instruction;
  bool is_array;
  uint64_t most;   // bytes, as far as constants and tests on the way to it tell; 0: any number
  Repeats repeats; // within one run of the function
} GrowthRow;

/* Something that a function opens and loses. */
typedef struct {
  const ProgramFunction *function;
  uint32_t instruction; // that opens it
  bool is_lone;         // no way out of the function gives it back, or hands it on
  bool outlasts;        // of a kind that is often meant to be there as long as the process
  uint32_t finding;     // kept back for on_leaks
} LeakRow;

typedef struct Rule {
  const char *id;         // "lock-leak": must read well after the word "allow"
  const char *name;       // "LockLeak", for SARIF
  const char *summary;    // one line, lower case, no full stop
  const char *references; // "CWE-667 MISRA-C-22.16"
  Severity severity;
  Resource resource; // whose transitions and exits it sees
  bool is_off;       // not in the default set
  void (*on_transition)(Pass *, const Transition *);
  void (*on_exits)(Pass *, const Partition *);
  void (*on_program)(Pass *, const ContractRow *rows, uint32_t count);
  void (*on_threads)(Pass *, const ThreadRow *rows, uint32_t count);
  void (*on_deeds)(Pass *, const DeedRow *rows, uint32_t count);
  void (*on_conditions)(Pass *, const ConditionRow *rows, uint32_t count);
  void (*on_leak)(Pass *, const Leak *);
  void (*on_leaks)(Pass *, const LeakRow *rows, uint32_t count);
  void (*on_blocking)(Pass *, const Blocking *, uint32_t count);
  void (*on_stack)(Pass *, const GrowthRow *rows, uint32_t count);
  void (*on_cycles)(Pass *, const Recursions *); // of calls, that nothing bounds
  void (*on_circles)(Pass *, const LockCircle *, uint32_t count);
  void (*on_order_against)(Pass *, const LockOrder *); // what declarations say of it
  void (*on_lock_waits)(Pass *, const LockWait *, uint32_t count);
  void (*on_lock_pairs)(Pass *, const LockPair *, uint32_t count);
  void (*on_containers)(Pass *, const Container *, uint32_t count);
  void (*on_intakes)(Pass *, const Intake *, uint32_t count);
  void (*on_object_containers)(Pass *, const ObjectContainers *);
  void (*on_renewals)(Pass *, const Renewal *, uint32_t count);
  void (*on_untrimmed)(Pass *, const Untrimmed *, uint32_t count);

  void (*on_races)(Pass *, const Datum *, uint32_t count); // of each linked program with threads
  void (*on_references)(Pass *, const ReferenceCycles *);
} Rule;

/* ---- findings: a message, then steps in the order of the path */
Finding *report_at_exit(Pass *, Confidence, const Exit *, const LockEntry *, const char *format,
                        ...) __attribute__((format(printf, 5, 6)));
Finding *report_at(Pass *, Confidence, uint32_t instruction, const char *object, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));
void note_instruction(Pass *, Finding *, StepKind, uint32_t instruction, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void note_exit(Pass *, Finding *, StepKind, const Exit *, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* What an instruction does to a lock: that step, and those inside the functions that it calls. */
typedef struct {
  uint32_t instruction;
  TermId place;
  bool releases;
  const char *verb; // "acquired", "released again"
} LockEvent;
void note_lock(Pass *, Finding *, StepKind, const LockEvent *);
/* Numbers as text: "acquired here", or "acquired by 'take', called here". */
/* On some way of its own the callee does not do that, and nothing that its caller sees tells when.
 */
bool is_up_to_callee(Pass *, const Transition *);
bool is_direct(const Pass *, uint32_t instruction); // a call of the primitive, not of a wrapper
bool is_called_again(const Pass *, uint32_t instruction); // the callee, elsewhere in the function
/* On another way to the transition, a callee has given the lock back: why not on this one, it
 * knows. */
bool is_released_by_callee(const Pass *, const Transition *);
/* Do the function's declarations say that it does this to the lock? */
bool is_declared(Pass *, Action, TermId place);
const char *how(Pass *, uint32_t instruction, const char *verb);
/* The branches on the way to a state, as far as they decide about this lock. */
void note_path(Pass *, Finding *, const State *last, uint32_t from_instruction);
/* The same anywhere in the program, once all of it is known. `index`: of an instruction, or of a
 * block whose terminator is meant. */
Position position_of(const ProgramFunction *, uint32_t index, bool is_terminator);
Finding *report_there(Pass *, Confidence, Position, const char *object, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void note_there(Pass *, Finding *, StepKind, Position, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void note_evidence(Pass *, Finding *, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- what is opened and lost */
Position leak_position(const Pass *, const Leak *);   // a return, the jump to it, or a store
void note_leak_path(Pass *, Finding *, const Leak *); // the branches that decide about it
/* Keeps it back for on_leaks. */
void defer_leak(Pass *, Finding *, const Leak *, bool outlasts);
bool has_other_way(const Leak *);          // some way gives it back, or hands it on
bool is_asserted(Pass *, const LeakRow *); // lost where an assertion returns
const char *resource_kind(const Pass *, const Leak *);
const char *callee_at(Pass *, uint32_t instruction); // name of the function that is called there

bool has_contrast(const Finding *); // a sibling path does it right
/* Keeps a finding back for on_program; which shows or drops it. */
void defer(Pass *, Finding *, const Partition *);
void contract(Pass *, const Partition *); // the same without a finding
bool has_key(const ProgramFunction *, const char *key);
/* Keeps it back for on_threads, with the creation of that thread. */
void defer_thread(Pass *, Finding *, const LockEntry *thread, const char *class_key);
/* Likewise, of a handle that the function has to itself, on that way out. */
void defer_thread_at_exit(Pass *, Finding *, const LockEntry *thread, const Exit *);
/* Likewise, of a thread that is given the memory of its handle. */
void defer_thread_given(Pass *, Finding *, const LockEntry *thread, const char *class_key);
/* Keeps back for on_deeds what two callees do to an object: the cause may be inside one of them. */
void defer_end_by_callees(Pass *, Finding *, const Transition *);
/* Shows those of this rule of which nothing is told of the callees: one cause is told once. */
void show_innermost_ends(Pass *, const DeedRow *, uint32_t count);
/* Likewise, with the join or detach of the transition. */
void defer_thread_end(Pass *, Finding *, const Transition *);
void show(Pass *, uint32_t finding);
Finding *deferred(Pass *, uint32_t finding);

Confidence confidence_in(const DeedRow *, Confidence); // possible at most, when the row is doubtful
enum { NOT_REACHED = 0xffffffffu };
typedef struct {
  uint32_t rank;   // 0, 1, 2 ... in the order of nearness, or NOT_REACHED
  uint32_t calls;  // on the way to it
  uint32_t from;   // id of the function that calls it, or NOT_REACHED
  bool by_pointer; // only through a pointer, somewhere on the way
} Reached;
/* Functions by id, as they are reached from `key`, which is understood as `caller` means it; those
 * that are called by name first. NULL when nothing is known of `key`. */
const Reached *reached_from(Pass *, const ProgramFunction *caller, const char *key);
/* The same without calls where a cancellation does no harm. */
const Reached *reached_bare(Pass *, const ProgramFunction *caller, const char *key);
void note_way(Pass *, Finding *, const Reached *, const DeedRow *); // to the row's function
/* The same thing: of one class, or, when it has none, of one name in one function. */
bool same_object(const DeedRow *, const DeedRow *);
/* For on_deeds: the creations of threads, one after the other; NULL after the last one. */
const ThreadRow *next_creation(const Pass *, const ThreadRow *after);
bool is_about_thread(const DeedRow *, const ThreadRow *); // the two have the same handle

/* Does one of the function's callers give the lock back? Without callers: no. */
bool caller_gives_back(const Pass *, const ContractRow *);

/* ---- threads */
bool is_own_handle(const Pass *, const LockEntry *); // no caller and no other function knows it
/* Its own handle, or one that it deals with itself: what callees do to a field may hang on flags
 * that only they know. */
bool is_told_here(const Pass *, const Transition *);
/* Does every round of the loop around the call come by it? */
bool is_in_every_round(const Pass *, uint32_t instruction);
bool leaves_with(Pass *, const Exit *, const LockEntry *thread); // who is returned to has it
bool is_claim(Pass *, const ThreadRow *); // a finding of this rule hangs on it
/* The function that creates the thread for this one knows its class, too. */
bool is_told_inside(Pass *, const ThreadRow *);
bool detaches_itself(Pass *, const ThreadRow *); // the function that the thread runs does
/* A way out on which it is held and that cannot come after the join of the others, or NULL. */
const Exit *exit_before_join(Pass *, const Partition *);
/* Somebody joins or detaches a thread of the handle that the claim is about. */
bool is_ended_somewhere(Pass *, const ThreadRow *rows, uint32_t count, const ThreadRow *claim);
/* The claim needs the thread to change what it is given, and the thread does not. */
bool is_left_alone(Pass *, const ThreadRow *);
/* Its handle is an element of an array, and a callee knows which: by what it counts. */
bool is_chosen_by_callee(const Pass *, const LockEntry *thread, uint32_t instruction);
bool is_given_handle(const Pass *, const LockEntry *); // its argument points to its handle's memory
bool frees_argument(Pass *, const ThreadRow *);        // the function that the thread runs may
bool ends_process(const Pass *, const Exit *);         // main returns
bool is_of_callback(Pass *, const ProgramFunction *, uint32_t instruction); // no loop repeats it
bool is_of_signal(Pass *, const ProgramFunction *, uint32_t instruction);   // in a signal's handler
Multiplicity runs_at(Pass *, const ProgramFunction *, uint32_t instruction); // in one process
/* The calls from a root to an instruction that runs any number of times. */
void note_calls(Pass *, Finding *, const ProgramFunction *, uint32_t instruction);
/* How many threads there are on that way: RUNS_NEVER, none. */
Multiplicity threads_behind(Pass *, const ProgramFunction *, uint32_t instruction);
/* How often a creation runs and why; for any number of times, with the calls from a root to it. */
void note_reason(Pass *, Finding *, const ThreadRow *);
bool is_by_recursion(Pass *, const ThreadRow *);    // runs often only because calls come back to it
bool is_limited(Pass *, const ThreadRow *);         // link/throttle.h
bool is_cancelled(const Pass *, const ThreadRow *); // somebody cancels a thread of its class
/* By attributes that the creating function did not make: somebody sets them so. A claim about a
 * thread whose attributes nobody is seen to set is possible at most. */
bool is_detached_by_attributes(Pass *, const ThreadRow *);
/* Can the thread come to an end? What is known of its entry, or of those of all that are created
 * for its class. *created is the creation that tells. */
Ending thread_ending(Pass *, const ThreadRow *rows, uint32_t count, const ThreadRow *,
                     const ThreadRow **created);
uint32_t count_threads(Pass *, const ThreadRow *, uint32_t count, const char *class_key,
                       ThreadAction);

/* ---- stack */
Frame frame_of(Pass *, uint32_t function_id);
/* The same while it runs this callee: for sums over a chain, in which nothing counts twice. */
Frame frame_calling(Pass *, uint32_t function_id, uint32_t callee_id);

/* Who has a stack of its own, and who is called by nobody that is seen here. */
typedef enum { ROOT_MAIN, ROOT_THREAD, ROOT_OTHER } RootKind;
typedef struct {
  RootKind kind;
  uint32_t function;        // id
  const ThreadRow *created; // ROOT_THREAD: where; NULL when that is not known
  uint64_t budget;          // bytes of its stack
  bool is_default;          // nobody says how large it is: the platform does. ROOT_OTHER: main's
  bool is_unknown;          // somebody does, but not here: the platform's is no more than a guess
} StackRoot;

/* Functions that run on top of each other, the root's first. */
typedef struct {
  uint32_t function;
  Frame frame; // while it runs the next one
} ChainLink;
typedef struct {
  StackRoot root;
  ChainLink *links;
  uint32_t count;
  uint64_t low, high; // bytes of all of them
  bool is_sure;       // by name, or handed on to who calls it; not through fields and globals
} Chain;

/* The longest way in bytes from a root to a function, which is not a part of it: what is left of
 * the budget is least there. A cycle of calls is gone round once at most. False when nobody calls
 * it: then it is a root, and the chain is empty. Ways without guesses are taken first. */
bool chain_to(Pass *, uint32_t function_id, Chain *);
/* The longest ways from each root. */
typedef struct {
  bool by_high;   // by the high ends of frames, not the low ones
  bool only_sure; // without guesses
  bool too_long;  // those that need more than their budget
} ChainsWanted;
Chain *chains_from_roots(Pass *, const ChainsWanted *, uint32_t *count);
/* The way with the fewest calls from the chain's root to a function. False: there is none. */
bool shorter_chain(Pass *, const Chain *, uint32_t function_id, Chain *shorter);
/* The call in a link's function that runs the next one. Loads its code. NO_RUNS_INSTRUCTION when it
 * is not seen. */
uint32_t chain_call(Pass *, const Chain *, uint32_t link);
/* Where a function's largest variable is declared, and its name. Loads its code. False: it has no
 * variable in memory. */
bool largest_local(Pass *, uint32_t function_id, Position *, const char **name, uint64_t *bytes);
const LevelRow *limited_recursions(const Pass *, uint32_t *count);
/* Cycles of several calls, or with a counter in memory, that are counted up to a number. */
const Cycle *limited_cycles(const Pass *, uint32_t *count);
/* "main has 8 MiB, as is usual with glibc" */
const char *budget_in_words(Pass *, const StackRoot *);
const char *bytes_in_words(Pass *, uint64_t low, uint64_t high); // "4,096", "300 to 1,200"
/* What going once around a cycle takes of the stack, and how often that fits in what is left of it
 * where the cycle begins: of `least` the system and signals have taken their part. */
typedef struct {
  uint64_t low, high;   // bytes of a round
  uint64_t least, most; // rounds
  StackRoot root;
} Rounds;
Rounds rounds_of(Pass *, const Cycle *);
/* "main has 8 MiB, full at a depth of 500 to 900" */
const char *rounds_in_words(Pass *, const Rounds *);
const char *depth_in_words(const Cycle *); // "the depth is the length of the list"
/* "to try it: an input of 40,329 nested '['"; NULL: no test says which byte leads on. */
const char *example_in_words(Pass *, const Cycle *, const Rounds *);
const ProgramFunction *function_with(const Pass *, uint32_t id);
/* Does the function ask how much of the stack is used? Known of those on cycles of calls. */
bool asks_stack(const Pass *, const ProgramFunction *);
/* Is it gone round but a few times, as far as cycles with this call are known? */
bool has_few_levels(const Pass *, const CycleCall *);
/* The call in the row's function that comes back to it while what it took is not yet given back.
 * Loads its code. */
bool comes_back(Pass *, const GrowthRow *, Position *call, const char **callee);

/* ---- condition variables */
bool begins_thread(Pass *, const ProgramFunction *);    // main, or what a thread runs
bool is_uncalled(const ProgramFunction *);              // by its name
void note_waiting(Pass *, Finding *, const Blocking *); // the calls on the way, and the wait
/* "this sleeps for 2 seconds"; as it is when the number is not known. */
const char *duration_in_words(Pass *, const char *what, int64_t milliseconds);
/* The function, or one that it calls, writes to that field or global. */
bool writes_memory(Pass *, const ProgramFunction *, const char *class_key);
/* Where who signals sets what the loops around the wait test, and neither he nor anybody who calls
 * him holds a lock; or NO_INSTRUCTION. */
uint32_t changed_without_lock(Pass *, const ConditionRow *signal, const ConditionRow *wait,
                              const char **changed);

/* ---- references that are counted: function_with(effect->function) does it */
const char *owning_field_name(Pass *, const OwningField *); // "struct child.parent"
const char *owning_fields_in_words(Pass *, const ReferenceCycle *);
Position position_of_reference(Pass *, const ReferEffect *); // where it happens

const char *lock_name(Pass *, TermId place);         // as the programmer would write it
const char *lock_name_at(Pass *, const LockEntry *); // as it stands where it was taken
/* Named by what a callee left in a local of this function; whether it did, its result may tell. */
bool is_filled_in(const Pass *, TermId place);
const char *lock_class(Pass *, TermId place); // program-wide key, "" when it has none
const char *function_name(const Pass *);
bool uses_mechanism(const char *name); // false: a test has switched it off (base/guard.h)
bool may_be_recursive(const Pass *, TermId place); // its kind was set to recursive, or could be
bool has_word(const char *name, const char *word); // take_lock has "lock", blocking has not
/* A semaphore: others may post it; waiting twice, or posting without a wait, is its use (L-F17). */
bool is_signal(const Pass *, const LockEntry *);
bool is_feasible(Pass *, const Exit *, const LockEntry *); // replay finds a way

#include "rule/containers/asking.h"
#include "rule/locks/destroyed.h"
#include "rule/threads/uses.h"

#endif
