/* beside.c - see beside.h. In each function on the way from main: a call that may create a thread
 * before the next step of the way, and no join between them. */
#include "wait/beside.h"

#include "wait/code.h"

/* Its threads are joined before the place, each in its turn. */
static bool is_joined(const WaitCode *c, uint32_t creation, uint32_t at, uint32_t *joins) {
  for (uint32_t i = 0; i < c->f->instruction_count; i++)
    if (i != creation && wait_may_do(c, WAIT_JOIN, 0, i) && wait_comes_after(c, creation, i) &&
        wait_comes_after(c, i, at) && !wait_comes_after(c, i, creation) &&
        !wait_comes_after(c, at, i))
      ++*joins;
  return *joins > 0;
}

static bool has_threads_at(const WaitCode *c, uint32_t at) {
  uint32_t creations = 0, joins = 0;
  for (uint32_t i = 0; i < c->f->instruction_count; i++) {
    if (i == at || !wait_may_do(c, WAIT_SPAWN, 0, i) || !wait_comes_after(c, i, at))
      continue;
    joins = 0;
    if (!is_joined(c, i, at, &joins))
      return true;
    creations++;
  }
  return creations > joins; // one of them may be joined for another
}

/* Joined for the last time in front of the place. */
static bool has_joined_at(const WaitCode *c, TextId handle, uint32_t at) {
  bool joined = false;
  for (uint32_t i = 0; i < c->f->instruction_count && !joined; i++) {
    joined = i != at && wait_may_do(c, WAIT_JOIN, handle, i) && wait_comes_after(c, i, at) &&
             !wait_comes_after(c, at, i);
    for (uint32_t k = 0; k < c->f->instruction_count && joined; k++)
      joined = k == i || !wait_may_do(c, WAIT_SPAWN, handle, k) || !wait_comes_after(c, i, k) ||
               !wait_comes_after(c, k, at);
  }
  return joined;
}

/* One place on the way: `handle` 0 asks whether there are threads, else whether that one is over.
 */
static bool ask(Waits *waits, uint32_t function, uint32_t instruction, TextId handle) {
  WaitCode c = wait_code(waits, function);
  bool answer = handle ? has_joined_at(&c, handle, instruction) : has_threads_at(&c, instruction);
  wait_code_end(&c);
  return answer;
}

/* True when the answer is yes at one of the places on the way. */
static bool ask_on_way(Waits *waits, Multiplicities *all, uint32_t function, uint32_t instruction,
                       TextId handle) {
  Arena *scratch = arena_new();
  uint32_t count;
  const RunsStep *steps = multiplicity_reason(all, scratch, function, instruction, &count);
  bool answer = ask(waits, function, instruction, handle);
  for (uint32_t i = count; i-- > 0 && !answer;) {
    const RunsStep *step = &steps[i];
    if (step->cause == CAUSE_THREAD || step->cause == CAUSE_SIGNAL) { // another one begins here
      answer = !handle;
      break;
    }
    answer = step->caller != NO_RUNS_CALLER && step->instruction != NO_RUNS_INSTRUCTION &&
             step->cause != CAUSE_HERE && ask(waits, step->caller, step->instruction, handle);
  }
  arena_free(scratch);
  return answer;
}

bool runs_beside_threads(Waits *waits, Multiplicities *all, uint32_t function,
                         uint32_t instruction) {
  return ask_on_way(waits, all, function, instruction, 0);
}

bool runs_after_join(Waits *waits, Multiplicities *all, uint32_t function, uint32_t instruction,
                     TextId handle) {
  return ask_on_way(waits, all, function, instruction, handle);
}
