/* live.c - which variables are read before they are set again. Of pinned flags: a flag that nobody
 * reads any more keeps no states apart: eight of them, each set and tested in a place of its own,
 * would make 256 states of one (liveness as in any compiler; Appel, "Modern Compiler
 * Implementation", 10.1).
 */
#include "analysis/engine.h"
#include "ir/parts.h"

typedef uint8_t PinSet; // a bit a pin

typedef struct {
  const Engine *e;
  PinSet *of_node;      // per node: the pins that its value reads
  PinSet *reads, *sets; // per block: read before it is set there; set there
} Liveness;

static PinSet pin_of(const Engine *e, Index local) {
  for (uint32_t i = 0; i < e->pin_count; i++)
    if (e->pins[i] == local)
      return (PinSet)(1u << i);
  return 0;
}

static void scan_nodes(Liveness *live) {
  const Function *f = live->e->f;
  for (NodeId id = 1; id < f->node_count; id++) {
    const Node *node = &f->nodes[id];
    NodeParts parts = node_parts(node);
    live->of_node[id] = node->kind == NODE_VAR ? pin_of(live->e, node->a)
                                               : live->of_node[parts.a] | live->of_node[parts.b];
  }
}

static void read_node(Liveness *live, Index b, NodeId id) {
  live->reads[b] |= live->of_node[id] & (PinSet)~live->sets[b];
}

static void scan_block(Liveness *live, Index b) {
  const Function *f = live->e->f;
  const Block *block = &f->blocks[b];
  for (uint32_t i = block->first; i < block->first + block->count; i++) {
    const Instruction *inst = &f->instructions[i];
    for (uint32_t k = 0; k < inst->arg_count; k++)
      read_node(live, b, f->args[inst->args + k]);
    if (inst->kind == INST_DECLARE || inst->kind == INST_SCOPE_END) {
      live->sets[b] |= pin_of(live->e, inst->a);
      continue;
    }
    read_node(live, b, inst->a);
    read_node(live, b, inst->b);
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL)
      live->sets[b] |= pin_of(live->e, f->nodes[inst->a].a);
  }
  read_node(live, b, block->value);
}

static bool update(const Liveness *live, PinSet *live_pins, Index b) {
  const Block *block = &live->e->f->blocks[b];
  PinSet behind = 0;
  for (uint32_t i = 0; i < block->edge_count; i++)
    behind |= live_pins[live->e->f->edges[block->edges + i].block];
  PinSet before = live->reads[b] | (behind & (PinSet)~live->sets[b]);
  bool changed = before != live_pins[b];
  live_pins[b] = before;
  return changed;
}

void engine_find_live_pins(Engine *e) {
  const Function *f = e->f;
  e->live_pins = arena_new_array(e->arena, PinSet, f->block_count);
  if (!e->pin_count)
    return;
  Liveness live = {.e = e,
                   .of_node = arena_new_array(e->arena, PinSet, f->node_count),
                   .reads = arena_new_array(e->arena, PinSet, f->block_count),
                   .sets = arena_new_array(e->arena, PinSet, f->block_count)};
  scan_nodes(&live);
  for (Index b = 0; b < f->block_count; b++)
    scan_block(&live, b);
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = e->cfg->order_count; i-- > 0;)
      changed |= update(&live, e->live_pins, e->cfg->order[i]);
  }
}

/* ---- variables that each round of a loop sets before it reads them */

static bool mentions(const Function *f, NodeId id, Index local) {
  const Node *node = &f->nodes[id];
  if (node->kind == NODE_VAR || node->kind == NODE_LOCAL)
    return node->a == local;
  NodeParts parts = node_parts(node);
  return (parts.a && mentions(f, parts.a, local)) || (parts.b && mentions(f, parts.b, local));
}

static bool is_store_to(const Function *f, const Instruction *inst, Index local) {
  return inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
         f->nodes[inst->a].a == local;
}

static bool reads(const Function *f, const Instruction *inst, Index local) {
  bool found = inst->b && mentions(f, inst->b, local);
  if (inst->kind != INST_DECLARE && inst->kind != INST_SCOPE_END && !is_store_to(f, inst, local))
    found = found || (inst->a && mentions(f, inst->a, local));
  for (uint32_t i = 0; i < inst->arg_count && !found; i++)
    found = mentions(f, f->args[inst->args + i], local);
  return found;
}

/* All ways to `at`, in block `b`, set the local: those of the loop in the round, those from behind
 * the loop on their way. */
static bool is_set_on_way(const Engine *e, Index loop, Index local, Index b, uint32_t at) {
  const Function *f = e->f;
  bool inside = cfg_in_loop(e->cfg, loop, b);
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    if (!is_store_to(f, &f->instructions[i], local))
      continue;
    Index from = e->inst_blocks[i];
    bool before = from == b ? i < at : cfg_dominates(e->cfg, from, b);
    if (before && cfg_in_loop(e->cfg, loop, from) == inside &&
        (inside || !cfg_dominates(e->cfg, from, e->cfg->loops[loop].header)))
      return true;
  }
  return false;
}

static bool is_set_anew(const Engine *e, Index loop, Index local) {
  const Function *f = e->f;
  if (f->locals[local].flags & LOCAL_ADDRESS_TAKEN)
    return false;
  for (Index b = 0; b < f->block_count; b++) {
    const Block *block = &f->blocks[b];
    uint32_t end = block->first + block->count;
    for (uint32_t i = block->first; i < end; i++)
      if (reads(f, &f->instructions[i], local) && !is_set_on_way(e, loop, local, b, i))
        return false;
    if (block->value && mentions(f, block->value, local) && !is_set_on_way(e, loop, local, b, end))
      return false;
  }
  return true;
}

bool engine_is_set_anew(Engine *e, Index loop, Index local) {
  engine_varying(e, loop);
  Variation *variation = &e->varying[loop][local];
  if (variation->start == NOT_ASKED)
    variation->start = is_set_anew(e, loop, local) ? ANEW : KEPT;
  return variation->start == ANEW;
}
