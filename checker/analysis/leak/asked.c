/* asked.c - branches on the way from where something is opened to where it is lost, that may
 * say more than the engine can tell: what the call left besides tells whether it opened anything,
 * and what was asked before has the answer that it had. */
#include "analysis/leak/leak.h"

#include "base/guard.h"
#include "ir/parts.h"

enum { CALLS_DEEP = 2, ARGUMENTS = 8 };

typedef struct {
  const Flow *flow;
  State *after;
  uint32_t site;
  TermId result; // of the call
  int depth;
} Outcome;

static bool tells_outcome(const Outcome *o, TermId id);

/* The status that the call returned, whatever is known of its value on this way. */
static bool is_status(const Outcome *o, NodeId id) {
  const Function *f = o->flow->e->f;
  const Site *site = &o->flow->sites[o->site];
  const Node *node = &f->nodes[without_casts(f, id)];
  return site->local != NO_BLOCK && node->kind == NODE_TEMP &&
         node->a == f->instructions[site->instruction].result;
}

/* What a call makes of what it is given: `if (report(error)) return;`. */
static bool is_given_outcome(const Outcome *o, uint32_t instruction) {
  Engine *e = o->flow->e;
  Outcome inner = *o;
  if (instruction >= e->f->instruction_count || !inner.depth-- || !guard_on("outcome-handed"))
    return false;
  const Instruction *inst = &e->f->instructions[instruction];
  for (uint32_t i = 0; inst->kind == INST_CALL && i < inst->arg_count && i < ARGUMENTS; i++)
    if (is_status(o, e->f->args[inst->args + i]) ||
        tells_outcome(&inner, engine_value(e, o->after, e->f->args[inst->args + i])))
      return true;
  return false;
}

/* What a question reads besides its arguments (question.c): the version of a class. */
static bool is_memory_read(const TermTable *terms, TermId id) {
  const Term *term = term_at(terms, id);
  return term->kind == TERM_LOAD && term_at(terms, term->a)->kind == TERM_GLOBAL;
}

/* Left besides by a call of which the opener was given the result: `copy(find(path, &error))`. */
static bool is_left_by_argument(const Outcome *o, const Term *load) {
  const Engine *e = o->flow->e;
  const Function *f = e->f;
  uint32_t opener = o->flow->sites[o->site].instruction;
  const Instruction *inst = &f->instructions[opener];
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    const Node *arg = &f->nodes[without_casts(f, f->args[inst->args + i])];
    for (uint32_t k = opener;
         arg->kind == NODE_TEMP && k-- > f->blocks[e->inst_blocks[opener]].first;)
      if (f->instructions[k].kind == INST_CALL && f->instructions[k].result == arg->a &&
          load->b == version_of_instruction(k))
        return term_is_in_local(e->terms, load->a) && guard_on("outcome-of-argument");
  }
  return false;
}

static bool tells_outcome(const Outcome *o, TermId id) {
  const TermTable *terms = o->flow->e->terms;
  const Site *site = &o->flow->sites[o->site];
  const Term *term = term_at(terms, id);
  bool has_status = site->local != NO_BLOCK, is_handed = o->depth < CALLS_DEEP;
  // Asked at once, it is known what it says; a constant is handed on by anybody
  if (has_status && is_handed && o->result && id == o->result && term->kind != TERM_CONSTANT)
    return true;
  switch ((TermKind)term->kind) {
  case TERM_UNARY:
  case TERM_CAST:
    return tells_outcome(o, term->a);
  case TERM_BINARY:
    return tells_outcome(o, term->a) || tells_outcome(o, term->b);
  case TERM_LIST:
    return (!is_memory_read(terms, term->a) && tells_outcome(o, term->a)) ||
           (term->b && tells_outcome(o, term->b));
  case TERM_PURE:
    return term->b && tells_outcome(o, term->b);
  case TERM_FRESH:
    return term->a != site->instruction && !term->b && is_given_outcome(o, term->a);
  default:
    if (has_status || term->kind != TERM_LOAD)
      return false;
    return (term->b == version_of_instruction(site->instruction) &&
            (!is_handed || term_is_in_local(terms, term->a))) || // that it was given the address of
           is_left_by_argument(o, term);
  }
}

/* `if (error)`, `if (!length)`: of what was opened in one local, a pointer or number says that was
 * left in another. */
