/* result.c - for callers: the result of the function is something that was opened for them,
 * on all ways out that return anything at all. */
#include "analysis/leak/leak.h"

#include <string.h>

#include "ir/parts.h"

/* A parameter that other ways give back or exchange for something new: who gets it back owns it. */
static bool is_consumed(const Flow *flow, NodeId value) {
  const Engine *e = flow->e;
  const Node *base = &e->f->nodes[holders_base(e->f, value)];
  return base->kind == NODE_VAR && base->a < e->f->parameter_count &&
         ((e->fates.keeps | e->fates.closes) & fate_bit(base->a));
}

/* Parameter without which alone something is opened: `if (!given) given = malloc(size)`. */
static Index brought_instead(const Flow *flow, uint32_t which) {
  Engine *e = flow->e;
  for (Index i = 0; i < e->f->parameter_count; i++) {
    bool any = false, instead = e->f->types[e->f->locals[i].type].kind == TYPE_POINTER;
    for (uint32_t n = 0; n < flow->site_count && instead; n++) {
      if (!(which >> n & 1))
        continue;
      any = true;
      instead = owner_is_null(e, e->inst_blocks[flow->sites[n].instruction], i);
    }
    if (any && instead)
      return i;
  }
  return NO_BLOCK;
}

/* What the caller has brought, and gets back. */
static bool is_brought(const Flow *flow, NodeId value) {
  const Function *f = flow->e->f;
  const Node *node = &f->nodes[without_casts(f, value)];
  return node->kind == NODE_VAR && node->a == flow->brought;
}

/* What a function gave that callers may have put in place of this one's own way to make it: `if
 * (hook) return hook(size);`. Nobody who calls this one knows which it is. */
static bool is_from_hook(const Flow *flow, Index block, NodeId value) {
  const Function *f = flow->e->f;
  const Node *node = &f->nodes[value];
  const Instruction *made = node_definition(f, node);
  return made && made >= &f->instructions[f->blocks[block].first] && made->kind == INST_CALL &&
         f->nodes[made->a].kind != NODE_FUNCTION && !owner_callee(flow->e, made);
}

/* What the result is made of: something opened here, or nothing. */
static bool is_only_opened(const Flow *flow, Index block, uint32_t *which) {
  const Engine *e = flow->e;
  NodeId value = without_casts(e->f, e->f->blocks[block].value);
  int64_t constant;
  if (leak_constant(e->f, value, &constant))
    return true;
  *which |= flow->returned[block];
  return flow->returned[block] != 0 || is_brought(flow, value) || is_consumed(flow, value) ||
         is_from_hook(flow, block, value);
}

/* Everything that is stored in a local that is returned was opened here, or is a constant. */
static bool is_made_here(const Flow *flow, Index local, uint32_t which) {
  const Function *f = flow->e->f;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    int64_t constant;
    if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL ||
        f->nodes[inst->a].a != local || leak_constant(f, inst->b, &constant))
      continue;
    if (!(flow->stored[i] & which) && !is_brought(flow, inst->b) && !is_consumed(flow, inst->b))
      return false;
  }
  return true;
}

/* On all ways to the block something else is stored in the local first. */
static bool is_set_before(const Flow *flow, Index local, Index block) {
  const Engine *e = flow->e;
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    if (inst->kind == INST_STORE && e->f->nodes[inst->a].kind == NODE_LOCAL &&
        e->f->nodes[inst->a].a == local && e->cfg->position[e->inst_blocks[i]] != NO_BLOCK &&
        cfg_dominates(e->cfg, e->inst_blocks[i], block))
      return true;
  }
  return false;
}

/* May a variable be returned? A parameter only when the caller has nothing of it any more. */
static bool is_returnable(const Flow *flow, Index block, uint32_t which) {
  const Engine *e = flow->e;
  NodeId value = e->f->blocks[block].value;
  if (e->f->nodes[value].kind != NODE_VAR)
    return true;
  Index local = e->f->nodes[value].a;
  bool given = local < e->f->parameter_count;
  return (!given || is_brought(flow, value) || is_consumed(flow, value) ||
          is_set_before(flow, local, block)) &&
         is_made_here(flow, local, which);
}

/* Somebody else has it, too. */
static bool is_shared(const Flow *flow, uint32_t site) {
  return flow->sites[site].kept != NO_INSTRUCTION || flow->sites[site].may_be_kept ||
         flow->holders.inside >> site & 1;
}

/* Zeros are in all of it, but for what the function writes itself (Summary.writes). */
static bool are_blank(const Flow *flow, uint32_t which) {
  for (uint32_t n = 0; n < flow->site_count; n++)
    if (which >> n & 1 && (!flow->sites[n].is_zeroed || flow->sites[n].filled != NO_BLOCK))
      return false;
  return flow->e->write_count < EFFECT_SET_LIMIT;
}

static void note_opened(Flow *flow) {
  Engine *e = flow->e;
  uint32_t which = 0, returned = 0;
  for (Index b = 0; b < e->f->block_count; b++)
    returned |= flow->returned[b];
  flow->brought = brought_instead(flow, returned);
  for (Index b = 0; b < e->f->block_count; b++) {
    const Block *block = &e->f->blocks[b];
    if (block->terminator == TERM_RETURN && e->cfg->position[b] != NO_BLOCK &&
        (!block->value || !is_only_opened(flow, b, &which)))
      return;
  }
  for (Index b = 0; b < e->f->block_count; b++)
    if (e->f->blocks[b].terminator == TERM_RETURN && e->cfg->position[b] != NO_BLOCK &&
        !is_returnable(flow, b, which))
      return;
  for (uint32_t n = 0; n < flow->site_count; n++) {
    const Site *site = &flow->sites[n];
    if (!(which >> n & 1) || is_shared(flow, n))
      continue;
    e->opened = (Effect){.action = ACTION_OPEN,
                         .resource = site->resource,
                         .flags = are_blank(flow, which) ? MEMORY_ZEROED : 0,
                         .place = term_make(e->terms, TERM_RESULT, 0, 0, 0, 0),
                         .other = flow->brought == NO_BLOCK
                                      ? 0
                                      : term_make(e->terms, TERM_PARAM, 0, flow->brought, 0, 0),
                         .text = site->kind};
    return;
  }
}

/* Which sites each store of a variable takes from, whatever else is known. */
static void note_stores(Flow *flow) {
  Engine *e = flow->e;
  flow->stored = arena_new_array(e->arena, uint32_t, e->f->instruction_count);
  Holding scratch = {.masks = arena_new_array(e->arena, uint32_t, flow->slot_count)};
  for (uint32_t i = 0; i < e->cfg->order_count; i++) {
    Index block = e->cfg->order[i];
    const Block *b = &e->f->blocks[block];
    if (!flow->in[block].masks)
      continue;
    scratch.open = flow->in[block].open;
    memcpy(scratch.masks, flow->in[block].masks, sizeof *scratch.masks * flow->slot_count);
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      flow->holders.masks = scratch.masks;
      if (e->f->instructions[k].kind == INST_STORE)
        flow->stored[k] = holders_carried(&flow->holders, e->f->instructions[k].b);
      leak_step(flow, &scratch, k, NULL);
    }
  }
}

static bool returns_some(const Flow *flow) {
  bool returns = false;
  for (uint32_t i = 0; i < flow->site_count; i++) {
    returns |= flow->sites[i].returned;
    if (flow->sites[i].returned && is_shared(flow, i))
      return false;
  }
  return returns;
}

void leak_note_result(Flow *flow) {
  if (!returns_some(flow))
    return;
  note_stores(flow);
  note_opened(flow);
}
