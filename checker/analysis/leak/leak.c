/* leak.c - what a function opens and loses: the ways from where a value is opened to where nobody
 * holds it any more (ANALYSIS A.5). Two stages, because most functions do it right: first which
 * variables may hold what, without regard to conditions, for all that is opened at once; then, of
 * what may be lost, the ways to there one by one, with the engine's facts (way.c). */
#include "analysis/leak/leak.h"

#include <string.h>

#include "base/guard.h"
#include "ir/parts.h"

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
  for (uint32_t slot = 0; slot < flow->slot_count; slot++)
    held |= masks[slot];
  return held;
}

static void forget(const Flow *flow, uint32_t *masks, uint32_t which) {
  for (uint32_t slot = 0; slot < flow->slot_count && which; slot++)
    masks[slot] &= ~which;
}

/* What a temp of another block held nobody can name any more. */
void leak_enter_block(const Flow *flow, uint32_t *masks) {
  const Engine *e = flow->e;
  memset(masks + e->passing, 0, sizeof *masks * (e->slot_count - e->passing));
}

/* Whoever gets memory gets what is in it; when it is given back, that may be lost. */
static void follow_contents(Flow *flow, Holding *holding, const Instruction *inst,
                            FlowEvents *events) {
  uint32_t gone = (events->closed | events->kept) & flow->objects, done = 0, lost = 0;
  const Summary *callee = inst->kind == INST_CALL ? owner_callee(flow->e, inst) : NULL;
  bool knows = callee && (callee->flags & SUMMARY_MODEL);
  for (uint32_t i = 0; gone & ~done; i = (i + 1) % flow->site_count) {
    if (!((gone & ~done) >> i & 1))
      continue;
    done |= 1u << i;
    uint32_t *inside = &holding->masks[flow->holders.contents + i];
    if (events->closed >> i & 1)
      lost |= *inside & holding->open;
    if (!(events->closed >> i & 1 && knows))
      events->kept |= *inside & holding->open & ~flow->again; // there may be another one
    gone |= events->kept & flow->objects;
    *inside = 0;
  }
  holding->open &= ~events->kept;
  forget(flow, holding->masks, events->kept);
  events->lost |= lost & ~leak_held(flow, holding->masks);
}

