/* bound.c - see bound.h */
#include "depth/bound.h"

#include <stdlib.h>
#include <string.h>

static const Value any = {.kind = VALUE_ANY};

/* ---- once around */

/* A value over the callee's tokens as one over the caller's. */
static Value handed_on(const Turn *turn, const CellTable *callee, Value value) {
  CellTable *caller = &turn->facts->cells;
  Value base = any;
  bool inside = false;
  if (value.kind == VALUE_CONSTANT)
    return value;
  if (value.kind == VALUE_MOVED || value.kind == VALUE_PART || value.kind == VALUE_MIDDLE ||
      value.kind == VALUE_INSIDE || value.kind == VALUE_AT)
    base = facts_value(caller, turn->site, callee, value.token);
  switch ((ValueKind)value.kind) {
  case VALUE_MOVED:
    return base.kind == VALUE_ADDRESS && is_same(&value) ? base
                                                         : value_add(base, value.low, value.high);
  case VALUE_PART:
    if (base.kind == VALUE_MOVED)
      return (Value){.kind = VALUE_PART, .token = base.token, .high = value.high};
    return base.kind == VALUE_PART ? base : any;
  case VALUE_MIDDLE: {
    Value other = facts_value(caller, turn->site, callee, value.other);
    bool both = is_same(&base) && is_same(&other);
    return both ? (Value){.kind = VALUE_MIDDLE, .token = base.token, .other = other.token} : any;
  }
  case VALUE_INSIDE:
  case VALUE_AT: {
    Token root = value_root(caller, &base, &inside);
    if (root == NO_TOKEN)
      return any;
    inside |= value.kind == VALUE_INSIDE;
    return (Value){.kind = inside ? VALUE_INSIDE : VALUE_AT, .token = root};
  }
  default:
    return any;
  }
}

/* What a token of turn `g` is when its function is entered again, over its tokens at entry. */
static Value around(const Turn *turns, uint32_t count, uint32_t g, Token token) {
  Value value = value_of(token);
  uint32_t callee = g;
  for (uint32_t k = 1; k <= count; k++) {
    uint32_t caller = (g + count - k) % count;
    value = handed_on(&turns[caller], &turns[callee].facts->cells, value);
    callee = caller;
  }
  return value;
}

/* ---- tests */

static bool is_token(const Value *value, Token token) {
  return value->kind == VALUE_MOVED && value->token == token;
}

typedef enum { BELOW = 1, ABOVE = 2, EQUAL = 4 } Side; // of the token against the limit

static uint32_t side_of(const Test *test, bool left) {
  switch (test->operator) {
  case OPERATOR_LT:
    return left ? BELOW : ABOVE;
  case OPERATOR_GE:
    return left ? ABOVE | EQUAL : BELOW | EQUAL;
  case OPERATOR_EQ:
    return EQUAL;
  default:
    return BELOW | ABOVE;
  }
}

/* Does the test hold of a constant in the token's place? True when it cannot be told. */
static bool holds_of(const Test *test, bool left, int64_t number) {
  const Value *token = left ? &test->left : &test->right, *limit = left ? &test->right : &test->left;
  if (limit->kind != VALUE_CONSTANT || token->low != token->high)
    return true;
  int64_t value = number + token->low;
  uint32_t is = value < limit->low ? BELOW : value > limit->low ? ABOVE : EQUAL;
  return (side_of(test, left) & is) != 0;
}

static const char *number_text(Arena *arena, int64_t number) {
  return arena_printf(arena, "%lld", (long long)number);
}

/* What the limit is, when it is one: not one of the arguments. */
static bool is_limit(Arena *arena, const Turn *turn, const Test *test, bool left,
                     const char **text) {
  const Value *limit = left ? &test->right : &test->left;
  *text = test->limit ? test->limit
          : limit->kind == VALUE_CONSTANT ? number_text(arena, limit->low)
                                          : "";
  return !(limit->kind == VALUE_MOVED && is_parameter(&turn->facts->cells, limit->token));
}

/* ---- names */

static const char *cell_name(Arena *arena, const Program *program, const Facts *facts,
                             Token token) {
  const Cell *cell = cell_at(&facts->cells, token);
  if (cell->kind == CELL_TARGET)
    return is_parameter(&facts->cells, cell->base) ? "" : cell_name(arena, program, facts,
                                                                    cell->base);
  if (cell->kind == CELL_LOCAL)
    return "";
  const char *key = text_of(program->symbols, cell->symbol);
  const char *dot = strrchr(key, '.'), *colon = strrchr(key, ':');
  if (cell->kind == CELL_FIELD && dot)
    return arena_text(arena, dot + 1);
  return arena_text(arena, colon ? colon + 1 : key);
}

static const char *token_name(Arena *arena, Program *program, const Facts *facts, Token token) {
  if (!is_parameter(&facts->cells, token))
    return cell_name(arena, program, facts, token);
  ProgramFunction *function = &program->functions[facts->function->id];
  Arena *code = arena_new();
  bool loaded = function->body != NULL;
  if (!loaded)
    program_load(program, function, code);
  const char *name = arena_text(arena, function->body->locals[token].name);
  if (!loaded)
    program_unload(function);
  arena_free(code);
  return name;
}

