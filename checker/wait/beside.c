/* beside.c - see beside.h. In each function on the way from main: a call that may create a thread
 * before the next step of the way, and no join between them. */
#include "wait/beside.h"

#include "ir/cfg.h"
#include "link/called.h"
#include "wait/inside.h"

typedef struct {
  Waits *waits;
  const ProgramFunction *function;
  const Function *f;
  const Cfg *cfg;
  Index *blocks; // per instruction
  bool *marks;   // per block
  Index *stack;
} Code;

/* After the one the other may come, at the next round of a loop, too. */
static bool comes_after(const Code *c, uint32_t first, uint32_t second) {
  Index from = c->blocks[first], to = c->blocks[second];
  if (from == to && first < second)
    return true;
  for (Index b = 0; b < c->f->block_count; b++)
    c->marks[b] = false;
  uint32_t depth = 0;
  c->stack[depth++] = from;
  while (depth) {
    const Block *block = &c->f->blocks[c->stack[--depth]];
    for (uint32_t i = 0; i < block->edge_count; i++) {
      Index next = c->f->edges[block->edges + i].block;
      if (next == to)
        return true;
      if (c->marks[next])
        continue;
      c->marks[next] = true;
      c->stack[depth++] = next;
    }
  }
  return false;
}

static bool has_row(const Code *c, WaitKind kind, TextId handle, uint32_t instruction) {
  uint32_t count;
  const WaitRow *rows = waits_rows(c->waits, c->function->id, &count);
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].kind == kind && rows[i].instruction == instruction &&
        (!handle || rows[i].symbol == handle))
      return true;
  return false;
}

/* `handle` 0: of any thread. */
static bool may_do(const Code *c, WaitKind kind, TextId handle, uint32_t instruction) {
  if (c->f->instructions[instruction].kind != INST_CALL)
    return false;
  if (has_row(c, kind, handle, instruction))
    return true;
  bool by_pointer;
  TextId symbol = called_symbol(c->function, instruction, &by_pointer);
  if (!symbol)
    return false;
  Targets targets = by_pointer ? program_slot_targets(c->waits->program, symbol)
                               : program_resolve(c->waits->program, c->function, symbol);
  for (uint32_t i = 0; i < targets.count; i++)
    if (waits_may(c->waits, targets.ids[i], kind, handle))
      return true;
  return false;
}

/* Its threads are joined before the place, each in its turn. */
static bool is_joined(const Code *c, uint32_t creation, uint32_t at, uint32_t *joins) {
  for (uint32_t i = 0; i < c->f->instruction_count; i++)
    if (i != creation && may_do(c, WAIT_JOIN, 0, i) && comes_after(c, creation, i) &&
        comes_after(c, i, at) && !comes_after(c, i, creation) && !comes_after(c, at, i))
      ++*joins;
  return *joins > 0;
}

static bool has_threads_at(const Code *c, uint32_t at) {
  uint32_t creations = 0, joins = 0;
  for (uint32_t i = 0; i < c->f->instruction_count; i++) {
    if (i == at || !may_do(c, WAIT_SPAWN, 0, i) || !comes_after(c, i, at))
      continue;
    joins = 0;
    if (!is_joined(c, i, at, &joins))
      return true;
    creations++;
  }
  return creations > joins; // one of them may be joined for another
}

/* Joined for the last time in front of the place. */
static bool has_joined_at(const Code *c, TextId handle, uint32_t at) {
  bool joined = false;
  for (uint32_t i = 0; i < c->f->instruction_count && !joined; i++) {
    joined = i != at && may_do(c, WAIT_JOIN, handle, i) && comes_after(c, i, at) &&
             !comes_after(c, at, i);
    for (uint32_t k = 0; k < c->f->instruction_count && joined; k++)
      joined = k == i || !may_do(c, WAIT_SPAWN, handle, k) || !comes_after(c, i, k) ||
               !comes_after(c, k, at);
  }
  return joined;
}

/* One place on the way: `handle` 0 asks whether there are threads, else whether that one is over.
 */
static bool ask(Waits *waits, uint32_t function, uint32_t instruction, TextId handle) {
  BorrowedCode borrowed = program_borrow(waits->program, function);
  const Function *f = borrowed.function->body;
  Arena *arena = borrowed.arena;
  Code c = {.waits = waits,
            .function = borrowed.function,
            .f = f,
            .blocks = arena_new_array(arena, Index, f->instruction_count),
            .marks = arena_new_array(arena, bool, f->block_count),
            .stack = arena_new_array(arena, Index, f->block_count + 1u)};
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = 0; i < f->blocks[b].count; i++)
      c.blocks[f->blocks[b].first + i] = b;
  bool answer = handle ? has_joined_at(&c, handle, instruction) : has_threads_at(&c, instruction);
  program_return(&borrowed);
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
