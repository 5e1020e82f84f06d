/* fault.c - see fault.h. These are the mistakes that lowering might make: arms of a branch
 * exchanged, a switch without the way that falls through or without its default, a loop that does
 * not go back, an else that is not taken. tests/cfg_differential.py --self-test wants each found.
 */
#include "ir/fault.h"

#include "base/guard.h"

#ifdef OVERSTAY_DEV

#include <string.h>

#include "ir/cfg.h"

static void swap_arms(Function *f) {
  for (uint32_t b = 0; b < f->block_count; b++) {
    Edge *edges = f->edges + f->blocks[b].edges;
    if (f->blocks[b].terminator != TERM_BRANCH)
      continue;
    Index first = edges[0].block;
    edges[0].block = edges[1].block;
    edges[1].block = first;
  }
}

static bool is_case_of(const Function *f, const Block *from, Index block) {
  for (uint32_t e = 0; e < from->edge_count; e++)
    if (f->edges[from->edges + e].block == block)
      return true;
  return false;
}

/* A jump from one case into another becomes one to where the switch's last case leads. */
static void lose_fallthrough(Function *f, const Block *from) {
  for (uint32_t e = 0; e < from->edge_count; e++) {
    Block *arm = &f->blocks[f->edges[from->edges + e].block];
    if (arm->terminator == TERM_JUMP && is_case_of(f, from, f->edges[arm->edges].block)) {
      arm->terminator = TERM_RETURN;
      arm->value = 0;
      arm->edge_count = 0;
    }
  }
}

static void lose_default(Function *f, const Block *from) {
  f->edges[from->edges + from->edge_count - 1].block = f->edges[from->edges].block;
}

static void change_switches(Function *f, void (*change)(Function *, const Block *)) {
  for (uint32_t b = 0; b < f->block_count; b++)
    if (f->blocks[b].terminator == TERM_SWITCH)
      change(f, &f->blocks[b]);
}

/* The jump back goes where the loop is left to, as if the body were done once. */
static void lose_back_edges(Function *f) {
  Arena *arena = arena_new();
  const Cfg *cfg = cfg_new(arena, f);
  for (uint32_t b = 0; b < f->block_count; b++) {
    Block *block = &f->blocks[b];
    if (cfg->position[b] == NO_BLOCK || block->terminator != TERM_JUMP ||
        !cfg_is_back_edge(cfg, b, f->edges[block->edges].block))
      continue;
    const Block *header = &f->blocks[f->edges[block->edges].block];
    if (header->terminator == TERM_BRANCH)
      f->edges[block->edges].block = f->edges[header->edges + 1].block;
  }
  arena_free(arena);
}

static void lose_else(Function *f) {
  for (uint32_t b = 0; b < f->block_count; b++) {
    Block *block = &f->blocks[b];
    if (block->terminator == TERM_BRANCH) {
      block->terminator = TERM_JUMP;
      block->edge_count = 1;
      block->value = 0;
    }
  }
}

void function_inject_fault(Function *f) {
  const char *fault = test_hook("OVERSTAY_FAULT");
  if (!fault)
    return;
  if (!strcmp(fault, "swapped-arms"))
    swap_arms(f);
  else if (!strcmp(fault, "lost-fallthrough"))
    change_switches(f, lose_fallthrough);
  else if (!strcmp(fault, "lost-default"))
    change_switches(f, lose_default);
  else if (!strcmp(fault, "lost-back-edge"))
    lose_back_edges(f);
  else if (!strcmp(fault, "lost-else"))
    lose_else(f);
}

#else

void function_inject_fault(Function *f) { (void)f; }

#endif
