/* conditions.c - rows of what functions do with condition variables (analysis/wait.c):
 * on_conditions puts together what only the whole program tells - who holds the mutex of a wait,
 * who signals, and with which mutexes one variable is waited for. */
#include <string.h>

#include "rule/pass.h"

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
  row->asks_after = engine_asks_after(e, row->instruction, symbol);
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