/* ---- one measure */

typedef struct {
  Arena *arena;
  Program *program;
  const Turn *turns;
  uint32_t count;
  Verdict best;
  Token token; // of the best, in turn
  uint32_t turn;
} Judge;

/* Bounded first; of those that are not, what says most about the depth. */
static uint32_t rank(DepthKind kind) {
  static const uint8_t ranks[] = {[DEPTH_STACK] = 0,  [DEPTH_LIMIT] = 1,   [DEPTH_ONCE] = 2,
                                  [DEPTH_LOGARITHM] = 3, [DEPTH_FOLDER] = 4, [DEPTH_LIST] = 5,
                                  [DEPTH_TREE] = 6,   [DEPTH_INPUT] = 7,   [DEPTH_COUNTED] = 8,
                                  [DEPTH_UNKNOWN] = 9};
  return ranks[kind];
}

static void propose(Judge *j, DepthKind kind, uint32_t turn, Token token, const char *limit) {
  if (rank(kind) >= rank(j->best.kind))
    return;
  j->best.kind = kind;
  j->best.limit = limit ? limit : "";
  j->turn = turn;
  j->token = token;
}

/* Calls from outside of the cycle give the argument a number. */
static bool begins_constant(Judge *j, uint32_t turn, Token token) {
  Program *program = j->program;
  const ProgramFunction *function = j->turns[turn].facts->function;
  uint32_t outside = 0;
  if (function->address_taken)
    return false;
  for (uint32_t i = 0; i < function->caller_count; i++) {
    ProgramFunction *caller = &program->functions[function->callers[i]];
    if (caller->component == function->component)
      continue;
    Arena *code = arena_new();
    program_load(program, caller, code);
    bool constant = true;
    for (uint32_t k = 0; k < caller->body->instruction_count && constant; k++) {
      const Instruction *inst = &caller->body->instructions[k];
      bool by_pointer;
      if (inst->kind != INST_CALL)
        continue;
      TextId symbol = called_symbol(caller, k, &by_pointer);
      if (by_pointer || symbol != function->key)
        continue;
      outside++;
      constant = token < inst->arg_count &&
                 caller->body->nodes[caller->body->args[inst->args + token]].kind == NODE_CONSTANT;
    }
    program_unload(caller);
    arena_free(code);
    if (!constant)
      return false;
  }
  return outside > 0;
}

static void judge_moved(Judge *j, uint32_t g, Token token, const Value *again) {
  const Turn *turn = &j->turns[g];
  const Site *site = turn->site;
  bool parameter = is_parameter(&turn->facts->cells, token);
  bool up = again->low >= 1, down = again->high <= -1;
  if (!up && !down)
    return;
  for (uint32_t i = 0; i < site->asked_count; i++)
    if (site->asked[i] == token)
      propose(j, DEPTH_LIMIT, g, token, NULL);
  for (uint32_t i = 0; i < site->test_count; i++) {
    const Test *test = &site->tests[i];
    bool left = is_token(&test->left, token);
    if (!left && !is_token(&test->right, token))
      continue;
    uint32_t side = side_of(test, left);
    const char *limit;
    bool fixed = is_limit(j->arena, turn, test, left, &limit);
    bool stops = side == (BELOW | ABOVE) || (up ? !(side & ABOVE) : !(side & BELOW));
    if (!stops)
      continue;
    bool begins = down && parameter && !begins_constant(j, g, token);
    propose(j, fixed && !begins ? DEPTH_LIMIT : DEPTH_COUNTED, g, token, limit);
  }
}

static void judge_constant(Judge *j, uint32_t g, Token token, int64_t number) {
  const Site *site = j->turns[g].site;
  for (uint32_t i = 0; i < site->test_count; i++) {
    const Test *test = &site->tests[i];
    bool left = is_token(&test->left, token);
    if ((left || is_token(&test->right, token)) && !holds_of(test, left, number))
      propose(j, DEPTH_ONCE, g, token, NULL);
  }
}

/* A list is left by one call, along one field. */
static bool is_list(const Judge *j, uint32_t g, Token token) {
  const Turn *turn = &j->turns[g];
  if (j->count != 1 || turn->facts->site_count != 1 || token >= turn->site->arg_count)
    return false;
  const Value *value = &turn->site->args[token];
  return is_same(value) && !is_parameter(&turn->facts->cells, value->token) &&
         cell_at(&turn->facts->cells, value->token)->kind == CELL_FIELD;
}

