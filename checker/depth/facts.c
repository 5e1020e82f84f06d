/* facts.c - see facts.h */
#include "depth/facts.h"

#include <string.h>

#include "depth/flow.h"

enum { TEST_LIMIT = 24, SMALLEST_LIMIT = 3, FLOW_LIMIT = 1 << 20 };

/* What a callee asks about the caller's cells, at one call. */
typedef struct {
  Index block;
  uint32_t instruction;
  Token token; // NO_TOKEN: the stack
} Asked;

typedef struct {
  Flow *flow;
  Facts *facts;
  Asked *asked;
  uint32_t asked_count;
  size_t asked_room;
  Test *tests;       // of all branches, both ways
  uint32_t *starts;  // per block, into tests: those that hold on its first edge, then on its second
  uint32_t *middles; // per block
  uint32_t test_count;
  size_t test_room;
  bool *returns; // per block: a way to a return
} Reader;

TextId called_symbol(const ProgramFunction *function, uint32_t instruction, bool *by_pointer) {
  const Function *f = function->body;
  const Node *callee = &f->nodes[f->instructions[instruction].a];
  *by_pointer = callee->kind != NODE_FUNCTION;
  if (!*by_pointer)
    return function->symbols[callee->a];
  while (callee->kind == NODE_CAST)
    callee = &f->nodes[callee->a];
  if (callee->kind != NODE_TEMP)
    return 0;
  for (uint32_t i = instruction; i-- > 0;) // near, nearly always
    if (f->instructions[i].result == callee->a) {
      if (f->instructions[i].kind != INST_LOAD)
        return 0;
      Index symbol = slot_of_place(f, f->instructions[i].a);
      return symbol == NO_SYMBOL ? 0 : function->symbols[symbol];
    }
  return 0;
}

/* ---- tests */

bool test_is_about(const Test *test, Token token) {
  const Value *sides[] = {&test->left, &test->right};
  for (uint32_t i = 0; i < 2; i++)
    if ((sides[i]->kind == VALUE_MOVED && sides[i]->token == token) ||
        (sides[i]->kind == VALUE_SUM && (sides[i]->token == token || sides[i]->other == token)))
      return true;
  return false;
}

uint32_t test_side(const Test *test, bool left) {
  switch (test->operator) {
  case OPERATOR_LT:
    return left ? SIDE_BELOW : SIDE_ABOVE;
  case OPERATOR_GE:
    return left ? SIDE_ABOVE | SIDE_EQUAL : SIDE_BELOW | SIDE_EQUAL;
  case OPERATOR_EQ:
    return SIDE_EQUAL;
  default:
    return SIDE_BELOW | SIDE_ABOVE;
  }
}

bool test_stops(const Test *test, Token token, bool up) {
  if (!test_is_about(test, token))
    return false;
  bool left = test->left.kind != VALUE_CONSTANT && test->left.token == token;
  uint32_t side = test_side(test, left);
  return side == (SIDE_BELOW | SIDE_ABOVE) || !(side & (up ? SIDE_ABOVE : SIDE_BELOW));
}

/* ---- from a callee's names to its caller's */

static Value value_at(CellTable *caller, const Site *site, Token token) {
  if (!is_parameter(caller, token))
    for (uint32_t i = 0; i < site->change_count; i++)
      if (site->changes[i].token == token)
        return site->changes[i].value;
  return value_of(token);
}

Token facts_place(CellTable *caller, const Site *site, const CellTable *callee, Token token) {
  Cell cell = *cell_at(callee, token);
  switch ((CellKind)cell.kind) {
  case CELL_GLOBAL:
    return cell_find(caller, cell);
  case CELL_LOCAL:
    return NO_TOKEN;
  case CELL_TARGET: {
    Value pointer = facts_value(caller, site, callee, cell.base);
    if (pointer.kind == VALUE_ADDRESS)
      return pointer.token;
    return is_same(&pointer) ? cell_find(caller, (Cell){.kind = CELL_TARGET, .base = pointer.token})
                             : NO_TOKEN;
  }
  case CELL_FIELD:
    cell.base = facts_place(caller, site, callee, cell.base);
    return cell.base == NO_TOKEN ? NO_TOKEN : cell_find(caller, cell);
  }
  return NO_TOKEN;
}

