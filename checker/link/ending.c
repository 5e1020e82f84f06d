/* ending.c - see ending.h. Whether a variable is ever told is asked of every function of the
 * program, once for all variables that any of the loops waits for. */
#include "link/ending.h"

#include <string.h>

#include "ir/accesses.h"
#include "ir/cfg.h"
#include "ir/parts.h"
#include "link/name_table.h"

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
  BorrowedCode code = program_borrow(program, id);
  const ProgramFunction *function = code.function;
  const Function *f = function->body;
  const Cfg *cfg = cfg_new(code.arena, f);
  Ending ending = {0};
  for (Index i = 0; i < cfg->loop_count && ending.kind == ENDS; i++)
    if (!has_exit(f, cfg, i))
      ending = (Ending){.kind = ENDS_NEVER, .function = function, .block = cfg_loop_place(cfg, i)};
  program_return(&code);
  return ending.kind != ENDS ? ending : endless_callee(program, function, depth);
}

/* ---- loops that end when a variable says so */

/* One loop. */
typedef struct {
  const ProgramFunction *function;
  const Function *f; // its code
  Index flag;        // the variable, one of the code's symbols
  struct {
    NodeId value; // that decides
    bool if_true; // the loop is left when it is not zero
  } tests[TEST_LIMIT];
  uint32_t count;
  Index block;     // of the first
  uint32_t stores; // that do not end the loop
  bool told;       // it may be ended
} FlagTests;

/* The field or global that the value is made of, with constants only; NO_SYMBOL for anything
 * else. What a library declares may be set by it. */
