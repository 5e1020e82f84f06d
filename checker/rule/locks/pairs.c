/* pairs.c - which two locks of one class are taken in both orders by threads that may run at
 * the same time. Who calls decides which two they are, so calls are followed upward until the
 * arguments are objects with names, or nothing is known of them any more. */
#include <string.h>

#include "base/guard.h"
#include "rule/pass.h"
#include "wait/beside.h"
#include "wait/domains.h"

enum { CALLERS = 40, LEVELS = 4, BINDINGS = 2000, NODE_DEPTH = 8 };

typedef enum { GIVEN_PARAMETER_OF, GIVEN_NAMED, GIVEN_NUMBER, GIVEN_UNKNOWN } GivenAs;
typedef struct {
  GivenAs as;
  uint32_t parameter;
  TextId symbol;
  int64_t number;
} Object;

/* The two objects that a row is about, when it is reached by this call. */
typedef struct {
  const PairRow *row;
  Object first, second;
  const ProgramFunction *caller; // NULL: the row's function knows itself
  uint32_t call;
  NodeId nodes[2];  // arguments of that call
  bool is_followed; // there are bindings of who calls the caller
} Binding;

typedef struct {
  Pass *pass;
  Domains *domains;
  ARRAY(Binding) bindings;
  ARRAY(LockPair) found;
} Search;

/* ---- what calls give */

static bool is_stored(const Function *f, uint32_t local) {
  for (uint32_t i = 0; i < f->instruction_count; i++)
    if (f->instructions[i].kind == INST_STORE &&
        f->nodes[f->instructions[i].a].kind == NODE_LOCAL &&
        f->nodes[f->instructions[i].a].a == local)
      return true;
  return false;
}

static Object object_of(Search *s, const ProgramFunction *caller, NodeId id) {
  const Function *f = caller->body;
  const Node *node = &f->nodes[id];
  if (node->kind == NODE_CONSTANT)
    return (Object){.as = GIVEN_NUMBER, .number = f->constants[node->a].value};
  if (node->kind == NODE_VAR && node->a < f->parameter_count && !is_stored(f, node->a))
    return (Object){.as = GIVEN_PARAMETER_OF, .parameter = node->a};
  const Node *place = node->kind == NODE_ADDRESS ? &f->nodes[node->a] : NULL;
  if (place && place->kind == NODE_GLOBAL)
    return (Object){.as = GIVEN_NAMED,
                    .symbol = text_intern(s->pass->program->symbols, f->symbols[place->a].key)};
  return (Object){.as = GIVEN_UNKNOWN};
}

/* Is the value made of the other, or read from where that leads? */
static bool mentions(const Function *f, NodeId id, NodeId part, uint32_t depth) {
  const Node *node = &f->nodes[id];
  if (id == part)
    return true;
  if (!id || depth == NODE_DEPTH)
    return false;
  NodeParts parts = node_parts(node);
  const Instruction *made = node_definition(f, node);
  if (made && made->kind == INST_LOAD)
    parts.a = made->a;
  return mentions(f, parts.a, part, depth + 1) || mentions(f, parts.b, part, depth + 1);
}

/* The function asks which of the two comes first, by itself or by a call that gets both. */
static bool compares(const Function *f, NodeId one, NodeId other, uint32_t except) {
  for (NodeId i = 1; i < f->node_count; i++) {
    const Node *node = &f->nodes[i];
    if (node->kind == NODE_BINARY &&
        node->operator>=
        OPERATOR_LT &&((mentions(f, node->a, one, 0) && mentions(f, node->b, other, 0)) ||
                       (mentions(f, node->a, other, 0) && mentions(f, node->b, one, 0))))
      return true;
  }
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *call = &f->instructions[i];
    if (call->kind != INST_CALL || i >= except || !call->result)
      continue;
    bool has_one = false, has_other = false;
    for (uint32_t k = 0; k < call->arg_count; k++) {
      has_one |= f->args[call->args + k] == one;
      has_other |= f->args[call->args + k] == other;
    }
    if (has_one && has_other && f->nodes[call->a].kind == NODE_FUNCTION)
      return true;
  }
  return false;
}

static NodeId node_of_local(const Function *f, uint32_t local) {
  for (NodeId i = 1; i < f->node_count; i++)
    if (f->nodes[i].kind == NODE_VAR && f->nodes[i].a == local)
      return i;
  return 0;
}

