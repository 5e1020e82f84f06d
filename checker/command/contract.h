/* contract.h - what is known of a function, gathered for `overstay contract`. */
#ifndef CONTRACT_H
#define CONTRACT_H

#include "link/program.h"
#include "model/promise.h"
#include "picture/pictures.h"
#include "rule/registry.h"
#include "store/store.h"

/* A call of the library that may wait, which this function or one that it calls makes. */
typedef struct {
  const char *callee, *kind;   // "pthread_cond_wait", "thread"
  const char *function, *path; // who calls it
  uint32_t calls;              // on the way there; 0: the function itself
} ContractBlock;

typedef struct {
  const char *name, *path;
  const char *governed_by; // "pthread.model:12"; NULL: by its own code
  bool has_summary;
  Promises promises;
  const LifeEvent **threads; // that it creates, joins and detaches
  const ThreadLife **lives;  // of each
  uint32_t thread_count;
  const ContentDeed **contents; // what it does to containers, each once
  uint32_t content_count;
  const GuardDeed **guards; // of the data that it uses and others do, too
  uint32_t guard_count;
  ContractBlock *blocks; // nearest first, one of each callee
  uint32_t block_count;
  Frame frame;
  StackNeed need; // with what it calls
  bool recursive, may_be_cancelled, never_returns, ends_thread, is_degraded;
} Contract;

typedef struct {
  Arena *arena;
  Store *store;
  TextPool *symbols;
  const Program *program; // of this store
  const RuleRun *run;     // with lives, frames and needs
} ContractSource;

/* `function` is an index into store_functions(). */
Contract contract_of(const ContractSource *, uint32_t function);

#endif
