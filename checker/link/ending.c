/* ending.c - see ending.h. */
#include "link/ending.h"

#include <string.h>

#include "ir/accesses.h"
#include "ir/cfg.h"

enum { CALL_DEPTH = 4, NODE_DEPTH = 16, TEST_LIMIT = 4 };

/* ---- loops without a way out */

static bool has_exit(const Function *f, const Cfg *cfg, Index loop) {
  for (uint32_t i = 0; i < cfg->loops[loop].block_count; i++) {
    const Block *block = &f->blocks[cfg->loops[loop].blocks[i]];
    for (uint32_t k = 0; k < block->edge_count; k++)
      if (!cfg_in_loop(cfg, loop, f->edges[block->edges + k].block))
        return true;
    if (!block->edge_count)
      return true;
  }
  return false;
}

static bool never_returns(const Summary *summary) {
  return summary && !summary->case_count &&
         !(summary->flags & (SUMMARY_DEGRADED | SUMMARY_UNKNOWN | SUMMARY_MAY_END));
}

static Ending endless_loop(Program *program, uint32_t id, uint32_t depth);

static Ending endless_callee(Program *program, const ProgramFunction *function, uint32_t depth) {
  for (uint32_t i = 0; i < function->callee_count && depth; i++)
    if (function->callees[i] != function->id &&
        never_returns(program_summary(program, function->callees[i]))) {
      Ending ending = endless_loop(program, function->callees[i], depth - 1);
      if (ending.kind != ENDS)
        return ending;
    }
  return (Ending){0};
}

static Ending endless_loop(Program *program, uint32_t id, uint32_t depth) {
  ProgramFunction *function = &program->functions[id];
  Arena *scratch = arena_new();
  program_load(program, function, scratch);
  const Function *f = function->body;
  const Cfg *cfg = cfg_new(scratch, f);
  Ending ending = {0};
  for (Index i = 0; i < cfg->loop_count && ending.kind == ENDS; i++)
    if (!has_exit(f, cfg, i))
      ending = (Ending){.kind = ENDS_NEVER, .function = function, .block = cfg_loop_place(cfg, i)};
  program_unload(function);
  arena_free(scratch);
  return ending.kind != ENDS ? ending : endless_callee(program, function, depth);
}

/* ---- loops that end when a variable says so */

typedef struct {
  const Function *f;
  const Symbol *flag;
  struct {
    NodeId value; // that decides
    bool if_true; // the loop is left when it is not zero
  } tests[TEST_LIMIT];
  uint32_t count;
  Index block; // of the first
} FlagTests;

/* The field or global that the value is made of, with constants only; NULL for anything else. What
 * a library declares may be set by it. */
static const Symbol *flag_of(const Function *f, NodeId id, uint32_t depth) {
  const Node *node = &f->nodes[id];
  if (!depth--)
    return NULL;
  switch ((NodeKind)node->kind) {
  case NODE_TEMP: {
    const Instruction *inst = temp_definition(f, node->a);
    NodeId place = inst ? place_read(f, inst) : 0;
    Index symbol = place ? slot_of_place(f, place) : NO_SYMBOL;
    if (symbol == NO_SYMBOL || f->symbols[symbol].flags & SYMBOL_SYSTEM ||
        f->types[node->type].kind > TYPE_UNSIGNED)
      return NULL;
    return &f->symbols[symbol];
  }
  case NODE_UNARY:
  case NODE_CAST:
    return flag_of(f, node->a, depth);
  case NODE_BINARY:
    return f->nodes[node->b].kind == NODE_CONSTANT ? flag_of(f, node->a, depth) : NULL;
  default:
    return NULL;
  }
}

static int64_t value_with(const Function *f, NodeId id, int64_t flag) {
  const Node *node = &f->nodes[id];
  switch ((NodeKind)node->kind) {
  case NODE_CONSTANT:
    return f->constants[node->a].value;
  case NODE_CAST:
    return value_with(f, node->a, flag);
  case NODE_UNARY: {
    int64_t value = value_with(f, node->a, flag);
    return node->operator== OPERATOR_NOT      ? !value
           : node->operator== OPERATOR_NEGATE ? -value
                                              : ~value;
  }
  case NODE_BINARY: {
    int64_t a = value_with(f, node->a, flag), b = value_with(f, node->b, flag);
    switch (node->operator) {
    case OPERATOR_EQ:
      return a == b;
    case OPERATOR_NE:
      return a != b;
    case OPERATOR_LT:
      return a < b;
    case OPERATOR_AND:
      return a & b;
    default:
      return 1; // no claim: the test may say anything
    }
  }
  default:
    return flag;
  }
}

static bool leaves_with(const FlagTests *tests, int64_t flag) {
  for (uint32_t i = 0; i < tests->count; i++)
    if ((value_with(tests->f, tests->tests[i].value, flag) != 0) == tests->tests[i].if_true)
      return true;
  return false;
}

/* Adds the ways out of the loop at the end of one block. False: not all of them test the one
 * variable. */
static bool add_exits(const Cfg *cfg, Index loop, Index at, FlagTests *tests) {
  const Function *f = tests->f;
  const Block *block = &f->blocks[at];
  for (uint32_t k = 0; k < block->edge_count; k++) {
    if (cfg_in_loop(cfg, loop, f->edges[block->edges + k].block))
      continue;
    const Symbol *flag =
        block->terminator == TERM_BRANCH ? flag_of(f, block->value, NODE_DEPTH) : NULL;
    if (!flag || (tests->flag && tests->flag != flag) || tests->count == TEST_LIMIT)
      return false;
    tests->flag = flag;
    if (!tests->count)
      tests->block = at;
    tests->tests[tests->count].value = block->value;
    tests->tests[tests->count++].if_true = k == 0;
  }
  return block->edge_count != 0;
}