static bool asks_other_output(const Outcome *o, NodeId id) {
  Engine *e = o->flow->e;
  const Site *site = &o->flow->sites[o->site];
  const Node *node = &e->f->nodes[without_casts(e->f, id)];
  bool compares =
      node->kind == NODE_BINARY && (node->operator== OPERATOR_EQ || node->operator== OPERATOR_NE);
  int64_t zero;
  if ((node->kind == NODE_UNARY && node->operator== OPERATOR_NOT) ||
      (compares && leak_constant(e->f, node->b, &zero) && !zero))
    return asks_other_output(o, node->a);
  TypeKind kind = e->f->types[node->type].kind;
  bool is_number = kind == TYPE_SIGNED || kind == TYPE_UNSIGNED;
  if (site->local == NO_BLOCK || (kind != TYPE_POINTER && !is_number))
    return false;
  const Term *term = term_at(e->terms, engine_value(e, o->after, id));
  return term->kind == TERM_LOAD && term->b == version_of_instruction(site->instruction) &&
         term_at(e->terms, term->a)->kind == TERM_LOCAL &&
         term_at(e->terms, term->a)->a != site->local && guard_on("other-output");
}

/* A function is asked about a record by value: what was opened may be in there. Libraries take some
 * addresses in unions that are transparent. */
static bool has_record(Engine *e, const Instruction *call) {
  const Function *f = e->f;
  const Summary *callee = owner_callee(e, call);
  if (!callee || (callee->flags & SUMMARY_MODEL))
    return false;
  for (uint32_t i = 0; i < call->arg_count; i++)
    if (f->types[f->nodes[f->args[call->args + i]].type].kind == TYPE_RECORD)
      return guard_on("record-asked");
  return false;
}

/* `name = make_name(); if (!name.length)`: a number beside the pointer, in a record that somebody
 * has made as a whole. */
static bool is_beside(const Outcome *o, NodeId place) {
  const Function *f = o->flow->e->f;
  TypeKind kind = f->types[f->nodes[place].type].kind;
  if (f->nodes[place].kind != NODE_FIELD || (kind != TYPE_SIGNED && kind != TYPE_UNSIGNED))
    return false;
  while (f->nodes[place].kind == NODE_FIELD)
    place = f->nodes[place].a;
  if (f->nodes[place].kind != NODE_LOCAL ||
      !(o->flow->holders.masks[f->nodes[place].a] >> o->site & 1))
    return false;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_STORE && inst->a == place && f->nodes[inst->b].kind == NODE_TEMP)
      return guard_on("number-beside");
  }
  return false;
}

/* `if (!is_set(value.of))`, `if (report(error))`, whatever is known of the answer. */
static bool asks_temp(const Outcome *o, NodeId id) {
  Engine *e = o->flow->e;
  const Function *f = e->f;
  const Block *b = &f->blocks[o->after->block];
  const Node *node = &f->nodes[id];
  if (node->kind == NODE_UNARY || node->kind == NODE_CAST)
    return asks_temp(o, node->a);
  if (node->kind == NODE_BINARY)
    return asks_temp(o, node->a) || asks_temp(o, node->b);
  const Instruction *inst = node_definition(f, node);
  if (!inst || inst < &f->instructions[b->first])
    return false;
  if (inst->kind == INST_CALL)
    return has_record(e, inst) || is_given_outcome(o, (uint32_t)(inst - f->instructions));
  return inst->kind == INST_LOAD && is_beside(o, inst->a);
}

/* The result of a call that is known to be a failure here: neither 0 nor above it. */
static bool is_failure(const Outcome *o, TermId value) {
  Engine *e = o->flow->e;
  const Term *term = term_at(e->terms, value);
  int64_t low, high;
  engine_range(e, o->after, value, &low, &high);
  return term->kind == TERM_FRESH && !term->b && low <= 0 &&
         engine_decide(e, o->after, value) == YES;
}

/* `if (error) result = translated(error); ... if (result)`: of an error another one is made, and
 * never none. */
static bool asks_translated(const Outcome *o, TermId id) {
  Engine *e = o->flow->e;
  const Function *f = e->f;
  const Term *term = term_at(e->terms, id);
  for (; term->kind == TERM_UNARY || term->kind == TERM_CAST; term = term_at(e->terms, term->a))
    ;
  if (term->kind != TERM_FRESH || term->b || term->a >= f->instruction_count)
    return false;
  const Instruction *inst = &f->instructions[term->a];
  for (uint32_t i = 0; inst->kind == INST_CALL && i < inst->arg_count && i < ARGUMENTS; i++) {
    const Node *arg = &f->nodes[without_casts(f, f->args[inst->args + i])];
    bool is_number = f->types[arg->type].kind == TYPE_SIGNED;
    if (is_number && is_failure(o, engine_value(e, o->after, f->args[inst->args + i])))
      return guard_on("translated");
  }
  return false;
}

