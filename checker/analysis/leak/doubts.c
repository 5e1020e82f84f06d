/* doubts.c - ways that look possible and often are not: what the code does on the other side of a
 * branch, or in loops, says that its author knows more than the engine. */
#include "analysis/leak/way.h"

#include "base/guard.h"
#include "ir/parts.h"

/* A loop that would have handed it on goes round no time at all. */
bool way_skips_loop(const Search *s, const State *at, Index next) {
  const Cfg *cfg = s->flow->e->cfg;
  Index loop = cfg->innermost[at->block];
  if (loop == NO_LOOP || cfg->loops[loop].header != at->block || cfg_in_loop(cfg, loop, next) ||
      cfg_in_loop(cfg, loop, s->flow->e->inst_blocks[s->flow->sites[s->site].instruction]))
    return false;
  if (!at->parent_count || cfg_in_loop(cfg, loop, at->parents[0]->block))
    return false;
  for (uint32_t i = 0; i < cfg->loops[loop].block_count; i++)
    if (leak_closes(s->flow, s->site, cfg->loops[loop].blocks[i]))
      return true;
  return false;
}

/* Only loops hand it on, element by element: who comes by none of them has nothing to keep. */
bool way_is_kept_in_loops(const Search *s) {
  const Engine *e = s->flow->e;
  Index opened = e->inst_blocks[s->flow->sites[s->site].instruction];
  bool any = false;
  for (Index b = 0; b < e->f->block_count; b++) {
    if (s->flow->returned[b] >> s->site & 1)
      return false;
    if (!leak_closes(s->flow, s->site, b))
      continue;
    any = true;
    Index loop = e->cfg->position[b] == NO_BLOCK ? NO_LOOP : e->cfg->innermost[b];
    if (loop == NO_LOOP || cfg_in_loop(e->cfg, loop, opened))
      return false;
  }
  return any;
}

/* A choice in a loop, such as an option, that may be made but once. */
bool way_is_choice(const Search *s) {
  const Cfg *cfg = s->flow->e->cfg;
  Index opened = s->flow->e->inst_blocks[s->flow->sites[s->site].instruction];
  Index loop = cfg->innermost[opened];
  for (uint32_t i = 0; loop != NO_LOOP && i < cfg->predecessor_counts[cfg->loops[loop].header];
       i++) {
    Index from = cfg->predecessors[cfg->loops[loop].header][i];
    if (cfg->position[from] != NO_BLOCK && cfg_is_back_edge(cfg, from, cfg->loops[loop].header) &&
        !cfg_dominates(cfg, opened, from))
      return true;
  }
  return false;
}

/* The condition says that a parameter is null. */
static bool is_for_null(const TermTable *terms, const Condition *condition) {
  const Term *term = term_at(terms, condition->value);
  if (term->kind == TERM_PARAM)
    return !condition->is_true;
  return term->kind == TERM_BINARY &&
         term->operator== OPERATOR_EQ && condition->is_true && term_at(terms, term->a)->kind ==
             TERM_PARAM &&
         term_at(terms, term->b)->kind == TERM_CONSTANT && !term_at(terms, term->b)->value;
}

/* `return push(queue, given);`: it is refused only for want of a queue, and nobody asks whether it
 * was. */
bool way_is_refused_for_null(const Search *s, State *after, uint32_t instruction) {
  Engine *e = s->flow->e;
  const Function *f = e->f;
  const Block *b = &f->blocks[e->inst_blocks[instruction]];
  const Instruction *inst = &f->instructions[instruction];
  const Summary *callee = owner_callee(e, inst);
  const Node *returned = b->value ? &f->nodes[without_casts(f, b->value)] : NULL;
  if (!callee || b->terminator != TERM_RETURN || !returned || returned->kind != NODE_TEMP ||
      returned->a != inst->result)
    return false;
  uint32_t given = 0;
  for (uint32_t i = 0; i < inst->arg_count; i++)
    if (holders_carried(&s->flow->holders, f->args[inst->args + i]) >> s->site & 1)
      given |= fate_bit(i);
  for (uint32_t n = 0; n < callee->case_count; n++) {
    const Case *k = &callee->cases[n];
    bool is_null = ((k->fates.keeps | k->fates.closes) & given) != 0;
    for (uint32_t i = 0; i < k->condition_count && !is_null; i++)
      is_null = is_for_null(callee->terms, &k->conditions[i]);
    if (!is_null &&
        owner_is_possible(e, after, callee, k, state_value(after, e->temp_slots[inst->result])))
      return false;
  }
  return guard_on("refused-for-null");
}

/* `get(out ? &value : NULL)`: why it was given where to leave it is not known any more. */
bool way_may_give_none(const Search *s, State *after) {
  Engine *e = s->flow->e;
  const Site *site = &s->flow->sites[s->site];
  const Instruction *call = &e->f->instructions[site->instruction];
  for (uint32_t i = 0; i < call->arg_count && site->local != NO_BLOCK; i++) {
    NodeId arg = e->f->args[call->args + i];
    if (holders_addressed(&s->flow->holders, arg) == site->local)
      return term_at(e->terms, engine_value(e, after, arg))->kind == TERM_PHI &&
             guard_on("given-none");
  }
  return false;
}

static bool opens(const Search *s, uint32_t instruction) {
  for (uint32_t i = 0; i < s->flow->site_count; i++)
    if (s->flow->sites[i].instruction == instruction)
      return true;
  return false;
}

/* It gives it back, or hands it on, for no other in exchange. */
static bool ends(const Search *s, Index block) {
  const Block *b = &s->flow->e->f->blocks[block];
  for (uint32_t i = b->first; i < b->first + b->count; i++)
    if ((s->flow->events[i] >> s->site & 1) && !opens(s, i))
      return true;
  return false;
}

