/* sites.c - the calls of a function that open something, and where they leave it. */
#include "analysis/leak/leak.h"

#include <string.h>

#include "base/guard.h"
#include "ir/parts.h"

enum { SITES = 32 };

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

/* `flags | MAP_FIXED`: is one of the bits set, whatever else is? */
static bool has_bit(const Function *f, NodeId arg, int64_t bits) {
  const Node *node = &f->nodes[without_casts(f, arg)];
  if (node->kind == NODE_BINARY && node->operator== OPERATOR_OR)
    return has_bit(f, node->a, bits) || has_bit(f, node->b, bits);
  return node->kind == NODE_CONSTANT && f->constants[node->a].value & bits;
}

/* `flags & BITS == 0`, of a parameter: refuted by an argument in which one of them is set. */
static bool is_refuted_bit(const Function *f, const TermTable *terms, const Term *left,
                           bool is_zero, const Instruction *inst) {
  const Term *flags = term_at(terms, left->a), *bits = term_at(terms, left->b);
  return left->operator== OPERATOR_AND && flags->kind == TERM_PARAM &&
         bits->kind == TERM_CONSTANT && flags->a<inst->arg_count && is_zero &&
         has_bit(f, f->args[inst->args + flags->a], bits->value) &&
         guard_on("flag-in-call");
}

/* Do the arguments themselves, constants and addresses of variables, rule out the condition? A
 * model that opens something when it is given a certain value means callers who say so. Unsound:
 * that value may be in a variable. */
static bool is_refuted(const Function *f, const Summary *summary, const Condition *condition,
                       const Instruction *inst) {
  const Term *term = term_at(summary->terms, condition->value);
  bool is_true = condition->is_true;
  for (; term->kind == TERM_UNARY && term->operator== OPERATOR_NOT;
       term = term_at(summary->terms, term->a))
    is_true = !is_true;
  if (term->kind != TERM_BINARY || term->operator!= OPERATOR_EQ)
    return false;
  const Term *left = term_at(summary->terms, term->a), *right = term_at(summary->terms, term->b);
  if (left->kind == TERM_BINARY && right->kind == TERM_CONSTANT && !right->value)
    return is_refuted_bit(f, summary->terms, left, is_true, inst);
  if (left->kind != TERM_PARAM || right->kind != TERM_CONSTANT || left->a >= inst->arg_count)
    return false;
  NodeId arg = f->args[inst->args + left->a];
  int64_t value;
  if (leak_constant(f, arg, &value))
    return (value == right->value) != is_true;
  if ((summary->flags & SUMMARY_MODEL) && is_true && guard_on("asked-to-open"))
    return true;
  return f->nodes[arg].kind == NODE_ADDRESS && !right->value && is_true;
}

/* Memory that is made only for callers who bring none. Unsound: as above. */
static bool is_asked_for(const Function *f, const Summary *summary, const Effect *effect,
                         const Instruction *inst) {
  if (!effect->other)
    return true;
  uint32_t parameter = term_at(summary->terms, effect->other)->a;
  int64_t value;
  return parameter < inst->arg_count && leak_constant(f, f->args[inst->args + parameter], &value) &&
         !value;
}

static bool is_possible_case(const Function *f, const Summary *summary, const Case *k,
                             const Instruction *inst) {
  for (uint32_t i = 0; i < k->condition_count; i++)
    if (is_refuted(f, summary, &k->conditions[i], inst))
      return false;
  return true;
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

void leak_find_sites(Flow *flow) {
  Engine *e = flow->e;
  flow->sites = arena_new_array(e->arena, Site, SITES);
  e->opens = arena_new_array(e->arena, bool, e->f->instruction_count);
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    const Summary *summary = inst->kind == INST_CALL ? owner_callee(e, inst) : NULL;
    if (!summary || e->cfg->position[e->inst_blocks[i]] == NO_BLOCK)
      continue;
    for (uint32_t n = 0; n < summary->case_count; n++) {
      if (!is_possible_case(e->f, summary, &summary->cases[n], inst))
        continue;
      for (uint32_t k = 0; k < summary->cases[n].effect_count; k++) {
        const Effect *effect = &summary->cases[n].effects[k];
        Site site = {.instruction = i,
                     .summary = summary,
                     .resource = effect->resource,
                     .kind = effect->text,
                     .place = effect->place,
                     .is_zeroed = effect->resource == RESOURCE_MEMORY &&
                                  (effect->flags & MEMORY_ZEROED) != 0,
                     .filled = NO_BLOCK,
                     .closed = NO_INSTRUCTION,
                     .kept = NO_INSTRUCTION,
                     .mistaken = NO_INSTRUCTION,
                     .published = NO_BLOCK};
        if (!effect_opens(effect) || !is_asked_for(e->f, summary, effect, inst) ||
            !opens_where(&flow->holders, summary, inst, effect->place, &site.local))
          continue;
        add_site(flow, site);
        e->opens[i] |= site.local == NO_BLOCK;
      }
    }
  }
  for (uint32_t i = 0; i < flow->site_count; i++) {
    const char *kind = text_of(e->program->symbols, flow->sites[i].kind);
    if (strcmp(kind, "fd"))
      flow->holders.pointers |= 1u << i;
    if (!strcmp(kind, "memory") && flow->sites[i].local == NO_BLOCK && guard_on("contents"))
      flow->objects |= 1u << i;
  }
  flow->holders.contents = e->slot_count;
  flow->slot_count = e->slot_count + flow->site_count;
}

TermId leak_result(const Flow *flow, uint32_t site, const State *after) {
  const Engine *e = flow->e;
  uint32_t temp = e->f->instructions[flow->sites[site].instruction].result;
  return temp ? state_value(after, e->temp_slots[temp]) : 0;
}