/* ---- upward */

static void bind(Search *s, Binding binding, uint32_t level);

static bool calls(Search *s, const ProgramFunction *caller, const Instruction *inst,
                  uint32_t callee) {
  const Function *f = caller->body;
  if (inst->kind != INST_CALL || f->nodes[inst->a].kind != NODE_FUNCTION)
    return false;
  Targets targets = program_resolve(s->pass->program, caller, caller->symbols[f->nodes[inst->a].a]);
  for (uint32_t i = 0; i < targets.count; i++)
    if (targets.ids[i] == callee)
      return true;
  return false;
}

static NodeId argument_for(const Function *f, const Instruction *call, const Object *object) {
  bool is_given = object->as == GIVEN_PARAMETER_OF && object->parameter < call->arg_count;
  return is_given ? f->args[call->args + object->parameter] : 0;
}

static void bind_call(Search *s, const ProgramFunction *caller, uint32_t instruction,
                      const Binding *inner, uint32_t level) {
  const Function *f = caller->body;
  const Instruction *call = &f->instructions[instruction];
  Binding binding = *inner;
  binding.nodes[0] = argument_for(f, call, &inner->first);
  binding.nodes[1] = argument_for(f, call, &inner->second);
  if (binding.nodes[0] && binding.nodes[1] && guard_on("pair-callers") &&
      compares(f, binding.nodes[0], binding.nodes[1], instruction))
    return;
  if (binding.nodes[0])
    binding.first = object_of(s, caller, binding.nodes[0]);
  if (binding.nodes[1])
    binding.second = object_of(s, caller, binding.nodes[1]);
  binding.caller = caller;
  binding.call = instruction;
  bind(s, binding, level + 1);
}

static void bind_callers(Search *s, const Binding *binding, uint32_t level) {
  const Program *program = s->pass->program;
  uint32_t at = binding->caller ? binding->caller->id : binding->row->function->id;
  const ProgramFunction *function = &program->functions[at];
  for (uint32_t i = 0; i < function->caller_count && i < CALLERS; i++) {
    BorrowedCode code = program_borrow(s->pass->program, function->callers[i]);
    for (uint32_t k = 0; k < code.function->body->instruction_count; k++)
      if (calls(s, code.function, &code.function->body->instructions[k], at))
        bind_call(s, code.function, k, binding, level);
    program_return(&code);
  }
}

static bool is_open(const Binding *binding) {
  return binding->first.as == GIVEN_PARAMETER_OF || binding->second.as == GIVEN_PARAMETER_OF;
}

/* Where one is known and the other nothing is known of, it may be the same, or come in order. */
static void bind(Search *s, Binding binding, uint32_t level) {
  if (s->bindings.count == BINDINGS)
    return;
  bool keeps = binding.first.as != GIVEN_UNKNOWN || binding.second.as != GIVEN_UNKNOWN;
  const ProgramFunction *at = binding.caller ? binding.caller : binding.row->function;
  binding.is_followed = is_open(&binding) && keeps && level < LEVELS && at->caller_count;
  array_push(&s->bindings, binding);
  if (binding.is_followed)
    bind_callers(s, &binding, level);
}

static Object owner_as_object(const PairOwner *owner) {
  if (owner->kind == OWNER_GLOBAL)
    return (Object){.as = GIVEN_NAMED, .symbol = owner->symbol};
  if (owner->kind == OWNER_MEMBER)
    return (Object){.as = GIVEN_UNKNOWN};
  return (Object){.as = GIVEN_PARAMETER_OF, .parameter = owner->parameter};
}

/* The function itself asks for an order in a way that the engine does not see through. */
static bool is_ordered_inside(Search *s, const PairRow *row) {
  if (row->first.kind != OWNER_PARAMETER || row->second.kind != OWNER_PARAMETER)
    return false;
  BorrowedCode code = program_borrow(s->pass->program, row->function->id);
  const Function *f = code.function->body;
  NodeId one = node_of_local(f, row->first.parameter);
  NodeId other = node_of_local(f, row->second.parameter);
  bool answer = one && other && compares(f, one, other, row->acquired);
  program_return(&code);
  return answer;
}