static bool all_exits_test(const Cfg *cfg, Index loop, FlagTests *tests) {
  for (uint32_t i = 0; i < cfg->loops[loop].block_count; i++)
    if (!add_exits(cfg, loop, cfg->loops[loop].blocks[i], tests))
      return false;
  return tests->flag != NULL;
}

static bool is_before_every_return(const Function *f, const Cfg *cfg, Index header) {
  for (uint32_t i = 0; i < cfg->order_count; i++)
    if (f->blocks[cfg->order[i]].terminator == TERM_RETURN &&
        !cfg_dominates(cfg, header, cfg->order[i]))
      return false;
  return true;
}

static bool is_flag(const Function *f, NodeId place, const char *key) {
  const Node *node = &f->nodes[place];
  Index symbol = node->kind == NODE_FIELD    ? node->b
                 : node->kind == NODE_GLOBAL ? node->a
                                             : NO_SYMBOL;
  return symbol != NO_SYMBOL && !strcmp(f->symbols[symbol].key, key);
}

static uint32_t uses_of_address(const Function *f, NodeId address) {
  uint32_t uses = 0;
  for (uint32_t i = 0; i < f->node_count; i++) { // a node's operands are of its own kind's
    const Node *node = &f->nodes[i];
    bool has_value = node->kind == NODE_UNARY || node->kind == NODE_CAST ||
                     node->kind == NODE_DEREF || node->kind == NODE_SHIFT ||
                     node->kind == NODE_BINARY;
    uses += has_value &&
            (node->a == address ||
             ((node->kind == NODE_BINARY || node->kind == NODE_SHIFT) && node->b == address));
  }
  for (uint32_t i = 0; i < f->arg_count; i++)
    uses += f->args[i] == address;
  for (uint32_t i = 0; i < f->instruction_count; i++)
    uses += (f->instructions[i].kind == INST_STORE && f->instructions[i].b == address) ||
            (f->instructions[i].kind == INST_COPY && f->instructions[i].a == address);
  for (uint32_t i = 0; i < f->block_count; i++)
    uses += f->blocks[i].value == address;
  return uses;
}

static bool mentions(const Function *f, const char *key) {
  for (uint32_t i = 0; i < f->symbol_count; i++)
    if (!strcmp(f->symbols[i].key, key))
      return true;
  return false;
}

/* May this function store what ends the loop, or let somebody else do it? */
static bool may_tell(const Function *f, const FlagTests *tests, uint32_t *stores) {
  const char *key = tests->flag->key;
  if (!mentions(f, key))
    return false;
  uint32_t seen = 0, addresses = 0; // uses of its address: those that are understood, and all
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    NodeId stored, read = place_read(f, inst), written = place_written(f, inst, &stored);
    bool reads = read && is_flag(f, read, key), writes = written && is_flag(f, written, key);
    seen += (reads || writes) && inst->kind == INST_CALL;
    if (!writes)
      continue;
    const Node *value = &f->nodes[stored];
    if (value->kind != NODE_CONSTANT || leaves_with(tests, f->constants[value->a].value))
      return true;
    ++*stores;
  }
  for (uint32_t i = 0; i < f->node_count; i++)
    if (f->nodes[i].kind == NODE_ADDRESS && is_flag(f, f->nodes[i].a, key))
      addresses += uses_of_address(f, i);
  return addresses > seen;
}

static bool somebody_tells(Program *program, const FlagTests *tests, uint32_t *stores) {
  Arena *scratch = arena_new();
  bool told = leaves_with(tests, 0) || leaves_with(tests, 1) == leaves_with(tests, 0);
  for (uint32_t i = 0; i < program->function_count && !told; i++) {
    ProgramFunction *function = &program->functions[i];
    bool loaded = function->body != NULL;
    if (!loaded)
      program_load(program, function, scratch);
    told = may_tell(function->body, tests, stores);
    if (!loaded)
      program_unload(function);
    arena_reset(scratch);
  }
  arena_free(scratch);
  return told;
}

static Ending untold_loop(Program *program, uint32_t id) {
  ProgramFunction *function = &program->functions[id];
  Arena *scratch = arena_new();
  program_load(program, function, scratch);
  const Function *f = function->body;
  const Cfg *cfg = cfg_new(scratch, f);
  Ending ending = {0};
  for (Index i = 0; i < cfg->loop_count && ending.kind == ENDS; i++) {
    FlagTests tests = {.f = f};
    uint32_t stores = 0;
    if (cfg->loops[i].depth == 1 && is_before_every_return(f, cfg, cfg->loops[i].header) &&
        all_exits_test(cfg, i, &tests) && !somebody_tells(program, &tests, &stores))
      ending = (Ending){.kind = ENDS_UNTOLD,
                        .function = function,
                        .block = tests.block,
                        .flag = arena_text(program->arena, tests.flag->name),
                        .stores = stores};
  }
  program_unload(function);
  arena_free(scratch);
  return ending;
}

Ending ending_of(Program *program, uint32_t id) {
  const Summary *summary = program_summary(program, id);
  if (never_returns(summary))
    return endless_loop(program, id, CALL_DEPTH);
  if (!summary || (summary->flags & (SUMMARY_DEGRADED | SUMMARY_UNKNOWN | SUMMARY_MAY_END)))
    return (Ending){0};
  return untold_loop(program, id);
}