Value facts_value(CellTable *caller, const Site *site, const CellTable *callee, Token token) {
  if (is_parameter(callee, token))
    return token < site->arg_count ? site->args[token] : (Value){.kind = VALUE_ANY};
  Token place = facts_place(caller, site, callee, token);
  return place == NO_TOKEN ? (Value){.kind = VALUE_ANY} : value_at(caller, site, place);
}

/* ---- the tests of a function */

static uint8_t opposite(uint8_t operator) {
  switch (operator) {
  case OPERATOR_EQ:
    return OPERATOR_NE;
  case OPERATOR_NE:
    return OPERATOR_EQ;
  case OPERATOR_LT:
    return OPERATOR_GE;
  default:
    return OPERATOR_LT;
  }
}

static void add_test(Reader *r, Test test) {
  r->tests = arena_grow(r->flow->arena, r->tests, sizeof test, r->test_count, &r->test_room,
                        r->test_count + 1u);
  r->tests[r->test_count++] = test;
}

/* p - low < high - p: two differences with one of their ends in common. */
static bool compares_parts(const Function *f, const Node *test) {
  const Node *left = &f->nodes[test->a], *right = &f->nodes[test->b];
  while (left->kind == NODE_CAST)
    left = &f->nodes[left->a];
  while (right->kind == NODE_CAST)
    right = &f->nodes[right->a];
  bool differences = left->kind == NODE_BINARY && right->kind == NODE_BINARY &&
                     left->operator== OPERATOR_SUBTRACT && right->operator== OPERATOR_SUBTRACT;
  return differences && (left->a == right->b || left->b == right->a);
}

/* What holds when `value` is not zero, or is. */
static void read_test(Reader *r, NodeId value, bool holds) {
  const Function *f = r->flow->f;
  const Node *node = &f->nodes[value];
  for (;; node = &f->nodes[node->a]) {
    if (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT)
      holds = !holds;
    else if (node->kind != NODE_CAST)
      break;
  }
  Test test = {0};
  if (node->kind == NODE_BINARY && node->operator>= OPERATOR_EQ && node->operator<= OPERATOR_LT) {
    test.left = flow_value(r->flow, node->a);
    test.right = flow_value(r->flow, node->b);
    test.operator= holds ? node->operator: opposite(node->operator);
    test.halves = compares_parts(f, node);
  } else {
    test.left = flow_value(r->flow, (NodeId)(node - f->nodes));
    test.right = value_constant(0);
    test.operator= holds ? OPERATOR_NE : OPERATOR_EQ;
  }
  add_test(r, test);
}

static void read_switch(Reader *r, Index block, NodeId value) {
  Value left = flow_value(r->flow, value);
  const Block *b = &r->flow->f->blocks[block];
  for (uint32_t k = 0; k + 1 < b->edge_count && k < 1; k++) // one is enough to see what is read
    add_test(r, (Test){.operator= OPERATOR_EQ,
                       .left = {.kind = VALUE_ANY, .reads = left.reads},
                       .right = value_constant(r->flow->f->edges[b->edges + k].low)});
}

static void add_token(Token *tokens, uint32_t *count, Token token) {
  for (uint32_t i = 0; i < *count; i++)
    if (tokens[i] == token)
      return;
  if (*count < TEST_LIMIT)
    tokens[(*count)++] = token;
}

static void note_asked(Reader *r, const Value *value) {
  Facts *facts = r->facts;
  facts->stack_asked |= value->kind == VALUE_STACK;
  if (value->kind == VALUE_SUM)
    add_token(facts->asked, &facts->asked_count, value->other);
  if (value->kind == VALUE_MOVED || value->kind == VALUE_SUM)
    add_token(facts->asked, &facts->asked_count, value->token);
}

/* A null pointer, a flag or a first level is no limit. */
static bool may_limit(const Value *limit) {
  if (limit->kind == VALUE_CONSTANT)
    return limit->low >= SMALLEST_LIMIT || limit->low < 0;
  return limit->kind != VALUE_ANY || limit->reads != 0;
}

static void note_test(Reader *r, const Test *test) {
  bool counts = test->left.kind == VALUE_CONSTANT || test->right.kind == VALUE_CONSTANT;
  if (may_limit(&test->right) || (counts && !is_same(&test->left)))
    note_asked(r, &test->left);
  if (may_limit(&test->left) || (counts && !is_same(&test->right)))
    note_asked(r, &test->right);
}

