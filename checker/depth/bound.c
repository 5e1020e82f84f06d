/* bound.c - see bound.h */
#include "depth/bound.h"

#include <string.h>

#include "base/guard.h"
#include "depth/test.h"

static const Value any = {.kind = VALUE_ANY};

/* ---- once around */

/* A value over the callee's tokens as one over the caller's. */
static Value handed_on(const Turn *turn, const CellTable *callee, Value value) {
  CellTable *caller = &turn->facts->cells;
  Value base = any;
  bool inside = false;
  if (value.kind == VALUE_CONSTANT || value.kind == VALUE_TEXT)
    return value;
  if (value.kind == VALUE_MOVED || value.kind == VALUE_BITS || value.kind == VALUE_PART ||
      value.kind == VALUE_MIDDLE || value.kind == VALUE_INSIDE || value.kind == VALUE_AT)
    base = facts_value(caller, turn->site, callee, value.token);
  switch ((ValueKind)value.kind) {
  case VALUE_MOVED:
    return base.kind == VALUE_ADDRESS && is_same(&value) ? base
                                                         : value_add(base, value.low, value.high);
  case VALUE_BITS:
    return value_bits(OPERATOR_OR, value_bits(OPERATOR_AND, base, value.low), value.high);
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

Value value_around(const Turn *turns, uint32_t count, uint32_t g, Token token) {
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

/* How far the token has moved when the test is come to for the first time; false: not known. */
static bool first_move(const Value *token, int64_t *move) {
  *move = token->low >= 0 ? token->low : token->high;
  bool counts = token->low >= 0 || token->high <= 0; // by a loop around the test
  return token->low == token->high || (counts && guard_on("put-back-counters"));
}

/* Does the test hold of a constant in the token's place? True when it cannot be told.
 *
 * Unsound: what begins anew and is counted in a loop may get there in every round. */
static bool holds_of(const Test *test, bool left, int32_t number) {
  const Value *token = left ? &test->left : &test->right,
              *limit = left ? &test->right : &test->left;
  int64_t move;
  if (limit->kind != VALUE_CONSTANT || !first_move(token, &move))
    return true;
  int64_t value = number + move;
  if (value < 0 && test->signless)
    return true;
  uint32_t is = value < limit->low ? SIDE_BELOW : value > limit->low ? SIDE_ABOVE : SIDE_EQUAL;
  return (test_side(test, left) & is) != 0;
}

/* Is it compared with a limit, and not with one of the arguments? */
static bool is_limit(const Turn *turn, const Test *test, bool left) {
  const Value *limit = left ? &test->right : &test->left;
  if (limit->kind == VALUE_ANY && !limit->reads)
    return false; // a local that moves itself
  return !(limit->kind == VALUE_MOVED && is_parameter(&turn->facts->cells, limit->token));
}

/* ---- names */

static const char *cell_name(const Program *program, const Facts *facts, Token token) {
  const Cell *cell = cell_at(&facts->cells, token);
  if (cell->kind == CELL_TARGET)
    return is_parameter(&facts->cells, cell->base) ? "" : cell_name(program, facts, cell->base);
  if (cell->kind == CELL_LOCAL)
    return "";
  const char *key = text_of(program->symbols, cell->symbol);
  const char *dot = strrchr(key, '.'), *colon = strrchr(key, ':');
  if (cell->kind == CELL_FIELD && dot)
    return dot + 1;
  return colon ? colon + 1 : key;
}

const char *token_name(Arena *arena, Program *program, const Facts *facts, Token token) {
  if (!is_parameter(&facts->cells, token))
    return arena_text(arena, cell_name(program, facts, token));
  BorrowedCode code = program_borrow(program, facts->function->id);
  const char *name = arena_text(arena, code.function->body->locals[token].name);
  program_return(&code);
  return name;
}

/* ---- one measure */

enum { TEXTS = 4 };

typedef struct {
  Program *program;
  Beginnings *beginnings;
  const Turn *turns;
  uint32_t count;
  Verdict best;
  Verdict texts[TEXTS]; // that are shorter each time, for sure
  uint32_t text_count;
} Judge;

/* Bounded first; of those that are not, what says most about the depth. */
static uint32_t rank(DepthKind kind) {
  static const uint8_t ranks[] = {
      [DEPTH_STACK] = 0,   [DEPTH_LIMIT] = 1,  [DEPTH_ONCE] = 2,   [DEPTH_LOGARITHM] = 3,
      [DEPTH_FIXED] = 3,   [DEPTH_FOLDER] = 4, [DEPTH_LIST] = 5,   [DEPTH_TREE] = 6,
      [DEPTH_COUNTED] = 7, [DEPTH_INPUT] = 8,  [DEPTH_ANSWER] = 9, [DEPTH_UNKNOWN] = 10};
  return ranks[kind];
}

static void propose(Judge *j, DepthKind kind, uint32_t turn, Token token) {
  if (rank(kind) < rank(j->best.kind))
    j->best = (Verdict){.kind = kind, .turn = turn, .token = token};
}

/* Some function on the way puts the cell back, whatever it is called there. */
static bool is_put_back(const Judge *j, uint32_t g, Token token, uint8_t moves) {
  if (is_parameter(&j->turns[g].facts->cells, token))
    return true; // every call has its own
  TextId symbol = cell_at(&j->turns[g].facts->cells, token)->symbol;
  for (uint32_t i = 0; i < j->count; i++) {
    const CellTable *cells = &j->turns[i].facts->cells;
    for (uint32_t k = 0; k < cells->count; k++)
      if (cells->cells[k].symbol == symbol && cells->cells[k].moves & moves)
        return true;
  }
  return false;
}

/* What is counted down is no larger than a constant on every way to the call. */
static bool has_ceiling(const Site *site, Token token) {
  for (uint32_t i = 0; i < site->test_count; i++) {
    const Test *test = &site->tests[i];
    bool left = is_token(&test->left, token);
    const Value *limit = left ? &test->right : &test->left;
    if ((left || is_token(&test->right, token)) && limit->kind == VALUE_CONSTANT &&
        limit->low < ENDLESS_UP && !(test_side(test, left) & SIDE_ABOVE))
      return true;
  }
  return false;
}

static bool asks_number(const Site *site, int32_t least) {
  for (uint32_t i = 0; i < site->test_count; i++)
    if (site->tests[i].left.reads & READ_CHARACTER && site->tests[i].right.kind == VALUE_CONSTANT &&
        site->tests[i].right.low >= least)
      return true;
  return false;
}

/* A letter, and not whether there is one more. */
static bool asks_letter(const Site *site) { return asks_number(site, '\t'); }
static bool asks_text(const Site *site) { return asks_number(site, 0); }

static void judge_moved(Judge *j, uint32_t g, Token token, const Value *again) {
  const Turn *turn = &j->turns[g];
  const Site *site = turn->site;
  bool parameter = is_parameter(&turn->facts->cells, token);
  bool up = again->low >= 1, down = again->high <= -1;
  bool on = again->low >= 0 && again->high > 0;
  if (is_text_token(turn->facts, token) && (up || down || (on && asks_text(site))))
    propose(j, DEPTH_INPUT, g, token);
  if (is_text_token(turn->facts, token) && up && parameter && j->text_count < TEXTS)
    j->texts[j->text_count++] = (Verdict){.turn = g, .token = token};
  if ((!up && !down) || is_pointer_token(turn->facts, token))
    return;
  bool put_back = is_put_back(j, g, token, up ? CELL_LOWERED : CELL_RAISED);
  for (uint32_t i = 0; i < site->asked_count && put_back; i++)
    if (site->asked[i] == token)
      propose(j, DEPTH_LIMIT, g, token);
  for (uint32_t i = 0; i < site->test_count; i++) {
    const Test *test = &site->tests[i];
    if (!test_bounds(test, token, up, put_back))
      continue;
    bool left = is_token(&test->left, token);
    const Value *limit = left ? &test->right : &test->left;
    bool fixed = is_limit(turn, test, left);
    if (limit->kind == VALUE_MOVED) { // it must not move, too
      Value moved = value_around(j->turns, j->count, g, limit->token);
      if (moved.kind == VALUE_MOVED && moved.token == limit->token && !is_same(&moved))
        continue;
    }
    bool begins = down && parameter && !has_ceiling(site, token) &&
                  !beginnings_number(j->beginnings, turn->facts->function, token).numbers;
    propose(j, fixed && !begins ? DEPTH_LIMIT : DEPTH_COUNTED, g, token);
    uint64_t levels = up ? test_levels(test, token, again->low) : 0;
    if (j->best.kind == DEPTH_LIMIT && levels && (!j->best.levels || levels < j->best.levels))
      j->best.levels = levels;
  }
  // Unsound: a limit that is tested on some ways only may be passed by on the others
  for (uint32_t i = 0; i < site->earlier_count && (up || !parameter); i++) {
    const Test *test = &site->earlier[i];
    bool left = is_token(&test->left, token);
    const Value *limit = left ? &test->right : &test->left;
    if (test_is_about(test, token) && is_limit(turn, test, left) &&
        (limit->kind == VALUE_CONSTANT || (test->leaves && put_back)))
      propose(j, DEPTH_LIMIT, g, token);
  }
}

static void judge_constant(Judge *j, uint32_t g, Token token, int32_t number) {
  const Site *site = j->turns[g].site;
  for (uint32_t i = 0; i < site->test_count; i++) {
    const Test *test = &site->tests[i];
    bool left = is_token(&test->left, token);
    if ((left || is_token(&test->right, token)) && !holds_of(test, left, number))
      propose(j, DEPTH_ONCE, g, token);
  }
}

/* A list is left by one call, along one field that is called so; 0: it is none. */
static TextId link_field(const Judge *j, uint32_t g, Token token) {
  static const char *const names[] = {"next", "nxt", "link", "tail", "rest", "cdr", "succ"};
  const Turn *turn = &j->turns[g];
  if (j->count != 1 || turn->facts->site_count != 1 || token >= turn->site->arg_count)
    return 0;
  const Value *value = &turn->site->args[token];
  if (!is_same(value) || is_parameter(&turn->facts->cells, value->token) ||
      cell_at(&turn->facts->cells, value->token)->kind != CELL_FIELD)
    return 0;
  const char *name = cell_name(j->program, turn->facts, value->token);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strstr(name, names[i]))
      return cell_at(&turn->facts->cells, value->token)->symbol;
  return 0;
}

/* A kind of something that is the same from the second round on: if it is of that kind then, it is
 * in all rounds, and if not, there is no third.
 *
 * Unsound: what it is may change meanwhile. */
static void judge_case(Judge *j, uint32_t g, Token token, const Value *again) {
  const CellTable *cells = &j->turns[g].facts->cells;
  const Site *site = j->turns[g].site;
  bool fixed = is_same(again) && !is_parameter(cells, again->token) &&
               cell_at(cells, again->token)->kind == CELL_GLOBAL;
  for (uint32_t i = 0; i < site->test_count && fixed; i++) {
    const Test *test = &site->tests[i];
    if (test->is_case && test->left.kind == VALUE_ANY && test->left.token != NO_TOKEN &&
        token_root(cells, test->left.token) == token)
      propose(j, DEPTH_ONCE, g, token);
  }
}

static const Value *changed(const Site *site, Token token) {
  for (uint32_t i = 0; i < site->change_count; i++)
    if (site->changes[i].token == token)
      return &site->changes[i].value;
  return NULL;
}

/* A cell that must be zero, and that is set to something on the way back to itself. */
static void judge_mark(Judge *j, uint32_t g, Token token) {
  const Site *site = j->turns[g].site;
  bool is_zero = false;
  for (uint32_t i = 0; i < site->test_count; i++) {
    const Test *test = &site->tests[i];
    is_zero |= test->operator== OPERATOR_EQ && test->right.kind ==
               VALUE_CONSTANT && !test->right.low && is_token(&test->left, token) &&
               is_same(&test->left);
  }
  bool is_set = false;
  Token place = token;
  uint32_t callee = g;
  for (uint32_t k = 1; k <= j->count && is_zero && place != NO_TOKEN; k++) {
    uint32_t caller = (g + j->count - k) % j->count;
    const Turn *turn = &j->turns[caller];
    place = facts_place(&turn->facts->cells, turn->site, &j->turns[callee].facts->cells, place);
    const Value *value = place == NO_TOKEN ? NULL : changed(turn->site, place);
    is_set |= value && (value->kind == VALUE_CONSTANT
                            ? value->low != 0
                            : value->kind == VALUE_ADDRESS || is_pointer_token(turn->facts, place));
    callee = caller;
  }
  if (is_zero && is_set && place == token)
    propose(j, DEPTH_ONCE, g, token);
}

static void propose_walk(Judge *j, uint32_t g, Token token) {
  TextId field = link_field(j, g, token);
  propose(j, field ? DEPTH_LIST : DEPTH_TREE, g, token);
  if (j->best.kind == DEPTH_LIST && j->best.token == token)
    j->best.field = field;
}

static void judge_token(Judge *j, uint32_t g, Token token) {
  if (!is_parameter(&j->turns[g].facts->cells, token))
    judge_mark(j, g, token);
  Value again = value_around(j->turns, j->count, g, token);
  bool inside = false;
  if (again.kind == VALUE_CONSTANT)
    judge_constant(j, g, token, again.low);
  if (is_parameter(&j->turns[g].facts->cells, token))
    judge_case(j, g, token, &again);
  if (again.kind == VALUE_TEXT) // what the program says there is said once
    propose(j, DEPTH_ONCE, g, token);
  if (is_parameter(&j->turns[g].facts->cells, token) &&
      value_root(&j->turns[g].facts->cells, &again, &inside) == token && inside)
    propose_walk(j, g, token);
  if (again.kind == VALUE_MIDDLE && (again.token == token || again.other == token))
    propose(j, DEPTH_LOGARITHM, g, token);
  if (again.token != token)
    return;
  if (again.kind == VALUE_PART)
    propose(j, DEPTH_LOGARITHM, g, token);
  if (again.kind == VALUE_MOVED)
    judge_moved(j, g, token, &again);
}

/* ---- input */

/* A context that is handed on as it is: what moves is behind it. */
static bool hands_context_on(const Judge *j) {
  for (uint32_t p = 0; p < j->turns[0].facts->cells.parameter_count; p++) {
    Value again = value_around(j->turns, j->count, 0, (Token)p);
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

static bool reads_bytes(const Judge *j) {
  enum { FAR = 3 };
  bool reads = false;
  for (uint32_t g = 0; g < j->count && !reads; g++)
    reads = input_is_read(j->program, j->turns[g].facts->function->id, FAR);
  return reads;
}

static void judge_input(Judge *j) {
  bool characters = false, texts = false, results = false;
  uint8_t input = 0;
  for (uint32_t g = 0; g < j->count; g++) {
    characters |= asks_letter(j->turns[g].site);
    texts |= asks_text(j->turns[g].site);
    results |= asks_result(j->turns[g].site);
    input |= j->turns[g].facts->input;
  }
  if (input & INPUT_FOLDER)
    propose(j, DEPTH_FOLDER, 0, NO_TOKEN);
  else if (characters || input & INPUT_BYTES || (texts && reads_bytes(j)))
    propose(j, DEPTH_INPUT, 0, NO_TOKEN);
  else if (results && hands_context_on(j))
    propose(j, DEPTH_ANSWER, 0, NO_TOKEN);
}

/* ---- the cycle */

static void judge_turn(Judge *j, uint32_t g) {
  const Turn *turn = &j->turns[g];
  const Site *site = turn->site;
  for (uint32_t i = 0; i < site->test_count; i++)
    if (site->tests[i].halves)
      propose(j, DEPTH_LOGARITHM, g, NO_TOKEN);
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

/* The callers from outside give what stands in the program, or a text of so many bytes. */
static void ask_callers(Judge *j, uint32_t g, Token token) {
  Verdict *best = &j->best;
  bool fixed = false;
  if (token == NO_TOKEN || !is_parameter(&j->turns[g].facts->cells, token))
    return;
  uint32_t bytes = beginnings_text(j->beginnings, j->turns[g].facts->function, token, &fixed);
  if (bytes && (!best->text || bytes < best->text))
    best->text = bytes;
  if (fixed)
    best->kind = DEPTH_FIXED;
}

static void judge_beginning(Judge *j) {
  if (j->best.kind == DEPTH_LIST || j->best.kind == DEPTH_TREE)
    ask_callers(j, j->best.turn, j->best.token);
  for (uint32_t i = 0; i < j->text_count && j->best.kind == DEPTH_INPUT; i++)
    ask_callers(j, j->texts[i].turn, j->texts[i].token);
}

Verdict bound_of(Program *program, Beginnings *beginnings, const Turn *turns, uint32_t count) {
  Judge judge = {.program = program,
                 .beginnings = beginnings,
                 .turns = turns,
                 .count = count,
                 .best = {.kind = DEPTH_UNKNOWN, .token = NO_TOKEN}};
  for (uint32_t g = 0; g < count; g++)
    judge_turn(&judge, g);
  judge_input(&judge);
  judge_beginning(&judge);
  return judge.best;
}
