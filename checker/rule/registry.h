/* registry.h - the list of rules (rules/rules.def), and the run over a program. */
#ifndef RULE_REGISTRY_H
#define RULE_REGISTRY_H

#include "store/chains.h"
#include "store/contents.h"
#include "store/lives.h"
#include "store/lock_graph.h"
#include "store/rounds.h"
#include "rule/rule.h"
#include "rule/stacks/stack.h"

extern const Rule *const all_rules[];
extern const size_t rule_count;
const Rule *rule_find(const char *id); // NULL when there is none

/* Circles of locks, and what speaks against them: the first reason that is found. */
typedef struct {
  uint32_t classes, pairs, orders; // of locks; ordered pairs; ways to them that were looked at
  uint32_t given_up;               // ways on which the first lock is given back in between
  uint32_t circles;
  uint32_t tries, reads, gates, threads, unreleased; // circles that are none because of that
  uint32_t told;                                     // as a part of others
} LockCounts;

/* Its ways out disagree about a lock (ANALYSIS 0.2 M1). */
typedef struct {
  const char *key;
  bool direct; // it calls a lock function itself
} MixedFunction;

/* Bytes of the deepest chain of calls from a function on, its own among them. */
/* A function uses a datum that a lock guards, as most of its uses say. */
typedef struct {
  uint32_t function;        // id
  const char *datum, *lock; // keys of their classes
  uint32_t held, counted;   // that many of so many uses hold it
} GuardDeed;

typedef struct {
  uint64_t low, high;
} StackNeed;

typedef struct {
  Finding *findings;
  uint32_t count;
  const char **degraded;          // per program function, NULL where nothing was given up
  uint32_t analysed;              // functions, the others were recalled
  uint32_t lock_functions;        // functions with lock events
  uint32_t direct_lock_functions; // those that call a lock function themselves
  MixedFunction *mixed;
  uint32_t mixed_count;
  ThreadLife *lives; // RuleOptions.lives
  uint32_t life_count;
  const Frame *frames;    // RuleOptions.frames: by function id
  const StackNeed *needs; // RuleOptions.needs: likewise
  const char **waits;     // RuleOptions.waits: likewise
  StackChain *chains;     // RuleOptions.chains
  uint32_t chain_count;
  CallCycles cycles;  // RuleOptions.cycles
  Contents *contents; // RuleOptions.contents
  uint32_t content_count;
  ContentDeed *content_deeds; // RuleOptions.content_deeds
  uint32_t content_deed_count;
  GuardDeed *guards; // RuleOptions.guards
  uint32_t guard_count;
  const Recursions *recursions;
  LockCounts locks;
  LockGraph lock_graph; // RuleOptions.lock_graph
} RuleRun;

typedef struct {
  const bool *enabled;        // rule_count entries
  const Memory *memory;       // of earlier runs, or NULL
  uint32_t without;           // WITHOUT_*
  const char *const *missing; // sources of units without a result
  uint32_t missing_count;
  const StackOptions *stack;
  bool lives;             // of the program's threads are asked for
  bool frames;            // of all functions
  bool needs;             // the same with what they call
  bool waits;             // what they do while they hold locks, in words
  bool chains;            // on the program's stacks
  bool cycles;            // of calls
  bool lock_graph;        // of the program is asked for
  bool content_deeds;     // of all functions
  bool contents;          // of containers that something is found of
  bool guards;            // of data that several threads use
  const void *recursions; // Recursions.bytes of an earlier run with the same settings, or NULL
  size_t recursion_bytes;
} RuleOptions;

/* Analyses the program bottom-up and lets the rules judge. Everything is allocated in `arena`.
 * Findings are ordered by function, place and rule. */
RuleRun rules_run(Arena *arena, Program *program, const RuleOptions *);

#endif