static void read_terminator(Reader *r, Index block) {
  const Block *b = &r->flow->f->blocks[block];
  r->starts[block] = r->middles[block] = r->test_count;
  if (b->terminator == TERM_BRANCH) {
    read_test(r, b->value, true);
    r->middles[block] = r->test_count;
    read_test(r, b->value, false);
  } else if (b->terminator == TERM_SWITCH) {
    read_switch(r, block, b->value);
    r->middles[block] = r->test_count;
  }
  for (uint32_t i = r->starts[block]; i < r->middles[block]; i++)
    note_test(r, &r->tests[i]);
  if (b->terminator == TERM_RETURN && b->value) { // is_too_deep() may say it by its result
    const Node *node = &r->flow->f->nodes[b->value];
    for (; node->kind == NODE_UNARY || node->kind == NODE_CAST;)
      node = &r->flow->f->nodes[node->a];
    if (node->kind == NODE_BINARY && node->operator>= OPERATOR_EQ) {
      Test test = {.left = flow_value(r->flow, node->a), .right = flow_value(r->flow, node->b)};
      note_test(r, &test);
    }
  }
}

/* ---- sites */

static const Facts *helper_at(const Reader *r, uint32_t instruction) {
  bool by_pointer;
  if (r->flow->f->instructions[instruction].kind != INST_CALL)
    return NULL;
  TextId symbol = called_symbol(r->flow->function, instruction, &by_pointer);
  return symbol ? helpers_find(r->flow->helpers, r->flow->function, symbol) : NULL;
}

/* In the scratch arena. */
static Site site_at(Reader *r, uint32_t instruction) {
  Flow *flow = r->flow;
  const Instruction *inst = &flow->f->instructions[instruction];
  Arena *arena = flow->arena;
  Site site = {.instruction = instruction,
               .args = arena_new_array(arena, Value, inst->arg_count),
               .arg_count = inst->arg_count,
               .tail = (inst->flags & CALL_TAIL) != 0};
  for (uint32_t i = 0; i < inst->arg_count; i++)
    site.args[i] = flow_value(flow, flow->f->args[inst->args + i]);
  site.changes = arena_new_array(arena, Change, flow->cells->count);
  for (uint32_t i = 0; i < flow->cells->count; i++) {
    Token token = (Token)(flow->cells->parameter_count + i);
    Value value = flow_cell(flow, token);
    if (!is_same(&value) || value.token != token)
      site.changes[site.change_count++] = (Change){token, value};
  }
  return site;
}

static Token asked_token(CellTable *cells, const Site *site, const CellTable *callee, Token token) {
  if (!is_parameter(callee, token))
    return facts_place(cells, site, callee, token);
  Value value = facts_value(cells, site, callee, token);
  return value.kind == VALUE_MOVED ? value.token : NO_TOKEN;
}

/* What a callee asks is asked here, too. */
static void read_helper(Reader *r, Index block, uint32_t instruction) {
  const Facts *helper = helper_at(r, instruction);
  if (!helper || (!helper->stack_asked && !helper->asked_count))
    return;
  Asked asked = {.block = block, .instruction = instruction, .token = NO_TOKEN};
  Site here = site_at(r, instruction);
  r->facts->stack_asked |= helper->stack_asked;
  for (uint32_t i = 0; i < helper->asked_count + helper->stack_asked; i++) {
    asked.token = i < helper->asked_count
                      ? asked_token(r->flow->cells, &here, &helper->cells, helper->asked[i])
                      : NO_TOKEN;
    if (i < helper->asked_count && asked.token == NO_TOKEN)
      continue;
    r->asked = arena_grow(r->flow->arena, r->asked, sizeof asked, r->asked_count, &r->asked_room,
                          r->asked_count + 1u);
    r->asked[r->asked_count++] = asked;
    if (asked.token != NO_TOKEN)
      add_token(r->facts->asked, &r->facts->asked_count, asked.token);
  }
}

/* What callees asked that are called on every way to the site. */
static void add_asked(const Reader *r, Site *site, Index block) {
  for (uint32_t i = 0; i < r->asked_count; i++) {
    const Asked *asked = &r->asked[i];
    bool before = asked->block == block ? asked->instruction < site->instruction
                                        : cfg_dominates(r->flow->cfg, asked->block, block);
    if (!before)
      continue;
    if (asked->token == NO_TOKEN)
      site->stack_asked = true;
    else
      add_token(site->asked, &site->asked_count, asked->token);
  }
}