static Index flag_of(const Function *f, NodeId id, uint32_t depth) {
  const Node *node = &f->nodes[id];
  if (!depth--)
    return NO_SYMBOL;
  switch ((NodeKind)node->kind) {
  case NODE_TEMP: {
    const Instruction *inst = temp_definition(f, node->a);
    NodeId place = inst ? place_read(f, inst) : 0;
    Index symbol = place ? slot_of_place(f, place) : NO_SYMBOL;
    if (symbol == NO_SYMBOL || f->symbols[symbol].flags & SYMBOL_SYSTEM ||
        f->types[node->type].kind > TYPE_UNSIGNED)
      return NO_SYMBOL;
    return symbol;
  }
  case NODE_UNARY:
  case NODE_CAST:
    return flag_of(f, node->a, depth);
  case NODE_BINARY:
    return f->nodes[node->b].kind == NODE_CONSTANT ? flag_of(f, node->a, depth) : NO_SYMBOL;
  default:
    return NO_SYMBOL;
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
    Index flag =
        block->terminator == TERM_BRANCH ? flag_of(f, block->value, NODE_DEPTH) : NO_SYMBOL;
    if (flag == NO_SYMBOL || (tests->count && tests->flag != flag) || tests->count == TEST_LIMIT)
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
  return tests->count > 0;
}

static bool is_before_every_return(const Function *f, const Cfg *cfg, Index header) {
  for (uint32_t i = 0; i < cfg->order_count; i++)
    if (f->blocks[cfg->order[i]].terminator == TERM_RETURN &&
        !cfg_dominates(cfg, header, cfg->order[i]))
      return false;
  return true;
}

static bool is_flag(const ProgramFunction *function, NodeId place, TextId flag) {
  const Node *node = &function->body->nodes[place];
  Index symbol = node->kind == NODE_FIELD    ? node->b
                 : node->kind == NODE_GLOBAL ? node->a
                                             : NO_SYMBOL;
  return symbol != NO_SYMBOL && function->symbols[symbol] == flag;
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

/* May this function store what ends the loop, or let somebody else do it? */
static bool may_tell(const ProgramFunction *function, FlagTests *tests) {
  const Function *f = function->body;
  TextId flag = tests->function->symbols[tests->flag];
  uint32_t seen = 0, addresses = 0; // uses of its address: those that are understood, and all
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    NodeId stored, read = place_read(f, inst), written = place_written(f, inst, &stored);
    bool reads = read && is_flag(function, read, flag),
         writes = written && is_flag(function, written, flag);
    seen += (reads || writes) && inst->kind == INST_CALL;
    if (!writes)
      continue;
    const Node *value = &f->nodes[stored];
    if (value->kind != NODE_CONSTANT || leaves_with(tests, f->constants[value->a].value))
      return true;
    tests->stores++;
  }
  for (uint32_t i = 0; i < f->node_count; i++)
    if (f->nodes[i].kind == NODE_ADDRESS && is_flag(function, f->nodes[i].a, flag))
      addresses += uses_of_address(f, i);
  return addresses > seen;
}

/* ---- all functions that were asked for */

/* One of them, whose code stays until all is known of its loops. */
typedef struct {
  BorrowedCode code;
  Ending *ending;
  FlagTests *loops; // that nobody is seen to end
  uint32_t loop_count;
} Waiting;

typedef struct {
  Program *program;
  Waiting *waiting;
  uint32_t count;
  uint32_t untold; // loops, of all
  ARRAY(FlagTests *) loops;
  NameTable flags; // numbers in `loops` of those that wait for each
} Search;

static void add_loops(Search *search, Waiting *one) {
  const ProgramFunction *function = one->code.function;
  const Function *f = function->body;
  const Cfg *cfg = cfg_new(one->code.arena, f);
  one->loops = arena_new_array(one->code.arena, FlagTests, cfg->loop_count);
  for (Index i = 0; i < cfg->loop_count; i++) {
    FlagTests *tests = &one->loops[one->loop_count];
    *tests = (FlagTests){.function = function, .f = f};
    if (cfg->loops[i].depth == 1 && is_before_every_return(f, cfg, cfg->loops[i].header) &&
        all_exits_test(cfg, i, tests) && !leaves_with(tests, 0) && leaves_with(tests, 1)) {
      name_add(&search->flags, function->symbols[tests->flag], (uint32_t)search->loops.count);
      array_push(&search->loops, tests);
      one->loop_count++;
    }
  }
  search->untold += one->loop_count;
}

static void ask_function(Search *search, const ProgramFunction *function) {
  for (uint32_t i = 0; i < function->body->symbol_count; i++) {
    const NameEntry *loops = name_find(&search->flags, function->symbols[i]);
    for (size_t k = 0; loops && k < loops->ids.count; k++) {
      FlagTests *tests = search->loops.at[loops->ids.at[k]];
      if (tests->told || !may_tell(function, tests))
        continue;
      tests->told = true;
      search->untold--;
    }
  }
}

static void ask_program(Search *search) {
  for (uint32_t i = 0; i < search->program->function_count && search->untold; i++) {
    BorrowedCode code = program_borrow(search->program, i);
    ask_function(search, code.function);
    program_return(&code);
  }
}

static Ending untold(Arena *arena, const Waiting *one) {
  for (uint32_t i = 0; i < one->loop_count; i++) {
    const FlagTests *tests = &one->loops[i];
    if (!tests->told)
      return (Ending){.kind = ENDS_UNTOLD,
                      .function = tests->function,
                      .block = tests->block,
                      .flag = arena_text(arena, tests->f->symbols[tests->flag].name),
                      .stores = tests->stores};
  }
  return (Ending){0};
}

static bool may_wait(const Summary *summary) {
  return summary && !(summary->flags & (SUMMARY_DEGRADED | SUMMARY_UNKNOWN | SUMMARY_MAY_END));
}

/* Of a function that may return. */
static void add_waiting(Search *search, uint32_t id, Ending *ending) {
  Waiting one = {.code = program_borrow(search->program, id), .ending = ending};
  add_loops(search, &one);
  if (one.loop_count)
    search->waiting[search->count++] = one;
  else
    program_return(&one.code);
}

const Ending *endings_of(Program *program, Arena *arena, const uint32_t *ids, uint32_t count) {
  Ending *endings = arena_new_array(arena, Ending, count);
  Arena *scratch = arena_new();
  Search search = {.program = program, .waiting = arena_new_array(scratch, Waiting, count)};
  for (uint32_t i = 0; i < count; i++) {
    const Summary *summary = program_summary(program, ids[i]);
    if (never_returns(summary))
      endings[i] = endless_loop(program, ids[i], CALL_DEPTH);
    else if (may_wait(summary))
      add_waiting(&search, ids[i], &endings[i]);
  }
  ask_program(&search);
  for (uint32_t i = 0; i < search.count; i++) {
    *search.waiting[i].ending = untold(arena, &search.waiting[i]);
    program_return(&search.waiting[i].code);
  }
  name_table_free(&search.flags);
  array_free(&search.loops);
  arena_free(scratch);
  return endings;
}
