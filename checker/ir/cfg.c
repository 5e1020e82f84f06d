/* cfg.c - see cfg.h. Every walk keeps its own stack: a function may have a hundred thousand
 * blocks in a row, and the C stack must not depend on the input.
 */
#include "ir/cfg.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

typedef struct {
  Index block;
  uint32_t next; // edges not yet followed
} Visit;

static Index *new_blocks(Arena *arena, uint32_t count) {
  Index *blocks = arena_new_array(arena, Index, count);
  memset(blocks, 0xff, sizeof *blocks * count); // NO_BLOCK, NO_LOOP
  return blocks;
}

static void find_predecessors(Arena *arena, Cfg *cfg) {
  const Function *f = cfg->function;
  cfg->predecessor_counts = arena_new_array(arena, uint32_t, f->block_count);
  cfg->predecessors = arena_new_array(arena, Index *, f->block_count);
  size_t total = 0;
  for (uint32_t b = 0; b < f->block_count; b++)
    for (uint32_t e = 0; e < f->blocks[b].edge_count; e++, total++)
      cfg->predecessor_counts[f->edges[f->blocks[b].edges + e].block]++;
  Index *room = arena_new_array(arena, Index, total);
  for (uint32_t b = 0; b < f->block_count; b++) {
    cfg->predecessors[b] = room;
    room += cfg->predecessor_counts[b];
    cfg->predecessor_counts[b] = 0;
  }
  for (uint32_t b = 0; b < f->block_count; b++)
    for (uint32_t e = 0; e < f->blocks[b].edge_count; e++) {
      Index to = f->edges[f->blocks[b].edges + e].block;
      cfg->predecessors[to][cfg->predecessor_counts[to]++] = b;
    }
}

/* Depth first from the entry, last edge first: so the true side of a branch precedes the false
 * side in the reverse post-order, as in the source. */
static void find_order(Arena *arena, Cfg *cfg) {
  const Function *f = cfg->function;
  cfg->order = arena_new_array(arena, Index, f->block_count);
  cfg->position = new_blocks(arena, f->block_count);
  bool *seen = arena_new_array(arena, bool, f->block_count);
  ARRAY(Visit) stack = {0};
  uint32_t left = f->block_count;
  seen[0] = true;
  array_push(&stack, (Visit){0, f->blocks[0].edge_count});
  while (stack.count) {
    Visit *visit = &stack.at[stack.count - 1];
    if (visit->next) {
      Index to = f->edges[f->blocks[visit->block].edges + --visit->next].block;
      if (!seen[to]) {
        seen[to] = true;
        array_push(&stack, (Visit){to, f->blocks[to].edge_count});
      }
    } else {
      cfg->order[--left] = visit->block;
      stack.count--;
    }
  }
  array_free(&stack);
  cfg->order_count = f->block_count - left;
  memmove(cfg->order, cfg->order + left, sizeof *cfg->order * cfg->order_count);
  for (uint32_t i = 0; i < cfg->order_count; i++)
    cfg->position[cfg->order[i]] = i;
}

/* The nearest common ancestor; `place` grows on the way down from the root. */
static Index intersect(const Index *parent, const uint32_t *place, Index a, Index b) {
  while (a != b) {
    while (place[a] > place[b])
      a = parent[a];
    while (place[b] > place[a])
      b = parent[b];
  }
  return a;
}

static void find_dominators(Arena *arena, Cfg *cfg) {
  cfg->dominator = new_blocks(arena, cfg->function->block_count);
  cfg->dominator[0] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = 1; i < cfg->order_count; i++) {
      Index b = cfg->order[i], found = NO_BLOCK;
      for (uint32_t p = 0; p < cfg->predecessor_counts[b]; p++) {
        Index from = cfg->predecessors[b][p];
        if (cfg->dominator[from] == NO_BLOCK)
          continue;
        found = found == NO_BLOCK ? from : intersect(cfg->dominator, cfg->position, found, from);
      }
      if (found != cfg->dominator[b]) {
        cfg->dominator[b] = found;
        changed = true;
      }
    }
  }
}

/* Preorder intervals of the dominator tree. A parent precedes its children in `order`, so sizes
 * add up backwards and places are handed out forwards: no recursion. */
