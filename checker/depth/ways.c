/* ways.c - see ways.h: searches that forget nothing but what they have seen. */
#include "depth/ways.h"

#include <string.h>

Ways ways_new(Arena *arena, const Function *f) {
  return (Ways){.f = f,
                .seen = arena_new_array(arena, bool, f->block_count),
                .stack = arena_new_array(arena, Index, f->block_count + 1u)};
}

static void push_next(const Ways *w, const Block *block, uint32_t *depth) {
  for (uint32_t k = 0; k < block->edge_count; k++) {
    Index next = w->f->edges[block->edges + k].block;
    if (!w->seen[next])
      w->stack[(*depth)++] = next;
    w->seen[next] = true;
  }
}

bool ways_lead(const Ways *w, Index from, Index to, Index past) {
  uint32_t depth = 0;
  memset(w->seen, 0, w->f->block_count);
  w->seen[past] = w->seen[from] = true;
  w->stack[depth++] = from;
  while (depth) {
    Index at = w->stack[--depth];
    if (at == to)
      return true;
    push_next(w, &w->f->blocks[at], &depth);
  }
  return false;
}

bool ways_end_without(const Ways *w, const Index *blocks, uint32_t count) {
  uint32_t depth = 0;
  memset(w->seen, 0, w->f->block_count);
  for (uint32_t i = 0; i < count; i++)
    w->seen[blocks[i]] = true;
  if (!w->seen[0])
    w->stack[depth++] = 0;
  w->seen[0] = true;
  while (depth) {
    const Block *block = &w->f->blocks[w->stack[--depth]];
    if (!block->edge_count)
      return true;
    push_next(w, block, &depth);
  }
  return false;
}

bool *ways_returning(Arena *arena, const Function *f, const Cfg *cfg) {
  bool *returning = arena_new_array(arena, bool, f->block_count);
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = cfg->order_count; i-- > 0;) {
      Index b = cfg->order[i];
      bool returns = f->blocks[b].terminator == TERM_RETURN;
      for (uint32_t k = 0; k < f->blocks[b].edge_count; k++)
        returns |= returning[f->edges[f->blocks[b].edges + k].block];
      changed |= returns && !returning[b];
      returning[b] |= returns;
    }
  }
  return returning;
}
