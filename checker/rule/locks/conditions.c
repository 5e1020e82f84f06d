/* conditions.c - rows of what functions do with condition variables (analysis/wait.c):
 * on_conditions puts together what only the whole program tells - who holds the mutex of a wait,
 * who signals, and with which mutexes one variable is waited for. */
#include <string.h>

#include "rule/pass.h"

enum { TESTS = 32, TEST_DEPTH = 6 }; // of the loops around a wait; operators of a branch

/* ---- one function */

static bool same_row(const ConditionRow *a, const ConditionRow *b) {
  return a->instruction == b->instruction && a->signals == b->signals && a->hold == b->hold &&
         a->since == b->since && !strcmp(a->condition, b->condition) && !strcmp(a->mutex, b->mutex);
}

static void add(Pass *pass, ConditionRow row) {
  for (size_t i = pass->before.conditions; i < pass->conditions.count; i++)
    if (same_row(&pass->conditions.at[i], &row))
      return;
  row.name = arena_text(pass->arena, row.name); // a local's name goes with the code
  row.mutex_name = arena_text(pass->arena, row.mutex_name);
  array_push(&pass->conditions, row);
}

/* Not behind a pointer that was read from memory: two such may lead to one mutex. */
static bool is_plain(const Pass *pass, TermId place) {
  const TermTable *terms = pass->engine->terms;
  const Term *term = term_at(terms, place);
  while (term->kind == TERM_INDEX)
    term = term_at(terms, term->a);
  return term->kind == TERM_FIELD || term->kind == TERM_GLOBAL;
}

static void set_test(const Pass *pass, ConditionRow *row) {
  const Engine *e = pass->engine;
  Index symbol;
  uint32_t acquired = row->hold == HOLD_HERE ? row->since : NO_INSTRUCTION;
  row->test = engine_test_before(e, row->instruction, acquired, &symbol);
  if (row->test == NO_BLOCK)
    return;
  row->tested = text_of(pass->program->symbols, e->function->symbols[symbol]);
  row->asks_after = engine_asks_after(e, row->instruction, acquired, symbol);
}

/* A lock, whichever: that it is the right one is not asked. */
static WaitHold held_at_signal(const Deed *deed) {
  for (uint32_t i = 0; i < deed->state->lock_count; i++) {
    const LockEntry *lock = &deed->state->locks[i];
    if (lock->resource == RESOURCE_LOCK && lock->now != LOCK_RELEASED)
      return HOLD_HERE;
  }
  return HOLD_NOT;
}

void remember_condition(Pass *pass, const Deed *deed) {
  const char *callee = called_function(pass, deed->instruction);
  ConditionRow row = {.function = pass->engine->function,
                      .condition = deed->place ? lock_class(pass, deed->place) : "",
                      .name = deed->place ? lock_name(pass, deed->place) : "",
                      .mutex = "",
                      .mutex_name = "",
                      .tested = "",
                      .callee = callee ? callee : "",
                      .instruction = deed->instruction,
                      .since = NO_INSTRUCTION,
                      .test = NO_BLOCK,
                      .signals = deed->kind == DEED_SIGNAL};
  if (row.signals)
    row.hold = held_at_signal(deed);
  else {
    row.timed = deed->effect->attribute != 0;
    row.hold = deed->hold;
    row.retest = deed->retest;
    row.since = deed->since;
    row.in_loop =
        pass->engine->cfg->innermost[pass->engine->inst_blocks[deed->instruction]] != NO_LOOP;
    row.is_plain =
        deed->place && deed->value && is_plain(pass, deed->place) && is_plain(pass, deed->value);
    if (deed->value) {
      row.mutex = lock_class(pass, deed->value);
      row.mutex_name = lock_name(pass, deed->value);
    }
    set_test(pass, &row);
  }
  add(pass, row);
}

/* ---- kept with what was judged of a function */