static void add_block_tests(Reader *r, Site *site, Index block, Index next) {
  const Block *b = &r->flow->f->blocks[block];
  uint32_t first = r->starts[block], last = r->middles[block];
  if (b->terminator == TERM_BRANCH && r->flow->f->edges[b->edges].block != next) {
    first = last;
    last = first + 1;
  }
  for (uint32_t i = first; i < last && site->test_count < TEST_LIMIT; i++) {
    site->tests[site->test_count++] = r->tests[i];
    site->stack_asked |=
        r->tests[i].left.kind == VALUE_STACK || r->tests[i].right.kind == VALUE_STACK;
  }
}

/* The one block that this one is entered from, back edges aside. */
static Index only_way_in(const Cfg *cfg, Index block) {
  Index from = NO_BLOCK;
  for (uint32_t i = 0; i < cfg->predecessor_counts[block]; i++) {
    Index before = cfg->predecessors[block][i];
    if (cfg->position[before] == NO_BLOCK || cfg_dominates(cfg, block, before))
      continue;
    if (from != NO_BLOCK)
      return NO_BLOCK;
    from = before;
  }
  return from;
}

static bool is_counter(const Value *value) {
  return value->kind == VALUE_MOVED || value->kind == VALUE_SUM;
}

/* Tests that stand before the site, on some way to it. */
static void add_earlier(Reader *r, Site *site, Index block) {
  const Cfg *cfg = r->flow->cfg;
  site->earlier = arena_new_array(r->flow->arena, Test, TEST_LIMIT);
  for (uint32_t i = 0; i < cfg->position[block]; i++)
    for (uint32_t k = r->starts[cfg->order[i]]; k < r->middles[cfg->order[i]]; k++)
      if (site->earlier_count < TEST_LIMIT &&
          (is_counter(&r->tests[k].left) || is_counter(&r->tests[k].right)) &&
          may_limit(&r->tests[k].left) && may_limit(&r->tests[k].right))
        site->earlier[site->earlier_count++] = r->tests[k];
}

static void find_tests(Reader *r, Site *site, Index block) {
  const Cfg *cfg = r->flow->cfg;
  Arena *arena = r->flow->arena;
  add_earlier(r, site, block);
  site->tests = arena_new_array(arena, Test, TEST_LIMIT);
  site->asked = arena_new_array(arena, Token, TEST_LIMIT);
  add_asked(r, site, block);
  for (Index at = block; at != 0; at = cfg->dominator[at]) {
    Index before = only_way_in(cfg, at);
    if (before != NO_BLOCK)
      add_block_tests(r, site, before, at);
  }
}

/* From the scratch arena to that of the facts, as long as they are. */
static void keep_site(const Reader *r, Site *site) {
  Arena *arena = r->facts->cells.arena;
  site->args = arena_copy(arena, site->args, sizeof *site->args * site->arg_count);
  site->changes = arena_copy(arena, site->changes, sizeof *site->changes * site->change_count);
  site->tests = arena_copy(arena, site->tests, sizeof *site->tests * site->test_count);
  site->earlier = arena_copy(arena, site->earlier, sizeof *site->earlier * site->earlier_count);
  site->asked = arena_copy(arena, site->asked, sizeof *site->asked * site->asked_count);
}

/* Was it compared with something, on some way to the site? */
static bool is_asked(const Site *site, Token token, bool up) {
  for (uint32_t i = 0; i < site->asked_count; i++)
    if (site->asked[i] == token)
      return true;
  for (uint32_t i = 0; i < site->test_count; i++)
    if (test_stops(&site->tests[i], token, up))
      return true;
  for (uint32_t i = 0; i < site->earlier_count; i++)
    if (test_is_about(&site->earlier[i], token))
      return true;
  return false;
}

static bool is_bounded(const Reader *r, const Site *site) {
  for (uint32_t i = 0; i < site->change_count; i++) {
    Token token = site->changes[i].token;
    const Value *value = &site->changes[i].value;
    bool adds = value->kind == VALUE_SUM && (value->token == token || value->other == token);
    bool up = value->low >= 1, down = value->high <= -1;
    bool moves = value->kind == VALUE_MOVED && value->token == token && (up || down);
    if ((adds || moves) && cell_at(&r->facts->cells, token)->kind != CELL_LOCAL &&
        is_asked(site, token, adds || up))
      return true;
  }
  return site->stack_asked;
}

