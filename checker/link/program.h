/* program.h - all functions together: who is called by whom, and in which order to summarise.
 *
 * Built from the links of every function (ir/links.h), so code is loaded only for functions that
 * are analysed, and only while they are. Several bodies may stand behind one name (variants of a
 * header function, several programs in one database): a call then has several targets, and only
 * what they agree on counts (DESIGN 9).
 */
#ifndef LINK_PROGRAM_H
#define LINK_PROGRAM_H

#include "ir/links.h"
#include "ir/unit.h"
#include "model/model.h"

typedef struct {
  uint32_t *ids;
  uint32_t count;
  bool open;      // something else may be called, too: never a consensus
  TextId library; // of a slot: a function without a body that is stored there; 0: none, or several
} Targets;

typedef struct {
  TextId symbol;
  Targets targets;
} Resolved;

/* A source with its flags. */
typedef struct {
  const char *source;        // root-relative path
  const uint32_t *functions; // ids of the functions it holds, ascending
  uint32_t function_count;
  uint64_t given; // bits of the linked programs that the user says it belongs to
} ProgramUnit;

/* A function as it is added. Texts and links must outlive the program. */
typedef struct {
  const char *key, *name;
  const char *source; // root-relative path of the file that holds the body
  uint32_t flags;     // FUNCTION_*
  Hash body_hash;
  Hash names_hash; // ir/serial.h
  const FunctionLinks *links;
  const uint32_t *units; // that hold it, ascending
  uint32_t unit_count;
} Declaration;

/* Where code and summaries of the function with this id come from. Never NULL. */
typedef struct {
  const Function *(*code)(void *context, Arena *, uint32_t id);
  const Summary *(*summary)(void *context, Arena *, uint32_t id); // whose hash was given before
  void *context;
} FunctionSource;

typedef struct {
  Declaration declared;
  uint32_t id;
  TextId key, name;
  const Function *body; // NULL but between program_load and program_unload
  TextId *symbols;      // likewise: program-wide id of each of the body's symbols
  bool address_taken;   // its name is used other than to call it
  bool has_model;       // a model line governs it: its body is not judged
  Resolved *resolved;   // names it uses that have several definitions
  uint32_t resolved_count;
  uint32_t *callees;
  uint32_t callee_count; // tiers 0-2, distinct, ascending
  uint32_t *callers;
  uint32_t caller_count;
  uint32_t component; // strongly connected component; callees have smaller numbers
  bool recursive;     // its component has a cycle
  bool has_summary;   // and, bottom-up, its hash, and the summary when it was asked for
  Hash summary_hash;
  const Summary *summary;
} ProgramFunction;

/* How calls were resolved; a callee counts once in each function that calls it. */
typedef struct {
  uint32_t one, several, none; // by name: bodies that it may mean; none is another library's
  uint32_t slot_one, slot_several, slot_open, slot_none; // through a field or global: functions
                                                         // stored there; open: others, too
  uint32_t other; // functions that call pointers from elsewhere: parameters, locals, results
} CallCounts;

typedef struct Program {
  Arena *arena;
  TextPool *symbols;
  const ModelSet *models;
  FunctionSource source;
  const ProgramUnit *units;
  uint32_t unit_count;
  ProgramFunction *functions;
  uint32_t function_count;
  uint32_t *order; // function ids, callees first
  uint32_t *component_starts;
  uint32_t component_count; // into order; one more at the end
  struct NameTable *names;  // external name -> definitions
  struct NameTable *slots;  // struct field or global -> functions stored there
  struct Linkage *linkage;  // which units are linked with which
  struct KeptCodes *kept;   // what was borrowed last
  CallCounts calls;
} Program;

Program *program_new(Arena *, TextPool *, const ModelSet *, FunctionSource);
/* Before functions are added; the units must outlive the program. */
void program_set_units(Program *, const ProgramUnit *, uint32_t count);
/* Order of addition is the order of ids, so add by (key, body hash). */
void program_add(Program *, const Declaration *);
void program_link(Program *);
void program_free(Program *); // tables outside the arena

/* Code of a function, until program_unload or the end of the arena. */
void program_load(Program *, ProgramFunction *, Arena *);
void program_unload(ProgramFunction *);

/* The same for whoever has a question about code that others may be working with: what is loaded
 * already stays loaded. */
typedef struct {
  ProgramFunction *function;
  Arena *arena; // for what is made of the code: gone when it is returned
  bool loaded;  // for this one
  Arena *own;   // of the code, when it is not kept for whoever asks next
} BorrowedCode;

BorrowedCode program_borrow(Program *, uint32_t id);
void program_return(BorrowedCode *);

/* NULL while it has none. */
const Summary *program_summary(Program *, uint32_t id);
void program_set_summary(ProgramFunction *, const Summary *);

/* Whom `caller` means by the name of one of its symbols. */
Targets program_resolve(const Program *, const ProgramFunction *caller, TextId symbol);
/* Functions ever stored in a struct field, a global or an array of it (tiers 1 and 2). */
Targets program_slot_targets(const Program *, TextId symbol);

#endif
