/* leak.c - what a function opens and loses: the ways from where a value is opened to where nobody
 * holds it any more (ANALYSIS A.5). Two stages, because most functions do it right: first which
 * variables may hold what, without regard to conditions, for all that is opened at once; then, of
 * what may be lost, the ways to there one by one, with the engine's facts (leak_way.c). */
#include "analysis/leak.h"

#include <string.h>

enum { SITES = 32 };

/* ---- what is opened */

static bool is_resource(const Effect *effect) {
  return effect->action == ACTION_OPEN &&
         (effect->resource == RESOURCE_FILE || effect->resource == RESOURCE_MEMORY);
}

/* One of an array, and which one is not known. */
static bool is_element(const Function *f, NodeId pointer) {
  const Node *node = &f->nodes[pointer];
  if (node->kind == NODE_SHIFT)
    return true;
  const Node *place = node->kind == NODE_ADDRESS ? &f->nodes[node->a] : node;
  for (; place->kind == NODE_FIELD || place->kind == NODE_INDEX; place = &f->nodes[place->a])
    if (place->kind == NODE_INDEX && f->nodes[place->b].kind != NODE_CONSTANT)
      return true;
  return false;
}

/* Where a call leaves what it opens: its result, or a local whose address it is given. */
static bool opens_where(const Holders *h, const Summary *summary, const Instruction *inst,
                        TermId place, Index *local) {
  const Term *term = term_at(summary->terms, place);
  *local = NO_BLOCK;
  if (term->kind == TERM_RESULT)
    return inst->result != 0;
  while (term->kind == TERM_INDEX || term->kind == TERM_DEREF || term->kind == TERM_SHIFT)
    term = term_at(summary->terms, term->a);
  if (term->kind != TERM_PARAM || term->a >= inst->arg_count)
    return false;
  const Function *f = h->e->f;
  NodeId arg = f->args[inst->args + term->a];
  *local = is_element(f, arg) ? NO_BLOCK : holders_addressed(h, arg);
  return *local != NO_BLOCK && !(h->targets && h->targets[*local].is_exposed);
}

static void add_site(Flow *flow, Site site) {
  for (uint32_t i = 0; i < flow->site_count; i++)
    if (flow->sites[i].instruction == site.instruction && flow->sites[i].local == site.local &&
        flow->sites[i].place == site.place)
      return;
  if (flow->site_count == SITES) // Unsound: a function that opens more is followed for these
    return;
  flow->sites[flow->site_count++] = site;
}

static void find_sites(Flow *flow) {
  Engine *e = flow->e;
  e->opens = arena_new_array(e->arena, bool, e->f->instruction_count);
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    const Summary *summary = inst->kind == INST_CALL ? owner_callee(e, inst) : NULL;
    if (!summary || e->cfg->position[e->inst_blocks[i]] == NO_BLOCK)
      continue;
    for (uint32_t n = 0; n < summary->case_count; n++)
      for (uint32_t k = 0; k < summary->cases[n].effect_count; k++) {
        const Effect *effect = &summary->cases[n].effects[k];
        Site site = {.instruction = i,
                     .summary = summary,
                     .resource = effect->resource,
                     .kind = effect->text,
                     .place = effect->place,
                     .closed = NO_INSTRUCTION,
                     .kept = NO_INSTRUCTION};
        if (!is_resource(effect) ||
            !opens_where(&flow->holders, summary, inst, effect->place, &site.local))
          continue;
        add_site(flow, site);
        e->opens[i] |= site.local == NO_BLOCK;
      }
  }
  for (uint32_t i = 0; i < flow->site_count; i++)
    if (strcmp(text_of(e->program->symbols, flow->sites[i].kind), "fd"))
      flow->holders.pointers |= 1u << i;
}

/* The sites that this instruction opens. */
static uint32_t opened_at(const Flow *flow, uint32_t instruction) {
  uint32_t mask = 0;
  for (uint32_t i = 0; i < flow->site_count; i++)
    if (flow->sites[i].instruction == instruction)
      mask |= 1u << i;
  return mask;
}

uint32_t leak_held(const Flow *flow, const uint32_t *masks) {
  uint32_t held = 0;
  for (uint32_t slot = 0; slot < flow->e->slot_count; slot++)
    held |= masks[slot];
  return held;
}

