/* owner.c - who may hold a value: variables, temps and parts of locals, a bit for each value that
 * is followed. What a call does with the values that it is given comes from its summary. Parameters
 * are followed without regard to order (fates.c), and what was opened here along the ways of the
 * function (leak/leak.c). */
#include "analysis/owner.h"

#include <string.h>

#include "base/guard.h"
#include "ir/parts.h"

uint32_t fate_bit(uint32_t parameter) {
  return 1u << (parameter < LAST_BIT ? parameter : LAST_BIT);
}

/* ---- what nodes carry */

static NodeId root_of(const Function *f, NodeId place) {
  while (f->nodes[place].kind == NODE_FIELD || f->nodes[place].kind == NODE_INDEX)
    place = f->nodes[place].a;
  return place;
}

static bool is_comparison(uint8_t operator) {
  return operator== OPERATOR_EQ || operator== OPERATOR_NE || operator== OPERATOR_LT || operator==
      OPERATOR_LE || operator== OPERATOR_GT || operator== OPERATOR_GE;
}

/* Pointers are packed into numbers without a sign: tags, and the links of XOR lists. */
static bool may_pack(const Function *f, const Node *node) {
  return !is_comparison(node->operator) && f->types[node->type].kind != TYPE_SIGNED;
}

uint32_t holders_carried(const Holders *h, NodeId id) {
  const Function *f = h->e->f;
  const Node *node = &f->nodes[id];
  switch ((NodeKind)node->kind) {
  case NODE_VAR:
    return h->masks[node->a];
  case NODE_TEMP:
    return h->masks[h->e->temp_slots[node->a]];
  case NODE_CAST:
  case NODE_SHIFT:
    return holders_carried(h, node->a);
  case NODE_UNARY:
    return node->operator== OPERATOR_NOT ? 0 : holders_carried(h, node->a) & h->pointers;
  case NODE_BINARY:
    return may_pack(f, node)
               ? (holders_carried(h, node->a) | holders_carried(h, node->b)) & h->pointers
               : 0;
  case NODE_ADDRESS: { // of a part of what it points to
    const Node *root = &f->nodes[root_of(f, node->a)];
    return root->kind == NODE_DEREF ? holders_carried(h, root->a) & h->pointers : 0;
  }
  default:
    return 0;
  }
}

/* The local that a place is, or is a part of, also by way of a variable that points to it;
 * NO_BLOCK: none. */
static Index local_of(const Holders *h, NodeId place) {
  const Node *root = &h->e->f->nodes[root_of(h->e->f, place)];
  if (root->kind == NODE_DEREF && h->targets)
    return holders_addressed(h, root->a);
  return root->kind == NODE_LOCAL ? root->a : NO_BLOCK;
}

Index holders_addressed(const Holders *h, NodeId value) {
  const Function *f = h->e->f;
  const Node *node = &f->nodes[value];
  while (node->kind == NODE_CAST || node->kind == NODE_SHIFT)
    node = &f->nodes[node->a];
  if (node->kind == NODE_VAR && h->targets)
    return h->targets[node->a].local;
  return node->kind == NODE_ADDRESS ? local_of(h, node->a) : NO_BLOCK;
}

/* Which variables point to locals, and of which locals the address is kept in memory. */
void holders_find_targets(Holders *h) {
  const Function *f = h->e->f;
  Target *targets = arena_new_array(h->e->arena, Target, f->local_count);
  for (Index i = 0; i < f->local_count; i++)
    targets[i].local = NO_BLOCK;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    Index local = inst->kind == INST_STORE ? holders_addressed(h, inst->b) : NO_BLOCK;
    if (local == NO_BLOCK)
      continue;
    const Node *place = &f->nodes[inst->a];
    bool named = place->kind == NODE_LOCAL && !(f->locals[place->a].flags & LOCAL_ADDRESS_TAKEN);
    if (named && (targets[place->a].local == NO_BLOCK || targets[place->a].local == local))
      targets[place->a].local = local;
    else
      targets[local].is_exposed = true;
  }
  if (guard_on("targets"))
    h->targets = targets;
}

/* ---- what calls do */

/* A condition about the result, in this function's terms; 0 for any other. */
static TermId about_result(Engine *e, const TermTable *terms, TermId id, TermId result) {
  const Term term = *term_at(terms, id);
  if (term.kind == TERM_RESULT)
    return result;
  if (term.kind == TERM_CONSTANT)
    return term_constant(e->terms, term.value);
  if (term.kind != TERM_BINARY && term.kind != TERM_UNARY)
    return 0;
  TermId a = about_result(e, terms, term.a, result);
  TermId b = term.kind == TERM_BINARY ? about_result(e, terms, term.b, result) : a;
  if (!a || !b)
    return 0;
  return term.kind == TERM_UNARY ? engine_unary(e, term.operator, a)
                                 : engine_binary(e, term.operator, a, b);
}

