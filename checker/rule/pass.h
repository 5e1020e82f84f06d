/* pass.h - the inside of a Pass: what rule/ knows while the rules judge. */
#ifndef RULE_PASS_H
#define RULE_PASS_H

#include "analysis/engine.h"
#include "analysis/frame.h"
#include "depth/traits.h"
#include "base/array.h"
#include "base/hash_map.h"
#include "rule/registry.h"
#include "wait/pairs.h"
#include "wait/waits.h"

typedef ARRAY(Finding *) FindingList;

/* Where a function takes a lock of this class, or gives its caller's back. */
typedef struct {
  const char *class_key;
  bool releases;
  Position at;
  const char *text;
  const char *callee; // key of the function that does it there, or NULL
} Inside;

/* A function that releases locks of a class, whatever its summary knows of them. */
typedef struct {
  const ProgramFunction *function;
  TextId class_symbol;
} Release;

/* What its own code takes of the stack (analysis/frame.h). */
typedef struct {
  const ProgramFunction *function;
  OwnFrame own;
  uint8_t traits; // depth/traits.h
} FrameRow;

/* What a function does to containers (growth/facts.h), as bytes. */
typedef struct {
  const ProgramFunction *function;
  const void *bytes;
  size_t count;
} ContainerRow;

/* What a function accesses (race/access.h), as bytes. */
typedef struct {
  const ProgramFunction *function;
  const void *bytes;
  size_t count;
} AccessRow;

/* What it has to do with counted references (refs/facts.h). */
typedef ReferBytes ReferRow;

/* The size of stack that attributes in a field or global are told to ask for. */
typedef struct {
  const char *slot;
  uint64_t bytes; // or THREAD_STACK_UNKNOWN
} SizeRow;

/* The same when callees are put into it, as far as a compiler might. */
typedef struct {
  Frame own;
  uint32_t weight;
  uint32_t inlined_callee;        // the one that takes most
  uint64_t inlined, inlined_next; // bytes of it, and of the next
  uint64_t forced;                // of those that are taken in without optimisation, too
  bool is_leaf;                   // calls nobody, once others are put into it
} StackOf;

typedef struct {
  StackOf *at; // by function id
} Stacks;

/* How the functions end that threads run, as far as they are known. */
typedef struct {
  uint32_t *numbers; // by function id: which of the endings, plus 1
  const Ending *endings;
} EntryEndings;

/* What rows are about: any of a class, or, when it has none, what one function calls so. */
typedef struct {
  const ProgramFunction *function;
  const char *class_key, *name;
} Thing;

/* What the judgement of a function leaves behind for on_program and its like, in the order of its
 * bytes: element, word for its functions, list, least bytes of an element. */
#define ROW_LISTS(LIST)                                                                            \
  LIST(MixedFunction, mixed_function, mixed, 1)                                                    \
  LIST(ContractRow, contract_row, rows, 9)                                                         \
  LIST(Release, release, releases, 1)                                                              \
  LIST(Inside, inside, insides, 5)                                                                 \
  LIST(ThreadRow, thread_row, threads, 6)                                                          \
  LIST(DeedRow, deed_row, deeds, 7)                                                                \
  LIST(FrameRow, frame_row, frames, 3)                                                             \
  LIST(GrowthRow, growth_row, growths, 4)                                                          \
  LIST(LeakRow, leak_row, leaks, 3)                                                                \
  LIST(LevelRow, level_row, levels, 2)                                                             \
  LIST(SizeRow, size_row, sizes, 2)                                                                \
  LIST(ConditionRow, condition_row, conditions, 11)                                                \
  LIST(ContainerRow, container_row, container_rows, 1)                                             \
  LIST(WaitRow, wait_row, wait_rows, 7)                                                            \
  LIST(PairRow, pair_row, pairs, 10)                                                               \
  LIST(AccessRow, access_row, access_rows, 1)                                                      \
  LIST(ReferRow, refer_row, refer_rows, 2)

/* How much there is of each list. */
typedef struct {
  size_t findings, kept_back;
#define ROW_COUNT(Type, type, list, least) size_t list;
  ROW_LISTS(ROW_COUNT)
#undef ROW_COUNT
} Judged;

