/* unreached.c - ways that no caller comes by. `copy(file, 1)` and `copy(file, 2)` are all the calls
 * of a function that tests for 1 and for 2: what happens when it is neither does not happen.
 *
 * Judged when the whole program is known, by the branches that a finding tells of, so that a new
 * caller changes no result of the function's. Unsound: another way to lose the same, which callers
 * do come by, was not told beside the one that is judged here.
 */
#include <string.h>

#include "base/guard.h"
#include "link/called.h"
#include "rule/pass.h"

enum { GIVEN = 16, DEPTH = 8, CALLERS = 64 };

/* What one call gives. */
typedef struct {
  bool known[GIVEN];
  int64_t value[GIVEN];
} GivenValues;

/* Tests on the way of a finding. */
typedef struct {
  const Function *f;
  const Finding *finding;
  bool fixed[GIVEN]; // per parameter: nobody sets it
} Way;

static void find_fixed(Way *way) {
  const Function *f = way->f;
  for (Index i = 0; i < f->parameter_count && i < GIVEN; i++)
    way->fixed[i] = !(f->locals[i].flags & LOCAL_ADDRESS_TAKEN);
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
        f->nodes[inst->a].a < GIVEN)
      way->fixed[f->nodes[inst->a].a] = false;
  }
}

/* Is the value the same in that type? */
static bool fits_type(const Type *type, int64_t value) {
  bool is_signed = type->kind == TYPE_SIGNED;
  if ((!is_signed && type->kind != TYPE_UNSIGNED) || !type->size || type->size > sizeof value)
    return false;
  if (type->size == sizeof value)
    return is_signed || value >= 0;
  int64_t span = (int64_t)1 << (type->size * 8 - is_signed);
  return value < span && value >= (is_signed ? -span : 0);
}

/* False: it hangs on more than what is given. `way` NULL: constants only. */
static bool evaluate(const Function *f, NodeId id, const Way *way, const GivenValues *given,
                     int depth, int64_t *value) {
  const Node *node = &f->nodes[id];
  int64_t a, b = 0;
  if (node->kind == NODE_CONSTANT) {
    *value = f->constants[node->a].value;
    return true;
  }
  if (node->kind == NODE_VAR && way && node->a < GIVEN && node->a < f->parameter_count &&
      way->fixed[node->a] && given->known[node->a]) {
    *value = given->value[node->a];
    return true;
  }
  if (node->kind == NODE_CAST && depth)
    return evaluate(f, node->a, way, given, depth - 1, value) &&
           fits_type(&f->types[node->type], *value);
  if ((node->kind != NODE_UNARY && node->kind != NODE_BINARY) || !depth ||
      !evaluate(f, node->a, way, given, depth - 1, &a) ||
      (node->kind == NODE_BINARY && !evaluate(f, node->b, way, given, depth - 1, &b)))
    return false;
  if (node->operator== OPERATOR_NOT) {
    *value = !a;
    return true;
  }
  return operator_fold(node->operator, a, b, value);
}

static bool is_test(const Function *f, const Step *step) {
  return step->kind == STEP_BRANCH && step->node && step->node < f->node_count &&
         step->at.terminator && step->at.index < f->block_count &&
         (f->blocks[step->at.index].terminator == TERM_BRANCH ||
          f->blocks[step->at.index].terminator == TERM_SWITCH);
}

static Index case_of(const Function *f, const Block *block, int64_t value) {
  uint32_t edge = 0;
  while (edge + 1 < block->edge_count &&
         (value < f->edges[block->edges + edge].low || value > f->edges[block->edges + edge].high))
    edge++;
  return f->edges[block->edges + edge].block;
}

/* Was it gone on as the value says? */
static bool fits(const Function *f, const Step *step, int64_t value) {
  const Block *block = &f->blocks[step->at.index];
  return block->terminator == TERM_SWITCH ? case_of(f, block, value) == step->next
                                          : (value != 0) == step->if_true;
}

/* Some test on the way comes out otherwise. */
static bool goes_elsewhere(const Way *way, const GivenValues *given) {
  const Finding *finding = way->finding;
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const Step *step = &finding->steps[i];
    int64_t value;
    if (is_test(way->f, step) && step->at.function &&
        !strcmp(step->at.function, finding->at.function) &&
        hash_equal(step->at.body, finding->at.body) &&
        evaluate(way->f, step->node, way, given, DEPTH, &value) && !fits(way->f, step, value))
      return true;
  }
  return false;
}

static GivenValues given_by(const Function *f, const Instruction *call) {
  GivenValues given = {0};
  for (uint32_t i = 0; i < call->arg_count && i < GIVEN; i++)
    given.known[i] = evaluate(f, f->args[call->args + i], NULL, NULL, DEPTH, &given.value[i]);
  return given;
}

static bool comes_by(Pass *pass, uint32_t caller, const ProgramFunction *function, const Way *way,
                     uint32_t *calls) {
  BorrowedCode code = program_borrow(pass->program, caller);
  const Function *f = code.function->body;
  bool comes = false;
  for (uint32_t i = 0; i < f->instruction_count && !comes; i++) {
    if (f->instructions[i].kind != INST_CALL || called_by_name(code.function, i) != function->key)
      continue;
    GivenValues given = given_by(f, &f->instructions[i]);
    comes = !goes_elsewhere(way, &given);
    ++*calls;
  }
  program_return(&code);
  return comes;
}

/* Are all that call it seen? */
static bool is_closed(const ProgramFunction *function) {
  return function->declared.flags & FUNCTION_INTERNAL && !function->address_taken &&
         function->caller_count && function->caller_count <= CALLERS;
}

static bool has_test(const Finding *finding) {
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (finding->steps[i].kind == STEP_BRANCH)
      return true;
  return false;
}

bool is_unreached(Pass *pass, const Finding *finding) {
  const ProgramFunction *function =
      has_test(finding) ? function_of_position(pass, &finding->at) : NULL;
  if (!function || !is_closed(function) || !guard_on("unreached"))
    return false;
  BorrowedCode code = program_borrow(pass->program, function->id);
  Way way = {.f = code.function->body, .finding = finding};
  find_fixed(&way);
  uint32_t calls = 0;
  bool comes = false;
  for (uint32_t i = 0; i < function->caller_count && !comes; i++)
    comes = comes_by(pass, function->callers[i], function, &way, &calls);
  program_return(&code);
  return calls && !comes;
}