static void number_tree(Arena *arena, Cfg *cfg) {
  uint32_t count = cfg->function->block_count;
  cfg->tree_first = arena_new_array(arena, uint32_t, count);
  cfg->tree_last = arena_new_array(arena, uint32_t, count);
  uint32_t *size = arena_new_array(arena, uint32_t, count);
  uint32_t *next = arena_new_array(arena, uint32_t, count); // place of the next child
  for (uint32_t i = cfg->order_count; i-- > 0;) {
    Index b = cfg->order[i];
    size[b]++;
    if (i)
      size[cfg->dominator[b]] += size[b];
  }
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    Index b = cfg->order[i], parent = cfg->dominator[b];
    cfg->tree_first[b] = i ? next[parent] : 0;
    cfg->tree_last[b] = cfg->tree_first[b] + size[b] - 1;
    next[b] = cfg->tree_first[b] + 1;
    if (i)
      next[parent] += size[b];
  }
}

/* Post-order of the reversed graph from a virtual exit, which every reachable block without an
 * edge leads to. Returns the number of blocks that reach it; those get their place from 1 on (the
 * exit's is 0). Blocks of endless loops are not among them. */
static uint32_t order_backwards(const Cfg *cfg, Index *order, uint32_t *place) {
  const Function *f = cfg->function;
  ARRAY(Visit) stack = {0};
  uint32_t left = f->block_count;
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    Index root = cfg->order[i];
    if (f->blocks[root].edge_count)
      continue;
    place[root] = 1;
    array_push(&stack, (Visit){root, cfg->predecessor_counts[root]});
    while (stack.count) {
      Visit *visit = &stack.at[stack.count - 1];
      if (visit->next) {
        Index to = cfg->predecessors[visit->block][--visit->next];
        if (!place[to] && cfg->position[to] != NO_BLOCK) {
          place[to] = 1;
          array_push(&stack, (Visit){to, cfg->predecessor_counts[to]});
        }
      } else {
        order[--left] = visit->block;
        stack.count--;
      }
    }
  }
  array_free(&stack);
  uint32_t count = f->block_count - left;
  memmove(order, order + left, sizeof *order * count);
  for (uint32_t i = 0; i < count; i++)
    place[order[i]] = i + 1;
  return count;
}

/* As find_dominators, on the reversed graph; the virtual exit has number block_count. */
static void find_post_dominators(Arena *arena, Cfg *cfg) {
  const Function *f = cfg->function;
  const Index root = f->block_count;
  Index *order = arena_new_array(arena, Index, f->block_count);
  uint32_t *place = arena_new_array(arena, uint32_t, f->block_count + 1);
  Index *parent = new_blocks(arena, f->block_count + 1);
  uint32_t count = order_backwards(cfg, order, place);
  parent[root] = root;
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = 0; i < count; i++) {
      const Block *block = &f->blocks[order[i]];
      Index found = block->edge_count ? NO_BLOCK : root;
      for (uint32_t e = 0; e < block->edge_count; e++) {
        Index to = f->edges[block->edges + e].block;
        if (parent[to] == NO_BLOCK)
          continue;
        found = found == NO_BLOCK ? to : intersect(parent, place, found, to);
      }
      if (found != parent[order[i]]) {
        parent[order[i]] = found;
        changed = true;
      }
    }
  }
  for (uint32_t b = 0; b < f->block_count; b++)
    if (parent[b] == root)
      parent[b] = NO_BLOCK;
  cfg->post_dominator = parent;
}

/* Adds to `members` what reaches `from` without passing the header, which is in already. */
static void add_loop_body(const Cfg *cfg, Index from, Index mark, Index *marks, Index *members,
                          uint32_t *count) {
  if (marks[from] == mark)
    return;
  uint32_t next = *count;
  marks[from] = mark;
  members[(*count)++] = from;
  while (next < *count) {
    Index b = members[next++];
    for (uint32_t p = 0; p < cfg->predecessor_counts[b]; p++) {
      Index to = cfg->predecessors[b][p];
      if (marks[to] != mark && cfg->position[to] != NO_BLOCK) {
        marks[to] = mark;
        members[(*count)++] = to;
      }
    }
  }
}

static int compare_blocks(const void *a, const void *b) {
  Index left = *(const Index *)a, right = *(const Index *)b;
  return (left > right) - (left < right);
}