bool leak_asks_outcome(const Flow *flow, uint32_t site, TermId result, State *after) {
  Outcome o = {flow, after, site, result, CALLS_DEEP};
  const Block *block = &flow->e->f->blocks[after->block];
  TermId condition = engine_value(flow->e, after, block->value);
  return asks_other_output(&o, block->value) || asks_temp(&o, block->value) ||
         tells_outcome(&o, condition) || asks_translated(&o, condition);
}

/* Gives it back or hands it on; not by opening another one in its place. */
static bool cares(const Flow *flow, uint32_t site, Index block) {
  const Block *b = &flow->e->f->blocks[block];
  for (uint32_t i = b->first; i < b->first + b->count; i++)
    if ((flow->events[i] >> site & 1) &&
        !(i == flow->sites[site].instruction && guard_on("opened-instead")))
      return true;
  return false;
}

bool *leak_cared_for(const Flow *flow, uint32_t site) {
  const Cfg *cfg = flow->e->cfg;
  Index opening = flow->e->inst_blocks[flow->sites[site].instruction];
  uint32_t count = flow->e->f->block_count, depth = 0;
  bool *cared_for = arena_new_array(flow->e->arena, bool, count);
  Index *stack = arena_new_array(flow->e->arena, Index, count);
  for (Index b = 0; b < count; b++) {
    bool ends = cares(flow, site, b) || (flow->returned[b] >> site & 1);
    cared_for[b] = ends && cfg->position[b] != NO_BLOCK;
    if (cared_for[b])
      stack[depth++] = b;
  }
  while (depth) {
    Index block = stack[--depth];
    for (uint32_t i = 0; i < cfg->predecessor_counts[block]; i++) {
      Index before = cfg->predecessors[block][i];
      bool ends =
          before == opening || flow->sites[site].leaks[before]; // opens another, or loses it
      if (!cared_for[before] && !ends) {
        cared_for[before] = true;
        stack[depth++] = before;
      }
    }
  }
  return cared_for;
}

/* ---- the same question once more */

typedef struct {
  Engine *e;
  State *state;
  bool any; // something was known of what was there before
} Before;

static bool is_listed(const TextId *symbols, uint32_t count, TextId symbol) {
  for (uint32_t i = 0; i < count; i++)
    if (symbols[i] == symbol)
      return true;
  return false;
}

static bool stores(const Engine *e, uint32_t instruction, TextId symbol) {
  const Summary *callee = e->noted[instruction];
  return leak_stores_in(e, instruction, symbol) ||
         (callee && is_listed(callee->stores, callee->store_count, symbol));
}

static Index block_of_version(const Engine *e, uint32_t version) {
  return version & 1 ? (version >> 1) - 1 : e->inst_blocks[(version >> 1) - 1];
}

/* Does the function write it where it stands, or one that it calls itself (question.c), before it
 * got that version? */
static bool is_written_at_hand(const Engine *e, TextId symbol, uint32_t version) {
  const Cfg *cfg = e->cfg;
  Index last = block_of_version(e, version), loop = cfg->innermost[last];
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    Index block = e->inst_blocks[i];
    bool is_later = cfg->position[block] > cfg->position[last] &&
                    !(loop != NO_LOOP && cfg_in_loop(cfg, loop, block));
    if (!is_later && stores(e, i, symbol))
      return true;
  }
  return false;
}

/* What was in the place before something far below may have written it, if that was asked for. */
static TermId value_before(Before *before, TermId id) {
  Engine *e = before->e;
  const Term load = *term_at(e->terms, id);
  TextId symbol = engine_class_symbol(engine_class(e, load.a));
  for (uint32_t i = 0; i < before->state->fact_count && load.b && symbol; i++) {
    TermId asked = before->state->facts[i].term;
    const Term *known = term_at(e->terms, asked);
    if (known->kind != TERM_LOAD || known->a != load.a || known->b == load.b)
      continue;
    if (is_written_at_hand(e, symbol, load.b))
      return id;
    before->any = true;
    return asked;
  }
  return id;
}

static TermId as_before(void *context, TermId id) {
  Before *before = context;
  Engine *e = before->e;
  const Term term = *term_at(e->terms, id);
  switch ((TermKind)term.kind) {
  case TERM_UNARY:
  case TERM_BINARY:
    return engine_rebuild(e, &term, as_before, before);
  case TERM_LOAD:
    return value_before(before, id);
  default:
    return id;
  }
}

bool leak_asks_again(Engine *e, State *after, Index block, uint32_t edge) {
  Before before = {.e = e, .state = after};
  TermId condition = as_before(&before, engine_value(e, after, e->f->blocks[block].value));
  return before.any && guard_on("asked-before") &&
         engine_decide(e, after, condition) == (edge ? YES : NO);
}