FlowEvents leak_step(Flow *flow, Holding *holding, uint32_t i, State *after) {
  Engine *e = flow->e;
  const Instruction *inst = &e->f->instructions[i];
  flow->holders.masks = holding->masks;
  flow->holders.again = after ? 0 : flow->again;
  flow->holders.objects = after ? flow->objects & flow->followed : flow->objects;
  Happened happened =
      holders_step(&flow->holders, inst, after, after ? FATES_POSSIBLE : FATES_SURE);
  uint32_t mistaken =
      inst->kind == INST_CALL ? leak_mistaken(flow, inst, happened.closed & holding->open) : 0;
  for (uint32_t n = 0; n < flow->site_count && mistaken; n++)
    if (mistaken >> n & 1)
      flow->sites[n].mistaken = i;
  happened.closed &= ~mistaken;
  FlowEvents events = {.closed = happened.closed & holding->open,
                       .kept = happened.kept & holding->open};
  uint32_t gone = events.closed | events.kept;
  holding->open &= ~gone;
  forget(flow, holding->masks, gone);
  if (gone & flow->objects && !after)
    follow_contents(flow, holding, inst, &events);
  uint32_t suspects = happened.overwritten & holding->open;
  if (suspects)
    events.lost |= suspects & ~(leak_held(flow, holding->masks) & ~(after ? 0 : flow->again));
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

bool leak_constant(const Function *f, NodeId id, int64_t *value) {
  id = without_casts(f, id);
  if (f->nodes[id].kind != NODE_CONSTANT)
    return false;
  *value = f->constants[f->nodes[id].a].value;
  return true;
}

enum { STANDARD_STREAMS = 3 };

/* Null, or -1 - which a variable without a sign keeps as the largest of its values. */
static bool says_failed(const Function *f, NodeId id) {
  int64_t value;
  if (!leak_constant(f, id, &value))
    return false;
  const Type *type = &f->types[f->nodes[without_casts(f, id)].type];
  bool unsign = type->kind == TYPE_UNSIGNED && type->size < sizeof value && guard_on("unsigned");
  return !value || value == -1 || (unsign && value == (1ll << type->size * 8) - 1);
}

/* What is not open on the edge on which the condition is zero (`zero`) or not. */
static uint32_t refuted(const Flow *flow, NodeId id, bool zero) {
  const Function *f = flow->e->f;
  const Node *node = &f->nodes[id];
  int64_t value;
  if (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT)
    return refuted(flow, node->a, !zero);
  if (node->kind == NODE_BINARY && (node->operator== OPERATOR_NE || node->operator== OPERATOR_EQ))
    return zero == (node->operator== OPERATOR_NE) && says_failed(f, node->b)
               ? holders_carried(&flow->holders, node->a)
               : 0;
  if (node->kind == NODE_BINARY && node->operator== OPERATOR_LT) {
    if (leak_constant(f, node->b, &value))
      return value <= STANDARD_STREAMS && !zero ? holders_carried(&flow->holders, node->a) : 0;
    return leak_constant(f, node->a, &value) && value < STANDARD_STREAMS && zero
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

static void publish(Site *site, Index position, uint32_t instruction) {
  if (position > site->published || (position == site->published && instruction > site->publisher))
    return;
  site->published = position;
  site->publisher = instruction;
}

/* A function without a body may write whatever it likes in what it is given as a whole, and is not
 * to give back. */
static uint32_t filled_by(const Flow *flow, const Instruction *inst) {
  const Function *f = flow->e->f;
  const Summary *callee = owner_callee(flow->e, inst);
  uint32_t filled = 0;
  if (callee && !(callee->flags & SUMMARY_MODEL))
    return 0;
  uint32_t closes = callee ? owner_fates(flow->e, inst, NULL, FATES_POSSIBLE).closes : 0;
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    NodeId arg = without_casts(f, f->args[inst->args + i]);
    bool whole = f->nodes[arg].kind == NODE_VAR || f->nodes[arg].kind == NODE_TEMP;
    if (whole && !(closes & fate_bit(i)))
      filled |= holders_carried(&flow->holders, arg);
  }
  return filled;
}

static void note_use(Flow *flow, const Holding *holding, uint32_t instruction) {
  const Instruction *inst = &flow->e->f->instructions[instruction];
  uint32_t used = used_by(flow, holding, inst), kept = 0, shown = 0, filled = 0;
  if (inst->kind == INST_CALL && used) {
    filled = filled_by(flow, inst);
    kept = opened_at(flow, instruction) ? 0 : holders_may_keep(&flow->holders, inst); // realloc
    bool named = flow->e->f->nodes[inst->a].kind == NODE_FUNCTION;
    shown = named || owner_callee(flow->e, inst) ? 0 : used;
  }
  Index position = flow->e->cfg->position[flow->e->inst_blocks[instruction]];
  for (uint32_t n = 0; n < flow->site_count; n++) {
    if (kept >> n & 1)
      publish(&flow->sites[n], position, instruction);
    if (filled >> n & 1 && position < flow->sites[n].filled)
      flow->sites[n].filled = position;
    flow->sites[n].is_used |= used >> n & 1;
    flow->sites[n].may_be_kept |= kept >> n & 1;
    flow->sites[n].is_shown |= shown >> n & 1;
  }
}

static void note_block(Flow *flow, Index block, Holding *holding, bool telling) {
  Engine *e = flow->e;
  const Block *b = &e->f->blocks[block];
  leak_enter_block(flow, holding->masks);
  for (uint32_t i = b->first; i < b->first + b->count; i++) {
    uint32_t grows = telling ? opened_at(flow, i) : 0; // realloc is no way to end
    if (telling)
      note_use(flow, holding, i);
    FlowEvents events = leak_step(flow, holding, i, NULL);
    for (uint32_t n = 0; n < flow->site_count && telling; n++) {
      Site *site = &flow->sites[n];
      if (events.closed >> n & 1 && site->closed == NO_INSTRUCTION && !grows)
        site->closed = i;
      if (events.kept >> n & 1 && site->kept == NO_INSTRUCTION && !grows)
        site->kept = i;
      if ((events.closed | events.kept) >> n & 1)
        publish(site, e->cfg->position[block], i);
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
  uint32_t inside = 0, handed = 0; // of something that is lost itself, that is returned
  for (uint32_t n = 0; n < flow->site_count; n++) {
    inside |= holding->open >> n & 1 ? holding->masks[flow->holders.contents + n] : 0;
    handed |= returned >> n & 1 ? holding->masks[flow->holders.contents + n] : 0;
  }
  for (uint32_t n = 0; n < flow->site_count; n++) {
    flow->sites[n].returned |= returned >> n & 1;
    flow->sites[n].is_handed |= (handed & holding->open) >> n & 1;
    if ((holding->open & ~returned & ~inside) >> n & 1)
      flow->sites[n].leaks[block] = true;
  }
  flow->returned[block] = returned;
}

static bool join(const Flow *flow, Holding *into, const Holding *from, uint32_t without) {
  bool changed = ((from->open & ~without) | into->open) != into->open;
  into->open |= from->open & ~without;
  for (uint32_t slot = 0; slot < flow->slot_count; slot++) {
    uint32_t joined = into->masks[slot] | (from->masks[slot] & ~without);
    changed |= joined != into->masks[slot];
    into->masks[slot] = joined;
  }
  return changed;
}

/* What is kept in memory: which of it a test of one of its fields is about is not known. */
static uint32_t all_contents(const Flow *flow, const Holding *holding) {
  uint32_t all = 0;
  for (uint32_t i = 0; i < flow->site_count; i++)
    all |= holding->masks[flow->holders.contents + i];
  return all;
}

static void run_block(Flow *flow, Index block, Holding *scratch) {
  Engine *e = flow->e;
  scratch->open = flow->in[block].open;
  memcpy(scratch->masks, flow->in[block].masks, sizeof *scratch->masks * flow->slot_count);
  note_block(flow, block, scratch, false);
  const Block *b = &e->f->blocks[block];
  for (uint32_t edge = 0; edge < b->edge_count && scratch->open; edge++) {
    Index next = e->f->edges[b->edges + edge].block;
    bool first = !flow->in[next].masks;
    if (first)
      flow->in[next].masks = arena_new_array(e->arena, uint32_t, flow->slot_count);
    uint32_t refuted_here =
        leak_refuted(flow, block, edge) & ~(flow->again | all_contents(flow, scratch));
    if (join(flow, &flow->in[next], scratch, refuted_here) || first)
      flow->dirty[next] = true;
  }
}

static void run_flow(Flow *flow) {
  Engine *e = flow->e;
  const Cfg *cfg = e->cfg;
  Holding scratch = {.masks = arena_new_array(e->arena, uint32_t, flow->slot_count)};
  for (uint32_t i = 0; i < flow->site_count; i++) {
    Index block = e->inst_blocks[flow->sites[i].instruction];
    if (!flow->in[block].masks)
      flow->in[block].masks = arena_new_array(e->arena, uint32_t, flow->slot_count);
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
    memcpy(scratch.masks, flow->in[block].masks, sizeof *scratch.masks * flow->slot_count);
    note_block(flow, block, &scratch, true);
  }
}

static void find_leaks(Engine *e, const Holders *holders, bool telling) {
  Flow *flow = arena_new_one(e->arena, Flow);
  flow->e = e;
  flow->holders = *holders;
  leak_find_sites(flow);
  if (!flow->site_count)
    return;
  flow->in = arena_new_array(e->arena, Holding, e->f->block_count);
  flow->dirty = arena_new_array(e->arena, bool, e->f->block_count);
  flow->returned = arena_new_array(e->arena, uint32_t, e->f->block_count);
  flow->events = arena_new_array(e->arena, uint32_t, e->f->instruction_count);
  run_flow(flow);
  leak_note_result(flow);
  leak_note_outputs(flow);
  for (uint32_t i = 0; i < flow->site_count && telling; i++)
    leak_follow(flow, i);
}

void engine_find_leaks(Engine *e, bool telling) {
  Holders holders = {.e = e, .targets = e->given->targets};
  e->fates = owner_of_parameters(e);
  find_leaks(e, &holders, telling);
}