/* Unsound: fields of an object are taken to point to the two in an order. */
static void bind_row(Search *s, const PairRow *row) {
  if (row->first.kind == OWNER_MEMBER &&
      (!begins_thread(s->pass, row->function) || !strcmp(row->function->declared.name, "main")))
    return;
  if (row->order != PAIR_UNORDERED || (guard_on("pair-orders") && is_ordered_inside(s, row)))
    return;
  bind(s,
       (Binding){.row = row,
                 .first = owner_as_object(&row->first),
                 .second = owner_as_object(&row->second)},
       0);
}

/* ---- threads */

static bool runs_there(Search *s, const ProgramFunction *function, uint32_t instruction,
                       uint32_t domain) {
  if (!(s->domains->of[function->id] >> domain & 1))
    return false;
  return s->domains->at[domain].kind != DOMAIN_MAIN ||
         runs_beside_threads(waits(s->pass), multiplicities(s->pass), function->id, instruction);
}

static bool may_meet(Search *s, const Binding *a, const Binding *b) {
  const ProgramFunction *f = a->caller ? a->caller : a->row->function;
  const ProgramFunction *g = b->caller ? b->caller : b->row->function;
  uint32_t at = a->caller ? a->call : a->row->instruction;
  uint32_t there = b->caller ? b->call : b->row->instruction;
  for (uint32_t x = 0; x < s->domains->count; x++)
    for (uint32_t y = 0; y < s->domains->count; y++)
      if (domains_meet(s->domains, x, y) && runs_there(s, f, at, x) && runs_there(s, g, there, y))
        return true;
  return false;
}

/* ---- verdicts */

static bool is_same_object(const Object *a, const Object *b) {
  return a->as == b->as && (a->as == GIVEN_NAMED || a->as == GIVEN_NUMBER) &&
         a->symbol == b->symbol && a->number == b->number;
}

/* The same two the other way round: by their names, or as one function calls them. */
static bool are_reversed(const Binding *a, const Binding *b) {
  if (a->row->class_symbol != b->row->class_symbol)
    return false;
  if (is_same_object(&a->first, &b->second) && is_same_object(&a->second, &b->first))
    return !is_same_object(&a->first, &a->second);
  return a->caller && a->caller == b->caller && a->nodes[0] && a->nodes[1] &&
         a->nodes[0] != a->nodes[1] && a->nodes[0] == b->nodes[1] && a->nodes[1] == b->nodes[0];
}

static bool is_told(const Search *s, const Binding *binding) {
  for (size_t i = 0; i < s->found.count; i++)
    if (s->found.at[i].row->function == binding->row->function &&
        s->found.at[i].row->instruction == binding->row->instruction)
      return true;
  return false;
}

static void add(Search *s, PairProblem problem, const Binding *a, const Binding *b) {
  if (is_told(s, a)) // the strongest comes first
    return;
  LockPair pair = {.problem = problem, .row = a->row, .caller = a->caller, .call = a->call};
  if (b) {
    pair.other = b->row;
    pair.other_caller = b->caller;
    pair.other_call = b->call;
  }
  array_push(&s->found, pair);
}

static void find_reversed(Search *s) {
  for (size_t i = 0; i < s->bindings.count; i++)
    for (size_t k = i + 1; k < s->bindings.count; k++) {
      const Binding *a = &s->bindings.at[i], *b = &s->bindings.at[k];
      if (are_reversed(a, b) && may_meet(s, a, b))
        add(s, PAIR_BOTH_WAYS, a, b);
    }
}

static bool is_compared(const PairRow *row) {
  return row->order == PAIR_RISING || row->order == PAIR_FALLING;
}

/* Each thread has one element, and wants the next: when all have one, nobody gets another. Where
 * some go the other way round it is another story. */
static void find_rounds(Search *s) {
  for (size_t i = 0; i < s->pass->pairs.count; i++) {
    const PairRow *row = &s->pass->pairs.at[i];
    bool turns = row->order < PAIR_ONWARD;
    for (size_t k = 0; k < s->pass->pairs.count && !turns; k++)
      turns = s->pass->pairs.at[k].class_symbol == row->class_symbol &&
              s->pass->pairs.at[k].order != row->order;
    Binding binding = {.row = row};
    if (!turns && may_meet(s, &binding, &binding))
      add(s, PAIR_ROUND, &binding, NULL);
  }
}