struct Pass {
  Arena *arena; // of the findings
  Program *program;
  const Rule *rule;
  const bool *enabled;
  Multiplicities *multiplicities; // made when a rule first asks
  Engine *engine;                 // function at hand; NULL in on_program
  FindingList findings;           // NULL entries were dropped
  FindingList kept_back;
  ARRAY(uint32_t) told; // acquires of the function at hand that a finding is about
#define ROW_ARRAY(Type, type, list, least) ARRAY(Type) list;
  ROW_LISTS(ROW_ARRAY)
#undef ROW_ARRAY
  ARRAY(TextId) bare_calls;        // of the function at hand: callees that no lock was held at yet
  Waits *waits;                    // made when a rule first asks
  bool *thread_functions;          // likewise, by id
  struct Competitors *competitors; // likewise
  bool instant_known, has_instant; // likewise: descriptors that nobody waits for
  LockCounts lock_counts;
  const LockCircle *circles; // once all functions are judged
  uint32_t circle_count;
  PathTable *paths;       // of all containers
  ARRAY(uint32_t) unread; // functions that are too large to say what they do to containers, by id
  GrowthEffects effects;
  Container *containers;
  uint32_t container_count;
  Intake *intakes; // what gets longer with what is received
  uint32_t intake_count;
  ObjectContainers object_containers;
  Renewal *renewals; // what is made anew in a region, and the old one forgotten
  uint32_t renewal_count;
  Untrimmed *untrimmed; // buffers beside others that are made to fit what is in them
  uint32_t untrimmed_count;

  CountedRecords *counted;
  ReferenceCycles references;
  bool *serving; // by linked program; made when a rule first asks
  const StackOptions *stack;
  const Recursions *recursions; // once all functions are judged
  Stacks *stacks;               // made when a rule first asks
  struct Chains *chains;        // likewise
  const EntryEndings *endings;  // likewise
  bool in_circle;             // what is judged hangs on functions that call each other in a circle
  Judged before;              // all that was judged before the function at hand
  const char *const *missing; // sources of units without a result
  uint32_t missing_count;
  struct HeldAt *held_at;         // of the function at hand
  const Concurrency *concurrency; // while races are judged
  bool wants_guards;              // somebody asks for the locks of data
  ARRAY(GuardDeed) guards;
  HashMap by_position; // functions, by body and key; made when it is first asked for
  size_t step_room;    // of the finding being built
  Finding *building;
};

/* ---- an element of each list as bytes, each where it is made */
#define ROW_BYTES(Type, type, list, least)                                                         \
  void type##_write(const Pass *, ByteWriter *, const Type *);                                     \
  Type type##_read(const Pass *, const ProgramFunction *, ByteReader *);
ROW_LISTS(ROW_BYTES)
#undef ROW_BYTES

/* ---- judgement.c: what was judged of one function, as bytes (Observer.write and .read) */
bool judgement_write(Observer *, ByteWriter *);
void judgement_read(Observer *, const ProgramFunction *, ByteReader *);
void kept_back_write(const Pass *, ByteWriter *, uint32_t finding); // its number, or NO_FINDING
uint32_t kept_back_read(const Pass *, ByteReader *);
bool is_root(const ProgramFunction *); // nobody in the program calls it, as far as is seen

/* ---- partition.c: one Partition for each lock of a function's exits. */
uint32_t partition_exits(Pass *, const Exit *exits, uint32_t count, Partition *, uint32_t room);

/* Locks that some rounds of a loop give back and others leave behind. */
uint32_t partition_rounds(Pass *, const Exit *rounds, uint32_t count, Partition *, uint32_t room);

/* ---- mend.c: changes the states of the ways out before they become a summary. */
void mend_exits(Engine *, const Exit *exits, uint32_t count, const Partition *);

/* ---- run.c: its number among those that are kept back until the whole program is known. */
uint32_t keep_back(Pass *, Finding *);

/* ---- threads.c */
void remember_thread(Pass *, const Transition *);

const char *how_often_in_words(Pass *, const ThreadRow *);
Multiplicities *multiplicities(Pass *);
Thing handle_thing(const ThreadRow *);
bool same_handle(const ThreadRow *, const ThreadRow *); // a class of them, or a function's own

/* ---- entries.c */
bool thread_entry_function(const Pass *, const ThreadRow *, uint32_t *id); // false: not known
/* Bytes that the attributes of the thread ask for, or THREAD_STACK_*. */
uint64_t thread_stack(const Pass *, const ThreadRow *);
Targets thread_entries(const Pass *, const ThreadRow *); // the functions that it may run
bool is_created_inside(const Pass *, const ThreadRow *); // by a callee, which says as much

/* ---- lives.c */
ThreadLife *thread_lives(Pass *, uint32_t *count);

/* ---- containers.c */
void remember_containers(Pass *, Values *);
void find_containers(Pass *); // when all functions are known
void tell_containers(Pass *); // to the rule at hand
void containers_free(Pass *);

