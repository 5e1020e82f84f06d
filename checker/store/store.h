/* store.h - the database beside compile_commands.json: what was read, derived and reported.
 *
 * It is two things in one file: a cache of facts that can be made again (units, functions,
 * summaries), and the history of findings, which cannot. The supervisor is the only
 * writer; no other process touches an open Store, also not a forked child.
 *
 * Facts are verified when they are loaded: a unit is sealed by one checksum over all that was
 * stored of it, IR and summaries by one each. What does not match was never there: the unit is
 * not fresh, the summary is absent. Nobody has to test for damage.
 *
 * Every list is ordered by key, so results do not depend on the order of writing. A list that was
 * handed out stays valid until the next store_put_unit, store_keep_units or store_close.
 * Failure of the database itself (disk full, I/O error) ends the process with EXIT_INTERNAL, or as
 * StoreOptions.failed wants.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/roots.h"
#include "ir/ir.h"
#include "ir/links.h"
#include "ir/unit.h"
#include "store/finding.h"

typedef struct Store Store;

typedef enum {
  STORE_WRITE,  // made when absent; waits for another writer and says for whom
  STORE_READ,   // must exist; what is put is kept until store_close and not saved
  STORE_MEMORY, // --no-cache: starts empty, leaves nothing
} StoreMode;

typedef struct {
  StoreMode mode;
  const char *path; // of the database; not used for STORE_MEMORY
  Roots roots;
  Hash extractor; // all that decides what a parse gives besides sources and flags: versions of
                  // the lowering and of libclang. When it changes every unit is read again.
  bool at_once;   // STORE_WRITE: while another run writes, work like STORE_READ and do not wait
  bool unsaved;   // STORE_WRITE, but as on a place that cannot be written
  void (*failed)(const char *why); // no room, an error of the disk: may end the process in its way
} StoreOptions;

/* NULL and *error (in the arena) when it cannot be used: written by a newer overstay, a directory
 * that belongs to somebody else, a symbolic link in place of the file. A damaged or foreign file
 * is renamed aside to PATH.corrupt-N, with a warning, and a new one begun. STORE_WRITE on a place
 * that cannot be written works like STORE_READ, with a note. */
Store *store_open(Arena *, const StoreOptions *, const char **error);
void store_close(Store *); // commits; NULL is fine
bool store_saves(const Store *);

const char *store_sqlite_version(void);

/* Where the database goes: DIRECTORY/.overstay/facts.db, or when that neither exists nor can be
 * written $XDG_CACHE_HOME/overstay/<hash>/facts.db. Makes nothing; store_open does. */
const char *store_default_path(Arena *, const char *directory);

/* One transaction a batch of units. Writes outside of a pair commit each on their own. */
void store_begin(Store *);
void store_commit(Store *);

/* ---- units in */
typedef struct {
  const char *source; // Unit.source
  Hash command;       // Unit.command_hash
} UnitKey;

/* True when the store has the state of the unit that a parse would give now; it is in the view
 * from then on. No file of it changed, first by stat (each file once a run), and by content where
 * stat differs; and no header stands where it was looked for in vain. Units that crashed, ran out
 * of time or memory, or could not be read are never fresh. */
bool store_unit_fresh(Store *, UnitKey);
/* Puts it in the view. The state that was there before is kept: of each unit the newest two. */
void store_put_unit(Store *, const Unit *);
/* All others leave the view, but are kept for a while. Says how many left. */
size_t store_keep_units(Store *, const UnitKey *, size_t count);
/* The unit of this source that was used last, in the view or not; false: there is none. */
bool store_last_unit(const Store *, const char *source, UnitKey *);
size_t store_drop_others(Store *); // what is not in the view at all: says how many states

/* Another view: some files have another content than on the disk (a staged tree, a base revision),
 * which a parse gets as unsaved files. Until store_view_end every question is about this view, and
 * what is put is kept as a state beside those of the normal view, which comes back unchanged. */
typedef struct {
  const char *path; // as UnitFile.path
  Hash content;     // zero: the file is not there
} OtherFile;
void store_view_begin(Store *, const OtherFile *, size_t count);
void store_view_end(Store *);

/* ---- units out */
typedef struct {
  UnitKey key;
  UnitStatus status;
  const char *reason;
  const char *annotations;   // Unit.annotations
  const uint32_t *functions; // indices into store_functions(), ascending
  uint32_t function_count;
  double parse_seconds, lower_seconds; // of the run that read it
  bool is_new;                         // put since store_open
} StoredUnit;

const StoredUnit *store_units(Store *, size_t *count); // by source, then command
/* The rest of a unit: types, records, globals, files, missing, diagnostics, dropped flags. Without
 * functions. `unit` is an index into store_units(). Never NULL. */
const Unit *store_unit(Store *, Arena *, size_t unit);

/* ---- functions: one for each key and body hash, however many units hold it */
typedef struct {
  uint32_t id; // lasts as long as some unit holds this key with this body
  const char *key, *name;
  const char *source; // of the copy that store_function() gives: the one of its first unit
  Hash body, names;   // ir/serial.h
  uint32_t flags;     // FUNCTION_*
  const char *incomplete;
  const uint32_t *units; // indices into store_units(), ascending
  uint32_t unit_count;
} StoredFunction;

const StoredFunction *store_functions(Store *, size_t *count); // by key, then body hash
/* All functions with this key: returns how many and sets *first, an index into store_functions().
 * The key of an external function is its name, so this is how a call finds its definitions. */
