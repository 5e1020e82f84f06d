/* code.c - see code.h. */
#include "wait/code.h"

#include "link/called.h"

WaitCode wait_code(Waits *waits, uint32_t function) {
  BorrowedCode borrowed = program_borrow(waits->program, function);
  const Function *f = borrowed.function->body;
  Arena *arena = borrowed.arena;
  WaitCode c = {.borrowed = borrowed,
                .waits = waits,
                .function = borrowed.function,
                .f = f,
                .blocks = arena_new_array(arena, Index, f->instruction_count + 1u),
                .marks = arena_new_array(arena, bool, f->block_count),
                .stack = arena_new_array(arena, Index, f->block_count + 1u)};
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = 0; i < f->blocks[b].count; i++)
      c.blocks[f->blocks[b].first + i] = b;
  return c;
}

void wait_code_end(WaitCode *c) { program_return(&c->borrowed); }

bool wait_comes_after(const WaitCode *c, uint32_t first, uint32_t second) {
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

static TextId callee_of(const WaitCode *c, uint32_t instruction, bool *by_pointer) {
  return c->f->instructions[instruction].kind == INST_CALL
             ? called_symbol(c->function, instruction, by_pointer)
             : 0;
}

/* Rows that say the same are one, so calls of the same callee are taken to do the same: Imprecise
 * where it is given another object. */
static bool is_of_row(const WaitCode *c, const WaitRow *row, uint32_t instruction) {
  bool by_pointer = false;
  if (row->instruction == instruction || row->kind == WAIT_JOIN || row->kind == WAIT_SPAWN)
    return row->instruction == instruction;
  TextId callee = callee_of(c, instruction, &by_pointer);
  return callee && callee == callee_of(c, row->instruction, &by_pointer);
}

static bool has_row(const WaitCode *c, WaitKind kind, TextId symbol, uint32_t instruction) {
  uint32_t count;
  const WaitRow *rows = waits_rows(c->waits, c->function->id, &count);
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].kind == kind && (!symbol || rows[i].symbol == symbol) &&
        is_of_row(c, &rows[i], instruction))
      return true;
  return false;
}

Targets wait_calls(const WaitCode *c, uint32_t instruction) {
  bool by_pointer = false;
  TextId symbol = callee_of(c, instruction, &by_pointer);
  if (!symbol)
    return (Targets){0};
  return by_pointer ? program_slot_targets(c->waits->program, symbol)
                    : program_resolve(c->waits->program, c->function, symbol);
}

bool wait_may_do(const WaitCode *c, WaitKind kind, TextId symbol, uint32_t instruction) {
  if (c->f->instructions[instruction].kind != INST_CALL)
    return false;
  if (has_row(c, kind, symbol, instruction))
    return true;
  Targets targets = wait_calls(c, instruction);
  for (uint32_t i = 0; i < targets.count; i++)
    if (waits_may(c->waits, targets.ids[i], kind, symbol))
      return true;
  return false;
}
