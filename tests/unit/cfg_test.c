/* cfg_test.c - orders, dominators and loops: small graphs by hand, then random ones against the
 * definitions (a dominates b when b cannot be reached with a taken out).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ir/cfg.h"

enum { MOST = 24 };

/* A graph from text: "0>1 0>2 1>3 2>3". Blocks are one or two digits. */
static Function *graph(Arena *arena, uint32_t blocks, const char *edges) {
  Function *f = arena_new_one(arena, Function);
  f->block_count = blocks;
  f->blocks = arena_new_array(arena, Block, blocks);
  f->edges = arena_new_array(arena, Edge, strlen(edges) + 1);
  for (uint32_t b = 0; b < blocks; b++) {
    Block *block = &f->blocks[b];
    *block = (Block){.terminator = TERM_INDIRECT, .edges = f->edge_count};
    for (const char *at = edges; *at;) {
      char *end;
      unsigned long from = strtoul(at, &end, 10), to = strtoul(end + 1, &end, 10);
      if (from == b) {
        f->edges[f->edge_count++] = (Edge){.block = (Index)to};
        block->edge_count++;
      }
      at = end + strspn(end, " ");
    }
  }
  return f;
}

static void a_diamond(void **state) {
  Arena *arena = *state;
  Cfg *cfg = cfg_new(arena, graph(arena, 4, "0>1 0>2 1>3 2>3"));
  assert_int_equal(cfg->order_count, 4);
  for (Index i = 0; i < 4; i++)
    assert_int_equal(cfg->order[i], i); // the true side first
  assert_int_equal(cfg->dominator[3], 0);
  assert_int_equal(cfg->post_dominator[0], 3);
  assert_int_equal(cfg->post_dominator[3], NO_BLOCK);
  assert_int_equal(cfg->predecessor_counts[3], 2);
  assert_true(cfg_dominates(cfg, 0, 3));
  assert_true(cfg_dominates(cfg, 3, 3));
  assert_false(cfg_dominates(cfg, 1, 3));
  assert_int_equal(cfg->loop_count, 0);
  assert_false(cfg->irreducible);
}

static void two_edges_to_one_block(void **state) {
  Arena *arena = *state;
  Cfg *cfg = cfg_new(arena, graph(arena, 2, "0>1 0>1"));
  assert_int_equal(cfg->predecessor_counts[1], 2); // one entry an edge
  assert_int_equal(cfg->predecessors[1][0], 0);
  assert_int_equal(cfg->predecessors[1][1], 0);
}

static void nested_loops(void **state) {
  Arena *arena = *state;
  /* 1 outer header, 2 inner header, 3 inner body, 4 outer latch, 5 exit; 6 is a loop of its own */
  Cfg *cfg = cfg_new(arena, graph(arena, 7, "0>1 1>2 1>5 2>3 2>4 3>2 4>1 5>6 6>6"));
  assert_int_equal(cfg->loop_count, 3);
  const Loop *outer = &cfg->loops[0];
  assert_int_equal(outer->header, 1);
  assert_int_equal(outer->depth, 1);
  assert_int_equal(outer->parent, NO_LOOP);
  assert_int_equal(outer->block_count, 4);
  for (Index i = 0; i < 4; i++)
    assert_int_equal(outer->blocks[i], i + 1);
  Index inner = cfg->innermost[3];
  assert_int_equal(cfg->loops[inner].header, 2);
  assert_int_equal(cfg->loops[inner].parent, 0);
  assert_int_equal(cfg->loops[inner].depth, 2);
  assert_int_equal(cfg->innermost[4], 0);
  assert_int_equal(cfg->innermost[5], NO_LOOP);
  assert_int_equal(cfg->loops[cfg->innermost[6]].block_count, 1);
  assert_true(cfg_in_loop(cfg, 0, 3));
  assert_false(cfg_in_loop(cfg, inner, 4));
  assert_false(cfg_in_loop(cfg, 0, 6));
  assert_false(cfg_in_loop(cfg, NO_LOOP, 0));
  assert_true(cfg_is_back_edge(cfg, 3, 2));
  assert_true(cfg_is_back_edge(cfg, 6, 6));
  assert_false(cfg_is_back_edge(cfg, 2, 3));
}

static void two_latches_are_one_loop(void **state) {
  Arena *arena = *state;
  Cfg *cfg = cfg_new(arena, graph(arena, 5, "0>1 1>2 1>3 2>1 3>1 3>4"));
  assert_int_equal(cfg->loop_count, 1);
  assert_int_equal(cfg->loops[0].block_count, 3);
}

static void an_irreducible_graph(void **state) {
  Arena *arena = *state;
  Cfg *cfg = cfg_new(arena, graph(arena, 4, "0>1 0>2 1>2 2>1 2>3"));
  assert_true(cfg->irreducible);
  assert_int_equal(cfg->loop_count, 0);
  assert_int_equal(cfg->dominator[1], 0);
  assert_int_equal(cfg->dominator[2], 0);
}