size_t store_find(Store *, const char *key, size_t *first);
/* By key and body hash; -1 when there is none. */
ptrdiff_t store_find_body(Store *, const char *key, Hash body);
ptrdiff_t store_find_id(Store *, uint32_t id);
/* The IR of store_functions()[index], decoded. Several threads may call it at once, each with its
 * own arena, as long as nobody calls anything else. */
Function *store_function(Store *, Arena *, size_t index);

/* Of the same copy, at no cost of code. */
FunctionLinks *store_links(Store *, Arena *, TextPool *symbols, size_t index);

/* True when some unit read this path with this very content: lines still mean the same. */
bool store_has_content(Store *, const char *path, Hash content);

/* True when some unit read a file of this path, in any state, or looked for one in vain. */
bool store_knows_file(const Store *, const char *path);

/* Files with overstay-allow comments. Paths as in Unit.files. */
typedef struct {
  const char *path;
  const Allow *allows;
  uint32_t count;
} FileAllows;
const FileAllows *store_allows(Store *, Arena *, size_t *count);

/* ---- globals and records of all units */
typedef struct {
  const Unit *unit; // its types are what `type` refers to
  const Global *global;
} StoredGlobal;
typedef struct {
  const Unit *unit;
  const Record *record;
} StoredRecord;

/* By key; of several declarations of one key the definition, else that of the first unit. Distinct
 * definitions of one key are all there, in the order of their units. */
const StoredGlobal *store_globals(Store *, Arena *, size_t *count);
const StoredRecord *store_records(Store *, Arena *, size_t *count);

/* ---- summaries, by StoredFunction.id */
typedef struct {
  Hash maker;    // of the analysis itself
  Hash in_hash;  // of what the analysis was told about the rest of the program (ANALYSIS C.2)
  Hash sem_hash; // of what the summary says, without locations
  const void *result;
  size_t result_count;
  const void *bytes; // the summary
  size_t count;
} StoredSummary;
typedef enum { SUMMARY_RESULT, SUMMARY_WHOLE } SummaryPart; // without or with `bytes`

/* One thing that the analysis derived of the whole program, for who has the same maker. In a view
 * that is not the work tree's nothing is kept. It has to be sealed by who made it. */
void store_keep(Store *, const char *key, Hash maker, const void *, size_t count);
const void *store_get_kept(Store *, Arena *, const char *key, Hash maker, size_t *count); // or NULL
void store_put_summary(Store *, uint32_t function, const StoredSummary *);
bool store_get_summary(Store *, Arena *, uint32_t function, SummaryPart, StoredSummary *);
void store_drop_summary(Store *, uint32_t function);

/* ---- findings and runs */
typedef enum {
  FINDING_NEW,
  FINDING_KNOWN,
  FINDING_GONE,
  FINDING_MOVED, // known, but its function or what it is about has another name or file
} FindingState;

typedef struct {
  Finding finding;
  FindingState state;
  int64_t first_seen, last_seen; // seconds since 1970: starts of runs
} StoredFinding;

/* Hash of all that the analysis depends on: what every unit gave, and `options`, the caller's hash
 * of tool version, models and settings. */
Hash store_run_key(Store *, Hash options);
/* True when the stored findings are the result of a finished run with this very key. */
bool store_run_is_current(Store *, Hash run_key);
/* The same of the findings alone: results of functions may have been replaced since, by those of
 * another view. */
bool store_findings_are_of(Store *, Hash run_key);
/* The result of a run. Compares with the one before: same fingerprint, else same loose hash in
 * order, is known; a function that was renamed or stands in another file takes its findings along
 * (moved); what is not there any more is gone. Runs that were not complete (units failed or left
 * out) mark nothing as gone or moved. */
void store_put_findings(Store *, Hash run_key, int64_t started, bool complete, const Finding *,
                        size_t count);
/* Instead of store_put_findings, in a run whose key is current: the same findings, none new. */
void store_repeat_findings(Store *, int64_t started);
/* Of the last run: by source-independent key (function, index, rule, fingerprint). */
const StoredFinding *store_findings(Store *, Arena *, size_t *count);

/* What a run has to say besides findings: functions given up, models missing, shares of indirect
 * calls. Part of the result, so kept for runs that find nothing changed. */
typedef struct {
  const char *kind;    // "degraded", ...
  const char *subject; // function key, unit, ...
  const char *text;
} Remark;
void store_put_remarks(Store *, const Remark *, size_t count); // replaces all; after put_findings
const Remark *store_remarks(Store *, Arena *, size_t *count);  // by kind, subject, text

/* Another comparison than that with the last run: until store_trial_end findings and remarks can be
 * put and read as ever, beginning with none at all, and then all is as it was before. */
void store_trial_begin(Store *);
void store_trial_end(Store *);

/* What was found once. */
typedef struct {
  Hash fingerprint;
  const char *rule, *function, *object;
  int64_t first_seen, last_seen;
  bool gone;
  Severity severity;     // these two of store_gone only
  Confidence confidence; // likely when nobody knows
} GoneFinding;
/* In the run before and not in the last one any more, newest first. */
const GoneFinding *store_gone(Store *, Arena *, size_t *count);
const GoneFinding *store_history(Store *, Arena *, size_t *count); // all of it, by fingerprint

/* ---- the database itself */
typedef struct {
  size_t states, other_states; // of units: in the view, and kept for later
  size_t functions, bodies;    // distinct by key and hash; distinct forms of their code
  size_t files, folders, lookups;
  size_t history;
  bool outdated; // facts of another version were left out when it was opened
} StoreSizes;
StoreSizes store_sizes(Store *);
/* What is wrong with it, a line each; NULL when it is sound. */
const char *const *store_problems(Store *, Arena *, size_t *count);
void store_compact(Store *); // gives unused pages back to the file system

#endif