static void judge_token(Judge *j, uint32_t g, Token token) {
  Value again = around(j->turns, j->count, g, token);
  bool inside = false;
  if (again.kind == VALUE_CONSTANT)
    judge_constant(j, g, token, again.low);
  if (is_parameter(&j->turns[g].facts->cells, token) &&
      value_root(&j->turns[g].facts->cells, &again, &inside) == token && inside)
    propose(j, is_list(j, g, token) ? DEPTH_LIST : DEPTH_TREE, g, token, NULL);
  if (again.kind == VALUE_MIDDLE && (again.token == token || again.other == token))
    propose(j, DEPTH_LOGARITHM, g, token, NULL);
  if (again.token != token)
    return;
  if (again.kind == VALUE_PART)
    propose(j, DEPTH_LOGARITHM, g, token, NULL);
  if (again.kind == VALUE_MOVED)
    judge_moved(j, g, token, &again);
}

/* ---- input */

static bool asks_character(const Site *site) {
  for (uint32_t i = 0; i < site->test_count; i++)
    if (site->tests[i].left.reads & READ_CHARACTER && site->tests[i].right.kind == VALUE_CONSTANT)
      return true;
  return false;
}

/* A context that is handed on as it is: what moves is behind it. */
static bool hands_context_on(const Judge *j) {
  for (uint32_t p = 0; p < j->turns[0].facts->cells.parameter_count; p++) {
    Value again = around(j->turns, j->count, 0, (Token)p);
    if (is_same(&again) && again.token == p)
      return true;
  }
  return false;
}

static bool asks_result(const Site *site) {
  for (uint32_t i = 0; i < site->test_count; i++) {
    const Test *test = &site->tests[i];
    if (test->left.reads & (READ_RESULT | READ_STATE) && test->right.kind == VALUE_CONSTANT &&
        test->right.low && test->operator== OPERATOR_EQ)
      return true;
  }
  return false;
}

static void judge_input(Judge *j) {
  bool characters = false, results = false;
  uint8_t input = 0;
  for (uint32_t g = 0; g < j->count; g++) {
    characters |= asks_character(j->turns[g].site);
    results |= asks_result(j->turns[g].site);
    input |= j->turns[g].facts->input;
  }
  if (input & INPUT_FOLDER)
    propose(j, DEPTH_FOLDER, 0, NO_TOKEN, NULL);
  else if (characters || input || (results && hands_context_on(j)))
    propose(j, DEPTH_INPUT, 0, NO_TOKEN, NULL);
}

/* ---- the cycle */

static void judge_turn(Judge *j, uint32_t g) {
  const Turn *turn = &j->turns[g];
  const Site *site = turn->site;
  if (site->stack_asked)
    propose(j, DEPTH_STACK, g, NO_TOKEN, NULL);
  for (uint32_t i = 0; i < site->test_count; i++)
    if (site->tests[i].halves)
      propose(j, DEPTH_LOGARITHM, g, NO_TOKEN, NULL);
  for (uint32_t p = 0; p < turn->facts->cells.parameter_count; p++)
    judge_token(j, g, (Token)p);
  for (uint32_t i = 0; i < site->asked_count; i++)
    judge_token(j, g, site->asked[i]);
  for (uint32_t i = 0; i < site->test_count; i++) {
    const Value *sides[] = {&site->tests[i].left, &site->tests[i].right};
    for (uint32_t k = 0; k < 2; k++)
      if (sides[k]->kind == VALUE_MOVED && !is_parameter(&turn->facts->cells, sides[k]->token))
        judge_token(j, g, sides[k]->token);
  }
}

Verdict bound_of(Arena *arena, Program *program, const Turn *turns, uint32_t count) {
  Judge judge = {.arena = arena,
                 .program = program,
                 .turns = turns,
                 .count = count,
                 .best = {.kind = DEPTH_UNKNOWN, .measure = "", .limit = ""},
                 .token = NO_TOKEN};
  for (uint32_t g = 0; g < count; g++)
    judge_turn(&judge, g);
  judge_input(&judge);
  if (judge.token != NO_TOKEN)
    judge.best.measure = token_name(arena, program, turns[judge.turn].facts, judge.token);
  return judge.best;
}

bool is_bounded_here(const Turn *turn, DepthKind *kind) {
  const Site *site = turn->site;
  *kind = DEPTH_STACK;
  if (site->stack_asked)
    return true;
  *kind = DEPTH_LIMIT;
  for (uint32_t i = 0; i < site->change_count; i++) {
    const Change *change = &site->changes[i];
    bool counts = change->value.kind == VALUE_MOVED && change->value.token == change->token &&
                  (change->value.low >= 1 || change->value.high <= -1) &&
                  cell_at(&turn->facts->cells, change->token)->kind != CELL_LOCAL;
    for (uint32_t k = 0; k < site->asked_count && counts; k++)
      if (site->asked[k] == change->token)
        return true;
    for (uint32_t k = 0; k < site->test_count && counts; k++) {
      const Test *test = &site->tests[k];
      bool left = is_token(&test->left, change->token);
      uint32_t side = left || is_token(&test->right, change->token) ? side_of(test, left) : 0;
      if (side && (side == (BELOW | ABOVE) ||
                   (change->value.low >= 1 ? !(side & ABOVE) : !(side & BELOW))))
        return true;
    }
  }
  return false;
}