static bool is_in_bounds(Engine *e, State *state, const Case *k, TermId result) {
  if (!guard_on("result-in-bounds"))
    return true;
  int64_t low, high;
  engine_range(e, state, result, &low, &high);
  return low <= k->high && high >= k->low && !(k->no_zero && engine_decide(e, state, result) == NO);
}

bool owner_is_possible(Engine *e, State *state, const Summary *summary, const Case *k,
                       TermId result) {
  if (result && !is_in_bounds(e, state, k, result))
    return false;
  for (uint32_t i = 0; i < k->condition_count && result; i++) {
    TermId condition = about_result(e, summary->terms, k->conditions[i].value, result);
    Decision decided = condition ? engine_decide(e, state, condition) : UNKNOWN;
    if (decided != UNKNOWN && (decided == YES) != k->conditions[i].is_true)
      return false;
  }
  return true;
}

/* The function that a local, of which nobody has the address, is set to wherever it is set; 0:
 * none, or it is not always the same. */
static TextId only_function(const Engine *e, Index local) {
  const Function *f = e->f;
  TextId only = 0;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL ||
        f->nodes[inst->a].a != local)
      continue;
    const Node *value = &f->nodes[without_casts(f, inst->b)];
    TextId symbol = value->kind == NODE_FUNCTION ? e->function->symbols[value->a] : 0;
    if (!symbol || (only && only != symbol))
      return 0;
    only = symbol;
  }
  return local < f->parameter_count ? 0 : only;
}

/* The function that is called, by its name or by way of such a local; 0: not known. */
static TextId callee_symbol(const Engine *e, const Instruction *inst) {
  const Node *callee = &e->f->nodes[inst->a];
  if (callee->kind == NODE_FUNCTION)
    return e->function->symbols[callee->a];
  return callee->kind == NODE_VAR && guard_on("only-function") ? only_function(e, callee->a) : 0;
}

static bool is_builtin(const Engine *e, const Instruction *inst) {
  const Node *callee = &e->f->nodes[inst->a];
  return callee->kind == NODE_FUNCTION &&
         !strncmp(e->f->symbols[callee->a].name, "__builtin_", strlen("__builtin_"));
}

/* The function, or the field or global that the pointer to it is read from. */
static TextId called_symbol(const Engine *e, const Instruction *inst) {
  const Function *f = e->f;
  const Node *callee = &f->nodes[inst->a];
  if (callee_symbol(e, inst))
    return callee_symbol(e, inst);
  const Block *block = &f->blocks[e->inst_blocks[inst - f->instructions]];
  for (uint32_t i = (uint32_t)(inst - f->instructions);
       i-- > block->first && callee->kind == NODE_TEMP;) {
    const Instruction *load = &f->instructions[i];
    if (load->result != callee->a || load->kind != INST_LOAD)
      continue;
    const Node *place = &f->nodes[load->a];
    return place->kind == NODE_FIELD    ? e->function->symbols[place->b]
           : place->kind == NODE_GLOBAL ? e->function->symbols[place->a]
                                        : 0;
  }
  return 0;
}

const Summary *owner_callee(Engine *e, const Instruction *inst) {
  TextId direct = callee_symbol(e, inst), symbol = direct ? direct : called_symbol(e, inst);
  const Summary *summary = symbol ? engine_summary(e, symbol) : NULL;
  uint32_t flags = summary ? summary->flags : SUMMARY_UNKNOWN;
  return (flags & SUMMARY_UNKNOWN) || !(direct || (flags & SUMMARY_MODEL)) ? NULL : summary;
}

Fates owner_fates(Engine *e, const Instruction *inst, State *after, Certainty certainty) {
  const Summary *summary = owner_callee(e, inst);
  if (!summary) {
    TextId symbol = called_symbol(e, inst);
    Fates fates = {0};
    bool known = is_builtin(e, inst) || (symbol && engine_call_fates(e, symbol, &fates));
    return known ? fates : (Fates){.keeps = UINT32_MAX};
  }
  TermId result = after && inst->result ? state_value(after, e->temp_slots[inst->result]) : 0;
  Fates fates = {0};
  uint32_t keeps = UINT32_MAX, closes = UINT32_MAX;
  bool any = false;
  for (uint32_t i = 0; i < summary->case_count; i++) {
    const Case *k = &summary->cases[i];
    if (after && guard_on("fates") && !owner_is_possible(e, after, summary, k, result))
      continue;
    fates_join(&fates, &k->fates);
    keeps &= k->fates.keeps;
    closes &= k->fates.closes;
    any = true;
  }
  if (certainty == FATES_SURE && any) {
    fates.keeps = keeps;
    fates.closes = closes;
    fates.stores &= keeps;
  }
  return fates;
}

