/* start.c - see start.h. */
#include "wait/start.h"

#include "ir/cfg.h"
#include "wait/code.h"

static bool does(const WaitCode *c, const StartDeed *deed, uint32_t instruction) {
  if (deed->lock)
    return wait_may_do(c, WAIT_ACQUIRE, deed->lock, instruction);
  if (c->function->id == deed->function && instruction == deed->instruction)
    return true;
  Targets targets = wait_calls(c, instruction);
  for (uint32_t i = 0; i < targets.count; i++)
    if (deed->leads[targets.ids[i]])
      return true;
  return false;
}

/* ---- the thread */

static bool precedes_signals(Waits *waits, uint32_t entry, const StartDeed *deed,
                             TextId condition) {
  WaitCode c = wait_code(waits, entry);
  bool found = false, precedes = true;
  for (uint32_t i = 0; i < c.f->instruction_count && precedes; i++) {
    if (!does(&c, deed, i))
      continue;
    found = true;
    for (uint32_t k = 0; k < c.f->instruction_count && precedes; k++)
      precedes =
          !wait_may_do(&c, WAIT_SIGNAL, condition, k) || (k != i && !wait_comes_after(&c, k, i));
  }
  wait_code_end(&c);
  return found && precedes;
}

/* ---- its creator */

/* The wait, or the section that it stands in: `if (!ready) wait()` needs none that is there. */
static bool waits_there(const WaitCode *c, TextId condition, uint32_t instruction) {
  if (wait_may_do(c, WAIT_CONDITION, condition, instruction))
    return true;
  uint32_t count;
  const WaitRow *rows = waits_rows(c->waits, c->function->id, &count);
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].kind == WAIT_CONDITION && rows[i].symbol == condition && rows[i].mutex &&
        wait_may_do(c, WAIT_ACQUIRE, rows[i].mutex, instruction))
      return true;
  return false;
}

static bool block_waits(const WaitCode *c, TextId condition, Index b) {
  const Block *block = &c->f->blocks[b];
  for (uint32_t i = block->first; i < block->first + block->count; i++)
    if (waits_there(c, condition, i))
      return true;
  return false;
}

/* while (!ready) wait(): the test stands in front of the wait. */
static bool tests_before_wait(const WaitCode *c, TextId condition, Index b) {
  const Block *block = &c->f->blocks[b];
  for (uint32_t i = 0; i < block->edge_count && block->edge_count > 1; i++)
    if (block_waits(c, condition, c->f->edges[block->edges + i].block))
      return true;
  return false;
}

typedef struct {
  WaitCode c;
  const ThreadStart *start;
  const StartDeed *later;
  TextId condition;
} Creator;

typedef enum { GOES_ON, WAITS, DOES } Step;

/* From there to the end of the block. */
static Step step_through(const Creator *x, Index b, uint32_t from) {
  const Block *block = &x->c.f->blocks[b];
  for (uint32_t i = from; i < block->first + block->count; i++) {
    if (waits_there(&x->c, x->condition, i))
      return WAITS;
    if (i == x->start->creation || (x->later && does(&x->c, x->later, i)))
      return DOES;
  }
  return tests_before_wait(&x->c, x->condition, b) ? WAITS : GOES_ON;
}

static void push_next(const Creator *x, Index b, uint32_t *depth) {
  const Block *block = &x->c.f->blocks[b];
  for (uint32_t i = 0; i < block->edge_count; i++) {
    Index next = x->c.f->edges[block->edges + i].block;
    if (!x->c.marks[next])
      x->c.stack[(*depth)++] = next;
    x->c.marks[next] = true;
  }
}

/* Imprecise: a way out without the wait is taken for one on which there is no thread. */
static bool is_awaited(Waits *waits, const ThreadStart *start, const StartDeed *later,
                       TextId condition) {
  Creator x = {wait_code(waits, start->creator), start, later, condition};
  uint32_t depth = 0;
  Index b = x.c.blocks[start->creation];
  Step step = step_through(&x, b, start->creation + 1);
  bool found = step == WAITS;
  if (step == GOES_ON)
    push_next(&x, b, &depth);
  while (depth && step != DOES) {
    b = x.c.stack[--depth];
    step = step_through(&x, b, x.c.f->blocks[b].first);
    found |= step == WAITS;
    if (step == GOES_ON)
      push_next(&x, b, &depth);
  }
  wait_code_end(&x.c);
  return found && step != DOES;
}

bool is_done_at_start(Waits *waits, const ThreadStart *start, const StartDeed *deed,
                      const StartDeed *later) {
  uint32_t count;
  const WaitItem *items = waits_items(waits, &count);
  for (uint32_t i = 0; i < count; i++)
    if (items[i].kind == WAIT_SIGNAL && items[i].symbol &&
        waits_may(waits, start->entry, WAIT_SIGNAL, items[i].symbol) &&
        waits_may(waits, start->creator, WAIT_CONDITION, items[i].symbol) &&
        precedes_signals(waits, start->entry, deed, items[i].symbol) &&
        is_awaited(waits, start, later, items[i].symbol))
      return true;
  return false;
}

/* ---- after the end of another thread */

bool is_done_after_join(Waits *waits, uint32_t entry, const StartDeed *deed) {
  WaitCode c = wait_code(waits, entry);
  const Cfg *cfg = cfg_new(c.borrowed.arena, c.f);
  bool found = false, after = true;
  for (uint32_t i = 0; i < c.f->instruction_count && after; i++) {
    if (!does(&c, deed, i))
      continue;
    found = true;
    after = false;
    for (uint32_t k = 0; k < c.f->instruction_count && !after; k++)
      after = k != i && wait_may_do(&c, WAIT_JOIN, 0, k) &&
              (c.blocks[k] == c.blocks[i] ? k < i : cfg_dominates(cfg, c.blocks[k], c.blocks[i]));
  }
  wait_code_end(&c);
  return found && after;
}
