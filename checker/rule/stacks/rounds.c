/* rounds.c - what going once around a cycle of calls takes of the stack, and how often that fits.
 */
#include "base/guard.h"
#include "rule/pass.h"

bool asks_stack(const Pass *pass, const ProgramFunction *function) {
  for (uint32_t i = 0; i < pass->recursions->asker_count; i++)
    if (pass->recursions->askers[i] == function->id)
      return true;
  return false;
}

const Cycle *limited_cycles(const Pass *pass, uint32_t *count) {
  *count = pass->recursions->limited_count;
  return pass->recursions->limited;
}

static bool has_call(const Cycle *cycle, const CycleCall *call) {
  for (uint32_t i = 0; i < cycle->count; i++)
    if (cycle->calls[i].function == call->function &&
        cycle->calls[i].instruction == call->instruction)
      return true;
  for (uint32_t i = 0; i < cycle->other_count; i++)
    if (cycle->others[i].function == call->function &&
        cycle->others[i].instruction == call->instruction)
      return true;
  return false;
}

bool has_few_levels(const Pass *pass, const CycleCall *call) {
  enum { FEW = 100 };
  const Recursions *all = pass->recursions;
  uint32_t count;
  const LevelRow *levels = limited_recursions(pass, &count);
  bool few = false;
  for (uint32_t i = 0; i < count && !few; i++)
    few = levels[i].function->id == call->function && levels[i].instruction == call->instruction &&
          levels[i].levels <= FEW;
  for (uint32_t i = 0; i < all->limited_count && !few; i++)
    few = all->limited[i].levels <= FEW && has_call(&all->limited[i], call);
  for (uint32_t i = 0; i < all->count && few; i++)
    few = !has_call(&all->cycles[i], call);
  return few && guard_on("few-levels");
}

Rounds rounds_of(Pass *pass, const Cycle *cycle) {
  enum {
    ALIGNED = 16,
    PAGE = 4096,
    SPARE = 6 * PAGE
  }; // the system's part of a stack, and of signals
  Chain before;
  Rounds rounds = {0};
  chain_to(pass, cycle->calls[0].function, &before);
  rounds.root = before.root;
  for (uint32_t i = 0; i < cycle->count; i++) {
    uint32_t next = cycle->calls[(i + 1) % cycle->count].function;
    Frame frame = frame_calling(pass, cycle->calls[i].function, next);
    rounds.low += frame.low;
    rounds.high += frame.high;
  }
  // who calls on keeps the stack aligned; a frame that holds several levels does that for all
  rounds.low = (rounds.low + ALIGNED - 1) / ALIGNED * ALIGNED;
  uint64_t budget = before.root.budget;
  uint64_t wide = before.low < budget ? budget - before.low : 0,
           narrow = before.high + SPARE < budget ? budget - before.high - SPARE : 0;
  rounds.least = narrow / (rounds.high ? rounds.high : 1);
  rounds.most = wide / (rounds.low ? rounds.low : 1);
  return rounds;
}