static void forget(const Flow *flow, uint32_t *masks, uint32_t which) {
  for (uint32_t slot = 0; slot < flow->e->slot_count && which; slot++)
    masks[slot] &= ~which;
}

FlowEvents leak_step(Flow *flow, Holding *holding, uint32_t i, State *after) {
  Engine *e = flow->e;
  const Instruction *inst = &e->f->instructions[i];
  flow->holders.masks = holding->masks;
  flow->holders.again = after ? 0 : flow->again;
  Happened happened =
      holders_step(&flow->holders, inst, after, after ? FATES_POSSIBLE : FATES_SURE);
  FlowEvents events = {.closed = happened.closed & holding->open,
                       .kept = happened.kept & holding->open};
  uint32_t gone = events.closed | events.kept;
  holding->open &= ~gone;
  forget(flow, holding->masks, gone);
  uint32_t suspects = happened.overwritten & holding->open;
  if (suspects)
    events.lost = suspects & ~(leak_held(flow, holding->masks) & ~(after ? 0 : flow->again));
  uint32_t opened = inst->kind == INST_CALL ? opened_at(flow, i) : 0;
  if (after) // another one: it is the first that is followed
    opened &= ~holding->open;
  else
    flow->again |= opened & holding->open;
  holding->open |= opened;
  holding->open &= ~(events.lost & ~(after ? 0 : flow->again | opened));
  for (uint32_t n = 0; n < flow->site_count && opened; n++)
    if (opened >> n & 1)
      holding->masks[flow->sites[n].local == NO_BLOCK ? e->temp_slots[inst->result]
                                                      : flow->sites[n].local] |= 1u << n;
  return events;
}

/* ---- branches that say that nothing was opened */

static bool is_constant(const Function *f, NodeId id, int64_t *value) {
  while (f->nodes[id].kind == NODE_CAST)
    id = f->nodes[id].a;
  if (f->nodes[id].kind != NODE_CONSTANT)
    return false;
  *value = f->constants[f->nodes[id].a].value;
  return true;
}

enum { STANDARD_STREAMS = 3 };

/* What is not open on the edge on which the condition is zero (`zero`) or not. */
static uint32_t refuted(const Flow *flow, NodeId id, bool zero) {
  const Function *f = flow->e->f;
  const Node *node = &f->nodes[id];
  int64_t value;
  if (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT)
    return refuted(flow, node->a, !zero);
  if (node->kind == NODE_BINARY && node->operator== OPERATOR_NE)
    return is_constant(f, node->b, &value) && (!value || value == -1) && zero
               ? holders_carried(&flow->holders, node->a)
               : 0;
  if (node->kind == NODE_BINARY && node->operator== OPERATOR_EQ)
    return is_constant(f, node->b, &value) && (!value || value == -1) && !zero
               ? holders_carried(&flow->holders, node->a)
               : 0;
  if (node->kind == NODE_BINARY && node->operator== OPERATOR_LT) {
    if (is_constant(f, node->b, &value))
      return value <= STANDARD_STREAMS && !zero ? holders_carried(&flow->holders, node->a) : 0;
    return is_constant(f, node->a, &value) && value < STANDARD_STREAMS && zero
               ? holders_carried(&flow->holders, node->b)
               : 0;
  }
  return zero ? holders_carried(&flow->holders, id) : 0;
}

uint32_t leak_refuted(const Flow *flow, Index block, uint32_t edge) {
  const Block *b = &flow->e->f->blocks[block];
  return b->terminator == TERM_BRANCH ? refuted(flow, b->value, edge == 1) : 0;
}

/* ---- stage one */

static bool never_returns(Engine *e, const Instruction *inst) {
  return inst->kind == INST_CALL &&
         ((inst->flags & CALL_NORETURN) || summary_never_returns(owner_callee(e, inst)));
}

/* Handed to a call, or read through: not just opened to be there. */
static uint32_t used_by(Flow *flow, const Holding *holding, const Instruction *inst) {
  const Function *f = flow->e->f;
  uint32_t used = 0;
  flow->holders.masks = holding->masks;
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    Index local = holders_addressed(&flow->holders, f->args[inst->args + i]);
    used |= holders_carried(&flow->holders, f->args[inst->args + i]);
    used |= local == NO_BLOCK ? 0 : holding->masks[local];
  }
  if (inst->kind != INST_LOAD && inst->kind != INST_STORE)
    return used;
  NodeId place = inst->a;
  while (f->nodes[place].kind == NODE_FIELD || f->nodes[place].kind == NODE_INDEX)
    place = f->nodes[place].a;
  return f->nodes[place].kind == NODE_DEREF
             ? used | holders_carried(&flow->holders, f->nodes[place].a)
             : used;
}

