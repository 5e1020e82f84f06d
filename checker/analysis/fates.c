/* fates.c - what becomes of a function's parameters, which goes out with its summary: kept, given
 * back, returned, or changed. They are followed without regard to order, for all that may be.
 *
 * But where it keeps something on some ways only, and its result says which - `if (t->full) return
 * -1; t->a[t->n++] = given; return 0;` - that is part of the key of a state, as with locks, so that
 * the cases of the summary tell the ways apart (summarise.c). */
#include <string.h>

#include "analysis/owner.h"

#include "base/guard.h"

enum { ROUNDS = 4, PARTED = 4 };

bool owner_is_null(Engine *e, Index block, uint32_t parameter) {
  TermId given = term_make(e->terms, TERM_PARAM, 0, parameter, 0, 0);
  bool is_null = e->blocks[block] != NULL && guard_on("brought");
  for (State *state = e->blocks[block]; state && is_null; state = state->next)
    is_null = engine_decide(e, state, given) == NO;
  return is_null;
}

/* What the instruction does to what is reached through values, besides keeping or closing it. */
static void note_disturbed(const Holders *h, const Instruction *inst, Fates *into) {
  if (inst->kind == INST_STORE)
    into->disturbs |= holders_reached(h, inst->a);
  if (inst->kind != INST_CALL)
    return;
  Fates fates = owner_fates(h->e, inst, NULL, FATES_POSSIBLE);
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    uint32_t carried = holders_carried(h, h->e->f->args[inst->args + i]);
    into->disturbs |= (fates.copies | fates.disturbs) & fate_bit(i) ? carried : 0;
    into->takes |= (fates.copies | fates.takes) & fate_bit(i) ? carried : 0;
  }
}

/* Parameters that are null whenever the block is come by: what is given back there is nothing that
 * a caller had. */
static uint32_t null_there(Engine *e, Index block, uint32_t which) {
  uint32_t null = 0;
  for (uint32_t i = 0; i < e->f->parameter_count && which; i++)
    if ((which & fate_bit(i)) && i < LAST_BIT && owner_is_null(e, block, i))
      null |= fate_bit(i);
  return null;
}

/* Goes round until the variables hold all that they may. */
static void fill(Holders *h) {
  const Function *f = h->e->f;
  uint64_t before = 0, sum = 1;
  for (int round = 0; round < ROUNDS && sum != before; round++) {
    before = sum;
    for (uint32_t i = 0; i < f->instruction_count; i++)
      holders_step(h, &f->instructions[i], NULL, FATES_POSSIBLE);
    sum = 1;
    for (uint32_t i = 0; i < f->local_count; i++)
      sum += (uint64_t)__builtin_popcount(h->masks[i]);
  }
}

/* All that may become of the values; to what is reached through them, when `h` is deep. */
static Fates outcome(Holders *h) {
  const Function *f = h->e->f;
  Fates fates = {0};
  uint32_t elsewhere = 0;
  for (Index b = 0; b < f->block_count; b++) {
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      if (h->is_deep)
        note_disturbed(h, &f->instructions[i], &fates);
      Happened happened = holders_step(h, &f->instructions[i], NULL, FATES_POSSIBLE);
      if (happened.into == happened.stored) // `p->at = p->start`: it is where it was
        happened.kept &= ~happened.stored;
      uint32_t nothing = null_there(h->e, b, happened.kept | happened.closed);
      fates.keeps |= happened.kept & ~nothing;
      fates.closes |= happened.closed & ~nothing;
      elsewhere |= happened.kept & ~(happened.stored | nothing);
      fates.into |= happened.into;
    }
    if (f->blocks[b].terminator == TERM_RETURN && f->blocks[b].value)
      fates.returns |= holders_carried(h, f->blocks[b].value);
  }
  fates.stores = fates.keeps & ~elsewhere;
  return fates;
}

static Holders hold_parameters(Engine *e, const Target *targets) {
  const Function *f = e->f;
  Holders h = {.e = e, .targets = targets, .adds = true};
  h.masks = arena_new_array(e->arena, uint32_t, e->slot_count);
  for (uint32_t i = 0; i < f->parameter_count; i++) {
    h.masks[i] = fate_bit(i);
    TypeKind kind = f->types[f->locals[i].type].kind;
    if (kind == TYPE_POINTER)
      h.pointers |= fate_bit(i);
    if (kind == TYPE_RECORD && guard_on("by-value"))
      h.records |= fate_bit(i);
  }
  if (f->flags & FUNCTION_VARIADIC && f->parameter_count <= LAST_BIT)
    h.variadic = UINT32_MAX << f->parameter_count;
  h.pointers |= h.variadic;
  return h;
}

Fates owner_of_parameters(Engine *e) {
  Holders *h = e->given;
  Fates fates = outcome(h);
  if (!h->pointers)
    return fates;
  Holders deep = hold_parameters(e, h->targets);
  deep.is_deep = true;
  fill(&deep);
  Fates through = outcome(&deep);
  fates.takes = through.keeps | through.closes | through.returns | through.takes | deep.variadic;
  fates.disturbs = fates.takes | through.disturbs;
  fates.shows = shown_values(&deep);
  return fates;
}

/* ---- on some ways only */

static uint32_t gone_at(Holders *h, uint32_t instruction, Certainty certainty) {
  Happened happened = holders_step(h, &h->e->f->instructions[instruction], NULL, certainty);
  return happened.kept | happened.closed;
}

/* Can one come to where a value is returned without that it is kept for certain? `sure`: per block,
 * what is. */