uint32_t holders_may_keep(const Holders *h, const Instruction *call) {
  Fates fates = owner_fates(h->e, call, NULL, FATES_POSSIBLE);
  uint32_t kept = 0, keeps = fates.keeps & ~placed_arguments(h, call, &fates).arguments;
  for (uint32_t i = 0; i < call->arg_count; i++)
    if (keeps & fate_bit(i))
      kept |= holders_carried(h, h->e->f->args[call->args + i]);
  return kept;
}

/* A local whose address is handed on: libraries only read what they are given this way, as far as
 * their models say nothing else; of bodies it is known. */
static bool may_empty(const Holders *h, const Instruction *inst, uint32_t argument,
                      const Fates *fates) {
  const Summary *summary = owner_callee(h->e, inst);
  bool model = summary ? (summary->flags & SUMMARY_MODEL) != 0 : is_builtin(h->e, inst);
  uint32_t disturbs = h->adds ? fates->takes : fates->disturbs;
  return (!model && !guard_on("undisturbed")) || (inst->flags & CALL_SCOPE_CLEANUP) ||
         ((fates->keeps | fates->closes | fates->copies | disturbs) & fate_bit(argument));
}

static Happened call(Holders *h, const Instruction *inst, State *after, Certainty certainty) {
  Engine *e = h->e;
  Happened happened = {0};
  Fates fates = owner_fates(e, inst, after, certainty);
  Placed placed = placed_arguments(h, inst, &fates);
  uint32_t returned = 0, stored = 0;
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    NodeId arg = e->f->args[inst->args + i];
    uint32_t carried = holders_carried(h, arg), bit = fate_bit(i);
    Index local = holders_addressed(h, arg);
    if (fates.closes & bit)
      happened.closed |= carried;
    else if (fates.keeps & ~placed.arguments & bit)
      happened.kept |= carried;
    else if (fates.keeps & bit)
      stored |= carried;
    if (fates.returns & bit)
      returned |= carried;
    if (local == NO_BLOCK || !h->masks[local] || !may_empty(h, inst, i, &fates) ||
        variadic_only_read(h, local, i, &fates))
      continue;
    if (inst->flags & CALL_SCOPE_CLEANUP)
      happened.closed |= h->masks[local];
    else
      happened.kept |= h->masks[local];
  }
  if (stored)
    placed_hold(h, inst, &fates, stored);
  happened.into = stored ? placed.into : 0;
  happened.stored = placed.into ? stored & ~happened.kept : 0;
  happened.kept |= happened.stored;
  returned |= variadic_taken(h, inst);
  variadic_begin(h, inst);
  if (inst->result)
    h->masks[e->temp_slots[inst->result]] = returned;
  return happened;
}

/* ---- one instruction */

NodeId holders_base(const Function *f, NodeId id) {
  for (;;) {
    const Node *node = &f->nodes[id];
    if (node->kind == NODE_ADDRESS) {
      NodeId root = root_of(f, node->a);
      if (f->nodes[root].kind != NODE_DEREF)
        return id;
      id = f->nodes[root].a;
    } else if (node->kind == NODE_CAST || node->kind == NODE_SHIFT) {
      id = node->a;
    } else {
      return id;
    }
  }
}

/* The objects that a place is in, when it is one of which the index is known. */
static uint32_t objects_of(const Holders *h, NodeId place) {
  const Function *f = h->e->f;
  for (; f->nodes[place].kind == NODE_FIELD || f->nodes[place].kind == NODE_INDEX;
       place = f->nodes[place].a)
    if (f->nodes[place].kind == NODE_INDEX && f->nodes[f->nodes[place].b].kind != NODE_CONSTANT)
      return 0;
  bool shifts = f->nodes[f->nodes[place].a].kind == NODE_SHIFT;
  return f->nodes[place].kind == NODE_DEREF && !shifts
             ? holders_carried(h, f->nodes[place].a) & h->objects
             : 0;
}

static bool store_inside(Holders *h, const Instruction *inst, uint32_t carried) {
  uint32_t objects = h->objects ? objects_of(h, inst->a) : 0;
  h->itself |= objects & carried;
  h->inside |= objects ? carried & ~objects : 0;
  for (uint32_t i = 0; i <= LAST_BIT; i++)
    if (objects >> i & 1)
      h->masks[h->contents + i] |= carried & ~objects;
  return objects != 0;
}

