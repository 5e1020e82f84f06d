/* blocking.h - sections of the program in which a lock is held, and what they wait for meanwhile:
 * the inside of blocking.c, blocking_rank.c and contention.c. */
#ifndef RULE_BLOCKING_H
#define RULE_BLOCKING_H

#include "rule/pass.h"

/* What a function that takes the lock of this class itself holds it for: its longest wait. */
typedef struct {
  const ProgramFunction *function;
  TextId class_symbol;
  uint32_t acquired;
  Blocking worst;
} Section;

typedef struct {
  Section *at;
  uint32_t count;
} Sections;

/* Ordered by class, then by function. */
Sections find_sections(Pass *, Arena *scratch);

bool takes_for_caller(const Pass *, const ProgramFunction *, TextId class_symbol);

bool are_of_one_owner(const Pass *, TextId, TextId);
bool is_behind_pointer(const Pass *, TextId class_symbol);

/* How many threads that may run at the same time take a lock of this class, as far as is seen: 2
 * stands for any larger number. In words: who they are. */
typedef struct {
  uint32_t threads;
  uint32_t functions;
  const char *words;
} Contention;
Contention contention_of(Pass *, TextId class_symbol);

typedef ARRAY(Blocking) BlockingList;
void find_blocking(Pass *, BlockingList *);

/* Does the program make descriptors that nobody waits for? */
bool has_instant_descriptors(Pass *);

#endif