static void read_block(Reader *r, Index block, Wanted wanted) {
  Flow *flow = r->flow;
  const Block *b = &flow->f->blocks[block];
  Facts *facts = r->facts;
  flow_enter(flow, block);
  for (uint32_t i = b->first; i < b->first + b->count; i++) {
    if (flow->f->instructions[i].kind == INST_CALL && wanted.wants &&
        wanted.wants(wanted.context, flow->function, i)) {
      Site site = site_at(r, i);
      site.dies = !r->returns[block];
      facts->sites[facts->site_count++] = site;
    }
    read_helper(r, block, i);
    flow_step(flow, i);
  }
  read_terminator(r, block);
  for (uint32_t i = 0; i < flow->cells->count && b->terminator == TERM_RETURN; i++) {
    Token token = (Token)(flow->cells->parameter_count + i);
    Value value = flow_cell(flow, token);
    Change *count = &facts->counts[i];
    count->token = token;
    count->value = value_join(flow->cells, count->value, value);
  }
}

/* ---- blocks that lead to a return */

static void find_returns(Reader *r) {
  const Function *f = r->flow->f;
  const Cfg *cfg = r->flow->cfg;
  r->returns = arena_new_array(r->flow->arena, bool, f->block_count);
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = cfg->order_count; i-- > 0;) {
      Index b = cfg->order[i];
      bool returns = f->blocks[b].terminator == TERM_RETURN;
      for (uint32_t k = 0; k < f->blocks[b].edge_count; k++)
        returns |= r->returns[f->edges[f->blocks[b].edges + k].block];
      changed |= returns && !r->returns[b];
      r->returns[b] |= returns;
    }
  }
}

/* Is there a way to an end of the function, or of the program, past all the sites? */
static bool ends_without(const Reader *r) {
  const Function *f = r->flow->f;
  bool *seen = arena_new_array(r->flow->arena, bool, f->block_count);
  for (uint32_t i = 0; i < r->facts->site_count; i++)
    seen[block_of_instruction(f, r->facts->sites[i].instruction)] = true;
  Index *stack = arena_new_array(r->flow->arena, Index, f->block_count + 1u);
  uint32_t depth = 0;
  if (!seen[0])
    stack[depth++] = 0;
  seen[0] = true;
  while (depth) {
    const Block *block = &f->blocks[stack[--depth]];
    if (!block->edge_count)
      return true;
    for (uint32_t k = 0; k < block->edge_count; k++) {
      Index next = f->edges[block->edges + k].block;
      if (!seen[next])
        stack[depth++] = next;
      seen[next] = true;
    }
  }
  return false;
}

static void keep_counts(Facts *facts) {
  for (uint32_t i = 0; i < facts->cells.count; i++) {
    const Change *count = &facts->counts[i];
    if (count->value.kind == VALUE_MOVED && count->value.token == count->token &&
        !is_same(&count->value))
      facts->counts[facts->count_count++] = *count;
  }
}

/* What the calls of a function read. */
static uint8_t input_of(const Function *f) {
  static const struct {
    const char *name;
    uint8_t input;
  } readers[] = {{"readdir", INPUT_FOLDER}, {"readdir64", INPUT_FOLDER}, {"scandir", INPUT_FOLDER},
                 {"opendir", INPUT_FOLDER}, {"read", INPUT_BYTES},       {"recv", INPUT_BYTES},
                 {"fread", INPUT_BYTES},    {"fgets", INPUT_BYTES},      {"getc", INPUT_BYTES},
                 {"fgetc", INPUT_BYTES},    {"getline", INPUT_BYTES},    {"fopen", INPUT_BYTES}};
  uint8_t input = 0;
  for (uint32_t i = 0; i < f->symbol_count; i++)
    for (size_t k = 0; k < sizeof readers / sizeof *readers; k++)
      if (f->symbols[i].kind == SYMBOL_FUNCTION && !strcmp(f->symbols[i].name, readers[k].name))
        input |= readers[k].input;
  return input;
}

static uint32_t count_sites(const ProgramFunction *function, Wanted wanted) {
  const Function *f = function->body;
  uint32_t count = 0;
  for (uint32_t i = 0; i < f->instruction_count && wanted.wants; i++)
    count += f->instructions[i].kind == INST_CALL && wanted.wants(wanted.context, function, i);
  return count;
}

/* Imprecise: of the largest functions only the calls are known. */
static void mark_sites(Facts *facts, Wanted wanted) {
  const Function *f = facts->function->body;
  for (uint32_t i = 0; i < f->instruction_count && wanted.wants; i++)
    if (f->instructions[i].kind == INST_CALL && wanted.wants(wanted.context, facts->function, i))
      facts->sites[facts->site_count++] = (Site){.instruction = i};
}