/* Those that can be the value of a place. Unsound: a number may be a pointer that was cast. */
static uint32_t of_kind(const Holders *h, NodeId place, uint32_t values) {
  const Function *f = h->e->f;
  TypeKind kind = f->types[f->nodes[place].type].kind;
  bool pointer = kind == TYPE_POINTER, number = kind == TYPE_SIGNED || kind == TYPE_UNSIGNED;
  return pointer ? values & (h->pointers | h->records) : number ? values & ~h->pointers : values;
}

/* What may be read from an object: a part of its own kind only. */
static uint32_t read_inside(const Holders *h, NodeId place) {
  uint32_t objects = h->objects ? objects_of(h, place) : 0, inside = 0;
  for (uint32_t i = 0; i <= LAST_BIT; i++)
    if (objects >> i & 1)
      inside |= h->masks[h->contents + i];
  return of_kind(h, place, inside | (objects & h->itself));
}

/* Of a variable's members each has what fits it. */
static uint32_t read_local(const Holders *h, NodeId place, Index local) {
  bool whole = h->e->f->nodes[place].kind == NODE_LOCAL;
  return whole ? h->masks[local] : of_kind(h, place, h->masks[local]);
}

/* The values through which one comes to the place. */
uint32_t holders_reached(const Holders *h, NodeId place) {
  const Node *root = &h->e->f->nodes[root_of(h->e->f, place)];
  return h->is_deep && root->kind == NODE_DEREF ? holders_carried(h, root->a) : 0;
}

/* What is stored there is no descriptor. A pointer that is copied to bytes is one (`memcpy`). */
static bool is_character(const Function *f, const Instruction *store) {
  const Type *type = &f->types[f->nodes[store->a].type];
  return (type->kind == TYPE_SIGNED || type->kind == TYPE_UNSIGNED) && type->size == 1 &&
         f->types[f->nodes[store->b].type].kind != TYPE_POINTER && guard_on("characters");
}

static Happened store(Holders *h, const Instruction *inst) {
  const Function *f = h->e->f;
  uint32_t carried = is_character(f, inst) ? 0 : holders_carried(h, inst->b);
  Index local = local_of(h, inst->a);
  if (local != NO_BLOCK) {
    const Node *place = &f->nodes[inst->a];
    bool element = place->kind == NODE_INDEX && f->nodes[place->b].kind != NODE_CONSTANT;
    if ((element && !h->adds) || (h->targets && h->targets[local].is_exposed))
      return (Happened){.kept = carried}; // Unsound: arrays of them are not followed
    if (place->kind != NODE_LOCAL || h->adds) {
      h->masks[local] |= carried;
      return (Happened){0};
    }
    Happened happened = {.overwritten = h->masks[local] & (~carried | h->again)};
    h->masks[local] = carried;
    return happened;
  }
  if (carried && store_inside(h, inst, carried))
    return (Happened){0};
  const Node *root = &f->nodes[root_of(f, inst->a)];
  bool itself = root->kind == NODE_DEREF && holders_base(f, root->a) == holders_base(f, inst->b);
  Index given = carried ? placed_behind(h, inst->a) : NO_BLOCK;
  return (Happened){.kept = itself ? 0 : carried,
                    .stored = given == NO_BLOCK ? 0 : carried,
                    .into = given == NO_BLOCK ? 0 : fate_bit(given)};
}

Happened holders_step(Holders *h, const Instruction *inst, State *after, Certainty certainty) {
  Engine *e = h->e;
  Happened happened = {0};
  switch ((InstructionKind)inst->kind) {
  case INST_LOAD: {
    Index local = local_of(h, inst->a);
    h->masks[e->temp_slots[inst->result]] =
        local == NO_BLOCK ? read_inside(h, inst->a) | holders_reached(h, inst->a)
                          : read_local(h, inst->a, local);
    break;
  }
  case INST_COPY:
    h->masks[e->temp_slots[inst->result]] = holders_carried(h, inst->a);
    break;
  case INST_STORE:
    return store(h, inst);
  case INST_CALL:
    return call(h, inst, after, certainty);
  case INST_DECLARE:
    if (!h->adds) {
      happened.overwritten = h->masks[inst->a];
      h->masks[inst->a] = 0;
    }
    break;
  case INST_ASM:
    for (uint32_t i = 0; i < inst->arg_count; i++) {
      Index local = holders_addressed(h, e->f->args[inst->args + i]);
      happened.kept |= holders_carried(h, e->f->args[inst->args + i]);
      happened.kept |= local == NO_BLOCK ? 0 : h->masks[local];
    }
    break;
  default:
    break;
  }
  return happened;
}