/* ---- waits.c */
void forget_waits(Pass *); // of the function before
void remember_call(Pass *, const CallSeen *);
void remember_wait(Pass *, const EffectSeen *);
const char **all_waits(Pass *); // by function id, in words
Waits *waits(Pass *);           // what all functions do while they hold locks, once they are known
/* ---- pair_rows.c */
void remember_pair(Pass *, const EffectSeen *);

/* ---- lock_pairs.c */
void tell_pairs(Pass *); // to the rule at hand, when all functions are known

/* ---- accesses.c */
void held_begin(Pass *); // before the states of a function are looked at
void note_held(Observer *, Engine *, const State *);
void note_renewed(Pass *, const EffectSeen *);
void note_required(Pass *, const Exit *exits, uint32_t count);
void remember_accesses(Pass *); // after that
void held_free(Pass *);

/* ---- races.c */
void judge_races(Pass *);                        // when all functions are known
GuardDeed *told_guards(Pass *, uint32_t *count); // none, unless somebody asks for them
/* ---- references.c */
void remember_references(Pass *, Values *);
void find_references(Pass *); // when all functions are known
void references_free(Pass *);

/* ---- lock_circles.c */
void tell_circles(Pass *); // to the rule at hand, when all functions are known

/* The function, or what it calls, waits for one of these: words of models, the last one NULL. */
bool may_block_on(Pass *, uint32_t function, const char *const *words);
bool is_one_lock(const Pass *, TextId class_symbol); // a global: there is one of that class

/* ---- lock_waits.c */
void tell_lock_waits(Pass *);                         // likewise
void tell_orders_against(Pass *, const LockOrders *); // likewise; circles are found

/* A call in the one function that makes the other run, or NO_INSTRUCTION. Loads its code. */
uint32_t call_between(Pass *, uint32_t caller, uint32_t callee);

/* ---- lock_picture.c */
LockGraph lock_graph(Pass *);

/* ---- deeds.c */
void remember_deed(Pass *, const Deed *);
bool same_thing(const Thing *, const Thing *);
void remember_attributes(Pass *, const Transition *);

/* ---- conditions.c */
void remember_condition(Pass *, const Deed *);

/* ---- leaks.c */
void judge_leak(Pass *, const Leak *);

/* ---- frames.c */
void remember_frame(Pass *);
const Frame *all_frames(Pass *); // by function id

/* ---- stack_words.c */
const char *root_word(const StackRoot *);

/* ---- stack_sizes.c */
void remember_sizes(Pass *);
/* The field or global that the attributes of a creation stand in, or "". */
const char *stack_slot_of(const Pass *, uint32_t instruction);
/* What all say that tell the attributes there how much to ask for. */
uint64_t size_in_slot(const Pass *, const char *slot);

/* ---- stack_picture.c */
StackChain *stack_chains(Pass *, uint32_t *count);

/* ---- container_picture.c */
Contents *told_contents(Pass *, uint32_t *count);
ContentDeed *content_deeds(Pass *, uint32_t *count);

/* ---- cycle_picture.c */
CallCycles call_cycles(Pass *, const Recursions *);

/* ---- chains.c */
struct Chains *chains_of(Pass *);
void chains_free(Pass *);
const StackNeed *all_needs(Pass *); // by function id

/* ---- inside.c */
/* Key of the one body that the call at this instruction enters, or NULL. */
const char *called_function(const Pass *, uint32_t instruction);
void remember_insides(Pass *, const Exit *exits, uint32_t count);
void tell_insides(Pass *, Finding *); // STEP_CALL becomes what happens there

/* ---- doubt.c: what hangs on units without a result is possible at most */
void doubt_missing(Pass *, Finding *);
const ProgramFunction *function_of_position(Pass *, const Position *); // or NULL

/* ---- collect.c: what is told, and how it is known again */
void collect_findings(Pass *, RuleRun *);

/* ---- unreached.c */
bool is_unreached(Pass *, const Finding *); // nobody calls so that it comes to this

/* ---- callers.c */
bool releases_some(const Pass *, const ProgramFunction *, TextId class_symbol); // of this class

/* ---- names.c */
const char *term_text(Pass *, TermId);

/* ---- path.c */
void append_step(Pass *, Finding *, Step);
Position instruction_position(const Pass *, uint32_t instruction);
Position exit_position(const Pass *, const Exit *, const LockEntry *);
/* The file, as the store names it, and the line. Loads the function's code. */
const char *place_of_call(Pass *, const ProgramFunction *, uint32_t instruction, uint32_t *line);

#endif