static void note_block(Flow *flow, Index block, Holding *holding, bool telling) {
  Engine *e = flow->e;
  const Block *b = &e->f->blocks[block];
  for (uint32_t i = b->first; i < b->first + b->count; i++) {
    uint32_t grows = telling ? opened_at(flow, i) : 0; // realloc is no way to end
    uint32_t used = telling ? used_by(flow, holding, &e->f->instructions[i]) : 0;
    FlowEvents events = leak_step(flow, holding, i, NULL);
    for (uint32_t n = 0; n < flow->site_count && telling; n++) {
      Site *site = &flow->sites[n];
      site->is_used |= used >> n & 1;
      if (events.closed >> n & 1 && site->closed == NO_INSTRUCTION && !grows)
        site->closed = i;
      if (events.kept >> n & 1 && site->kept == NO_INSTRUCTION && !grows)
        site->kept = i;
      if (events.lost >> n & 1)
        site->leaks[block] = true;
    }
    if (telling && (events.closed | events.kept))
      flow->events[i] = events.closed | events.kept;
    if (never_returns(e, &e->f->instructions[i])) {
      holding->open = 0;
      return;
    }
  }
  if (b->terminator != TERM_RETURN || !telling)
    return;
  uint32_t returned = b->value ? holders_carried(&flow->holders, b->value) & holding->open : 0;
  for (uint32_t n = 0; n < flow->site_count; n++) {
    flow->sites[n].returned |= returned >> n & 1;
    if ((holding->open & ~returned) >> n & 1)
      flow->sites[n].leaks[block] = true;
  }
  flow->returned[block] = returned;
}

static bool join(const Flow *flow, Holding *into, const Holding *from, uint32_t without) {
  bool changed = ((from->open & ~without) | into->open) != into->open;
  into->open |= from->open & ~without;
  for (uint32_t slot = 0; slot < flow->e->slot_count; slot++) {
    uint32_t joined = into->masks[slot] | (from->masks[slot] & ~without);
    changed |= joined != into->masks[slot];
    into->masks[slot] = joined;
  }
  return changed;
}

static void run_block(Flow *flow, Index block, Holding *scratch) {
  Engine *e = flow->e;
  scratch->open = flow->in[block].open;
  memcpy(scratch->masks, flow->in[block].masks, sizeof *scratch->masks * e->slot_count);
  note_block(flow, block, scratch, false);
  const Block *b = &e->f->blocks[block];
  for (uint32_t edge = 0; edge < b->edge_count && scratch->open; edge++) {
    Index next = e->f->edges[b->edges + edge].block;
    bool first = !flow->in[next].masks;
    if (first)
      flow->in[next].masks = arena_new_array(e->arena, uint32_t, e->slot_count);
    uint32_t refuted_here = leak_refuted(flow, block, edge) & ~flow->again;
    if (join(flow, &flow->in[next], scratch, refuted_here) || first)
      flow->dirty[next] = true;
  }
}

static void run_flow(Flow *flow) {
  Engine *e = flow->e;
  const Cfg *cfg = e->cfg;
  Holding scratch = {.masks = arena_new_array(e->arena, uint32_t, e->slot_count)};
  for (uint32_t i = 0; i < flow->site_count; i++) {
    Index block = e->inst_blocks[flow->sites[i].instruction];
    if (!flow->in[block].masks)
      flow->in[block].masks = arena_new_array(e->arena, uint32_t, e->slot_count);
    flow->dirty[block] = true;
    flow->sites[i].leaks = arena_new_array(e->arena, bool, e->f->block_count);
  }
  for (bool again = true; again;) {
    again = false;
    for (uint32_t i = 0; i < cfg->order_count; i++) {
      Index block = cfg->order[i];
      if (!flow->dirty[block])
        continue;
      flow->dirty[block] = false;
      uint32_t before = flow->again;
      run_block(flow, block, &scratch);
      for (Index b = 0; b < e->f->block_count && flow->again != before; b++)
        flow->dirty[b] |= flow->in[b].masks != NULL;
      again = true;
    }
  }
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    Index block = cfg->order[i];
    if (!flow->in[block].masks)
      continue;
    scratch.open = flow->in[block].open;
    memcpy(scratch.masks, flow->in[block].masks, sizeof *scratch.masks * e->slot_count);
    note_block(flow, block, &scratch, true);
  }
}

