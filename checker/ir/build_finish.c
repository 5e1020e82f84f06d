/* build_finish.c - from the growing tables of a builder to a packed Function. */
#include <string.h>

#include "ir/build_internal.h"
#include "ir/fault.h"
#include "ir/serial.h"

static bool only_jumps(const BuildBlock *block) {
  return block->count == 0 && block->terminator == TERM_JUMP && !block->kept;
}

/* Where a jump to `block` ends up. An empty endless loop keeps one of its blocks. */
static Index final_target(Builder *b, Index block) {
  size_t steps = 0;
  Index at = block;
  while (only_jumps(&b->blocks.at[at])) {
    at = b->blocks.at[at].edges[0].block;
    if (++steps > b->blocks.count)
      return block;
  }
  /* Path compression: the next one has a short way. */
  while (block != at && only_jumps(&b->blocks.at[block])) {
    Index next = b->blocks.at[block].edges[0].block;
    b->blocks.at[block].edges[0].block = at;
    block = next;
  }
  return at;
}

static void thread_jumps(Builder *b) {
  for (size_t i = 0; i < b->blocks.count; i++) {
    BuildBlock *block = &b->blocks.at[i];
    if (!block->closed)
      block->terminator = TERM_UNREACHABLE;
    block->closed = true;
  }
  for (size_t i = 0; i < b->blocks.count; i++)
    for (uint32_t e = 0; e < b->blocks.at[i].edge_count; e++)
      b->blocks.at[i].edges[e].block = final_target(b, b->blocks.at[i].edges[e].block);
  for (size_t i = 0; i < b->blocks.count; i++) {
    BuildBlock *block = &b->blocks.at[i];
    if (block->terminator == TERM_BRANCH && block->edges[0].block == block->edges[1].block) {
      block->terminator = TERM_JUMP;
      block->edge_count = 1;
      block->value = 0;
    }
  }
}

static void mark_from(Builder *b, Index root, bool *live, Index *stack) {
  size_t depth = 0;
  if (live[root])
    return;
  live[root] = true;
  stack[depth++] = root;
  while (depth) {
    const BuildBlock *block = &b->blocks.at[stack[--depth]];
    for (uint32_t e = 0; e < block->edge_count; e++) {
      Index next = block->edges[e].block;
      if (live[next])
        continue;
      live[next] = true;
      stack[depth++] = next;
    }
  }
}

/* Reachable blocks, then those that hold code although nothing leads there. */
static Index *number_blocks(Builder *b, uint32_t *count) {
  size_t total = b->blocks.count;
  bool *live = arena_new_array(b->scratch, bool, total);
  Index *stack = arena_new_array(b->scratch, Index, total);
  mark_from(b, 0, live, stack);
  for (size_t i = 0; i < total; i++)
    if (b->blocks.at[i].count)
      mark_from(b, (Index)i, live, stack);
  Index *number = arena_new_array(b->scratch, Index, total);
  *count = 0;
  for (size_t i = 0; i < total; i++)
    if (live[i])
      number[i] = (*count)++;
    else
      b->blocks.at[i].closed = false; // dropped
  return number;
}

static void pack_block(Builder *b, Function *f, const BuildBlock *from, const Index *number) {
  Block *to = &f->blocks[f->block_count++];
  *to = (Block){.first = f->instruction_count,
                .count = from->count,
                .terminator = from->terminator,
                .value = from->value,
                .edges = f->edge_count,
                .edge_count = from->edge_count,
                .location = from->location};
  for (uint32_t at = from->first; at; at = b->instructions.at[at - 1].next) {
    const BuildInstruction *inst = &b->instructions.at[at - 1];
    f->instruction_locations[f->instruction_count] = inst->location;
    f->instructions[f->instruction_count++] = inst->instruction;
  }
  for (uint32_t e = 0; e < from->edge_count; e++) {
    Edge edge = from->edges[e];
    edge.block = number[edge.block];
    f->edges[f->edge_count++] = edge;
  }
}

static void pack_blocks(Builder *b, Function *f) {
  uint32_t count = 0;
  thread_jumps(b);
  Index *number = number_blocks(b, &count);
  size_t edges = 0;
  for (size_t i = 0; i < b->blocks.count; i++)
    edges += b->blocks.at[i].edge_count;
  f->blocks = arena_new_array(b->arena, Block, count);
  f->instructions = arena_new_array(b->arena, Instruction, b->instructions.count);
  f->instruction_locations = arena_new_array(b->arena, Index, b->instructions.count);
  f->edges = arena_new_array(b->arena, Edge, edges);
  for (size_t i = 0; i < b->blocks.count; i++)
    if (b->blocks.at[i].closed)
      pack_block(b, f, &b->blocks.at[i], number);
}

#define PACK(member, pool, total)                                                                  \
  (f->member = arena_copy(b->arena, b->pool.at, b->pool.count * sizeof *b->pool.at),               \
   f->total = (uint32_t)b->pool.count)

Function *build_finish(Builder *b) {
  Function *f = b->function;
  if (build_is_open(b))
    build_unreachable(b);
  pack_blocks(b, f);
  PACK(nodes, nodes, node_count);
  PACK(args, args, arg_count);
  PACK(constants, constants, constant_count);
  PACK(texts, texts, text_count);
  PACK(locals, locals, local_count);
  PACK(symbols, symbols, symbol_count);
  PACK(types, types, type_count);
  PACK(locations, locations, location_count);
  PACK(files, files, file_count);
  f->temp_count = b->temps;
  function_inject_fault(f);
  f->body_hash = function_body_hash(f);
  arena_free(b->scratch);
  return f;
}