/* Once the lower first and once the higher, in one function: a slip in one of the arms. */
static void find_against(Search *s) {
  for (size_t i = 0; i < s->pass->pairs.count; i++)
    for (size_t k = i + 1; k < s->pass->pairs.count; k++) {
      const PairRow *a = &s->pass->pairs.at[i], *b = &s->pass->pairs.at[k];
      Binding first = {.row = a}, second = {.row = b};
      if (a->function == b->function && a->class_symbol == b->class_symbol && is_compared(a) &&
          is_compared(b) && a->order != b->order && may_meet(s, &first, &second))
        add(s, PAIR_AGAINST, &first, &second);
    }
}

static bool is_known(const Object *object) {
  return object->as == GIVEN_NAMED || object->as == GIVEN_NUMBER;
}

static bool is_arbitrary(const Binding *binding) {
  return !binding->is_followed && !is_known(&binding->first) && !is_known(&binding->second);
}

/* A number that a call returns, or that is made of one. */
static bool is_drawn(const Function *f, NodeId id, uint32_t depth) {
  const Node *node = &f->nodes[id];
  NodeId stored = 0;
  if (!id || depth == NODE_DEPTH)
    return false;
  const Instruction *made = node_definition(f, node);
  if (made)
    return made->kind == INST_CALL;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (node->kind == NODE_VAR && inst->kind == INST_STORE &&
        f->nodes[inst->a].kind == NODE_LOCAL && f->nodes[inst->a].a == node->a) {
      if (stored)
        return false;
      stored = inst->b;
    }
  }
  if (node->kind == NODE_VAR)
    return is_drawn(f, stored, depth + 1);
  NodeParts parts = node_parts(node);
  return is_drawn(f, parts.a, depth + 1) || is_drawn(f, parts.b, depth + 1);
}

/* The number of the element that the pointer points to, and the array; 0: none. */
static NodeId element_of(const Function *f, NodeId pointer, NodeId *array) {
  const Node *node = &f->nodes[pointer];
  if (node->kind == NODE_ADDRESS)
    node = &f->nodes[node->a];
  if (node->kind != NODE_INDEX && node->kind != NODE_SHIFT)
    return 0;
  *array = node->a;
  return node->b;
}

static bool are_drawn(Search *s, const Binding *binding) {
  if (!binding->caller || !binding->nodes[0] || !binding->nodes[1])
    return false;
  BorrowedCode code = program_borrow(s->pass->program, binding->caller->id);
  const Function *f = code.function->body;
  NodeId arrays[2] = {0};
  NodeId one = element_of(f, binding->nodes[0], &arrays[0]);
  NodeId other = element_of(f, binding->nodes[1], &arrays[1]);
  bool answer = one && other && one != other && arrays[0] == arrays[1] && is_drawn(f, one, 0) &&
                is_drawn(f, other, 0) && !compares(f, one, other, binding->call);
  program_return(&code);
  return answer;
}

/* Any two of many, as a transfer from one account to another: somebody else's is the reverse. */
static void find_drawn(Search *s) {
  for (size_t i = 0; i < s->bindings.count; i++) {
    const Binding *a = &s->bindings.at[i];
    if (is_arbitrary(a) && !is_told(s, a) && are_drawn(s, a) && may_meet(s, a, a))
      add(s, PAIR_DRAWN, a, NULL);
  }
}

static void find_arbitrary(Search *s) {
  for (size_t i = 0; i < s->bindings.count; i++)
    for (size_t k = i; k < s->bindings.count; k++) {
      const Binding *a = &s->bindings.at[i], *b = &s->bindings.at[k];
      if (a->row == b->row && is_arbitrary(a) && is_arbitrary(b) && !is_told(s, a) &&
          may_meet(s, a, b))
        add(s, PAIR_BY_ARGUMENT, a, NULL);
    }
}

void tell_pairs(Pass *pass) {
  Search s = {.pass = pass};
  if (!pass->pairs.count)
    return;
  s.domains = domains_new(pass->arena, pass->program, multiplicities(pass));
  for (size_t i = 0; i < pass->pairs.count; i++)
    bind_row(&s, &pass->pairs.at[i]);
  find_against(&s);
  find_reversed(&s);
  find_rounds(&s);
  find_drawn(&s);
  find_arbitrary(&s);
  pass->rule->on_lock_pairs(pass, s.found.at, (uint32_t)s.found.count);
  array_free(&s.bindings);
  array_free(&s.found);
}
