/* forks.h - what runs in a process that was made for it: behind `if ((pid = fork()) == 0)`, in
 * whatever words. It runs once in that process, however often others are made.
 *
 * Whether a function with "fork" in its name hands on what fork() said is a question to the
 * program; here it is one that may (LINKS_FORKS of ir/links.h).
 */
#ifndef IR_FORKS_H
#define IR_FORKS_H

#include "ir/cfg.h"

typedef struct {
  Index symbol; // the function whose result was asked
  Index test;   // the block that asks
  Index region; // the first block of the child
} Fork;

bool function_forks(const Function *);
bool may_fork(const char *name); // of a function
/* Are processes made by this function, and not by one that calls it? */
bool is_fork(const char *name);
/* Does the function return what fork() told it? */
bool returns_fork(const Function *);
/* At most one child for each block that ends in a test; false: none. */
bool fork_tested(const Cfg *, Index block, Fork *);

#endif