static void add_loop(Arena *arena, Cfg *cfg, Index *members, uint32_t count) {
  Index header = members[0], self = cfg->loop_count++;
  Loop *loop = &cfg->loops[self];
  *loop = (Loop){.header = header, .parent = cfg->innermost[header], .depth = 1};
  if (loop->parent != NO_LOOP)
    loop->depth = cfg->loops[loop->parent].depth + 1;
  loop->block_count = count;
  loop->blocks = arena_copy(arena, members, sizeof *members * count);
  qsort(loop->blocks, count, sizeof *loop->blocks, compare_blocks);
  for (uint32_t m = 0; m < count; m++)
    cfg->innermost[members[m]] = self;
}

/* Headers are met in reverse post-order, so a loop comes after those around it. (Two natural
 * loops with different headers are nested or apart, in irreducible graphs too.) */
static void find_loops(Arena *arena, Cfg *cfg) {
  uint32_t blocks = cfg->function->block_count, headers = 0;
  cfg->innermost = new_blocks(arena, blocks);
  bool *is_header = arena_new_array(arena, bool, blocks);
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    Index to = cfg->order[i];
    for (uint32_t p = 0; p < cfg->predecessor_counts[to]; p++) {
      Index from = cfg->predecessors[to][p];
      if (cfg->position[from] == NO_BLOCK || !cfg_is_back_edge(cfg, from, to))
        continue;
      if (!cfg_dominates(cfg, to, from))
        cfg->irreducible = true;
      else if (!is_header[to])
        is_header[to] = true, headers++;
    }
  }
  cfg->loops = arena_new_array(arena, Loop, headers);
  if (!headers)
    return;
  Index *marks = new_blocks(arena, blocks), *members = arena_new_array(arena, Index, blocks);
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    Index header = cfg->order[i];
    if (!is_header[header])
      continue;
    uint32_t count = 1;
    members[0] = header;
    marks[header] = header;
    for (uint32_t p = 0; p < cfg->predecessor_counts[header]; p++) {
      Index from = cfg->predecessors[header][p];
      if (cfg->position[from] != NO_BLOCK && cfg_dominates(cfg, header, from))
        add_loop_body(cfg, from, header, marks, members, &count);
    }
    add_loop(arena, cfg, members, count);
  }
}

Cfg *cfg_new(Arena *arena, const Function *f) {
  Cfg *cfg = arena_new_one(arena, Cfg);
  cfg->function = f;
  find_predecessors(arena, cfg);
  find_order(arena, cfg);
  find_dominators(arena, cfg);
  number_tree(arena, cfg);
  find_post_dominators(arena, cfg);
  find_loops(arena, cfg);
  return cfg;
}

bool cfg_dominates(const Cfg *cfg, Index a, Index b) {
  if (cfg->position[a] == NO_BLOCK || cfg->position[b] == NO_BLOCK)
    return a == b;
  return cfg->tree_first[a] <= cfg->tree_first[b] && cfg->tree_last[b] <= cfg->tree_last[a];
}

bool cfg_in_loop(const Cfg *cfg, Index loop, Index block) {
  Index inner = cfg->innermost[block];
  while (inner != NO_LOOP && inner != loop)
    inner = cfg->loops[inner].parent;
  return inner == loop && inner != NO_LOOP;
}

bool cfg_is_back_edge(const Cfg *cfg, Index from, Index to) {
  return cfg->position[to] <= cfg->position[from];
}

static bool may_leave(const Cfg *cfg, Index loop, const Block *block) {
  for (uint32_t k = 0; k < block->edge_count; k++)
    if (!cfg_in_loop(cfg, loop, cfg->function->edges[block->edges + k].block))
      return true;
  return false;
}

Index cfg_loop_place(const Cfg *cfg, Index loop) {
  const Function *f = cfg->function;
  Index header = cfg->loops[loop].header, place = NO_BLOCK;
  if (may_leave(cfg, loop, &f->blocks[header]))
    return header;
  for (uint32_t i = 0; i < cfg->predecessor_counts[header]; i++) { // a "continue" stands later
    Index block = cfg->predecessors[header][i];
    if (cfg_in_loop(cfg, loop, block) &&
        (place == NO_BLOCK || f->locations[f->blocks[block].location].line <
                                  f->locations[f->blocks[place].location].line))
      place = block;
  }
  return place;
}

Index block_of_instruction(const Function *f, uint32_t instruction) {
  for (Index b = 0; b < f->block_count; b++)
    if (instruction >= f->blocks[b].first && instruction < f->blocks[b].first + f->blocks[b].count)
      return b;
  return 0;
}