/* ---- for callers: the result is something that was opened for them */

/* A parameter that other ways give back or exchange for something new: who gets it back owns it. */
static bool is_consumed(const Flow *flow, NodeId value) {
  const Engine *e = flow->e;
  const Node *base = &e->f->nodes[holders_base(e->f, value)];
  return base->kind == NODE_VAR && base->a < e->f->parameter_count &&
         ((e->fates.keeps | e->fates.closes) & fate_bit(base->a));
}

/* What the result is made of: something opened here, or nothing. */
static bool is_only_opened(const Flow *flow, Index block, uint32_t *which) {
  const Engine *e = flow->e;
  NodeId value = e->f->blocks[block].value;
  while (e->f->nodes[value].kind == NODE_CAST)
    value = e->f->nodes[value].a;
  int64_t constant;
  if (is_constant(e->f, value, &constant))
    return true;
  *which |= flow->returned[block];
  return flow->returned[block] != 0 || is_consumed(flow, value);
}

/* Everything that is stored in a local that is returned was opened here, or is a constant. */
static bool is_made_here(const Flow *flow, Index local, uint32_t which) {
  const Function *f = flow->e->f;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    int64_t constant;
    if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL ||
        f->nodes[inst->a].a != local || is_constant(f, inst->b, &constant))
      continue;
    if (!(flow->stored[i] & which) && !is_consumed(flow, inst->b))
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
  return (!given || is_consumed(flow, value) || is_set_before(flow, local, block)) &&
         is_made_here(flow, local, which);
}

static void note_opened(Flow *flow) {
  Engine *e = flow->e;
  uint32_t which = 0;
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
    if (!(which >> n & 1) || site->kept != NO_INSTRUCTION)
      continue;
    e->opened = (Effect){.action = ACTION_OPEN,
                         .resource = site->resource,
                         .place = term_make(e->terms, TERM_RESULT, 0, 0, 0, 0),
                         .text = site->kind};
    return;
  }
}

/* Which sites each store of a variable takes from, whatever else is known. */
static void note_stores(Flow *flow) {
  Engine *e = flow->e;
  flow->stored = arena_new_array(e->arena, uint32_t, e->f->instruction_count);
  Holding scratch = {.masks = arena_new_array(e->arena, uint32_t, e->slot_count)};
  for (uint32_t i = 0; i < e->cfg->order_count; i++) {
    Index block = e->cfg->order[i];
    const Block *b = &e->f->blocks[block];
    if (!flow->in[block].masks)
      continue;
    scratch.open = flow->in[block].open;
    memcpy(scratch.masks, flow->in[block].masks, sizeof *scratch.masks * e->slot_count);
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
    if (flow->sites[i].returned && flow->sites[i].kept != NO_INSTRUCTION)
      return false;
  }
  return returns;
}

static void find_leaks(Engine *e, const Holders *holders, bool telling) {
  Flow *flow = arena_new_one(e->arena, Flow);
  flow->e = e;
  flow->holders = *holders;
  flow->sites = arena_new_array(e->arena, Site, SITES);
  find_sites(flow);
  if (!flow->site_count)
    return;
  flow->in = arena_new_array(e->arena, Holding, e->f->block_count);
  flow->dirty = arena_new_array(e->arena, bool, e->f->block_count);
  flow->returned = arena_new_array(e->arena, uint32_t, e->f->block_count);
  flow->events = arena_new_array(e->arena, uint32_t, e->f->instruction_count);
  run_flow(flow);
  if (returns_some(flow)) {
    note_stores(flow);
    note_opened(flow);
  }
  for (uint32_t i = 0; i < flow->site_count && telling; i++)
    leak_follow(flow, i);
}

void engine_find_leaks(Engine *e, bool telling) {
  Holders holders = {.e = e};
  holders_find_targets(&holders);
  e->fates = owner_of_parameters(&holders);
  find_leaks(e, &holders, telling);
}