static void unreachable_blocks(void **state) {
  Arena *arena = *state;
  Cfg *cfg = cfg_new(arena, graph(arena, 4, "0>1 2>1 2>3 3>2"));
  assert_int_equal(cfg->order_count, 2);
  assert_int_equal(cfg->position[2], NO_BLOCK);
  assert_int_equal(cfg->dominator[2], NO_BLOCK);
  assert_int_equal(cfg->dominator[1], 0);
  assert_int_equal(cfg->loop_count, 0);
  assert_false(cfg->irreducible);
}

static void an_endless_loop_has_no_post_dominator(void **state) {
  Arena *arena = *state;
  Cfg *cfg = cfg_new(arena, graph(arena, 5, "0>1 0>2 1>3 3>1 2>4"));
  assert_int_equal(cfg->post_dominator[1], NO_BLOCK);
  assert_int_equal(cfg->post_dominator[0], 2); // of the ways that end
}

static void two_exits(void **state) {
  Arena *arena = *state;
  Cfg *cfg = cfg_new(arena, graph(arena, 3, "0>1 0>2"));
  assert_int_equal(cfg->post_dominator[0], NO_BLOCK);
}

/* A chain must not need C stack: 300,000 blocks, each with an edge to the end. */
static void a_long_chain(void **state) {
  Arena *arena = *state;
  enum { LENGTH = 300000 };
  Function *f = arena_new_one(arena, Function);
  f->block_count = LENGTH;
  f->blocks = arena_new_array(arena, Block, LENGTH);
  f->edges = arena_new_array(arena, Edge, LENGTH);
  for (Index b = 0; b + 1 < LENGTH; b++) {
    f->blocks[b] = (Block){.terminator = TERM_JUMP, .edges = f->edge_count, .edge_count = 1};
    f->edges[f->edge_count++].block = b + 1;
  }
  f->blocks[LENGTH - 1].terminator = TERM_RETURN;
  Cfg *cfg = cfg_new(arena, f);
  assert_int_equal(cfg->dominator[LENGTH - 1], LENGTH - 2);
  assert_true(cfg_dominates(cfg, 5, LENGTH - 1));
  assert_false(cfg_dominates(cfg, LENGTH - 1, 5));
}

/* ---- the definitions, slowly */
static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* What can be reached from `from` (backwards along edges when `reverse`), never entering `without`.
 */
static void reach(const Function *f, Index from, Index without, bool reverse, bool *seen) {
  memset(seen, 0, f->block_count * sizeof *seen);
  if (from == without)
    return;
  seen[from] = true;
  for (bool changed = true; changed;) {
    changed = false;
    for (Index b = 0; b < f->block_count; b++)
      for (uint32_t e = 0; e < f->blocks[b].edge_count; e++) {
        Index to = f->edges[f->blocks[b].edges + e].block;
        Index source = reverse ? to : b, target = reverse ? b : to;
        if (seen[source] && !seen[target] && target != without)
          seen[target] = changed = true;
      }
  }
}

static bool slowly_dominates(const Function *f, Index a, Index b) {
  bool seen[MOST];
  reach(f, 0, a, false, seen);
  return a == b || !seen[b];
}

/* Every way from `b` to an exit passes `a`; false when there is no way. */
static bool slowly_post_dominates(const Function *f, Index a, Index b) {
  bool all[MOST], without[MOST], ends = false, avoids = false;
  reach(f, b, NO_BLOCK, false, all);
  reach(f, b, a, false, without);
  for (Index i = 0; i < f->block_count; i++)
    if (!f->blocks[i].edge_count) {
      ends |= all[i];
      avoids |= without[i];
    }
  return ends && !avoids;
}

static Function *random_graph(Arena *arena, uint32_t *seed) {
  Function *f = arena_new_one(arena, Function);
  f->block_count = 2 + next_random(seed) % (MOST - 2);
  f->blocks = arena_new_array(arena, Block, f->block_count);
  f->edges = arena_new_array(arena, Edge, f->block_count * 3);
  for (Index b = 0; b < f->block_count; b++) {
    uint32_t count = next_random(seed) % 4;
    f->blocks[b] =
        (Block){.terminator = TERM_INDIRECT, .edges = f->edge_count, .edge_count = count};
    for (uint32_t e = 0; e < count; e++)
      f->edges[f->edge_count++].block = next_random(seed) % f->block_count;
  }
  return f;
}

static void check_dominators(const Cfg *cfg) {
  const Function *f = cfg->function;
  for (Index a = 0; a < f->block_count; a++)
    for (Index b = 0; b < f->block_count; b++) {
      if (cfg->position[a] == NO_BLOCK || cfg->position[b] == NO_BLOCK)
        continue;
      bool dominates = slowly_dominates(f, a, b);
      assert_int_equal(cfg_dominates(cfg, a, b), dominates);
      if (dominates && a != b) // strict ones dominate the immediate one
        assert_true(slowly_dominates(f, a, cfg->dominator[b]));
    }
}

