/* facts.c - see facts.h */
#include "depth/facts.h"

#include <string.h>

#include "depth/test.h"
#include "depth/traits.h"
#include "depth/ways.h"

enum { TEST_LIMIT = 24, FLOW_LIMIT = 1 << 20 };

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
  Ways ways;
  bool moves; // something is handed on that is more or less than it was
} Reader;

/* ---- the tests of a function */

static void add_test(Reader *r, Test test) {
  r->tests = arena_grow(r->flow->arena, r->tests, sizeof test, r->test_count, &r->test_room,
                        r->test_count + 1u);
  r->tests[r->test_count++] = test;
}

static void note_deciding(Reader *r, const Value *value) {
  bool is_part = value->kind == VALUE_MOVED || value->kind == VALUE_BITS;
  if (is_part && is_parameter(r->flow->cells, value->token) && value->token < 64)
    r->facts->deciding |= 1ull << value->token;
}

/* One test is enough to see what is read; which case it is, is asked where a case is entered. */
static void read_switch(Reader *r, Index block, NodeId value) {
  Value left = flow_value(r->flow, value);
  const Block *b = &r->flow->f->blocks[block];
  note_deciding(r, &left);
  bool same = is_same(&left);
  if (!same || !is_parameter(r->flow->cells, left.token))
    left.kind = VALUE_ANY;
  if (!same)
    left.token = NO_TOKEN;
  if (b->edge_count > 1)
    add_test(r, (Test){.operator= OPERATOR_EQ,
                       .left = left,
                       .right = value_constant(r->flow->f->edges[b->edges].low)});
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

static void note_test(Reader *r, const Test *test) {
  bool counts = test->left.kind == VALUE_CONSTANT || test->right.kind == VALUE_CONSTANT;
  if (value_may_limit(&test->right) || (counts && !is_same(&test->left)))
    note_asked(r, &test->left);
  if (value_may_limit(&test->left) || (counts && !is_same(&test->right)))
    note_asked(r, &test->right);
}

/* Can a caller hear of the test: by the result, or because a way from it does not return? */
static bool tells(const Reader *r, const Block *block) {
  bool dies = false;
  for (uint32_t k = 0; k < block->edge_count && !dies; k++)
    dies = !r->returns[r->flow->f->edges[block->edges + k].block];
  r->facts->asked_dies |= dies;
  return dies || r->flow->f->types[r->flow->f->result_type].kind != TYPE_VOID;
}

static void read_terminator(Reader *r, Index block) {
  const Block *b = &r->flow->f->blocks[block];
  r->starts[block] = r->middles[block] = r->test_count;
  if (b->terminator == TERM_BRANCH) {
    add_test(r, test_read(r->flow, b->value, true));
    note_deciding(r, &r->tests[r->starts[block]].left);
    r->middles[block] = r->test_count;
    add_test(r, test_read(r->flow, b->value, false));
  } else if (b->terminator == TERM_SWITCH) {
    read_switch(r, block, b->value);
    r->middles[block] = r->test_count;
  }
  bool told = r->starts[block] < r->middles[block] && tells(r, b);
  for (uint32_t i = r->starts[block]; i < r->middles[block] && told; i++)
    note_test(r, &r->tests[i]);
  if (b->terminator == TERM_RETURN && b->value)
    r->facts->gives_stack_address |= flow_value(r->flow, b->value).kind == VALUE_STACK;
  if (b->terminator == TERM_RETURN && b->value) { // is_too_deep() may say it by its result
    Test test = test_read(r->flow, b->value, true);
    if (test.compares)
      note_test(r, &test);
  }
}

/* ---- sites */

static const Facts *helper_at(const Reader *r, uint32_t instruction, uint8_t traits) {
  bool by_pointer;
  if (r->flow->f->instructions[instruction].kind != INST_CALL ||
      !flow_returns(r->flow, instruction))
    return NULL;
  TextId symbol = called_symbol(r->flow->function, instruction, &by_pointer);
  return symbol ? helpers_find(r->flow->helpers, r->flow->function, symbol, traits) : NULL;
}

/* The address of a local, or of a part of one: the frame has to stay. */
static bool is_in_frame(const Function *f, NodeId argument) {
  const Node *node = &f->nodes[argument];
  if (node->kind != NODE_ADDRESS)
    return false;
  do
    node = &f->nodes[node->a];
  while (node->kind == NODE_FIELD || node->kind == NODE_INDEX);
  return node->kind == NODE_LOCAL;
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
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    site.args[i] = flow_value(flow, flow->f->args[inst->args + i]);
    site.tail &= !is_in_frame(flow->f, flow->f->args[inst->args + i]);
    uint32_t size = input_buffer(flow->f, flow->f->args[inst->args + i]);
    site.buffer = size > site.buffer ? size : site.buffer;
  }
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

static void add_asked(Reader *r, Index block, uint32_t instruction, Token token) {
  r->asked = arena_grow(r->flow->arena, r->asked, sizeof *r->asked, r->asked_count, &r->asked_room,
                        r->asked_count + 1u);
  r->asked[r->asked_count++] = (Asked){block, instruction, token};
  if (token == NO_TOKEN)
    r->facts->stack_asked = true;
  else
    add_token(r->facts->asked, &r->facts->asked_count, token);
}

/* A model says so. */
static bool guards_depth(const Reader *r, uint32_t instruction) {
  bool by_pointer;
  if (r->flow->f->instructions[instruction].kind != INST_CALL)
    return false;
  TextId symbol = called_symbol(r->flow->function, instruction, &by_pointer);
  const Summary *model = symbol ? models_find(r->flow->program->models, symbol) : NULL;
  for (uint32_t i = 0; model && i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++)
      if (model->cases[i].effects[k].action == ACTION_DEPTH_GUARD)
        return true;
  return false;
}

/* What a callee asks is asked here, too, unless its answer is thrown away. */
static void read_helper(Reader *r, Index block, uint32_t instruction) {
  if (guards_depth(r, instruction))
    add_asked(r, block, instruction, NO_TOKEN);
  const Facts *helper = helper_at(r, instruction, r->moves ? 0 : TRAIT_STACK_ADDRESS);
  if (helper)
    r->facts->input |= helper->own_input & INPUT_FOLDER;
  if (!helper || (!helper->stack_asked && !helper->asked_count) ||
      (!helper->asked_dies && !uses_result(r->flow->f, &r->flow->f->instructions[instruction])))
    return;
  r->facts->asked_dies |= helper->asked_dies;
  Site here = site_at(r, instruction);
  if (helper->stack_asked)
    add_asked(r, block, instruction, NO_TOKEN);
  for (uint32_t i = 0; i < helper->asked_count; i++) {
    Token token = asked_token(r->flow->cells, &here, &helper->cells, helper->asked[i]);
    if (token != NO_TOKEN)
      add_asked(r, block, instruction, token);
  }
}

/* What callees asked that are called on every way to the site. */
static void take_asked(const Reader *r, Site *site, Index block) {
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

/* The one number that leads from a switch to this block. */
static bool is_case(const Reader *r, const Block *b, Index next, Value *number) {
  uint32_t count = 0;
  for (uint32_t k = 0; k < b->edge_count; k++) {
    const Edge *edge = &r->flow->f->edges[b->edges + k];
    if (edge->block != next)
      continue;
    if (k + 1 == b->edge_count || edge->low != edge->high)
      return false;
    *number = value_constant(edge->low);
    count++;
  }
  return count == 1;
}

static void add_block_tests(Reader *r, Site *site, Index block, Index next) {
  const Block *b = &r->flow->f->blocks[block];
  uint32_t first = r->starts[block], last = r->middles[block];
  if (b->terminator == TERM_BRANCH && r->flow->f->edges[b->edges].block != next) {
    first = last;
    last = first + 1;
  }
  for (uint32_t i = first; i < last && site->test_count < TEST_LIMIT; i++) {
    Test test = r->tests[i];
    test.is_case = b->terminator == TERM_SWITCH && is_case(r, b, next, &test.right);
    if (b->terminator == TERM_SWITCH && !test.is_case)
      test.left.kind = VALUE_ANY;
    site->tests[site->test_count++] = test;
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

static bool leaves(const Reader *r, Index test, Index site) {
  const Block *block = &r->flow->f->blocks[test];
  for (uint32_t k = 0; k < block->edge_count; k++)
    if (!ways_lead(&r->ways, r->flow->f->edges[block->edges + k].block, site, test))
      return true;
  return false;
}

/* Tests that stand before the site, on some way to it. */
static void add_earlier(Reader *r, Site *site, Index block) {
  const Cfg *cfg = r->flow->cfg;
  site->earlier = arena_new_array(r->flow->arena, Test, TEST_LIMIT);
  for (uint32_t i = 0; i < cfg->position[block]; i++)
    for (uint32_t k = r->starts[cfg->order[i]]; k < r->middles[cfg->order[i]]; k++) {
      Test test = r->tests[k];
      if (site->earlier_count == TEST_LIMIT ||
          !(is_counter(&test.left) || is_counter(&test.right)) || !value_may_limit(&test.left) ||
          !value_may_limit(&test.right))
        continue;
      test.leaves = leaves(r, cfg->order[i], block);
      site->earlier[site->earlier_count++] = test;
    }
}

static void find_tests(Reader *r, Site *site, Index block) {
  const Cfg *cfg = r->flow->cfg;
  Arena *arena = r->flow->arena;
  add_earlier(r, site, block);
  site->tests = arena_new_array(arena, Test, TEST_LIMIT);
  site->asked = arena_new_array(arena, Token, TEST_LIMIT);
  take_asked(r, site, block);
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

/* Is anything handed on that is more or less than it was? Else no test of it matters. */
static bool hands_moved_on(const Facts *facts) {
  for (uint32_t i = 0; i < facts->site_count; i++) {
    const Site *site = &facts->sites[i];
    for (uint32_t k = 0; k < site->arg_count; k++)
      if (site->args[k].kind == VALUE_MOVED && !is_same(&site->args[k]))
        return true;
    for (uint32_t k = 0; k < site->change_count; k++)
      if (site->changes[k].value.kind == VALUE_MOVED || site->changes[k].value.kind == VALUE_SUM)
        return true;
  }
  return false;
}

static void read_helpers(Reader *r) {
  const Cfg *cfg = r->flow->cfg;
  r->moves = !r->facts->site_count || hands_moved_on(r->facts);
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    const Block *b = &r->flow->f->blocks[cfg->order[i]];
    if (!r->flow->entry[cfg->order[i]])
      continue;
    flow_enter(r->flow, cfg->order[i]);
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      read_helper(r, cfg->order[i], k);
      flow_step(r->flow, k);
    }
  }
}

static bool ends_without(const Reader *r) {
  Index *blocks = arena_new_array(r->flow->arena, Index, r->facts->site_count);
  for (uint32_t i = 0; i < r->facts->site_count; i++)
    blocks[i] = block_of_instruction(r->flow->f, r->facts->sites[i].instruction);
  return ways_end_without(&r->ways, blocks, r->facts->site_count);
}

static void keep_counts(Facts *facts) {
  for (uint32_t i = 0; i < facts->cells.count; i++) {
    const Change *count = &facts->counts[i];
    if (count->value.kind == VALUE_MOVED && count->value.token == count->token &&
        !is_same(&count->value))
      facts->counts[facts->count_count++] = *count;
  }
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
  for (uint32_t i = 0; i < f->parameter_count && i < 64; i++) {
    bool pointer = f->types[f->locals[i].type].kind == TYPE_POINTER;
    facts->pointers |= (uint64_t)pointer << i;
    facts->texts |= (uint64_t)is_text(f, f->locals[i].type) << i;
  }
  facts->too_large = flow_size(f) > FLOW_LIMIT;
  if (facts->too_large) {
    mark_sites(facts, wanted);
    arena_free(scratch);
    return facts;
  }
  Reader reader = {.flow =
                       flow_new(scratch, helpers, program, function, &facts->cells, wanted.given),
                   .facts = facts,
                   .starts = arena_new_array(scratch, uint32_t, f->block_count),
                   .middles = arena_new_array(scratch, uint32_t, f->block_count)};
  reader.ways = ways_new(scratch, reader.flow->f);
  reader.returns = ways_returning(scratch, reader.flow->f, reader.flow->cfg);
  const Cfg *cfg = reader.flow->cfg;
  for (uint32_t i = 0; i < cfg->order_count; i++)
    if (reader.flow->entry[cfg->order[i]])
      read_block(&reader, cfg->order[i], wanted);
  read_helpers(&reader);
  for (uint32_t i = 0; i < facts->site_count; i++) {
    Site *site = &facts->sites[i];
    find_tests(&reader, site, block_of_instruction(f, site->instruction));
    site->bounded = site_is_bounded(facts, site, &(Resets){0});
    if (site->dies)
      site->arg_count = site->change_count = site->test_count = site->earlier_count =
          site->asked_count = 0;
    keep_site(&reader, site);
  }
  keep_counts(facts);
  facts->counts = arena_copy(arena, facts->counts, sizeof *facts->counts * facts->count_count);
  facts->asked = arena_copy(arena, facts->asked, sizeof *facts->asked * facts->asked_count);
  facts->ends_without = ends_without(&reader);
  facts->own_input = input_of(f);
  facts->input |= facts->own_input | input_of_callees(program, function);
  arena_free(scratch);
  return facts;
}
