/* told.c - a field that tells which way the function went: one way stores into it, and what
 * comes behind both asks whether it is set. On the way that did not store, it would have to be set
 * from an earlier time, to this very object; that is possible, and seldom what happens. */
#include "analysis/leak/leak.h"

#include "base/guard.h"

/* The place whose value at the entry of the function the condition is about, or 0. */
static TermId asked_place(const TermTable *terms, TermId condition) {
  const Term *term = term_at(terms, condition);
  while (term->kind == TERM_UNARY || term->kind == TERM_CAST ||
         (term->kind == TERM_BINARY && term_at(terms, term->b)->kind == TERM_CONSTANT)) {
    condition = term->a;
    term = term_at(terms, condition);
  }
  return term->kind == TERM_LOAD && !term->b ? condition : 0;
}

bool leak_stores_in(const Engine *e, uint32_t instruction, TextId symbol) {
  const Instruction *inst = &e->f->instructions[instruction];
  const Node *place = &e->f->nodes[inst->a];
  return inst->kind == INST_STORE &&
         ((place->kind == NODE_FIELD && engine_field(e, place->b) == symbol) ||
          (place->kind == NODE_GLOBAL && e->function->symbols[place->a] == symbol));
}

static bool sets(const Engine *e, uint32_t instruction, TextId symbol) {
  int64_t constant;
  return leak_stores_in(e, instruction, symbol) &&
         !(leak_constant(e->f, e->f->instructions[instruction].b, &constant) && !constant);
}

/* Forward, from any block that sets it. */
static bool is_set_before(const Engine *e, Index asking, TextId symbol) {
  const Function *f = e->f;
  const Cfg *cfg = e->cfg;
  bool *reached = arena_new_array(e->transit, bool, f->block_count);
  for (Index i = 0; i < cfg->order_count; i++) {
    Index b = cfg->order[i];
    const Block *block = &f->blocks[b];
    reached[b] = false;
    for (uint32_t k = 0; k < cfg->predecessor_counts[b] && !reached[b]; k++) {
      Index before = cfg->predecessors[b][k];
      reached[b] =
          cfg->position[before] != NO_BLOCK && !cfg_is_back_edge(cfg, before, b) && reached[before];
    }
    for (uint32_t k = block->first; k < block->first + block->count && !reached[b]; k++)
      reached[b] = sets(e, k, symbol);
    if (b == asking)
      return reached[b];
  }
  return false;
}

bool leak_asks_other_way(Engine *e, State *after, State *taken, Index block) {
  TermId load = asked_place(e->terms, engine_value(e, after, e->f->blocks[block].value));
  if (!load || engine_decide(e, after, load) != UNKNOWN || engine_decide(e, taken, load) != YES ||
      !guard_on("told-by-field"))
    return false;
  TextId symbol = engine_class_symbol(engine_class(e, term_at(e->terms, load)->a));
  return symbol && is_set_before(e, block, symbol);
}