void condition_row_write(const Pass *pass, ByteWriter *out, const ConditionRow *row) {
  (void)pass;
  bytes_put_text(out, row->condition);
  bytes_put_text(out, row->name);
  bytes_put_text(out, row->mutex);
  bytes_put_text(out, row->mutex_name);
  bytes_put_text(out, row->tested);
  bytes_put_text(out, row->callee);
  bytes_put_u(out, row->instruction);
  bytes_put_u(out, row->since + 1u);
  bytes_put_u(out, row->test + 1u);
  bytes_put_u8(out, (uint8_t)(row->hold | row->retest << 2));
  bytes_put_u8(out, (uint8_t)(row->signals | row->timed << 1 | row->in_loop << 2 |
                              row->is_plain << 3 | row->asks_after << 4));
}

ConditionRow condition_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  ConditionRow row = {.function = function, .condition = bytes_get_text(in, pass->arena)};
  row.name = bytes_get_text(in, pass->arena);
  row.mutex = bytes_get_text(in, pass->arena);
  row.mutex_name = bytes_get_text(in, pass->arena);
  row.tested = bytes_get_text(in, pass->arena);
  row.callee = bytes_get_text(in, pass->arena);
  row.instruction = bytes_get_u32(in);
  row.since = bytes_get_u32(in) - 1u;
  row.test = bytes_get_u32(in) - 1u;
  uint8_t states = bytes_get_u8(in), bits = bytes_get_u8(in);
  row.hold = (WaitHold)(states & 3);
  row.retest = (Retest)(states >> 2);
  row.signals = bits & 1;
  row.timed = bits & 2;
  row.in_loop = bits & 4;
  row.is_plain = bits & 8;
  row.asks_after = bits & 16;
  return row;
}

/* ---- what the rules ask */

static bool *find_thread_functions(Pass *pass) {
  bool *found = arena_new_array(pass->arena, bool, pass->program->function_count);
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    Targets targets = row->action == THREAD_CREATED ? thread_entries(pass, row) : (Targets){0};
    for (uint32_t k = 0; k < targets.count; k++)
      found[targets.ids[k]] = true;
  }
  return found;
}

bool begins_thread(Pass *pass, const ProgramFunction *function) {
  if (!pass->thread_functions)
    pass->thread_functions = find_thread_functions(pass);
  return pass->thread_functions[function->id] || !strcmp(function->declared.name, "main");
}

bool is_uncalled(const ProgramFunction *function) { return is_root(function); }

bool writes_memory(Pass *pass, const ProgramFunction *function, const char *class_key) {
  TextId symbol = *class_key ? text_find(pass->program->symbols, class_key) : 0;
  const Summary *summary = symbol ? program_summary(pass->program, function->id) : NULL;
  for (uint32_t i = 0; summary && i < summary->write_count; i++)
    if (summary->writes[i] == symbol)
      return true;
  return false;
}

/* ---- what is waited for is changed without the mutex */

/* It takes the mutex, or what may be the mutex under another name. */
static bool may_take(Pass *pass, const ProgramFunction *function, TextId mutex) {
  uint32_t count;
  const WaitRow *rows = waits_rows(waits(pass), function->id, &count);
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].kind == WAIT_ACQUIRE &&
        (!rows[i].symbol || *text_of(pass->program->symbols, rows[i].symbol) == '*'))
      return true;
  return waits_may(waits(pass), function->id, WAIT_ACQUIRE, mutex);
}

static bool may_come_with_lock(Pass *pass, const ProgramFunction *function) {
  TextId key = text_find(pass->program->symbols, function->declared.key);
  for (uint32_t i = 0; i < function->caller_count; i++) {
    uint32_t count;
    const WaitRow *rows = waits_rows(waits(pass), function->callers[i], &count);
    for (uint32_t k = 0; k < count; k++)
      if (rows[k].kind == WAIT_CALL && rows[k].symbol == key && rows[k].held_count)
        return true;
    uint32_t entry_count;
    waits_on_entry(waits(pass), function->callers[i], &entry_count);
    if (entry_count)
      return true;
  }
  return !function->caller_count && !begins_thread(pass, function);
}