static void check_post_dominators(const Cfg *cfg) {
  const Function *f = cfg->function;
  for (Index b = 0; b < f->block_count; b++) {
    if (cfg->position[b] == NO_BLOCK)
      continue;
    Index immediate = cfg->post_dominator[b];
    if (immediate != NO_BLOCK)
      assert_true(immediate != b && slowly_post_dominates(f, immediate, b));
    for (Index a = 0; a < f->block_count; a++)
      if (a != b && slowly_post_dominates(f, a, b)) {
        assert_int_not_equal(immediate, NO_BLOCK);
        assert_true(a == immediate || slowly_post_dominates(f, a, immediate));
      }
  }
}

/* The natural loop of header h: h, and what reaches a latch without passing h. */
static void check_loop(const Cfg *cfg, Index header, bool *is_header) {
  const Function *f = cfg->function;
  bool member[MOST] = {0};
  *is_header = false;
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t e = 0; e < f->blocks[b].edge_count; e++) {
      if (f->edges[f->blocks[b].edges + e].block != header || cfg->position[b] == NO_BLOCK ||
          !slowly_dominates(f, header, b))
        continue;
      bool back[MOST];
      reach(f, b, header, true, back);
      for (Index i = 0; i < f->block_count; i++)
        member[i] |= back[i] && cfg->position[i] != NO_BLOCK;
      member[header] = *is_header = true;
    }
  for (Index l = 0; l < cfg->loop_count; l++)
    if (cfg->loops[l].header == header) {
      assert_true(*is_header);
      for (Index b = 0; b < f->block_count; b++)
        assert_int_equal(cfg_in_loop(cfg, l, b), member[b]);
    }
}

static void check_loops(const Cfg *cfg) {
  uint32_t headers = 0;
  for (Index h = 0; h < cfg->function->block_count; h++) {
    bool is_header;
    check_loop(cfg, h, &is_header);
    headers += is_header;
  }
  assert_int_equal(headers, cfg->loop_count);
  for (Index l = 0; l < cfg->loop_count; l++) {
    const Loop *loop = &cfg->loops[l];
    for (uint32_t i = 0; i < loop->block_count; i++)
      assert_true(cfg_in_loop(cfg, l, loop->blocks[i]) &&
                  (!i || loop->blocks[i - 1] < loop->blocks[i]));
    if (loop->parent != NO_LOOP)
      assert_true(loop->parent < l && loop->depth == cfg->loops[loop->parent].depth + 1);
  }
}

/* Reducible: without the edges whose target dominates their source no cycle is left. */
static bool slowly_irreducible(const Cfg *cfg) {
  const Function *f = cfg->function;
  bool gone[MOST] = {0};
  for (Index b = 0; b < f->block_count; b++)
    gone[b] = cfg->position[b] == NO_BLOCK;
  for (bool changed = true; changed;) {
    changed = false;
    for (Index b = 0; b < f->block_count; b++) {
      bool leads_on = false;
      for (uint32_t e = 0; !gone[b] && e < f->blocks[b].edge_count; e++) {
        Index to = f->edges[f->blocks[b].edges + e].block;
        leads_on |= !gone[to] && !slowly_dominates(f, to, b);
      }
      if (!gone[b] && !leads_on)
        gone[b] = changed = true;
    }
  }
  for (Index b = 0; b < f->block_count; b++)
    if (!gone[b])
      return true;
  return false;
}

static void random_graphs(void **state) {
  Arena *arena = *state;
  unsigned irreducible = 0, loops = 0;
  for (uint32_t round = 1; round <= 2000; round++) {
    uint32_t seed = round;
    arena_reset(arena);
    Cfg *cfg = cfg_new(arena, random_graph(arena, &seed));
    for (uint32_t i = 0; i < cfg->order_count; i++)
      assert_int_equal(cfg->position[cfg->order[i]], i);
    check_dominators(cfg);
    check_post_dominators(cfg);
    check_loops(cfg);
    assert_int_equal(cfg->irreducible, slowly_irreducible(cfg));
    irreducible += cfg->irreducible;
    loops += cfg->loop_count;
  }
  assert_true(irreducible > 100 && loops > 500); // the sample has both
}

static int set_up(void **state) {
  *state = arena_new();
  return 0;
}

static int tear_down(void **state) {
  arena_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_diamond),
      TEST(two_edges_to_one_block),
      TEST(nested_loops),
      TEST(two_latches_are_one_loop),
      TEST(an_irreducible_graph),
      TEST(unreachable_blocks),
      TEST(an_endless_loop_has_no_post_dominator),
      TEST(two_exits),
      TEST(a_long_chain),
      TEST(random_graphs),
  };
  return cmocka_run_group_tests_name("cfg", tests, NULL, NULL);
}