/* The store to the local, of more than a constant; NO_INSTRUCTION: there is none in the block. */
static uint32_t set_in(const Function *f, Index block, Index local) {
  const Block *b = &f->blocks[block];
  for (uint32_t i = b->first; i < b->first + b->count; i++) {
    const Instruction *inst = &f->instructions[i];
    int64_t constant;
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
        f->nodes[inst->a].a == local && !leak_constant(f, inst->b, &constant))
      return i;
  }
  return NO_INSTRUCTION;
}

/* `result = get(&p); ...; result = use(p);`: it says how that went, and no more of p. */
static bool is_set_again(const Function *f, const Way *way, Index opened, Index local) {
  const State *at = way->state;
  for (; at->block != opened; at = at->parents[0]) {
    if (set_in(f, at->block, local) != NO_INSTRUCTION)
      return guard_on("set-again");
    if (!at->parent_count)
      return false;
  }
  return false;
}

/* `if (length) free(p)`: what was set together with the value may say whether it is there. */
bool way_is_set_with(const Search *s, const Way *way, Index block, uint32_t edge) {
  const Function *f = s->flow->e->f;
  const Block *b = &f->blocks[block];
  if (!ends(s, f->edges[b->edges + 1 - edge].block))
    return false;
  const Node *node = &f->nodes[b->value];
  while (node->kind == NODE_UNARY || node->kind == NODE_BINARY || node->kind == NODE_CAST)
    node = &f->nodes[node->a];
  Index opened = s->flow->e->inst_blocks[s->flow->sites[s->site].instruction];
  uint32_t about = holders_carried(&s->flow->holders, b->value);
  return node->kind == NODE_VAR && !((about | s->flow->holders.masks[node->a]) >> s->site & 1) &&
         set_in(f, opened, node->a) != NO_INSTRUCTION && !is_set_again(f, way, opened, node->a);
}

static uint32_t given(const Search *s, const Instruction *call) {
  uint32_t given = 0;
  for (uint32_t i = 0; i < call->arg_count; i++)
    given |= holders_carried(&s->flow->holders, s->flow->e->f->args[call->args + i]);
  return given;
}

/* The result of a call that opens nothing, and is not given it. */
static bool is_found(const Search *s, const Instruction *store) {
  const Engine *e = s->flow->e;
  const Function *f = e->f;
  const Node *value = &f->nodes[without_casts(f, store->b)];
  const Instruction *made = node_definition(f, value);
  return made && made->kind == INST_CALL && !opens(s, (uint32_t)(made - f->instructions)) &&
         !(given(s, made) >> s->site & 1);
}

/* Behind one instruction, may the other one come? */
static bool comes_behind(const Search *s, uint32_t from, uint32_t to) {
  const Engine *e = s->flow->e;
  const Function *f = e->f;
  Index goal = e->inst_blocks[to];
  if (e->inst_blocks[from] == goal && from < to)
    return true;
  bool *seen = arena_new_array(e->transit, bool, f->block_count);
  Index *open = arena_new_array(e->transit, Index, f->block_count);
  uint32_t count = 0;
  for (Index b = e->inst_blocks[from];; b = open[--count]) {
    for (uint32_t i = 0; i < f->blocks[b].edge_count; i++) {
      Index next = f->edges[f->blocks[b].edges + i].block;
      if (next == goal)
        return true;
      if (!seen[next])
        open[count++] = next;
      seen[next] = true;
    }
    if (!count)
      return false;
  }
}

/* Does where a flag is set hang on whether it was found or made? */
static bool tells_found(const Search *s, uint32_t found, uint32_t set) {
  const Engine *e = s->flow->e;
  uint32_t made = s->flow->sites[s->site].instruction;
  Index opened = e->inst_blocks[made];
  if (!comes_behind(s, found, set))
    return !cfg_dominates(e->cfg, e->inst_blocks[found], opened);
  return cfg_dominates(e->cfg, opened, e->inst_blocks[set]) || !comes_behind(s, made, set);
}

/* The condition is made of flags of the function's own, none of which says whether it was found. */
static bool is_of_other_flags(const Search *s, NodeId id, uint32_t found) {
  const Function *f = s->flow->e->f;
  const Node *node = &f->nodes[without_casts(f, id)];
  if (node->kind == NODE_UNARY || node->kind == NODE_BINARY)
    return is_of_other_flags(s, node->a, found) &&
           (node->kind == NODE_UNARY || is_of_other_flags(s, node->b, found));
  if (node->kind != NODE_VAR || node->a < f->parameter_count ||
      (f->locals[node->a].flags & LOCAL_ADDRESS_TAKEN))
    return node->kind == NODE_CONSTANT;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    int64_t constant;
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
        f->nodes[inst->a].a == node->a &&
        (!leak_constant(f, inst->b, &constant) || tells_found(s, found, i)))
      return false;
  }
  return guard_on("other-flags");
}

/* `data = find(key); if (!data) data = make(); ... if (!in_use(key)) free(data);`: what is freed
 * under some condition may not have been made here, and the condition may say so. */
bool way_may_be_borrowed(const Search *s, const Way *way, Index block, uint32_t edge) {
  const Function *f = s->flow->e->f;
  const Block *b = &f->blocks[block];
  if (!ends(s, f->edges[b->edges + 1 - edge].block) || !guard_on("borrowed"))
    return false;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
        (way->holding.masks[f->nodes[inst->a].a] >> s->site & 1) && is_found(s, inst) &&
        !is_of_other_flags(s, b->value, i))
      return true;
  }
  return false;
}