static bool may_stay(const Engine *e, const uint32_t *sure, uint32_t bit) {
  const Function *f = e->f;
  bool *seen = arena_new_array(e->arena, bool, f->block_count);
  Index *open = arena_new_array(e->arena, Index, f->block_count);
  uint32_t count = 0;
  open[count++] = e->cfg->order[0];
  seen[open[0]] = true;
  while (count) {
    Index b = open[--count];
    if (sure[b] & bit)
      continue;
    if (f->blocks[b].terminator == TERM_RETURN && f->blocks[b].value)
      return true;
    for (uint32_t i = 0; i < f->blocks[b].edge_count; i++) {
      Index next = f->edges[f->blocks[b].edges + i].block;
      if (!seen[next])
        open[count++] = next;
      seen[next] = true;
    }
  }
  return false;
}

/* Pointers and descriptors. */
static uint32_t resources_among(const Function *f) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < f->parameter_count && i < LAST_BIT; i++) {
    TypeKind kind = f->types[f->locals[i].type].kind;
    if (kind == TYPE_POINTER || kind == TYPE_SIGNED)
      found |= fate_bit(i);
  }
  return found;
}

static bool gives_value(const Function *f) {
  for (Index b = 0; b < f->block_count; b++)
    if (f->blocks[b].terminator == TERM_RETURN && f->blocks[b].value)
      return true;
  return false;
}

/* A callee leaves locks in another state: the cases are those of the locks. Imprecise: what is kept
 * on one of these ways is kept on all. */
static bool changes_locks(Engine *e) {
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    const Summary *callee = inst->kind == INST_CALL ? owner_callee(e, inst) : NULL;
    if (callee && !(callee->flags & (SUMMARY_NO_LOCKS | SUMMARY_IDENTITY | SUMMARY_MODEL)))
      return true;
  }
  return false;
}

void engine_follow_parameters(Engine *e) {
  const Function *f = e->f;
  Holders targets = {.e = e};
  holders_find_targets(&targets);
  e->given = arena_new_one(e->arena, Holders);
  *e->given = hold_parameters(e, targets.targets);
  fill(e->given);
  uint32_t parted = resources_among(f), possible = 0;
  if (!parted || e->function->recursive || !gives_value(f) || !guard_on("kept-on-success"))
    return; // Imprecise: what circles of calls keep, they keep on all ways
  uint32_t *sure = arena_new_array(e->arena, uint32_t, f->block_count);
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    possible |= gone_at(e->given, i, FATES_POSSIBLE);
    sure[e->inst_blocks[i]] |= gone_at(e->given, i, FATES_SURE);
  }
  parted &= possible;
  for (uint32_t bit = 1; bit <= parted && bit; bit <<= 1)
    if ((parted & bit) && !may_stay(e, sure, bit))
      parted &= ~bit;
  e->parted = __builtin_popcount(parted) <= PARTED && !changes_locks(e) ? parted : 0;
}

/* A pointer that is null there is nothing that a caller had. */
static void note_gone(Engine *e, State *state, uint32_t gone) {
  for (uint32_t i = 0; gone >> i; i++)
    if ((gone >> i & 1) && (e->given->pointers >> i & 1) && guard_on("brought") &&
        engine_decide(e, state, term_make(e->terms, TERM_PARAM, 0, i, 0, 0)) == NO)
      gone &= ~(1u << i);
  state->gone |= gone;
}

void engine_gone(Engine *e, State *state, uint32_t instruction) {
  if (!e->parted)
    return;
  uint32_t gone = gone_at(e->given, instruction, FATES_POSSIBLE) & e->parted & ~state->gone;
  if (gone)
    note_gone(e, state, gone);
}

void engine_gone_by_case(Engine *e, State *state, uint32_t instruction, const Case *k) {
  if (!e->parted)
    return;
  uint32_t gone = gone_at(e->given, instruction, FATES_POSSIBLE) & e->parted & ~state->gone;
  const Instruction *inst = &e->f->instructions[instruction];
  uint32_t spared = 0;
  for (uint32_t i = 0; i < inst->arg_count && gone; i++) {
    uint32_t carried = holders_carried(e->given, e->f->args[inst->args + i]);
    if ((k->fates.keeps | k->fates.closes) & fate_bit(i))
      note_gone(e, state, gone & carried);
    spared |= carried;
  }
  if (gone & ~spared) // by way of a local
    note_gone(e, state, gone & ~spared);
}

/* Does the result tell one way out from the other? */
static bool told_by_result(const Exit *a, const Exit *b) {
  bool a_is_zero = !a->low && !a->high, b_is_zero = !b->low && !b->high;
  return a->high < b->low || b->high < a->low || (a_is_zero && b->no_zero) ||
         (b_is_zero && a->no_zero);
}

void engine_gone_exits(Engine *e, Exit *exits, uint32_t count) {
  uint32_t untold = 0;
  for (uint32_t i = 0; i < count && e->parted; i++)
    for (uint32_t k = 0; k < i; k++)
      if (exits[i].state->gone != exits[k].state->gone && !told_by_result(&exits[i], &exits[k]))
        untold |= exits[i].state->gone ^ exits[k].state->gone;
  for (uint32_t i = 0; i < count && untold; i++)
    ((State *)exits[i].state)->gone |= untold;
}

Fates engine_fates(const Engine *e, uint32_t gone) {
  Fates fates = e->fates;
  fates.keeps &= ~(e->parted & ~gone);
  fates.closes &= ~(e->parted & ~gone);
  fates.stores &= fates.keeps;
  return fates;
}
