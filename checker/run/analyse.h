/* analyse.h - from stored facts to findings: link, summaries, rules. The reduce half of the picture
 * in docs/architecture.md; reads and writes nothing but the store. */
#ifndef ANALYSE_H
#define ANALYSE_H

#include "link/program.h"
#include "rule/registry.h"
#include "run/project.h"
#include "store/store.h"

/* A function as it is somewhere else, for who asks what would be if it were so here. */
typedef struct {
  uint32_t function;        // index into store_functions()
  StoredFunction otherwise; // of which key, name, source and units do not count
  const Function *code;
  const FunctionLinks *links;
} Instead;

typedef struct {
  const Instead *instead; // of one function; NULL: all are as they are
  const bool *enabled;    // rule_count entries
  Hash settings;          // of all that an analysis depends on besides the facts
  const Project *project; // for what is linked with what
  const StackOptions *stack;
  bool lives;          // of threads are asked for
  bool frames;         // of functions
  bool needs;          // the same with what they call
  bool waits;          // what they do while they hold locks
  bool chains;         // on stacks
  bool cycles;         // of calls
  bool lock_graph;     // of the program
  bool contents;       // of containers
  bool content_deeds;  // of all functions
  bool guards;         // of data that several threads use
  bool stores_nothing; // for who only looks at the database, and with `instead`
} AnalyseOptions;

typedef struct {
  RuleRun rules; // findings, and what was asked for; functions by index into store_functions()
  uint32_t function_count;
  uint32_t degraded_count;
  CallCounts calls;
  uint32_t linked_programs;          // 0: every name has one meaning
  double link_seconds, rule_seconds; // CPU
} AnalyseResult;

/* Analyses every function of the store bottom-up, stores the summaries, and gives the findings of
 * the enabled rules. Everything is allocated in `arena`; `symbols` is the pool of `models`. */
AnalyseResult analyse_program(Arena *arena, Store *, ModelSet *models, TextPool *symbols,
                              const AnalyseOptions *);

/* The linked program only, for who wants to look at it. program_free() before the store closes. */
Program *analyse_link(Arena *arena, Store *, const Project *, ModelSet *models, TextPool *symbols);

#endif