Facts *facts_new(Arena *arena, Helpers *helpers, Program *program, const ProgramFunction *function,
                 Wanted wanted) {
  const Function *f = function->body;
  Arena *scratch = arena_new();
  Facts *facts = arena_new_one(arena, Facts);
  facts->function = function;
  facts->cells = (CellTable){.arena = arena, .parameter_count = f->parameter_count};
  facts->sites = arena_new_array(arena, Site, count_sites(function, wanted));
  facts->counts = arena_new_array(scratch, Change, CELL_LIMIT);
  facts->asked = arena_new_array(scratch, Token, TEST_LIMIT);
  facts->too_large = flow_size(f) > FLOW_LIMIT;
  if (facts->too_large) {
    mark_sites(facts, wanted);
    arena_free(scratch);
    return facts;
  }
  Reader reader = {.flow = flow_new(scratch, helpers, program, function, &facts->cells),
                   .facts = facts,
                   .starts = arena_new_array(scratch, uint32_t, f->block_count),
                   .middles = arena_new_array(scratch, uint32_t, f->block_count)};
  find_returns(&reader);
  const Cfg *cfg = reader.flow->cfg;
  for (uint32_t i = 0; i < cfg->order_count; i++)
    if (reader.flow->entry[cfg->order[i]])
      read_block(&reader, cfg->order[i], wanted);
  for (uint32_t i = 0; i < facts->site_count; i++) {
    Site *site = &facts->sites[i];
    find_tests(&reader, site, block_of_instruction(f, site->instruction));
    site->bounded = is_bounded(&reader, site);
    if (site->bounded || site->dies)
      site->arg_count = site->change_count = site->test_count = site->earlier_count =
          site->asked_count = 0;
    keep_site(&reader, site);
  }
  keep_counts(facts);
  facts->counts = arena_copy(arena, facts->counts, sizeof *facts->counts * facts->count_count);
  facts->asked = arena_copy(arena, facts->asked, sizeof *facts->asked * facts->asked_count);
  facts->ends_without = ends_without(&reader);
  facts->input = input_of(f);
  arena_free(scratch);
  return facts;
}

/* ---- callees */

enum { HELPER_BLOCKS = 64, HELPER_DEPTH = 3 };

struct Helpers {
  Arena *arena;
  Program *program;
  const Facts **known; // per function
  bool *looked;
  uint32_t depth;
  bool refused; // something was too deep to be looked into
};

Helpers *helpers_new(Arena *arena, Program *program) {
  Helpers *helpers = arena_new_one(arena, Helpers);
  *helpers = (Helpers){.arena = arena,
                       .program = program,
                       .known = arena_new_array(arena, const Facts *, program->function_count),
                       .looked = arena_new_array(arena, bool, program->function_count)};
  return helpers;
}

static const Facts *look_into(Helpers *helpers, uint32_t id) {
  ProgramFunction *function = &helpers->program->functions[id];
  Arena *code = arena_new();
  bool loaded = function->body != NULL;
  if (!loaded)
    program_load(helpers->program, function, code);
  const Facts *facts = NULL;
  helpers->depth++;
  if (function->body->block_count <= HELPER_BLOCKS)
    facts = facts_new(helpers->arena, helpers, helpers->program, function, (Wanted){0});
  helpers->depth--;
  if (!loaded)
    program_unload(function);
  arena_free(code);
  return facts;
}

const Facts *helpers_find(Helpers *helpers, const ProgramFunction *caller, TextId symbol) {
  Targets targets = program_resolve(helpers->program, caller, symbol);
  if (targets.count != 1 || targets.open || models_find(helpers->program->models, symbol))
    return NULL;
  uint32_t id = targets.ids[0];
  if (helpers->looked[id])
    return helpers->known[id];
  if (helpers->depth == HELPER_DEPTH) {
    helpers->refused = true;
    return NULL;
  }
  bool refused = helpers->refused;
  helpers->refused = false;
  helpers->looked[id] = true; // first: it may call itself
  const Facts *facts = helpers->known[id] = look_into(helpers, id);
  if (helpers->refused && helpers->depth) { // from nearer more is seen
    helpers->looked[id] = false;
    helpers->known[id] = NULL;
  }
  helpers->refused |= refused;
  return facts;
}