static bool reads_temp(const Function *f, NodeId id, uint32_t temp, uint32_t depth) {
  const Node *node = &f->nodes[id];
  switch ((NodeKind)node->kind) {
  case NODE_TEMP:
    return node->a == temp;
  case NODE_UNARY:
  case NODE_CAST:
    return depth && reads_temp(f, node->a, temp, depth - 1);
  case NODE_BINARY:
    return depth &&
           (reads_temp(f, node->a, temp, depth - 1) || reads_temp(f, node->b, temp, depth - 1));
  default:
    return false;
  }
}

/* A branch of the loop asks for what the instruction reads. */
static bool decides_in_loop(const Function *f, const Loop *loop, uint32_t temp) {
  for (uint32_t i = 0; i < loop->block_count; i++) {
    const Block *block = &f->blocks[loop->blocks[i]];
    if (block->edge_count > 1 && block->value && reads_temp(f, block->value, temp, TEST_DEPTH))
      return true;
  }
  return false;
}

/* What the loops around the wait test: keys of fields and globals. */
static uint32_t find_tests(Pass *pass, Arena *scratch, const ConditionRow *wait,
                           const char **tests) {
  uint32_t count = 0;
  BorrowedCode code = program_borrow(pass->program, wait->function->id);
  const Function *f = code.function->body;
  const Cfg *cfg = cfg_new(code.arena, f);
  Index loop = cfg->innermost[block_of_instruction(f, wait->instruction)];
  for (; loop != NO_LOOP; loop = cfg->loops[loop].parent)
    for (uint32_t i = 0; i < f->instruction_count && count < TESTS; i++) {
      const Instruction *load = &f->instructions[i];
      Index symbol = load->kind == INST_LOAD ? slot_of_place(f, load->a) : NO_SYMBOL;
      if (symbol != NO_SYMBOL && cfg_in_loop(cfg, loop, block_of_instruction(f, i)) &&
          decides_in_loop(f, &cfg->loops[loop], load->result))
        tests[count++] = arena_text(scratch, f->symbols[symbol].key);
    }
  program_return(&code);
  return count;
}

static bool is_test(const char *key, const char *const *tests, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (!strcmp(key, tests[i]))
      return true;
  return false;
}

/* The last store in front of the signal, in the order of the code. */
static uint32_t store_before(Pass *pass, const ConditionRow *signal, const char *const *tests,
                             uint32_t count, const char **key) {
  BorrowedCode code = program_borrow(pass->program, signal->function->id);
  const Function *f = code.function->body;
  uint32_t found = NO_INSTRUCTION;
  for (uint32_t i = 0; i < signal->instruction && i < f->instruction_count; i++) {
    Index symbol =
        f->instructions[i].kind == INST_STORE ? slot_of_place(f, f->instructions[i].a) : NO_SYMBOL;
    if (symbol == NO_SYMBOL || !is_test(f->symbols[symbol].key, tests, count))
      continue;
    found = i;
    *key = arena_text(pass->arena, f->symbols[symbol].key);
  }
  program_return(&code);
  return found;
}

uint32_t changed_without_lock(Pass *pass, const ConditionRow *signal, const ConditionRow *wait,
                              const char **changed) {
  const ProgramFunction *function = signal->function;
  TextId mutex = text_find(pass->program->symbols, wait->mutex);
  if (signal->hold != HOLD_NOT || !mutex || may_take(pass, function, mutex) ||
      may_come_with_lock(pass, function))
    return NO_INSTRUCTION;
  Arena *scratch = arena_new();
  const char *tests[TESTS];
  uint32_t count = find_tests(pass, scratch, wait, tests);
  uint32_t found = count ? store_before(pass, signal, tests, count, changed) : NO_INSTRUCTION;
  arena_free(scratch);
  return found;
}
