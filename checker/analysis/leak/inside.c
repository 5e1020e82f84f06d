/* inside.c - what is stored in memory that was allocated in the same function, and that nobody
 * else has yet: it is lost when that memory is given back by who does not look at it. Anything else
 * that may happen to it or to the memory ends the search, so that only the plain case is told. */
#include "analysis/leak/leak.h"

#include <string.h>

#include "base/guard.h"

bool inside_stored(Flow *flow, uint32_t site, Holding *holding, uint32_t instruction,
                   State *after) {
  Engine *e = flow->e;
  const Function *f = e->f;
  const Instruction *inst = &f->instructions[instruction];
  flow->holders.masks = holding->masks;
  if (inst->kind != INST_STORE || holding->object ||
      !(holders_carried(&flow->holders, inst->b) >> site & 1))
    return false;
  NodeId root = inst->a;
  while (f->nodes[root].kind == NODE_FIELD || f->nodes[root].kind == NODE_INDEX)
    root = f->nodes[root].a;
  if (f->nodes[root].kind != NODE_DEREF)
    return false;
  TermId object = engine_value(e, after, f->nodes[root].a);
  const Term *made = term_at(e->terms, object);
  Index here = e->cfg->position[e->inst_blocks[instruction]];
  for (uint32_t i = 0; i < flow->site_count && made->kind == TERM_FRESH && !made->b; i++) {
    if (!(flow->objects >> i & 1) || i == site || flow->sites[i].instruction != made->a ||
        flow->sites[i].published < here ||
        (flow->sites[i].published == here && flow->sites[i].publisher < instruction))
      continue;
    holding->object = object;
    holding->place = engine_place(e, after, inst->a);
    return true;
  }
  return false;
}

const char *inside_name(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  while (term->kind == TERM_INDEX)
    term = term_at(e->terms, term->a);
  const char *key = term->kind == TERM_FIELD
                        ? text_of(e->program->symbols, engine_field_in_code(e, term->b))
                        : "";
  const char *dot = strrchr(key, '.');
  return dot ? dot + 1 : key;
}

static bool is_listed(const TextId *symbols, uint32_t count, TextId symbol) {
  for (uint32_t i = 0; i < count; i++)
    if (symbols[i] == symbol)
      return true;
  return count >= EFFECT_SET_LIMIT;
}

/* Functions that neither read nor write the field leave alone what is in it. */
static bool may_touch(const Engine *e, const Summary *callee, TermId place) {
  if (callee->flags & SUMMARY_MODEL)
    return false;
  TextId symbol = engine_class_symbol(engine_class(e, place));
  return !symbol || is_listed(callee->reads, callee->read_count, symbol) ||
         is_listed(callee->writes, callee->write_count, symbol);
}

static bool is_in_variable(const Flow *flow, uint32_t site, const Holding *holding) {
  for (Index local = 0; local < flow->e->f->local_count; local++)
    if (holding->masks[local] >> site & 1)
      return true;
  return false;
}

static Inside call(const Flow *flow, uint32_t site, Holding *holding, const Instruction *inst,
                   State *after) {
  Engine *e = flow->e;
  const Summary *callee = owner_callee(e, inst);
  Fates fates = owner_fates(e, inst, after, FATES_POSSIBLE);
  bool is_lost = false;
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    TermId value = engine_value(e, after, e->f->args[inst->args + i]);
    if (!engine_contains(e, value, holding->object))
      continue;
    bool is_shown = (fates.shows & fate_bit(i)) && guard_on("shown");
    if (!callee || is_shown || fates.keeps & fate_bit(i) || may_touch(e, callee, holding->place))
      return INSIDE_GONE;
    is_lost |= value == holding->object && fates.closes & fate_bit(i);
  }
  if (!is_lost)
    return INSIDE_STAYS;
  if (!is_in_variable(flow, site, holding))
    return INSIDE_LOST;
  holding->object = holding->place = 0; // a variable still has it
  return INSIDE_STAYS;
}

Inside inside_step(const Flow *flow, uint32_t site, Holding *holding, uint32_t instruction,
                   State *after) {
  Engine *e = flow->e;
  const Instruction *inst = &e->f->instructions[instruction];
  switch ((InstructionKind)inst->kind) {
  case INST_LOAD: {
    TermId place = engine_place(e, after, inst->a);
    if (place == holding->place)
      holding->masks[e->temp_slots[inst->result]] |= 1u << site;
    else if (engine_contains(e, holding->place, place))
      return INSIDE_GONE; // the memory as a whole is copied
    return INSIDE_STAYS;
  }
  case INST_STORE: {
    TermId place = engine_place(e, after, inst->a);
    bool overwrites = engine_contains(e, holding->place, place);
    bool shares = e->f->nodes[inst->a].kind != NODE_LOCAL &&
                  engine_contains(e, engine_value(e, after, inst->b), holding->object);
    return overwrites || shares ? INSIDE_GONE : INSIDE_STAYS;
  }
  case INST_CALL:
    return call(flow, site, holding, inst, after);
  case INST_ASM:
    return INSIDE_GONE;
  default:
    return INSIDE_STAYS;
  }
}
